"""Detects single keys that Redis lost, and rebuilds the queue from MongoDB then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.services.rebuilder import CLOCK_SKEW_S, ProjectionRebuilder
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.census import Census
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.users import UserStore

#: Number of users whose counts one check reads; the next check continues after them.
USERS_PER_CHECK: Final = 50
_WALK: Final = "users"


class CensusCheck:
    """Compares counts in Redis with the jobs there, and their age with the records. Safe in many processes at once."""

    name: Final = "census"

    def __init__(
        self,
        *,
        census: Census,
        rebuilder: ProjectionRebuilder,
        store: JobStore,
        users: UserStore,
        meta: MetaStore,
        clock: Clock,
        log: Log,
    ) -> None:
        self._census = census
        self._rebuilder = rebuilder
        self._store = store
        self._users = users
        self._meta = meta
        self._clock = clock
        self._log = log

    def run(self) -> int:
        """Check all places and the next users' counts; return 1 if the queue was rebuilt. Raises ``QueueClosed``."""
        wrong = [*self._census.differences(), *self._lost_counts()]
        if not wrong:
            return 0
        repairs = self._census.may_repair()
        self._log.warning("Redis lost a part of the queue", event="census", wrong=wrong[:10], rebuilds=repairs)
        return int(repairs and self._rebuilder.rebuild())

    def _lost_counts(self) -> Iterable[str]:
        """Yield scopes that had jobs before their counts began."""
        page = self._users.page(self._meta.cursor(_WALK), USERS_PER_CHECK)
        self._meta.set_cursor(page[-1][0] if len(page) == USERS_PER_CHECK else None, _WALK)
        tenants = sorted({tenant for _, tenant in page})
        yield from (f"queues of {tenant}" for tenant in self._census.miscounted(tenants))
        scopes = ["all", *(f"o:{user}" for user, _ in page), *(f"t:{tenant}" for tenant in tenants)]
        for scope, since_ms in zip(scopes, self._census.since(scopes), strict=True):
            if since_ms == 0:
                continue
            began_ms = self._clock.now_ms() if since_ms is None else since_ms
            first = self._store.first_created(scope)
            if first is not None and first.timestamp() * 1000 < began_ms - CLOCK_SKEW_S * 1000:
                yield f"counts of {scope}"
