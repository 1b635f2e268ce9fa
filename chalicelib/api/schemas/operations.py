"""Models of operations and exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, Self

import orjson
from pydantic import Field, field_validator, model_validator

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import JobName, Priority, QueueName
from chalicelib.api.schemas.job_lists import DEFAULT_PAGE, MAX_PAGE, NarrowingDead, SortedJobs
from chalicelib.api.schemas.jobs import ErrorOut, JobOut, ProgressOut
from chalicelib.domain.events import error_data, progress_data
from chalicelib.domain.exports import ExportFormat
from chalicelib.domain.jobs import JobStatus, iso
from chalicelib.domain.operations import MAX_RATE, OperationKind
from chalicelib.services.operations import Running


class ExportJobs(SortedJobs):
    """Which jobs to export, and how."""

    format: ExportFormat
    background: bool = Field(False, description="Export by an operation, also if the file is small.")


class ListOperations(Input):
    """Which operations, from which position."""

    kind: OperationKind | None = Field(None, description="Operations of this kind.")
    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


#: Bytes of the JSON that is merged into payloads.
MAX_MERGE_BYTES: Final = 16_384


class ReplayChanges(Input):
    """What replays have otherwise than their origins."""

    merge: dict[str, Any] | None = Field(
        None,
        min_length=1,
        description="A JSON merge patch (RFC 7386) of each payload: objects are merged, null removes a field, "
        "everything else replaces what is there. At most 16 KB.",
        examples=[{"customer": {"region": "eu"}, "draft": None}],
    )
    queue: QueueName | None = None
    priority: Priority | None = None

    @field_validator("merge")
    @classmethod
    def _small(cls, merge: dict[str, Any] | None) -> dict[str, Any] | None:
        if merge is not None and len(orjson.dumps(merge)) > MAX_MERGE_BYTES:
            raise ValueError(f"Input should have at most {MAX_MERGE_BYTES} bytes of JSON")
        return merge


class StartOperation(Input):
    """What to do with all jobs that match a filter."""

    action: Literal["cancel", "retry", "redrive", "delete", "replay"]
    name: JobName | None = Field(None, description="By default what it does.")
    filter: NarrowingDead
    rate_per_min: int | None = Field(
        None, ge=1, le=MAX_RATE, description="Jobs changed in a minute at most; by default as fast as possible."
    )
    changes: ReplayChanges | None = Field(None, description="With `replay`.")
    dry_run: bool = Field(False, description="Only count what matches.")

    @model_validator(mode="after")
    def _fits_the_action(self) -> Self:
        if self.changes is not None and self.action != "replay":
            raise ValueError("changes need the action replay")
        return self

    def options(self) -> dict[str, Any]:
        """Return what the operation needs besides its filter."""
        found: dict[str, Any] = {} if self.rate_per_min is None else {"ratePerMin": self.rate_per_min}
        if self.changes is not None and (given := self.changes.model_dump(exclude_none=True)):
            found["changes"] = json.dumps(given)  # as text: its names are no names of fields
        return found


class MergedPayloadOut(Output):
    """The payload that the replay of a job would have. ``error``: why it cannot be replayed so, with the ``field``."""

    job_id: str = Field(alias="jobId")
    payload: dict[str, Any] | None
    error: str | None
    field: str | None


class MatchedAnswer(Output):
    """A dry run: the number of jobs that match and are in a state that the action can change, counted up to 100,000,
    and the oldest ten of them.
    """

    success: Literal[True] = True
    matched: int
    sample: list[JobOut]
    payloads: list[MergedPayloadOut] | None = Field(
        None, description="Of a replay that merges: the payloads that the jobs of `sample` would have."
    )


class LinkOut(Output):
    """A link by which anybody gets the file until it expires."""

    url: str
    expires_at: str = Field(alias="expiresAt")


class OperationOut(Output):
    """An operation. ``status``, ``progress``, ``error`` and ``finishedAt`` are those of its job, which has the same id;
    ``status`` is null once the job was deleted.

    ``matched``: jobs that matched when it was asked for, null if there were too many to count. ``outcome``: what it
    did, null until it has ended. ``file``: of an export that completed, only where one operation is asked for.
    """

    id: str = Field(alias="_id")
    kind: OperationKind
    name: str
    status: JobStatus | None
    progress: ProgressOut | None
    error: ErrorOut | None
    cancel_requested: bool = Field(alias="cancelRequested")
    matched: int | None
    options: dict[str, Any]
    outcome: dict[str, Any] | None
    file: LinkOut | None
    finished_at: str | None = Field(alias="finishedAt")
    trace_id: str = Field(alias="traceId")
    con: str


class OperationAnswer(Output):
    """One operation."""

    success: Literal[True] = True
    operation: OperationOut


class OperationStartedAnswer(OperationAnswer):
    """An operation that was started, and its job."""

    job: JobOut


class OperationsAnswer(Output):
    """Operations of the caller, newest first."""

    success: Literal[True] = True
    operations: list[OperationOut]
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")


def operation_data(running: Running, link: tuple[str, datetime] | None = None) -> dict[str, Any]:
    """Return an operation as clients see it. ``link``: to its file, and until when it is valid."""
    operation, job = running.operation, running.job
    ended = job is None or not job.status.is_open
    return {
        "_id": operation.id,
        "kind": operation.kind.value,
        "name": operation.name,
        "status": job.status.value if job else None,
        "progress": progress_data(job.progress) if job and job.progress else None,
        "error": error_data(job.error, with_traceback=False) if job and job.error else None,
        "cancelRequested": bool(job and job.cancel_requested),
        "matched": operation.matched,
        "options": _options(operation.options),
        "outcome": dict(operation.outcome) if operation.outcome is not None and ended else None,
        "file": None if link is None else {"url": link[0], "expiresAt": iso(link[1])},
        "finishedAt": iso(job.finished_at) if job and job.finished_at else None,
        "traceId": operation.trace_id,
        "con": iso(operation.created_at),
    }


def _options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as clients see them: of what is merged into payloads the names alone."""
    if not options.get("changes"):
        return dict(options)
    changes = json.loads(options["changes"])
    if "merge" in changes:
        changes["merge"] = list(changes["merge"])
    return {**options, "changes": changes}
