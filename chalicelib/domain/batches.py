"""Batches: many jobs of one call, their common progress, and what follows when all of them have ended. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import OPEN, JobStatus

#: Jobs of one batch.
MAX_MEMBERS: Final = 10_000
#: The kind of the outbox entries by which a batch learns of ends of its jobs (``services.outbox``).
FOLLOWER_KIND: Final = "batch"
#: How long a batch is kept after its end; its jobs have days of their own.
KEPT: Final = timedelta(days=90)
#: How long one that was undone is: longer than any process that may still add jobs to it.
UNDONE_KEPT: Final = timedelta(days=1)


class BatchStatus(StrEnum):
    """The state of a batch."""

    #: Its jobs are being recorded; none of them runs.
    SUBMITTING = "submitting"
    RUNNING = "running"
    #: All its jobs completed.
    COMPLETED = "completed"
    #: All its jobs ended, not all well.
    FAILED = "failed"
    CANCELLED = "cancelled"
    #: The call that submitted it died; its jobs are deleted.
    UNDONE = "undone"


class Callback(StrEnum):
    """Jobs that a batch submits when it ends, unless it was cancelled."""

    #: However its jobs ended.
    ON_COMPLETE = "on_complete"
    #: If all completed.
    ON_SUCCESS = "on_success"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as MongoDB holds it."""

    id: str
    tenant_id: str
    owner_id: str
    name: str
    #: Its number of jobs; of a map: of items.
    total: int
    created_at: datetime
    updated_at: datetime
    trace_id: str
    status: BatchStatus = BatchStatus.SUBMITTING
    callbacks: Mapping[Callback, JobTemplate] | None = None
    cancel_requested: bool = False
    finished_at: datetime | None = None
    #: Its jobs by state when it ended; ``None`` before.
    counts: Mapping[JobStatus, int] | None = None
    #: How many of its jobs are released at once; ``None``: all.
    concurrency: int | None = None
    #: Whether its jobs are those of a map, whose node has the batch's id.
    of_map: bool = False
    #: Items of a map whose jobs are those of batches in ``earlier``, the newest first: earlier runs of the map.
    kept: int = 0
    earlier: tuple[str, ...] = ()
    #: Whether something is left to do for it.
    is_open: bool = True
    #: Idempotency key and digest of the call.
    key: str | None = None
    digest: str = ""
    #: The API key by which it was submitted.
    api_key: str | None = None
    #: The W3C trace context of its submission.
    traceparent: str | None = None

    def member_id(self, number: int) -> str:
        """Return the id of a job of the batch, from 0."""
        return self._derived(str(number))

    def callback_id(self, callback: Callback) -> str:
        """Return the id of the job that a callback submits."""
        return self._derived(callback.value)

    def _derived(self, what: str) -> str:
        """Return an id that begins with the second of the batch's creation, as lists and the rebuild expect."""
        digest = hashlib.blake2b(f"{self.id}/{what}".encode(), digest_size=8).hexdigest()
        return f"{int(self.created_at.timestamp()):08x}{digest}"

    def due_callbacks(self) -> list[Callback]:
        """Return the callbacks of a batch that ended."""
        fires = {Callback.ON_COMPLETE: {BatchStatus.COMPLETED, BatchStatus.FAILED}}
        fires[Callback.ON_SUCCESS] = {BatchStatus.COMPLETED}
        return [each for each in self.callbacks or () if self.status in fires[each]]


def status_at_end(counts: Mapping[JobStatus, int], total: int, *, cancel_requested: bool) -> BatchStatus | None:
    """Return how a batch ended by the states of its jobs, ``None`` while one of them is open."""
    if any(counts.get(status) for status in OPEN):
        return None
    if counts.get(JobStatus.COMPLETED, 0) == total:
        return BatchStatus.COMPLETED
    return BatchStatus.CANCELLED if cancel_requested else BatchStatus.FAILED
