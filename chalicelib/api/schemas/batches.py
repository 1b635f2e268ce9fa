"""Models of batches."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import JobName
from chalicelib.api.schemas.job_lists import ListById, PageAnswer
from chalicelib.api.schemas.submissions import CreateJob, IdempotencyKey, one_key
from chalicelib.api.schemas.templates import TemplateIn
from chalicelib.domain.batches import MAX_MEMBERS, BatchStatus, Callback
from chalicelib.domain.clock import Clock
from chalicelib.services.batches import NewBatch


class CallbackJob(TemplateIn):
    """A job that is submitted when a batch ends."""

    name: JobName


class CreateBatch(Input):
    """Jobs that belong together. ``onComplete`` runs when all have ended, ``onSuccess`` if all completed."""

    name: JobName
    jobs: list[CreateJob] = Field(min_length=1, max_length=MAX_MEMBERS)
    on_complete: CallbackJob | None = None
    on_success: CallbackJob | None = None
    idempotency_key: IdempotencyKey | None = None

    def new_batch(self, clock: Clock, key_header: str | None = None) -> NewBatch:
        """Return the submission as services take it. Raises ``InvalidInput`` or ``TooLarge``."""
        news = []
        for n, job in enumerate(self.jobs):
            job.check_member("Jobs of a batch", f"jobs.{n}.")
            news.append(job.new_job(clock, at=f"jobs.{n}."))
        given = {Callback.ON_COMPLETE: self.on_complete, Callback.ON_SUCCESS: self.on_success}
        callbacks = {name: job.template(job.name) for name, job in given.items() if job is not None}
        return NewBatch(self.name, news, callbacks, one_key(self.idempotency_key, key_header, ""))


class ListBatches(ListById):
    """Which batches, from which position."""

    status: BatchStatus | None = Field(None, description="Batches in this state.")


class BatchOut(Output):
    """A batch. ``done`` to ``waiting`` count its jobs, at its end once it has ended.

    ``failed`` are those in the DLQ. ``onComplete`` and ``onSuccess``: the jobs that it submitted when it ended.
    """

    id: str = Field(alias="_id")
    tenant_id: str = Field(alias="tenantId")
    owner_id: str = Field(alias="ownerId")
    name: str
    status: BatchStatus
    total: int
    done: int
    failed: int
    cancelled: int
    running: int
    waiting: int
    cancel_requested: bool = Field(alias="cancelRequested")
    on_complete: str | None = Field(alias="onComplete")
    on_success: str | None = Field(alias="onSuccess")
    finished_at: str | None = Field(alias="finishedAt")
    trace_id: str = Field(alias="traceId")
    con: str
    mon: str


class BatchAnswer(Output):
    """One batch."""

    success: Literal[True] = True
    batch: BatchOut


class BatchesAnswer(PageAnswer):
    """Batches, newest first. ``owners`` and ``tenants`` map ids to names with a wider scope than ``own``."""

    batches: list[BatchOut]
