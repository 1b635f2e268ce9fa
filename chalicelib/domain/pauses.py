"""What can be paused: a queue, all queues of a tenant, everything, a task. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Final, NamedTuple

#: Stands for all queues of a tenant among the names of paused queues.
ALL_QUEUES: Final = ""
#: Stands for all tenants, with ``ALL_QUEUES``.
ALL_TENANTS: Final = "*"
#: Begins the names of paused tasks among those of paused queues, which have no ``~``; and the instances, in the names
#: of lanes, by which jobs wait for their task.
TASK_PREFIX: Final = "~task."


def task_instance(task: str) -> str:
    """Return the name of a task among the names of paused queues."""
    return f"{TASK_PREFIX}{task}"


def pause_kind(name: str) -> str:
    """Return what a pause among those of all tenants, ``tenant/queue``, is of: queue, tenant, everything or task."""
    tenant, _, queue = name.partition("/")
    if queue.startswith(TASK_PREFIX):
        return "task"
    if queue:
        return "queue"
    return "everything" if tenant == ALL_TENANTS else "tenant"


class PausedBy(IntEnum):
    """Which pause holds for a queue, the narrowest first; the numbers are those of ``pauses.lua``."""

    NONE = 0
    QUEUE = 1
    TENANT = 2
    EVERYTHING = 3


class Pause(NamedTuple):
    """A pause: by whom, since when."""

    by: str
    at: datetime


class TaskPause(NamedTuple):
    """The pause of a task, in one tenant or in all."""

    task: str
    pause: Pause
    every_tenant: bool
