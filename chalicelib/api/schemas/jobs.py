"""Models of jobs as clients see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import orjson
from pydantic import Field

from chalicelib.api.call import Output
from chalicelib.api.schemas.blocks import BlockOut
from chalicelib.api.schemas.unique import UniqueOut, unique_body
from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.events import attempt_data, error_data, job_data
from chalicelib.domain.jobs import Job, JobStatus, Outcome, is_apart
from chalicelib.domain.pools import DEFAULT_POOL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.services.dependencies import Related, Relations
    from chalicelib.services.replays import Lineage
    from chalicelib.services.stored_values import Shown


class ProgressOut(Output):
    """Progress of a job, 0 to 100 percent."""

    percent: float
    message: str


class ErrorOut(Output):
    """Why an attempt failed. Errors of one ``group`` are alike. Lists omit ``traceback``."""

    type: str
    message: str
    group: str
    traceback: str | None = None


class PartOut(Output):
    """The place of a job in a workflow. ``run``: retry of the workflow that made it; ``index``: its item in a map."""

    id: str = Field(alias="_id")
    node: str
    run: int
    index: int | None


class JobOut(Output):
    """A job as lists and events show it. ``con`` and ``mon``: created and modified. Each change increments ``rev``.

    Fields that only some jobs have are absent from the others.
    """

    id: str = Field(alias="_id")
    name: str
    owner_id: str = Field(alias="ownerId")
    tenant_id: str = Field(alias="tenantId")
    task: str
    queue: str
    pool: str = Field(default=DEFAULT_POOL, description="The pool of workers that runs it, absent if it is `default`.")
    limits: list[str] = Field(default=[], description="Limits that it falls under: `name` or `name:key`.")
    priority: int
    tags: list[str]
    status: JobStatus
    rev: int
    attempt: int = Field(description="Attempts begun in total.")
    retry_count: int = Field(alias="retryCount", description="Retries burned since the last redrive.")
    max_retries: int = Field(alias="maxRetries")
    timeout_s: int = Field(alias="timeoutS")
    redrives: int
    run_at: str | None = Field(alias="runAt")
    ready_at: str = Field(alias="readyAt")
    started_at: str | None = Field(alias="startedAt")
    finished_at: str | None = Field(alias="finishedAt")
    cancel_requested: bool = Field(alias="cancelRequested")
    progress: ProgressOut | None
    error: ErrorOut | None
    trace_id: str = Field(alias="traceId")
    schedule: str | None = Field(default=None, description="Name of the schedule that made the job.")
    con: str
    mon: str
    unique_key: str | None = Field(default=None, alias="uniqueKey")
    runs_after: str | None = Field(default=None, alias="runsAfter", description="The job whose end it waits for.")
    workflow: PartOut | None = Field(default=None, description="The node of a workflow that it belongs to.")
    waits_for: list[str] = Field(
        default=[],
        alias="waitsFor",
        description="What ends the wait of a waiting job before `readyAt`: `event:<name>` or `job:<id>`.",
    )
    batch_id: str | None = Field(default=None, alias="batchId", description="The batch that it belongs to.")
    api_key_id: str | None = Field(default=None, alias="apiKeyId", description="The API key by which it was submitted.")
    replay_of: str | None = Field(default=None, alias="replayOf", description="The job of which it is a replay.")
    traceparent: str | None = Field(default=None, description="W3C trace context of its submission.")


class AttemptOut(Output):
    """One execution of a job. ``waitMs``: from ready to start."""

    number: int
    worker_id: str = Field(alias="workerId")
    started_at: str = Field(alias="startedAt")
    ended_at: str | None = Field(alias="endedAt")
    outcome: Outcome | None
    wait_ms: int = Field(alias="waitMs")
    run_ms: int = Field(alias="runMs")
    error: ErrorOut | None
    trace_id: str | None = Field(
        default=None, alias="traceId", description="W3C trace id of the attempt; absent where no spans are exported."
    )
    trace_url: str | None = Field(default=None, alias="traceUrl", description="Its trace, if `TRACE_URL` is set.")


class PastPayloadOut(Output):
    """The payload of the attempts up to number ``untilAttempt``. Of a large one as with ``payload`` of the job."""

    until_attempt: int = Field(alias="untilAttempt")
    payload: Any
    payload_truncated: bool = Field(default=False, alias="payloadTruncated")
    payload_bytes: int | None = Field(default=None, alias="payloadBytes")
    payload_url: str | None = Field(default=None, alias="payloadUrl")


class RelatedOut(Output):
    """A job beside another one. ``name`` is null if the caller may not read it, ``status`` if the job was deleted."""

    id: str = Field(alias="_id")
    name: str | None
    status: JobStatus | None


class JobDetailOut(JobOut):
    """A job with everything except its log lines."""

    payload: Any
    result: Any
    payload_truncated: bool = Field(
        default=False,
        alias="payloadTruncated",
        description="The payload is over 512 KB, or cannot be read now, and is null here. Like the fields of its size "
        "and link, this is absent for payloads up to 64 KB.",
    )
    payload_bytes: int | None = Field(default=None, alias="payloadBytes", description="Its size as JSON.")
    payload_url: str | None = Field(
        default=None,
        alias="payloadUrl",
        description="Where the whole can be fetched, for 15 minutes; null if it has redacted values.",
    )
    result_truncated: bool = Field(default=False, alias="resultTruncated", description="The same for the result.")
    result_bytes: int | None = Field(default=None, alias="resultBytes")
    result_url: str | None = Field(default=None, alias="resultUrl")
    attempts: list[AttemptOut]
    redacted: list[str] = Field(
        description='Paths in payloads and result that show `"[redacted]"`, by its task or its tenant.'
    )
    unique: UniqueOut | None
    earlier_payloads: list[PastPayloadOut] = Field(
        alias="earlierPayloads",
        description="Payloads of past attempts that were replaced since; the newest 5 are kept.",
    )
    blocked_by: list[BlockOut] = Field(
        alias="blockedBy", description="What it waits for while it is pending; empty if only its turn."
    )
    depends_on: list[str] = Field(alias="dependsOn", description="Jobs that must have ended before this one runs.")
    run_if: RunIf | None = Field(alias="runIf", description="How they must end; null if it depends on none.")
    needs: list[RelatedOut] = Field(description="The jobs of `dependsOn`, as they are now.")
    dependents: list[RelatedOut] = Field(description="Jobs that depend on this one, at most 100: ended ones first.")
    trace_url: str | None = Field(
        default=None, alias="traceUrl", description="The trace of its submission, if `TRACE_URL` is set."
    )
    more_dependents: bool = Field(alias="moreDependents", description="Whether there are others than the listed ones.")
    origin: RelatedOut | None = Field(description="The job of `replayOf`, as it is now; null if it is no replay.")
    replays: list[RelatedOut] = Field(description="The newest replays of this job, at most 20.")
    more_replays: bool = Field(alias="moreReplays", description="Whether there are older ones.")
    expires_at: str | None = Field(
        alias="expiresAt", description="From when on it is deleted, by the tenant's settings; null: kept, or not ended."
    )


class JobAnswer(Output):
    """One job."""

    success: Literal[True] = True
    job: JobOut


class JobCreatedAnswer(JobAnswer):
    """The job. ``duplicate``: it is another one, which holds the unique key."""

    duplicate: bool


class JobDetailAnswer(Output):
    """One job in full."""

    success: Literal[True] = True
    job: JobDetailOut


class JobsCreatedAnswer(Output):
    """Jobs in the order of the call. ``created`` counts the new ones. An entry of ``duplicates`` is true if the job is
    another one, which holds the unique key.

    ``jobs`` is empty if it would be larger than can be returned; ``ids`` has all of them.
    """

    success: Literal[True] = True
    ids: list[str]
    jobs: list[JobOut]
    created: int
    duplicates: list[bool]


class AttemptsAnswer(Output):
    """A job's attempts, oldest first; the newest 50 are kept."""

    success: Literal[True] = True
    attempts: list[AttemptOut]


class LogLineOut(Output):
    """A log line. ``seq`` orders the lines of a job; use it as ``after`` to continue from this line."""

    seq: int
    attempt: int
    at: str
    level: str
    message: str


class LogsAnswer(Output):
    """Log lines, oldest first. Pass ``nextAfter`` as ``after`` of the next call."""

    success: Literal[True] = True
    lines: list[LogLineOut]
    next_after: int = Field(alias="nextAfter")


class DoneAnswer(Output):
    """The job was changed."""

    success: Literal[True] = True


def job_body(job: Job) -> dict[str, Any]:
    """Return ``JobAnswer`` as a plain dict."""
    return {"success": True, "job": job_data(job)}


def job_detail(job: Job, redacted: Sequence[str], shown: Callable[[str, str], Shown]) -> dict[str, Any]:
    """Return ``JobDetailOut`` as a plain dict. Payload and result are inserted as the JSON text that is stored.

    ``redacted``: the paths whose values ``job`` no longer has. ``shown`` is called for texts that are not in the
    record, with the name of a file.
    """

    def written(name: str, text: str | None, of: str = "") -> dict[str, Any]:
        if not is_apart(text):
            return {name: orjson.Fragment(text) if text is not None else None}
        found = shown(text, f"job-{job.id}-{name}{of}.json")
        return {
            name: orjson.Fragment(found.text) if found.text is not None else None,
            f"{name}Truncated": found.text is None, f"{name}Bytes": found.size, f"{name}Url": found.url or None,
        }  # fmt: skip

    return {
        **job_data(job),
        "error": error_data(job.error, with_traceback=True),
        **written("payload", job.payload),
        **written("result", job.result),
        "redacted": list(redacted),
        "unique": unique_body(job.unique),
        "earlierPayloads": [
            {"untilAttempt": past.until, **written("payload", past.payload, f"-{past.until}")}
            for past in job.earlier_payloads
        ],
        "dependsOn": list(job.depends_on),
        "runIf": job.run_if.value if job.run_if is not None else None,
    }


def traced_body(job: Job, ratio: float | None, url: str) -> dict[str, Any]:
    """Return the attempts of ``JobDetailOut``, and what it says of traces, as a plain dict.

    ``ratio``: as in ``attempt_context``; ``None`` where no spans are exported. ``url``: with ``{traceId}``, or empty.
    """
    attempts = [attempt_data(attempt) for attempt in job.attempts]
    if ratio is None and not (url and job.traceparent):
        return {"attempts": attempts}
    from chalicelib.domain.traces import attempt_context, parse  # noqa: PLC0415 - for jobs with a trace

    def link(trace_id: str) -> dict[str, str]:
        return {"traceUrl": url.replace("{traceId}", trace_id)} if url else {}

    if ratio is not None:
        for attempt in attempts:
            context = attempt_context(job, attempt["number"], ratio)
            if context.sampled:
                attempt |= {"traceId": context.trace_id, **link(context.trace_id)}
    submission = parse(job.traceparent)
    return {"attempts": attempts, **(link(submission.trace_id) if submission else {})}


def relations_body(relations: Relations) -> dict[str, Any]:
    """Return the part of ``JobDetailOut`` that is about other jobs, as a plain dict."""
    return {
        "needs": [_related_body(each) for each in relations.needs],
        "dependents": [_related_body(each) for each in relations.dependents],
        "moreDependents": relations.has_more,
    }


def lineage_body(lineage: Lineage) -> dict[str, Any]:
    """Return the part of ``JobDetailOut`` that is about replays, as a plain dict."""
    return {
        "origin": None if lineage.origin is None else _related_body(lineage.origin),
        "replays": [_related_body(each) for each in lineage.replays],
        "moreReplays": lineage.has_more,
    }


def _related_body(related: Related) -> dict[str, Any]:
    return {"_id": related.id, "name": related.name, "status": related.status.value if related.status else None}
