"""Promotes due jobs to pending: scheduled ones, retries, and those whose tasks waited."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.lifecycle import promoted
from chalicelib.queue.due_times import DueTimes
from chalicelib.queue.engine import Engine
from chalicelib.services.maintenance.routine import BATCH, MAX_BATCHES
from chalicelib.services.maintenance.withdrawal import withdraw_ended
from chalicelib.services.waker import Waker
from chalicelib.store.jobs import JobStore
from chalicelib.telemetry.logger import Log

_WAITING: Final = frozenset({JobStatus.SCHEDULED, JobStatus.RETRYING, JobStatus.WAITING})


class Promotion:
    """Promotes jobs. A scheduled job whose owner is at the limit of active jobs is held back until others end."""

    name: Final = "promotion"

    def __init__(
        self, *, engine: Engine, due_times: DueTimes, store: JobStore, waker: Waker, clock: Clock, log: Log
    ) -> None:
        self._engine = engine
        self._due_times = due_times
        self._store = store
        self._waker = waker
        self._clock = clock
        self._log = log
        self._promoting = threading.Lock()

    def run(self) -> int:
        """Make due jobs pending in MongoDB, then in Redis, and wake a worker if none listens; return how many."""
        count = 0
        for _ in range(MAX_BATCHES):
            due = self._engine.due(self._clock.now_ms(), BATCH)
            jobs, unreadable = self._store.get_many(due, light=True)
            gone = [*unreadable, *(set(due) - {job.id for job in jobs})]
            self._engine.discard_waiting(gone)
            held = self._hold(jobs, due)
            later = self._postpone(jobs)
            moved_on = self._promote([job for job in jobs if job.id not in held], due)
            count += moved_on
            if moved_on + len(gone) + len(held) + later == 0:
                break
        return count

    def make_room(self) -> None:
        """Promote held-back jobs after others ended, unless this process does so already.

        Never raises: the jobs are due, so the next run promotes them.
        """
        if not self._promoting.acquire(blocking=False):
            return
        try:
            self.run()
        except Exception as error:
            self._log.warning("could not promote", event="promote_failed", error=repr(error)[:500])
        finally:
            self._promoting.release()

    def _hold(self, jobs: Sequence[Job], due: Mapping[str, int]) -> set[str]:
        """Return the scheduled ones of ``jobs`` whose owners are at the limit of active jobs. They stay scheduled."""
        now = self._clock.now()
        waiting = [job for job in jobs if job.status is JobStatus.SCHEDULED and job.ready_at <= now]
        places = self._engine.reserve(waiting, [due[job.id] for job in waiting])
        return {job.id for job, place in zip(waiting, places, strict=True) if not place}

    def _postpone(self, jobs: Sequence[Job]) -> int:
        """Bring the due times of jobs that were pushed back, but not in the queue, there; return how many."""
        now = self._clock.now()
        later = [job for job in jobs if job.status is JobStatus.SCHEDULED and job.ready_at > now]
        if later:
            self._due_times.postpone(later)
        return len(later)

    def _promote(self, jobs: Sequence[Job], due: Mapping[str, int]) -> int:
        """Promote ``jobs`` from the waits that ended at ``due``; return how many."""
        now = self._clock.now()
        waiting = [job for job in jobs if job.status in _WAITING]
        ahead = [(job, promoted(job, now)) for job in waiting if job.ready_at <= now]
        ready = [(new, moved(new, old.status)) for old, new in self._store.replace(ahead)]
        # changed in MongoDB already: the script of that change did not run
        beyond = {JobStatus.PENDING, JobStatus.RUNNING}
        ready += [(job, moved(job, JobStatus.RETRYING)) for job in jobs if job.status in beyond]
        count = withdraw_ended(self._engine, [job for job in jobs if not job.status.is_open])
        if ready:
            waits = [due[job.id] for job, _ in ready]
            done = self._engine.promote([job for job, _ in ready], waits, [events for _, events in ready])
            count += done.added
            self._waker.wake_workers(done.wake)
        return count
