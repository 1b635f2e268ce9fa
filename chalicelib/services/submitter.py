"""Inserts and enqueues jobs. Limits and validation come before; see ``JobService.submit``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Ids
from chalicelib.domain.events import Event, created
from chalicelib.domain.jobs import Job
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.queue.intents import permit
from chalicelib.services.priorities import Priorities
from chalicelib.services.projection import Projection
from chalicelib.telemetry.logger import JobEvent, Log

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.services.dependencies import Dependencies
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.services.waker import Waker
    from chalicelib.store.jobs import JobStore


@dataclass(frozen=True, slots=True)
class Submitted:
    """``created`` is false if the job existed: its idempotency key identifies it, or it stands for a ``duplicate``."""

    job: Job
    created: bool
    duplicate: bool = False


class Submitter:
    """The only way of jobs into both stores. Safe to repeat with the same ids: a job is created once."""

    def __init__(
        self,
        *,
        engine: Engine,
        projection: Projection,
        rebuilder: ProjectionRebuilder,
        waker: Waker,
        store: JobStore,
        dependencies: Dependencies,
        priorities: Priorities,
        ids: Ids,
        log: Log,
    ) -> None:
        self._engine = engine
        self._projection = projection
        self._rebuilder = rebuilder
        self._waker = waker
        self._store = store
        self._dependencies = dependencies
        self._priorities = priorities
        self._ids = ids
        self._log = log

    def new_submission_id(self) -> str:
        """Return a new ``Job.submission_id``, for one call that creates or redrives jobs.

        It is short, because each record has one and it has to differ only between calls for the same job.
        """
        return self._ids.token()[:8]

    def submit(self, jobs: Sequence[Job]) -> set[str]:
        """Create jobs without the limits of a user: note permits, insert, enqueue, wake a worker.

        Each call needs a ``submission_id`` of its own. Returns the ids of jobs that were recorded before: they are not
        changed, and are enqueued if the call that recorded them died first. A job whose unique key another one holds is
        not recorded; its id is returned too. Raises ``QueueClosed`` and errors of
        MongoDB; then some of the jobs may be recorded, and the call may be repeated.
        """
        self.intend(jobs)
        recorded = self.insert(jobs)
        existed = {job.id for job in jobs} - recorded.keys()
        if existed:
            found, _ = self._store.get_many(existed, light=True)
            self.requeue([job for job in found if job.status.is_open])
        return existed

    def intend(self, jobs: Sequence[Job]) -> None:
        """Note the enqueue permits of jobs that are about to be recorded."""
        self._projection.when_open(lambda: self._engine.intend([permit(job) for job in jobs]))

    def insert(self, jobs: Sequence[Job], *, together: bool = False) -> dict[str, Job]:
        """Create jobs whose permits are noted (``CreationLimits.admit`` does that); return them by id as they are now.

        Those that existed are absent, and so are jobs whose unique key another job holds. If ``together``, all are
        created or none. Jobs that depend on others are blocked, unless the others have ended.
        """
        jobs = self._priorities.placed(jobs)
        self._dependencies.mark(jobs)
        duplicates = self._store.insert(jobs, together=together)
        fresh = [job for job in jobs if job.id not in duplicates]
        self._log.jobs((JobEvent.SUBMIT, job, {}) for job in fresh)
        recorded = {job.id: job for job in fresh}
        if any(job.run_if is not None for job in fresh):
            recorded.update(self._look_again(fresh))
        if waiting := [job for job in recorded.values() if job.status.is_open]:
            self.enqueue(waiting, [[created(job)] for job in waiting])
        return recorded

    def _look_again(self, jobs: Sequence[Job]) -> dict[str, Job]:
        """Ask about blocked jobs, whose needs may have ended before they were inserted; return those that it moved."""
        found = self._dependencies.resolve([job for job in jobs if job.run_if is not None], permitted=True)
        if found.ended:
            self._projection.follow(lambda: self._dependencies.publish_ends(found.ended))
        return {job.id: job for job in (*found.free, *found.ended)}

    def enqueue(self, jobs: Sequence[Job], events: Sequence[Sequence[Event]]) -> None:
        """Enqueue recorded jobs, also those whose permit was lost with Redis; wake a worker if needed."""
        enqueued = self._projection.follow(lambda: self._engine.enqueue(jobs, events))
        if enqueued is not None and enqueued.refused:
            refused = set(enqueued.refused)
            self.requeue([job for job in jobs if job.id in refused])
        self._waker.wake_workers({job.pool or DEFAULT_POOL for job in jobs} if enqueued is None else enqueued.wake)

    def requeue(self, jobs: Sequence[Job]) -> None:
        """Enqueue those of ``jobs`` that the queue lacks."""
        if not jobs:
            return
        self._projection.follow(lambda: self._rebuilder.requeue(jobs))
