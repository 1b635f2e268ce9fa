"""Keeps the queue in Redis open, or puts it back from MongoDB when Redis lost it.

Redis has lost data when its epoch is gone (emptied, restarted without persistence) or when its newest event is older
than one that was seen before (a failover to an older copy). From then on every script refuses, until one process
has rebuilt the queue under a new epoch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event, created, moved
from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.errors import QueueClosed, QueueOutdated
from chalicelib.queue.engine import Engine
from chalicelib.queue.intents import Intent, IntentKind
from chalicelib.queue.keys import LAYOUT
from chalicelib.queue.rebuild import LOCK_MS, Place, Rebuild
from chalicelib.services.waker import Waker
from chalicelib.settings import Settings
from chalicelib.store.jobs import JobStore, Page, first_id
from chalicelib.store.meta import Mark, MetaStore
from chalicelib.store.queues import QueueStore
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.queue.events import EventLog
    from chalicelib.queue.scripts import Scripts

PAGE: Final = 500
#: Clocks that make job ids may differ by this much.
CLOCK_SKEW_S: Final = 120
_POLL_S: Final = 0.02


class ProjectionRebuilder:
    """Tells whether the queue is whole and makes it so. Safe to call in many processes at once: one rebuilds."""

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

    def ensure_open(self, timeout_s: float = 2 * LOCK_MS / 1000) -> None:
        """Return once the queue is open and whole, rebuilding it if nobody else does.

        Raises ``QueueClosed``, and ``QueueOutdated`` at once when a newer version has it.
        """
        mark = self._meta.mark()
        self._scripts.saw(mark.epoch, mark.seq)
        deadline = self._clock.monotonic() + timeout_s
        while not self.is_whole():
            if self.is_outdated():
                raise QueueOutdated
            if not self._rebuild_alone(unless_whole=True):
                self._wait(deadline)

    def rebuild(self) -> bool:
        """Put the queue back from MongoDB, whatever Redis has; ``False`` while another process does."""
        return self._rebuild_alone(unless_whole=False)

    def _rebuild_alone(self, *, unless_whole: bool) -> bool:
        rebuild = Rebuild(self._scripts.redis, self._scripts, self._ids.token())
        if not rebuild.begin():
            return False
        try:
            if unless_whole and self.is_whole():  # another process was done before this one had the lock
                rebuild.abandon()
            else:
                self._rebuild(rebuild)
        except Exception:
            rebuild.abandon()
            raise
        return True

    def wait_open(self, timeout_s: float) -> None:
        """Wait for somebody's rebuild; raises ``QueueClosed`` when ``timeout_s`` was not enough."""
        deadline = self._clock.monotonic() + timeout_s
        while not self.is_whole():
            self._wait(deadline)

    def is_whole(self) -> bool:
        """Whether Redis has an epoch, today's layout, and every event that this process, or the mark in MongoDB, knows
        of."""
        known = self._scripts.newest  # before the look: other threads raise it meanwhile
        last = self._event_log.last_id()
        if last is None or self._engine.layout() != LAYOUT or (last.epoch, last.seq) < known:
            return False
        self._scripts.saw(last.epoch, last.seq)
        return True

    def is_outdated(self) -> bool:
        """Whether a newer version than this has the queue."""
        return self._engine.layout() > LAYOUT

    def raise_mark(self) -> None:
        """Note in MongoDB how far events have come."""
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
        rebuild.wipe(self._queues.paused_lanes())
        restored = self._restore_snapshot(rebuild)
        rebuild.open(self._meta.next_epoch())
        late = self._restore_late(began - timedelta(seconds=CLOCK_SKEW_S))
        if epoch:
            self._log.info("rebuilt the queue", event="rebuilt", restored=restored, late=late)

    def _restore_snapshot(self, rebuild: Rebuild) -> int:
        """Counts and open jobs as of one moment: what changes meanwhile is counted once, by its own script."""
        restored = 0
        after: str | None = None
        limited = self._settings.max_active_jobs_per_user > 0
        with self._store.snapshot() as session:
            rebuild.add_totals(self._store.totals(session))
            self._forget_deleted(rebuild, session)
            while True:
                page = self._store.open_jobs(after, PAGE, session)
                restored += rebuild.restore([self._place(job) for job in self.readable(page)], limited=limited)
                rebuild.keep()
                if (after := page.last) is None:
                    break
        return restored

    def _forget_deleted(self, rebuild: Rebuild, session: ClientSession) -> None:
        """Deletions before the moment of the snapshot are counted; those after it will be told by their callers."""
        after: str | None = None
        while page := self._store.tombstones(None, PAGE, session, after):
            after = page[-1].id
            rebuild.forget([job.id for job in page], self._clock.now_ms())

    def _restore_late(self, since: datetime) -> int:
        """Jobs inserted around the snapshot by calls that may have died since."""
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
        where = job.id, job.tenant_id, job.queue, job.owner_id, job.status.value, job.score
        return Place(*where, at_ms, token, running and job.cancel_requested)

    def readable(self, page: Page) -> list[Job]:
        """The jobs of ``page``; a record that can't be read is set aside, logged and counted."""
        for job_id, why in page.unreadable.items():
            self._engine.quarantine.add(job_id, why)
        return page.jobs

    def requeue(self, jobs: Sequence[Job]) -> int:
        """Put open jobs that Redis does not have into it; how many it lacked. What it has is left alone. Wakes a
        worker for them.

        Safe against all that goes on meanwhile: the records are read again under an enqueue permit that any other
        enqueue removes, so a job that came in, and perhaps ended, since ``jobs`` were read does not come back.
        """
        if not jobs:
            return 0
        missing = self._engine.missing(jobs)
        if not missing.ids:
            return 0
        now, _ = self._store.get_many(missing.ids, light=True)
        revs = {job.id: job.rev for job in jobs}
        # One that was changed meanwhile may be ready at a place that its old record did not tell: the next sweep sees.
        still_open = [job for job in now if job.status.is_open and job.rev == revs[job.id]]
        came = self._engine.enqueue(still_open, [_events_of(job) for job in still_open], missing=missing)
        if came.wake_needed:
            self._waker.wake_worker()
        # the other notes were used up, or are by now those of others who look into the same jobs
        passed_by = set(missing.ids) - {job.id for job in still_open}
        self._engine.clear_intents([Intent(job_id, IntentKind.LOST).text for job_id in passed_by])
        return came.added


def _events_of(job: Job) -> list[Event]:
    return [created(job)] if job.rev == 1 else moved(job, job.status)[:1]
