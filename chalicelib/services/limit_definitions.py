"""Brings definitions of limits, code's and those changed at run time, from MongoDB to Redis, where claims read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.domain.limits import MAX_CONCURRENCY, Bounds, Change, Limit, burst_of, changed, instance, interval_ms
from chalicelib.domain.tenants import EVERY_TENANT
from chalicelib.queue.limit_instances import Definition

if TYPE_CHECKING:
    from chalicelib.queue.limit_instances import LimitScripts
    from chalicelib.services.tasks import Catalogue
    from chalicelib.services.waker import Waker
    from chalicelib.store.limits import LimitStore

#: Maximum number of keys whose rate one reset forgets.
_MAX_RESET: Final = 1_000
#: How often a definition that keeps changing is written again by one call; the sweep does the rest.
_RACES: Final = 5


class LimitDefinitions:
    """Safe in many processes at once: each looks again after it has written."""

    def __init__(self, catalogue: Catalogue, store: LimitStore, scripts: LimitScripts, waker: Waker) -> None:
        self._catalogue = catalogue
        self._store = store
        self._scripts = scripts
        self._waker = waker

    def wanted(self) -> list[Definition]:
        """Return the definitions of all limits that tasks declare."""
        changes: dict[str, list[Change]] = {}
        for change in self._store.all():
            changes.setdefault(change.name, []).append(change)
        declared = self._catalogue.limits(fresh=True)
        return [each for name, known in declared.items() for each in definitions(known.limit, changes.get(name, ()))]

    def project(self, limit: Limit, scope: str) -> None:
        """Write the definitions of one limit, whose change for ``scope`` may be gone; jobs that it lets in are started.

        Raises ``QueueClosed``.
        """
        wanted = definitions(limit, self._store.of_name(limit.name))
        for _ in range(_RACES):
            self._define([*wanted, *_absent(limit, {scope, EVERY_TENANT}, wanted)])
            again = definitions(limit, self._store.of_name(limit.name))
            if again == wanted:
                return
            wanted = again

    def forget_rates(self, limit: Limit, tenant_id: str) -> None:
        """Forget when jobs of a tenant started under a limit, for the instances at which jobs wait or run."""
        name = instance(limit, None)
        if limit.per is None:
            names = [name]
        else:
            names = [state.instance for state in self._scripts.instances(tenant_id, name, _MAX_RESET)]
        for each in names:
            self._waker.wake_workers(self._scripts.reset(tenant_id, each))

    def repair(self) -> int:
        """Write the definitions that Redis lacks, remove those that nobody declares; return how many."""
        wanted = {each.field: each for each in self.wanted()}
        found = {each.field: each for each in self._scripts.defined()}
        wrong = [each for field, each in wanted.items() if field not in found or found[field].text != each.text]
        gone = [Definition(each.scope, each.name, each.keyed) for field, each in found.items() if field not in wanted]
        self._define([*wrong, *gone])
        return len(wrong) + len(gone)

    def _define(self, some: Sequence[Definition]) -> None:
        if some:
            self._waker.wake_workers(self._scripts.define(some))


def _absent(limit: Limit, scopes: Iterable[str], wanted: Iterable[Definition]) -> list[Definition]:
    """Return what deletes the definitions in ``scopes`` that are not ``wanted``."""
    kept = {each.field for each in wanted}
    every = [Definition(scope, limit.name, keyed) for scope in scopes for keyed in (False, True)]
    return [each for each in every if each.field not in kept]


def definitions(limit: Limit, changes: Iterable[Change]) -> list[Definition]:
    """Return what Redis must know of a limit: for every tenant, and for each that changed its own."""
    by_scope = {change.scope: change for change in changes}
    every = by_scope.pop(EVERY_TENANT, None)
    found = _of_scope(limit, EVERY_TENANT, changed(limit.bounds, [every]))
    if not limit.shared:
        for scope, own in sorted(by_scope.items()):
            found += _of_scope(limit, scope, changed(limit.bounds, [every, own]))
    return found


def _of_scope(limit: Limit, scope: str, bounds: Bounds) -> list[Definition]:
    keyed = limit.per is not None
    found = [_definition(limit, scope, keyed, bounds)]
    if limit.total is not None:
        found.append(_definition(limit, scope, False, Bounds(bounds.total, paused=bounds.paused)))
    return [each for each in found if each.text]


def _definition(limit: Limit, scope: str, keyed: bool, bounds: Bounds) -> Definition:
    concurrency, rate = bounds.concurrency, bounds.rate
    if scope != EVERY_TENANT and concurrency is None and rate is None:
        concurrency = MAX_CONCURRENCY  # without any bound, that of every tenant would count
    interval, burst = (round(interval_ms(rate), 3), burst_of(rate, bounds.burst)) if rate else (None, 1)
    return Definition(scope, limit.name, keyed, concurrency, interval, burst, bounds.paused)
