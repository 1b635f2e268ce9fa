"""Loads what steps need when a task takes its first one: most tasks take none, and a cold start has no time for it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log
    from worker_fn.attempt import Attempt
    from worker_fn.container import WorkerContainer
    from worker_fn.context import TaskContext
    from worker_fn.masking import Masking
    from worker_fn.steps.durable import Durable, Steps


class StepsOnDemand:
    """The ``Steps`` of a worker, made once."""

    def __init__(self, container: WorkerContainer, masking: Masking, log: Log) -> None:
        self._container = container
        self._masking = masking
        self._log = log
        self._made: Steps | None = None
        self._lock = threading.Lock()

    def open(self, attempt: Attempt, context: TaskContext) -> Durable:
        """Return the durable side of ``attempt``, which takes its first step. Threads of tasks call it."""
        with self._lock:
            self._made = self._made or self._make()
        return self._made.open(attempt, context)

    def _make(self) -> Steps:
        from worker_fn.steps.durable import Steps  # noqa: PLC0415 - see above

        c = self._container
        steps = Steps(
            c.step_store, events=c.step_events, children=lambda: c.children, callbacks=c.callbacks,
            settings=c.settings, clock=c.clock, ids=c.ids, log=self._log,
        )  # fmt: skip
        steps.hide = self._masking.error
        return steps

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is left."""
        if self._made is not None:
            self._made.close(timeout_s)
