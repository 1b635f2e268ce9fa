"""One attempt of a job in this worker, from its claim until its end is written down."""

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
    """Passed along: claimed by the drain loop, run by the pool, written down by the group commit.

    Whoever calls ``end`` first decides how the attempt ended; later ends (a task that returns after its time-out)
    change nothing.
    """

    __slots__ = (
        "_begun", "_claimed", "aio", "closed", "context", "deadline", "job", "lost", "result", "started_at",
        "task", "timeout_s", "token", "worker_id", "written",
    )  # fmt: skip

    def __init__(self, job: Job, task: Task | None, token: str, worker_id: str, timeout_s: float) -> None:
        #: The job as MongoDB has it, as far as this worker knows; moved on by the group commit alone.
        self.job = job
        self._claimed = job
        self.task = task
        self.token = token
        self.worker_id = worker_id
        #: What is granted: the job's own limit, or less where the invocation ends before.
        self.timeout_s = timeout_s
        #: When a slot took it up.
        self.started_at: datetime | None = None
        self._begun: Job | None = None
        #: When it times out, on the monotonic clock.
        self.deadline = 0.0
        self.context: TaskContext | None = None
        self.result: AttemptResult | None = None
        #: The lease went to another: nothing of this attempt may be written.
        self.lost = False
        #: The group commit has taken up its end.
        self.closed = False
        self.aio: asyncio.Task[None] | None = None
        #: Set when its start is written down; only made for an attempt that waits for that.
        self.written = threading.Event() if _careful(job) else None

    @property
    def begun(self) -> Job | None:
        """The job as it is while this attempt runs; ``None`` before a slot took it up."""
        if self._begun is None and self.started_at is not None:
            # made when asked for: an attempt that is over by then needs none
            self._begun = started(self._claimed, self.token, self.worker_id, self.started_at)
        return self._begun

    def end(self, result: AttemptResult) -> bool:
        """Decide how the attempt ended; False when that was decided before."""
        with _ending:
            if self.result is not None or self.lost:
                return False
            self.result = result
            return True

    def lose(self) -> bool:
        """Another holds the job: drop what this attempt yields. False when it had ended, or was lost before."""
        with _ending:
            already = self.lost or self.result is not None
            self.lost = True
            return not already


def _careful(job: Job) -> bool:
    """Whether the job may be one that kills its worker: its last attempt was lost.

    Such a job starts only after its start is written down, so that the next loss is laid at its door and not at
    that of its neighbours, which were merely claimed.
    """
    return bool(job.attempts) and job.attempts[-1].outcome is Outcome.LOST
