"""Reads and changes the settings of tenants, and tells the queue of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.tenant_settings import (
    Kind,
    StoredSettings,
    TenantSettings,
    camel,
    check_within,
    in_force,
)
from chalicelib.errors import NotFound
from chalicelib.queue.quotas import Quota
from chalicelib.queue.shares import Share

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.quotas import Quotas
    from chalicelib.queue.shares import Shares
    from chalicelib.services.projection import Projection
    from chalicelib.services.throttles import Throttles
    from chalicelib.services.waker import Waker
    from chalicelib.settings import Settings
    from chalicelib.store.tenant_settings import TenantSettingsStore

#: Tenants read at once.
_PAGE: Final = 1_000
#: How often settings that keep changing are written again by one call; the sweep does the rest.
_RACES: Final = 5


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The settings in force, what they would be without a choice, and the most that admins may choose."""

    tenant_id: str
    settings: TenantSettings
    defaults: TenantSettings
    maxima: TenantSettings


class SettingsRules:
    """Works out what holds for a tenant from what was chosen for it and the settings of the deployment."""

    def __init__(self, settings: Settings) -> None:
        submissions, open_jobs = settings.max_submissions_per_minute_per_tenant, settings.max_open_jobs_per_tenant
        keep = settings.keep_completed_days, settings.keep_dlq_days, settings.keep_cancelled_days
        self._defaults = TenantSettings(submissions, open_jobs, 0, 1, *keep)
        self._maxima = TenantSettings(submissions, open_jobs, 0, 1, 0, 0, 0)

    def view(self, stored: StoredSettings) -> SettingsView:
        """Return what holds for a tenant."""
        none = TenantSettings(0, 0, 0, 0, 0, 0, 0)
        maxima = in_force(stored.maxima, none, self._maxima)
        defaults = in_force({}, maxima, self._defaults)
        return SettingsView(stored.tenant_id, in_force(stored.settings, maxima, self._defaults), defaults, maxima)

    def quota(self, stored: StoredSettings) -> Quota | None:
        """Return what the queue must know of a tenant; ``None`` if the settings of the deployment hold."""
        held, usual = self.view(stored).settings, self._defaults
        quota = Quota(held.submissions_per_minute, held.open_jobs)
        return None if quota == (usual.submissions_per_minute, usual.open_jobs) else quota

    def share(self, stored: StoredSettings) -> Share:
        """Return what a tenant gets of the workers."""
        held = self.view(stored).settings
        return Share(held.weight, int(held.concurrency))


class TenantSettingsService:
    """Settings of the caller's tenant; an operator reaches those of all."""

    def __init__(
        self,
        *,
        store: TenantSettingsStore,
        rules: SettingsRules,
        in_queue: TenantSettingsProjection,
        projection: Projection,
        event_log: EventLog,
        throttles: Throttles,
        clock: Clock,
    ) -> None:
        self._store = store
        self._rules = rules
        self._in_queue = in_queue
        self._projection = projection
        self._event_log = event_log
        self._throttles = throttles
        self._clock = clock

    def get(self, principal: Principal, tenant_id: str) -> SettingsView:
        """Return the settings of a tenant. Raises ``NotFound`` for one that ``principal`` may not see."""
        if tenant_id != principal.tenant_id and not principal.may_read(Scope.ALL):
            raise NotFound("There is no such tenant")
        return self._rules.view(self._store.get(tenant_id) or _missing())

    def change(self, principal: Principal, tenant_id: str, changes: Mapping[str, float | None]) -> SettingsView:
        """Change settings; ``None`` goes back to the default. Publishes ``tenant:updated``.

        Raises ``NotFound``, ``InvalidInput`` for a value over its maximum, ``Throttled``.
        """
        check_within(_values(changes), self.get(principal, tenant_id).maxima)
        return self._change(principal, tenant_id, Kind.SETTINGS, changes)

    def change_maxima(self, principal: Principal, tenant_id: str, changes: Mapping[str, float | None]) -> SettingsView:
        """Change the most that a tenant's admins may choose; settings above it are lowered while it holds.

        Raises ``NotFound``, ``Throttled``. Who may call it is for the route to decide.
        """
        return self._change(principal, tenant_id, Kind.MAXIMA, changes)

    def _change(
        self, principal: Principal, tenant_id: str, kind: Kind, changes: Mapping[str, float | None]
    ) -> SettingsView:
        self._throttles.change_settings(principal.tenant_id)
        now = self._clock.now()
        stored = self._store.change(tenant_id, kind, changes, now) or _missing()
        self._projection.follow(lambda: self._in_queue.write(stored))
        view = self._rules.view(stored)
        event = Event(
            EventType.TENANT_UPDATED, view.tenant_id, "", {**settings_data(view.settings), "at": iso(now)}, now
        )
        self._projection.follow(lambda: self._event_log.publish([event]))
        return view


class TenantSettingsProjection:
    """Makes what the queue knows of tenants equal to their records."""

    def __init__(
        self, store: TenantSettingsStore, rules: SettingsRules, quotas: Quotas, shares: Shares, waker: Waker
    ) -> None:
        self._store = store
        self._rules = rules
        self._quotas = quotas
        self._shares = shares
        self._waker = waker

    def write(self, stored: StoredSettings) -> None:
        """Write what the queue must know of a tenant, again if its record changed meanwhile. Raises ``QueueClosed``."""
        for _ in range(_RACES):
            self._write_quotas({stored.tenant_id: self._rules.quota(stored)})
            self._put({stored.tenant_id: self._rules.share(stored)})
            again = self._store.get(stored.tenant_id)
            if again is None or again == stored:
                return
            stored = again

    def restore(self) -> int:
        """Write what differs to Redis; return the number of tenants. Raises ``QueueClosed``."""
        return len(self.restore_quotas() | self._restore_shares())

    def restore_quotas(self) -> set[str]:
        """Write the quotas that differ, also while the queue is closed; return the tenants."""
        known, wanted = self._quotas.all(), self._wanted_quotas()
        differ = {tenant: quota for tenant, quota in wanted.items() if known.get(tenant) != quota}
        gone: dict[str, Quota | None] = dict.fromkeys(known.keys() - wanted.keys())
        self._write_quotas(differ | gone)
        return {*differ, *gone}

    def shares(self) -> dict[str, Share]:
        """Return the shares that are not the usual one."""
        shares = ((stored.tenant_id, self._rules.share(stored)) for page in self._pages() for stored in page)
        return {tenant: share for tenant, share in shares if share.text}

    def _restore_shares(self) -> set[str]:
        restored: set[str] = set()
        for page in self._pages():
            wanted = {stored.tenant_id: self._rules.share(stored) for stored in page}
            known = self._shares.of([*wanted])
            differ = {tenant: share for tenant, share in wanted.items() if known[tenant] != share}
            self._put(differ)
            restored |= differ.keys()
        return restored

    def _put(self, shares: Mapping[str, Share]) -> None:
        self._waker.wake_workers(self._shares.put(shares))

    def _write_quotas(self, wanted: Mapping[str, Quota | None]) -> None:
        self._quotas.put({tenant: quota for tenant, quota in wanted.items() if quota is not None})
        self._quotas.remove([tenant for tenant, quota in wanted.items() if quota is None])

    def _wanted_quotas(self) -> dict[str, Quota | None]:
        quotas = ((stored.tenant_id, self._rules.quota(stored)) for page in self._pages() for stored in page)
        return {tenant: quota for tenant, quota in quotas if quota is not None}

    def _pages(self) -> Iterator[Sequence[StoredSettings]]:
        """Yield the tenants that were ever changed."""
        after: str | None = None
        while page := self._store.page(after, _PAGE, adjusted=True):
            after = page[-1].tenant_id
            yield page


def settings_data(settings: TenantSettings) -> dict[str, Any]:
    """Return settings as clients see them."""
    return {camel(name): value for name, value in asdict(settings).items()}


def _values(changes: Mapping[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in changes.items() if value is not None}


def _missing() -> StoredSettings:
    raise NotFound("There is no such tenant")
