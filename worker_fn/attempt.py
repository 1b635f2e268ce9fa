"""One attempt of a job in this worker, from its claim until its end is written."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime

from chalicelib.domain.jobs import Job, Outcome
from chalicelib.domain.lifecycle import AttemptResult, started
from worker_fn.context import TaskContext
from worker_fn.registration.registry import Task

_ending = threading.Lock()


class Attempt:
    """An attempt, claimed by the drain loop, run by the pool, written by the group commit.

    The first call of ``end`` decides how the attempt ended; later calls (a task that returns after its time-out) change
    nothing.
    """

    __slots__ = (
        "_begun", "_claimed", "aio", "closed", "context", "deadline", "job", "lost", "result", "started_at",
        "task", "timeout_s", "token", "worker_id", "written",
    )  # fmt: skip

    def __init__(self, job: Job, task: Task | None, token: str, worker_id: str, timeout_s: float) -> None:
        #: The job as last read or written by this worker; changed only by the group commit.
        self.job = job
        self._claimed = job
        self.task = task
        self.token = token
        self.worker_id = worker_id
        #: The job's time limit, or less if the invocation ends before.
        self.timeout_s = timeout_s
        #: When it began in a slot.
        self.started_at: datetime | None = None
        self._begun: Job | None = None
        #: When it times out, on the monotonic clock.
        self.deadline = 0.0
        self.context: TaskContext | None = None
        self.result: AttemptResult | None = None
        #: The lease was lost: nothing of this attempt may be written.
        self.lost = False
        #: The group commit has begun to write its end.
        self.closed = False
        self.aio: asyncio.Task[None] | None = None
        #: Set when its start is written; only for an attempt that waits for that.
        self.written = threading.Event() if _may_crash_worker(job) else None

    @property
    def begun(self) -> Job | None:
        """The job as it is while this attempt runs, ``None`` before it began."""
        if self._begun is None and self.started_at is not None:
            # created on demand: an attempt that has ended by then needs none
            self._begun = started(self._claimed, self.token, self.worker_id, self.started_at)
        return self._begun

    def end(self, result: AttemptResult) -> bool:
        """Decide how the attempt ended; return ``False`` if that was decided before."""
        with _ending:
            if self.result is not None or self.lost:
                return False
            self.result = result
            return True

    def lose(self) -> bool:
        """Drop the result of this attempt, whose lease was lost; return ``False`` if it had ended or been lost."""
        with _ending:
            already = self.lost or self.result is not None
            self.lost = True
            return not already


def _may_crash_worker(job: Job) -> bool:
    """Return whether the job may crash its worker: its last attempt was lost.

    Such a job runs only after its start is written, so that another crash counts as a lost attempt of this job and not
    of jobs that were only claimed.
    """
    return bool(job.attempts) and job.attempts[-1].outcome is Outcome.LOST
