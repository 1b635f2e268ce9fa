"""QueueCraft, for projects of their own: what tasks import.

    from queuecraft import task

    @task("greet")
    def greet(ctx, payload): ...

``queuecraft.app`` is the API to which a project adds its routes, ``queuecraft.routes`` declares routes that know their
caller. A name is imported when it is first used, so that the API does not load the worker.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from queuecraft.secrets import SecretMissing, secret
    from worker_fn import (
        Cron,
        DoNotRetry,
        Every,
        Limit,
        NonDeterministic,
        OnConflict,
        Retry,
        Snooze,
        Step,
        StepFailed,
        StepInterrupted,
        StepTimeout,
        TaskCancelled,
        TaskContext,
        Unique,
        around,
        resource,
        task,
    )

__all__ = [
    "Cron", "DoNotRetry", "Every", "Limit", "NonDeterministic", "OnConflict", "Retry", "SecretMissing", "Snooze",
    "Step", "StepFailed", "StepInterrupted", "StepTimeout", "TaskCancelled", "TaskContext", "Unique", "around",
    "resource", "secret", "task",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "queuecraft.secrets" if name in {"SecretMissing", "secret"} else "worker_fn"
    found = globals()[name] = getattr(import_module(module), name)
    return found
