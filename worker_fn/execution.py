"""Calls tasks and makes endings of what they return or raise. No exception of a task gets past here."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import current_job
from worker_fn.context import TaskContext
from worker_fn.outcome import raised, refused, returned, unknown_task
from worker_fn.run import Run


class Execution:
    """To be called in the attempt's own ``contextvars.Context``, so that nothing leaks from one job to the next."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings

    def call(self, run: Run, context: TaskContext) -> AttemptResult | Awaitable[Any]:
        """Call the task: its ending, or what is still to be awaited, which goes to ``wait``."""
        current_job.set(run.job)
        if run.task is None:
            return unknown_task(run.job, self._clock.now(), self._settings.unknown_task_s)
        try:
            payload = run.task.parse(run.job.payload)
        except BaseException as error:  # a validator is the author's code too
            return refused(error, self._clock.now())
        try:
            context.raise_if_cancelled()
            result = run.task.function(context, payload)
        except BaseException as error:  # a task's SystemExit must not end the worker
            return raised(error, self._clock.now())
        return result if isinstance(result, Awaitable) else returned(result, self._clock.now())

    async def wait(self, result: Awaitable[Any]) -> AttemptResult:
        """The ending of a task whose call gave ``result``."""
        try:
            value = await result
        except BaseException as error:
            return raised(error, self._clock.now())
        return returned(value, self._clock.now())
