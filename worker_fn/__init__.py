"""The worker: claims jobs, runs their tasks, records their results. Tasks import their API from here."""

from chalicelib.domain.limits import Limit
from chalicelib.domain.retry import DoNotRetry, Retry, Snooze, StepFailed
from chalicelib.domain.unique import OnConflict, Unique
from worker_fn.context import TaskCancelled, TaskContext
from worker_fn.registration.registry import around, task
from worker_fn.registration.resources import resource
from worker_fn.registration.schedules import Cron, Every
from worker_fn.steps.options import NonDeterministic, Step, StepInterrupted, StepTimeout

__all__ = [
    "Cron", "DoNotRetry", "Every", "Limit", "NonDeterministic", "OnConflict", "Retry", "Snooze", "Step", "StepFailed",
    "StepInterrupted", "StepTimeout", "TaskCancelled", "TaskContext", "Unique", "around", "resource", "task",
]  # fmt: skip
