"""Operations as the API answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from queuecraft_client.models._model import Model, named
from queuecraft_client.models.jobs import Job, JobError, JobStatus, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPayload(Model):
    """The payload that the replay of a job would have. ``error``: why it cannot be replayed so, with the ``field``."""

    job_id: str
    payload: Mapping[str, Any] | None = None
    error: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched(Model):
    """What an operation would change: how many jobs (counted up to 100,000), and the oldest of them."""

    matched: int
    sample: Sequence[Job] = ()
    #: Of a replay that merges: what the jobs of ``sample`` would run with.
    payloads: tuple[MergedPayload, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Model):
    """Work on all jobs that match a filter, by a job with the same id. ``status`` is ``None`` once that was deleted."""

    id: str = named("_id")
    kind: str
    name: str = ""
    status: JobStatus | None = None
    progress: Progress | None = None
    error: JobError | None = None
    cancel_requested: bool = False
    #: Jobs that matched when it was asked for, ``None`` if there were too many to count.
    matched: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    #: What it did, once it has ended.
    outcome: Mapping[str, Any] | None = None
    finished_at: datetime | None = None
    trace_id: str = ""
    created_at: datetime | None = named("con", None)

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.status is None or self.finished_at is not None
