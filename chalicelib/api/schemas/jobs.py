"""Models of jobs: submissions and answers."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Annotated, Any, Final, Literal, Self

import orjson
from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import (
    DelayS,
    Id,
    JobName,
    LimitKey,
    LimitName,
    Priority,
    QueueName,
    Retries,
    Tag,
    TaskName,
    Time,
    TimeoutS,
)
from chalicelib.api.schemas.limits import BlockOut
from chalicelib.api.schemas.unique import UniqueIn, UniqueOut, unique_body
from chalicelib.domain.clock import Clock
from chalicelib.domain.dependencies import MAX_NEEDS, RunIf
from chalicelib.domain.events import attempt_data, error_data, job_data
from chalicelib.domain.jobs import (
    DEFAULT_PRIORITY,
    DEFAULT_TASK,
    MAX_DELAY_S,
    MAX_DOCUMENT_BYTES,
    MAX_TAGS,
    Job,
    JobStatus,
    NewJob,
    Outcome,
)
from chalicelib.domain.limits import MAX_INSTANCES
from chalicelib.domain.steps import MAX_STEP_NAME_CHARS
from chalicelib.domain.unique import OnConflict
from chalicelib.errors import InvalidInput, TooLarge
from chalicelib.services.dependencies import Related, Relations
from chalicelib.services.digest import of_one_call

MAX_BULK: Final = 1_000
IdempotencyKey = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class CreateJob(Input):
    """A job to run. Only ``name`` is required; the task determines the defaults of the other fields.

    ``delayS`` and ``runAt`` exclude each other.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Monthly report"}, {"name": "Soon", "delayS": 60, "priority": 9, "tags": ["demo"]}]
        }
    )

    name: JobName
    task: TaskName = DEFAULT_TASK
    payload: dict[str, Any] = Field(default_factory=dict, description="Input of the task; GET /tasks has its schema.")
    queue: QueueName | None = None
    priority: Priority = Field(DEFAULT_PRIORITY, description="9 is served first.")
    delay_s: DelayS | None = None
    run_at: Time | None = None
    max_retries: Retries | None = None
    timeout_s: TimeoutS | None = None
    tags: list[Tag] = Field(default_factory=list, max_length=MAX_TAGS)
    limit_keys: dict[LimitName, LimitKey] = Field(
        default_factory=dict,
        max_length=MAX_INSTANCES,
        description="Keys of the task's limits, in place of the payload's.",
    )
    idempotency_key: IdempotencyKey | None = None
    unique: UniqueIn | None = Field(None, description="Default: as the task says.")
    depends_on: list[Id] = Field(
        default_factory=list, max_length=MAX_NEEDS, description="Jobs that must have ended before this one runs."
    )
    run_if: RunIf | None = Field(
        None, description="How they must end, otherwise this job is skipped. Default: `all_ok`, all completed."
    )

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if self.delay_s is not None and self.run_at is not None:
            raise ValueError("delayS and runAt exclude each other")
        if self.run_if is not None and not self.may_wait:
            raise ValueError("runIf needs dependsOn")
        return self

    @property
    def may_wait(self) -> bool:
        """Whether the job waits for others."""
        return bool(self.depends_on)

    def check_member(self, kind: str, at: str) -> None:
        """Raise ``InvalidInput`` if the job has a field that jobs which belong together (``kind``) cannot have.

        ``at`` is the prefix of fields in errors.
        """
        for name in ("depends_on", "unique", "idempotency_key"):
            if getattr(self, name):
                raise InvalidInput(f"{kind} cannot have this", f"{at}{to_camel(name)}")

    def new_job(self, clock: Clock, key_header: str | None = None, at: str = "") -> NewJob:
        """Return the submission as services take it.

        ``key_header`` is the header ``Idempotency-Key``; ``at`` is the prefix of fields in errors. Raises
        ``InvalidInput`` or ``TooLarge``.
        """
        if self.run_at is not None and self.run_at > clock.now() + timedelta(seconds=MAX_DELAY_S):
            raise InvalidInput("A job may be scheduled at most 366 days ahead", f"{at}runAt")
        unique = None if self.unique is None else self.unique.rule(f"{at}unique.")
        if unique is not None and unique.on_conflict is OnConflict.PUSH_BACK and not (self.delay_s or self.run_at):
            raise InvalidInput("push_back needs delayS or runAt", f"{at}delayS")
        payload = orjson.dumps(self.payload)
        if len(payload) > MAX_DOCUMENT_BYTES:
            raise TooLarge(f"A payload may have at most {MAX_DOCUMENT_BYTES} bytes of JSON")
        asked = {name: getattr(self, name) for name in _AS_ASKED}
        return NewJob(
            **asked,
            payload=payload.decode(),
            tags=tuple(dict.fromkeys(self.tags)),
            limit_keys=tuple(sorted(self.limit_keys.items())),
            idempotency_key=one_key(self.idempotency_key, key_header, at),
            unique=unique,
            depends_on=tuple(dict.fromkeys(self.depends_on)),
            run_if=self.run_if or RunIf.ALL_OK,
        )


#: Fields that a job to run takes over as they were asked for.
_AS_ASKED: Final = {each.name for each in fields(NewJob)} & CreateJob.model_fields.keys() - {
    "payload", "tags", "limit_keys", "idempotency_key", "unique", "depends_on", "run_if",
}  # fmt: skip


def one_key(field: str | None, header: str | None, at: str) -> str | None:
    """Return the idempotency key of a call, from its field or its header. Raises ``InvalidInput`` if they differ."""
    if header is None or field == header:
        return field
    if field is not None:
        raise InvalidInput("The field and the header Idempotency-Key differ", f"{at}idempotencyKey")
    if not 1 <= len(header) <= 200 or not (header.isascii() and header.isprintable() and " " not in header):
        raise InvalidInput("An idempotency key has 1 to 200 visible ASCII characters", "Idempotency-Key")
    return header


class CreateJobs(Input):
    """Jobs to create, all or none. Either the call has an idempotency key, or jobs have their own."""

    jobs: list[CreateJob] = Field(min_length=1, max_length=MAX_BULK)
    idempotency_key: IdempotencyKey | None = None

    def new_jobs(self, clock: Clock, key_header: str | None = None) -> list[NewJob]:
        """Return the submissions as services take them. ``key_header`` is the header ``Idempotency-Key``.

        Raises ``InvalidInput`` or ``TooLarge``.
        """
        news = [job.new_job(clock, at=f"jobs.{n}.") for n, job in enumerate(self.jobs)]
        key = one_key(self.idempotency_key, key_header, "")
        if key is None:
            return news
        for n, job in enumerate(self.jobs):
            if job.idempotency_key is not None:
                raise InvalidInput("The call already has an idempotency key", f"jobs.{n}.idempotencyKey")
        return of_one_call(key, news)


class RetryJob(Input):
    """Options of a retry. ``payload`` replaces the job's; it is validated by the task's schema.

    ``fromStep``: of a durable job in the DLQ, the step from which on it runs again.
    """

    payload: dict[str, Any] | None = None
    from_step: str | None = Field(None, min_length=1, max_length=MAX_STEP_NAME_CHARS)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.payload is not None and self.from_step is not None:
            raise ValueError("fromStep keeps steps of the payload that they ran with; give one of the two")
        return self

    def payload_text(self) -> str | None:
        """Return the new payload as JSON text. Raises ``TooLarge``."""
        if self.payload is None:
            return None
        text = orjson.dumps(self.payload)
        if len(text) > MAX_DOCUMENT_BYTES:
            raise TooLarge(f"A payload may have at most {MAX_DOCUMENT_BYTES} bytes of JSON")
        return text.decode()


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
    """A job as lists and events show it. ``con`` and ``mon``: created and modified. Each change increments ``rev``."""

    id: str = Field(alias="_id")
    name: str
    owner_id: str = Field(alias="ownerId")
    tenant_id: str = Field(alias="tenantId")
    task: str
    queue: str
    pool: str = Field(description="The pool of workers that runs it.")
    limits: list[str] = Field(description="Limits that it falls under: `name` or `name:key`.")
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
    schedule: str | None = Field(description="Name of the schedule that made the job.")
    con: str
    mon: str
    unique_key: str | None = Field(alias="uniqueKey")
    runs_after: str | None = Field(alias="runsAfter", description="The job whose end it waits for.")
    workflow: PartOut | None = Field(description="The node of a workflow that it belongs to.")
    waits_for: list[str] = Field(
        alias="waitsFor",
        description="What ends the wait of a waiting job before `readyAt`: `event:<name>` or `job:<id>`.",
    )
    batch_id: str | None = Field(alias="batchId", description="The batch that it belongs to.")
    api_key_id: str | None = Field(alias="apiKeyId", description="The API key by which it was submitted.")


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


class PastPayloadOut(Output):
    """The payload of the attempts up to number ``untilAttempt``."""

    until_attempt: int = Field(alias="untilAttempt")
    payload: Any


class RelatedOut(Output):
    """A job beside another one. ``name`` is null if the caller may not read it, ``status`` if the job was deleted."""

    id: str = Field(alias="_id")
    name: str | None
    status: JobStatus | None


class JobDetailOut(JobOut):
    """A job with everything except its log lines."""

    payload: Any
    result: Any
    attempts: list[AttemptOut]
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
    more_dependents: bool = Field(alias="moreDependents", description="Whether there are others than the listed ones.")


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


def job_detail(job: Job) -> dict[str, Any]:
    """Return ``JobDetailOut`` as a plain dict. Payload and result are inserted as the JSON text that is stored."""
    return {
        **job_data(job),
        "error": error_data(job.error, with_traceback=True),
        "payload": orjson.Fragment(job.payload) if job.payload is not None else None,
        "result": orjson.Fragment(job.result) if job.result is not None else None,
        "attempts": [attempt_data(attempt) for attempt in job.attempts],
        "unique": unique_body(job.unique),
        "earlierPayloads": [
            {"untilAttempt": past.until, "payload": orjson.Fragment(past.payload)} for past in job.earlier_payloads
        ],
        "dependsOn": list(job.depends_on),
        "runIf": job.run_if.value if job.run_if is not None else None,
    }


def relations_body(relations: Relations) -> dict[str, Any]:
    """Return the part of ``JobDetailOut`` that is about other jobs, as a plain dict."""
    return {
        "needs": [_related_body(each) for each in relations.needs],
        "dependents": [_related_body(each) for each in relations.dependents],
        "moreDependents": relations.has_more,
    }


def _related_body(related: Related) -> dict[str, Any]:
    return {"_id": related.id, "name": related.name, "status": related.status.value if related.status else None}
