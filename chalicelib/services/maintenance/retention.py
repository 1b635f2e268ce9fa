"""Deletes ended jobs and their logs when the days for which their tenant keeps them are over."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus
from chalicelib.domain.retention import ExpiredPage, Expiry
from chalicelib.domain.tenant_settings import expires_before

if TYPE_CHECKING:
    from chalicelib.queue.retention import ExpiredJobs
    from chalicelib.services.rollup_repair import RollupRepair
    from chalicelib.services.tenant_settings import SettingsRules, SettingsView
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.retention import RetentionStore
    from chalicelib.store.tenant_settings import TenantSettingsStore
    from chalicelib.telemetry.logger import Log

#: Jobs that are deleted together.
PAGE: Final = 200
#: Run time of one call.
RUN_S: Final = 30.0
#: How long another process stays out if this one dies.
LOCK_S: Final = RUN_S + 60
#: Tenants looked at together.
TENANTS: Final = 500
#: Pages of one tenant before the next one has its turn.
PAGES_IN_TURN: Final = 10
#: After each page it waits for this many times the page's time, so that requests find the database free.
IDLE_SHARE: Final = 1.0
_WALK: Final = "retention"


@dataclass(frozen=True, slots=True)
class _Task:
    """The jobs of a tenant that ended in one state."""

    tenant_id: str
    status: JobStatus
    expiry: Expiry


class Retention:
    """Works through the tenants, those with much to delete by turns. One process at a time; safe in several."""

    name: Final = "retention"

    def __init__(
        self,
        *,
        store: RetentionStore,
        expired: ExpiredJobs,
        logs: JobLogStore,
        repair: RollupRepair,
        tenants: TenantSettingsStore,
        rules: SettingsRules,
        meta: MetaStore,
        clock: Clock,
        log: Log,
    ) -> None:
        self._store = store
        self._expired = expired
        self._logs = logs
        self._repair = repair
        self._tenants = tenants
        self._rules = rules
        self._meta = meta
        self._clock = clock
        self._log = log
        self.pause: Callable[[float], None] = time.sleep

    def run(self) -> int:
        """Delete expired jobs for up to ``RUN_S``; return how many. The next run continues.

        Raises ``QueueClosed`` and errors of the databases; what was deleted by then stays deleted.
        """
        now = self._clock.now()
        until = now + timedelta(seconds=LOCK_S)
        if not self._store.begin(now, until):
            return 0
        try:
            return self._run(self._clock.monotonic() + RUN_S)
        finally:
            self._store.finish(until)

    def _run(self, ends: float) -> int:
        deleted = 0
        after = self._meta.cursor(_WALK)
        while self._clock.monotonic() < ends:
            page = self._tenants.page(after, TENANTS)
            after = page[-1].tenant_id if len(page) == TENANTS else None
            self._meta.set_cursor(after, _WALK)
            waiting = deque(self._tasks([self._rules.view(stored) for stored in page]))
            while waiting and self._clock.monotonic() < ends:
                count, left = self._turn(waiting.popleft())
                deleted += count
                if left is not None:
                    waiting.append(left)
            if after is None:
                break
        if deleted:
            self._log.info("deleted expired jobs", event="expired", count=deleted)
        return deleted

    def _tasks(self, views: Sequence[SettingsView]) -> Iterator[_Task]:
        progress, now = self._store.progress([view.tenant_id for view in views]), self._clock.now()
        for view in views:
            for status in sorted(TERMINAL):
                before = expires_before(view.settings.days_of(status), now)
                if before is None:
                    continue
                known = progress.get((view.tenant_id, status))
                if known is None or known.before < before:
                    self._repair.complete(view.tenant_id, known.before if known else None, before, now)
                    yield _Task(view.tenant_id, status, Expiry(before))
                elif not known.done:
                    yield _Task(view.tenant_id, status, known)

    def _turn(self, task: _Task) -> tuple[int, _Task | None]:
        """Delete the next pages; return the number of jobs, and what is left to do."""
        deleted = 0
        for _ in range(PAGES_IN_TURN):
            began = time.monotonic()
            found = self._store.ended(task.tenant_id, task.status, task.expiry, PAGE)
            deleted += self._delete(task, found.jobs)
            task = replace(task, expiry=replace(task.expiry, after=found.last, done=found.last is None))
            self._store.note(task.tenant_id, task.status, task.expiry)
            if task.expiry.done:
                return deleted, None
            self.pause((time.monotonic() - began) * IDLE_SHARE)
        return deleted, task

    def _delete(self, task: _Task, jobs: Sequence[Job]) -> int:
        before = task.expiry.before
        over = [job for job in jobs if _ended_before(job, before) and not job.outbox]
        if not over:
            return 0
        lingering = self._expired.lingering(over)
        ids = [job.id for job in over if job.id not in lingering]
        page = self._store.delete(task.tenant_id, task.status, ids, before, self._clock.now()) if ids else None
        if page is None:
            return 0
        self._forget(page)
        return page.count

    def _forget(self, page: ExpiredPage) -> None:
        """Tell the queue; ``Tombstones`` does so if this process dies first."""
        self._expired.forget(page)
        self._logs.delete(page.job_ids)
        self._store.logs_gone(page.id)


def _ended_before(job: Job, before: datetime) -> bool:
    return job.finished_at is not None and job.finished_at < before
