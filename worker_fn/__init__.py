"""The worker: claims jobs, runs their tasks, records their results. Tasks import their API from here."""

from chalicelib.domain.limits import Limit
from chalicelib.domain.retry import DoNotRetry, Retry, Snooze
from worker_fn.context import TaskCancelled, TaskContext
from worker_fn.registration.registry import task

__all__ = ["DoNotRetry", "Limit", "Retry", "Snooze", "TaskCancelled", "TaskContext", "task"]
