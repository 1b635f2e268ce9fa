"""Pauses as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuecraft_client.models._model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Model):
    """Since when something is paused, and by whom (an id)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPause(Model):
    """The pause of a task, in the tenant or, ``every_tenant``, in all."""

    name: str
    by: str
    at: datetime
    every_tenant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses(Model):
    """The pauses that hold for all queues of a tenant, and those of tasks."""

    tenant: Pause | None = None
    everything: Pause | None = None
    tasks: tuple[TaskPause, ...] = ()
