"""The worker: claims jobs, runs their tasks, records their results. Tasks import their API from here."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.limits import Limit
from chalicelib.domain.retry import DoNotRetry, Retry, Snooze, StepFailed
from chalicelib.domain.unique import OnConflict, Unique
from worker_fn.context import TaskCancelled, TaskContext
from worker_fn.registration.registry import around, task
from worker_fn.registration.resources import resource

if TYPE_CHECKING:
    from worker_fn.registration.schedules import Cron, Every
    from worker_fn.steps.options import NonDeterministic, Step, StepInterrupted, StepTimeout

__all__ = [
    "Cron", "DoNotRetry", "Every", "Limit", "NonDeterministic", "OnConflict", "Retry", "Snooze", "Step", "StepFailed",
    "StepInterrupted", "StepTimeout", "TaskCancelled", "TaskContext", "Unique", "around", "resource", "task",
]  # fmt: skip

#: Names that few tasks use, and their modules: a cold start does not load these.
_ON_DEMAND: Final = {
    **dict.fromkeys(("Cron", "Every"), "worker_fn.registration.schedules"),
    **dict.fromkeys(("NonDeterministic", "Step", "StepInterrupted", "StepTimeout"), "worker_fn.steps.options"),
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ON_DEMAND[name]), name)
