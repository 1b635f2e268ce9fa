"""Passes jobs on whose task moved to another pool, since their records name the old one; and those of paused tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.jobs import Job
from chalicelib.errors import InvalidInput

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log
    from worker_fn.container import WorkerContainer


class PassingOn:
    """Finds the pool of a job by the catalogue, and brings the job to its lane there."""

    def __init__(self, container: WorkerContainer, pool: str, log: Log) -> None:
        """``pool``: that of this worker."""
        self._pool = pool
        self._catalogue = container.catalogue
        self._store = container.job_store
        self._engine = container.engine
        self._waker = container.waker
        self._settings = container.settings
        self._log = log

    def pool_of(self, job: Job) -> str | None:
        """Return the pool that a job of an unknown task belongs to now; ``None`` if it may wait here.

        Raises ``PyMongoError``.
        """
        try:
            pool = self._catalogue.get(job.task).pool
        except InvalidInput:
            return None
        return pool if pool != self._pool and self._settings.has_pool(pool) else None

    def pass_on(self, jobs: Sequence[tuple[Job, str]], token: str) -> None:
        """Write each job's new pool, and return it to its lane there. The leases end.

        A job that changed meanwhile keeps its lease until that expires. Raises the errors of both clients.
        """
        moved = [moved for job, pool in jobs if (moved := self._store.move(job, pool)) is not None]
        if not moved:
            return
        self._log.info(
            f"{len(moved)} jobs went to other pools, to which their tasks moved",
            event="passed_on",
            pool=self._pool,
            jobs=[job.id for job in moved[:10]],
        )
        self._waker.wake_workers(self._engine.pass_on([(job, token) for job in moved]))

    def hold(self, jobs: Sequence[Job], token: str) -> None:
        """Let jobs of paused tasks wait for the end of the pause. The leases end. Raises the errors of Redis."""
        if jobs:
            self._waker.wake_workers(self._engine.hold_tasks([(job, token) for job in jobs]))
