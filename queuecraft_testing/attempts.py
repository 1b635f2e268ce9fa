"""Runs one attempt of a job to its end, in the thread that asks, by the worker's own code."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from chalicelib.domain.jobs import Job
from chalicelib.domain.lifecycle import AttemptResult, started_and_ended
from chalicelib.settings import Settings
from queuecraft_testing.clock import CountedIds, FakeClock
from worker_fn.attempt import Attempt
from worker_fn.context import Line, TaskContext
from worker_fn.execution import Execution
from worker_fn.registration.registry import Task
from worker_fn.steps.durable import Steps
from worker_fn.steps.options import Suspended

WORKER: Final = "test"


class Ran:
    """How an attempt ended: the job after it, the lines that it logged, and the exception of its task."""

    def __init__(self, job: Job, lines: list[Line], error: BaseException | None) -> None:
        self.job = job
        self.lines = lines
        self.error = error


class _Context(TaskContext):
    """A context that keeps the exception of its task."""

    error: BaseException | None = None

    def ended(self, result: AttemptResult, error: BaseException | None = None) -> AttemptResult:
        if not isinstance(error, Suspended):
            self.error = error
        return super().ended(result, error)


class Attempts:
    """Runs attempts, one at a time."""

    def __init__(self, *, settings: Settings, clock: FakeClock, ids: CountedIds, steps: Steps) -> None:
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._steps = steps
        self._execution = Execution(clock, settings)

    def run(self, job: Job, task: Task) -> Ran:
        """Run an attempt of a pending job. Exceptions of the task end the attempt; they do not come out here."""
        attempt = Attempt(job, task, self._ids.token(), WORKER, float(job.timeout_s))
        attempt.started_at = self._clock.now()
        attempt.deadline = self._clock.monotonic() + attempt.timeout_s
        context = attempt.context = _Context(
            job, clock=self._clock, settings=self._settings, deadline=attempt.deadline, on_report=lambda: None,
            open_steps=partial(self._steps.open, attempt), may_replay=job.attempt > 0,
        )  # fmt: skip
        variables = contextvars.Context()
        result = variables.run(self._execution.call, attempt, context)
        if not isinstance(result, AttemptResult):
            result = _on_a_loop(partial(self._awaited, attempt, context, result, variables))
        progress, lines = context.notes.take()
        after = started_and_ended(
            job, WORKER, attempt.started_at, result, progress=progress or context.last_progress,
            base_s=self._settings.retry_backoff_base_s, random=self._ids.random(),
        )  # fmt: skip
        return Ran(after, lines, context.error)

    async def _awaited(
        self, attempt: Attempt, context: TaskContext, result: Any, variables: contextvars.Context
    ) -> AttemptResult:
        async def end() -> None:
            attempt.end(await self._execution.wait(result, context, attempt.job))

        attempt.aio = asyncio.create_task(end(), context=variables)
        await attempt.aio
        if attempt.result is None:
            raise RuntimeError("the attempt did not end")
        return attempt.result


def _on_a_loop(make: Callable[[], Any]) -> Any:
    """Return what a coroutine returns, run on a loop of its own: here, or on a thread if a loop runs here."""
    if not _is_on_a_loop():
        return asyncio.run(make())
    ends: list[Any] = []
    thread = threading.Thread(target=lambda: ends.append(asyncio.run(make())), name="attempt")
    thread.start()
    thread.join()
    return ends[0]


def _is_on_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
