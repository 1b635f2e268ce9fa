"""Models of batches."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, Literal

import orjson
from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import JobName, Priority, QueueName, Retries, Tag, TaskName, TimeoutS
from chalicelib.api.schemas.job_lists import DEFAULT_PAGE, MAX_PAGE, WhoseJobs
from chalicelib.api.schemas.jobs import CreateJob, IdempotencyKey, one_key
from chalicelib.domain.batches import MAX_MEMBERS, BatchStatus, Callback
from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import DEFAULT_PRIORITY, DEFAULT_TASK, MAX_DOCUMENT_BYTES, MAX_TAGS
from chalicelib.domain.schedules import JobTemplate
from chalicelib.errors import InvalidInput, TooLarge
from chalicelib.services.batches import NewBatch


class CallbackJob(Input):
    """A job that is submitted when a batch ends."""

    name: JobName
    task: TaskName = DEFAULT_TASK
    payload: dict[str, Any] = Field(default_factory=dict, description="Input of the task; GET /tasks has its schema.")
    queue: QueueName | None = None
    priority: Priority = Field(DEFAULT_PRIORITY, description="9 is served first.")
    max_retries: Retries | None = None
    timeout_s: TimeoutS | None = None
    tags: list[Tag] = Field(default_factory=list, max_length=MAX_TAGS)

    def template(self) -> JobTemplate:
        """Return the job as services take it. Raises ``TooLarge``."""
        payload = orjson.dumps(self.payload)
        if len(payload) > MAX_DOCUMENT_BYTES:
            raise TooLarge(f"A payload may have at most {MAX_DOCUMENT_BYTES} bytes of JSON")
        plain = {name: getattr(self, name) for name in _PLAIN}
        return JobTemplate(**plain, payload=payload.decode(), tags=tuple(dict.fromkeys(self.tags)))


_PLAIN: Final = {each.name for each in fields(JobTemplate)} - {"payload", "tags"}


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
            for name in ("depends_on", "unique", "idempotency_key"):
                if getattr(job, name):
                    raise InvalidInput("Jobs of a batch cannot have this", f"jobs.{n}.{_alias(name)}")
            news.append(job.new_job(clock, at=f"jobs.{n}."))
        given = {Callback.ON_COMPLETE: self.on_complete, Callback.ON_SUCCESS: self.on_success}
        callbacks = {name: job.template() for name, job in given.items() if job is not None}
        return NewBatch(self.name, news, callbacks, one_key(self.idempotency_key, key_header, ""))


def _alias(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


class ListBatches(WhoseJobs):
    """Which batches, from which position."""

    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


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


class BatchesAnswer(Output):
    """Batches, newest first. ``owners`` and ``tenants`` map ids to names with a wider scope than ``own``."""

    success: Literal[True] = True
    batches: list[BatchOut]
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")
    owners: dict[str, str]
    tenants: dict[str, str]
