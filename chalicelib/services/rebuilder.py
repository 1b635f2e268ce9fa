"""Rebuilds the queue in Redis from MongoDB when Redis has lost it.

Redis has lost data if its epoch is missing (emptied, restarted without persistence) or its newest event is older than
one seen before (failover to a stale replica). Then every script refuses until one process has rebuilt the queue with a
new epoch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event, created, moved
from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.errors import QueueClosed, QueueOutdated
from chalicelib.queue.engine import Engine
from chalicelib.queue.intents import Intent, IntentKind
from chalicelib.queue.keys import LAYOUT
from chalicelib.queue.lanes import lane
from chalicelib.queue.rebuild import LOCK_MS, Place, Rebuild
from chalicelib.services.waker import Waker
from chalicelib.settings import Settings
from chalicelib.store.jobs import JobStore, first_id
from chalicelib.store.meta import Mark, MetaStore
from chalicelib.store.queues import QueueStore
from chalicelib.store.reading import Page
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.queue.events import EventLog
    from chalicelib.queue.limit_instances import Definition
    from chalicelib.queue.scripts import Scripts
    from chalicelib.queue.shares import Share

PAGE: Final = 500
#: Maximum difference between the clocks that create job ids.
CLOCK_SKEW_S: Final = 120
_POLL_S: Final = 0.02


class ProjectionRebuilder:
    """Checks whether the queue is complete and rebuilds it. Safe in many processes at once: one of them rebuilds."""

    def __init__(
        self,
        *,
        scripts: Scripts,
        engine: Engine,
        event_log: EventLog,
        store: JobStore,
        queues: QueueStore,
        meta: MetaStore,
        waker: Waker,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        log: Log,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._scripts = scripts
        self._engine = engine
        self._event_log = event_log
        self._store = store
        self._queues = queues
        self._meta = meta
        self._waker = waker
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._log = log
        self._pause = pause
        #: Bring back what the queue knows besides jobs, before it opens.
        self.restore_first: Sequence[Callable[[], object]] = ()
        #: Return the definitions of all limits, and the shares of tenants that are not the usual one, as recorded.
        self.definitions: Callable[[], Iterable[Definition]] = lambda: ()
        self.shares: Callable[[], Mapping[str, Share]] = lambda: {}

    def ensure_open(self, timeout_s: float = 2 * LOCK_MS / 1000) -> None:
        """Return when the queue is open and complete; rebuild it unless another process does.

        Raises ``QueueClosed``, and at once ``QueueOutdated`` if a newer version uses it.
        """
        mark = self._meta.mark()
        self._scripts.note_newest(mark.epoch, mark.seq)
        deadline = self._clock.monotonic() + timeout_s
        while not self.is_complete():
            if self.is_outdated():
                raise QueueOutdated
            if not self._rebuild_alone(unless_complete=True):
                self._wait(deadline)

    def rebuild(self) -> bool:
        """Rebuild the queue from MongoDB in any case; return ``False`` while another process does."""
        return self._rebuild_alone(unless_complete=False)

    def _rebuild_alone(self, *, unless_complete: bool) -> bool:
        rebuild = Rebuild(self._scripts.redis, self._scripts, self._ids.token())
        if not rebuild.begin():
            return False
        try:
            if unless_complete and self.is_complete():  # another process finished before this one got the lock
                rebuild.abandon()
            else:
                self._rebuild(rebuild)
        except Exception:
            rebuild.abandon()
            raise
        return True

    def wait_open(self, timeout_s: float) -> None:
        """Wait for the rebuild by another process. Raises ``QueueClosed`` after ``timeout_s``."""
        deadline = self._clock.monotonic() + timeout_s
        while not self.is_complete():
            self._wait(deadline)

    def is_complete(self) -> bool:
        """Return whether Redis has an epoch, the current layout, and the newest event known to this process or to the
        mark in MongoDB."""
        known = self._scripts.newest  # read first: other threads raise it meanwhile
        last = self._event_log.last_id()
        if last is None or self._engine.layout() != LAYOUT or (last.epoch, last.seq) < known:
            return False
        self._scripts.note_newest(last.epoch, last.seq)
        return True

    def is_outdated(self) -> bool:
        """Return whether a newer version uses the queue."""
        return self._engine.layout() > LAYOUT

    def raise_mark(self) -> None:
        """Store the id of the newest event in MongoDB."""
        self._meta.raise_mark(Mark(*self._scripts.newest))

    def _wait(self, deadline: float) -> None:
        if self._clock.monotonic() >= deadline:
            raise QueueClosed
        self._pause(_POLL_S)

    def _rebuild(self, rebuild: Rebuild) -> None:
        epoch = self._scripts.epoch
        if epoch:
            self._log.warning("Redis lost the queue; rebuilding it", event="rebuild", epoch=epoch)
        began = self._clock.now()
        rebuild.wipe(self._queues.paused_lanes(), self.definitions(), self.shares())
        for restore in self.restore_first:
            restore()
        restored = self._restore_snapshot(rebuild)
        rebuild.open(self._meta.next_epoch(self._scripts.epoch))
        late = self._restore_late(began - timedelta(seconds=CLOCK_SKEW_S))
        if epoch:
            self._log.info("rebuilt the queue", event="rebuilt", restored=restored, late=late)

    def _restore_snapshot(self, rebuild: Rebuild) -> int:
        """Restore counts and open jobs of one snapshot; later changes are counted once, by their own scripts."""
        restored = 0
        after: str | None = None
        limited = self._settings.max_active_jobs_per_user > 0
        with self._store.snapshot() as session:
            rebuild.add_totals(self._store.totals(session))
            self._forget_deleted(rebuild, session)
            while True:
                page = self._store.open_jobs(after, PAGE, session)
                restored += rebuild.restore([self._place(job) for job in self.readable(page)], limited=limited)
                rebuild.extend_lock()
                if (after := page.last) is None:
                    break
        return restored

    def _forget_deleted(self, rebuild: Rebuild, session: ClientSession) -> None:
        """Note deletions before the snapshot as counted; later ones are counted by their callers."""
        for ids in self._store.deletions(PAGE, session):
            rebuild.forget(ids, self._clock.now_ms())

    def _restore_late(self, since: datetime) -> int:
        """Restore jobs inserted around the snapshot by calls that may have died since."""
        after: str | None = first_id(since)
        found = 0
        while after is not None:
            page = self._store.open_jobs(after, PAGE)
            found += self.requeue(self.readable(page))
            after = page.last
        return found

    def _place(self, job: Job) -> Place:
        running = job.status is JobStatus.RUNNING
        at_ms = self._clock.now_ms() + self._settings.lease_ms if running else to_ms(job.ready_at)
        token = job.lease.token if job.lease else "-"
        own = lane(job.tenant_id, job.queue, job.pool, job.limits)
        where = job.id, job.tenant_id, own, job.owner_id, job.status.value, job.score
        return Place(*where, at_ms, token, running and job.cancel_requested, job.api_key is None)

    def readable(self, page: Page) -> list[Job]:
        """Return the jobs of ``page``; unreadable records are quarantined."""
        for job_id, why in page.unreadable.items():
            self._engine.quarantine.add(job_id, why)
        return page.jobs

    def requeue(self, jobs: Sequence[Job]) -> int:
        """Enqueue the open ones of ``jobs`` that Redis lacks, and wake a worker for them; return how many.

        Safe against concurrent changes: the records are read again under an enqueue permit that any other enqueue
        removes, so a job that was enqueued, and perhaps ended, since ``jobs`` were read is not enqueued again.
        """
        if not jobs:
            return 0
        missing = self._engine.missing(jobs)
        if not missing.ids:
            return 0
        now, _ = self._store.get_many(missing.ids, light=True)
        revs = {job.id: job.rev for job in jobs}
        # A job that changed meanwhile may be ready at another place than its old record says: left to the next sweep.
        still_open = [job for job in now if job.status.is_open and job.rev == revs[job.id]]
        enqueued = self._engine.enqueue(still_open, [_events_of(job) for job in still_open], missing=missing)
        self._waker.wake_workers(enqueued.wake)
        # the other permits were used up, or noted again by other processes that check the same jobs
        passed_by = set(missing.ids) - {job.id for job in still_open}
        self._engine.clear_intents([Intent(job_id, IntentKind.LOST).text for job_id in passed_by])
        return enqueued.added


def _events_of(job: Job) -> list[Event]:
    return [created(job)] if job.rev == 1 else moved(job, job.status)[:1]
