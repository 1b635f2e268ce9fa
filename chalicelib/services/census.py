"""Finds what Redis lost of the queue without losing all of it, and has the queue rebuilt from MongoDB then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.services.keeper import CLOCK_SKEW_S, QueueKeeper
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.census import Census
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.users import UserStore

#: Open records that one sweep compares with Redis.
CHECKED_PER_SWEEP: Final = 1_000
#: Records younger than this may be on their way into Redis.
SETTLED_S: Final = 30
#: Users whose counts one check looks at; the next goes on after them.
USERS_PER_CHECK: Final = 50
_WALK: Final = "users"


class CensusService:
    """Holds Redis against itself, and the age of counts against the records. Safe in several processes at once."""

    def __init__(
        self,
        *,
        census: Census,
        keeper: QueueKeeper,
        store: JobStore,
        users: UserStore,
        meta: MetaStore,
        clock: Clock,
        log: Log,
    ) -> None:
        self._census = census
        self._keeper = keeper
        self._store = store
        self._users = users
        self._meta = meta
        self._clock = clock
        self._log = log

    def check_page(self) -> int:
        """Compare the next records of open jobs with Redis and queue what it lacks; goes round in many calls."""
        page = self._store.open_jobs(self._meta.cursor(), CHECKED_PER_SWEEP)
        self._meta.set_cursor(page.last)
        settled = self._clock.now() - timedelta(seconds=SETTLED_S)
        return self._keeper.requeue([job for job in self._keeper.readable(page) if job.updated_at < settled])

    def check(self) -> bool:
        """Look at all places and the next users' counts; whether the queue was rebuilt. Raises ``QueueClosed``."""
        wrong = [*self._census.misfits(), *self._lost_counts()]
        if not wrong:
            return False
        repairs = self._census.may_repair()
        self._log.warning("Redis lost a part of the queue", event="census", wrong=wrong[:10], rebuilds=repairs)
        return repairs and self._keeper.rebuild()

    def _lost_counts(self) -> Iterable[str]:
        """Scopes that had jobs before their counts began."""
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
