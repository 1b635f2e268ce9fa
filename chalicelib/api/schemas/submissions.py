"""Models of what clients submit: jobs, and new payloads of jobs that they retry."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final, Self

import orjson
from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from chalicelib.api.call import Input
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
    Traceparent,
)
from chalicelib.api.schemas.unique import UniqueIn
from chalicelib.domain.clock import Clock
from chalicelib.domain.dependencies import MAX_NEEDS, RunIf
from chalicelib.domain.jobs import DEFAULT_PRIORITY, DEFAULT_TASK, LARGEST_BYTES, MAX_DELAY_S, MAX_TAGS, NewJob
from chalicelib.domain.limits import MAX_INSTANCES
from chalicelib.domain.steps import MAX_STEP_NAME_CHARS
from chalicelib.domain.unique import OnConflict
from chalicelib.errors import InvalidInput, TooLarge
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
    traceparent: Traceparent | None = Field(
        None, description="W3C trace context of the submitter. Default: the header `traceparent` of the call."
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
        if len(payload) > LARGEST_BYTES:
            raise TooLarge(f"A payload may have at most {LARGEST_BYTES} bytes of JSON")
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
_AS_ASKED: Final = set(NewJob._fields) & CreateJob.model_fields.keys() - {
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
        if len(text) > LARGEST_BYTES:
            raise TooLarge(f"A payload may have at most {LARGEST_BYTES} bytes of JSON")
        return text.decode()
