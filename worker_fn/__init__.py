"""The worker: claims jobs, runs their tasks, records their results. Tasks import their API from here."""

from chalicelib.domain.limits import Limit
from chalicelib.domain.retry import DoNotRetry, Retry, Snooze
from chalicelib.domain.unique import OnConflict, Unique
from worker_fn.context import TaskCancelled, TaskContext
from worker_fn.registration.registry import task
from worker_fn.registration.schedules import Cron, Every

__all__ = [
    "Cron", "DoNotRetry", "Every", "Limit", "OnConflict", "Retry", "Snooze", "TaskCancelled", "TaskContext", "Unique",
    "task",
]  # fmt: skip
