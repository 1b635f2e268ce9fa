"""Steps and events of durable jobs as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queuecraft_client.models._model import Model, named
from queuecraft_client.models.jobs import JobError


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord(Model):
    """A step that a durable job recorded: the ``n``-th one of its name."""

    name: str
    n: int
    kind: str
    status: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: How often it was tried.
    attempts: int = 0
    #: The attempt of the job that wrote it.
    attempt: int = 0
    version: int = 0
    #: When its wait is over at the latest.
    until: datetime | None = None
    error: JobError | None = None
    result_bytes: int = 0
    #: What it returned, if that was asked for.
    result: Any = None
    #: The job that it invoked.
    job_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent(Model):
    """An event that was sent to a job. ``step`` and ``n``: the step that took it; ``None`` while none has."""

    id: str = named("_id")
    name: str
    at: datetime | None = None
    step: str | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEvent(Model):
    """An event of the WebSocket, such as ``job:completed``. ``resync`` says that events before it are missing."""

    type: str
    id: str = ""
    timestamp: datetime | None = None
    tenant_id: str = ""
    owner_id: str = ""
    data: Any = None
