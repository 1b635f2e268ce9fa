"""Models of replays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Self

import orjson
from pydantic import Field, model_validator

from chalicelib.api.call import Input
from chalicelib.api.schemas.fields import DelayS, Id, JobName, Priority, QueueName, Retries, Tag, Time, TimeoutS
from chalicelib.api.schemas.jobs import JobAnswer
from chalicelib.api.schemas.submissions import IdempotencyKey, one_key
from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import LARGEST_BYTES, MAX_DELAY_S, MAX_TAGS
from chalicelib.errors import InvalidInput, TooLarge

#: Fields that the new job takes over as they are given.
_AS_GIVEN: Final = ("name", "queue", "priority", "delay_s", "run_at", "max_retries", "timeout_s")


class ReplayJob(Input):
    """What of the new job differs from the ended one. ``payload`` replaces the whole payload; the task's schema
    validates it.

    ``delayS`` and ``runAt`` exclude each other; without them it runs now.
    """

    payload: dict[str, Any] | None = None
    name: JobName | None = None
    queue: QueueName | None = None
    priority: Priority | None = None
    delay_s: DelayS | None = None
    run_at: Time | None = None
    max_retries: Retries | None = None
    timeout_s: TimeoutS | None = None
    tags: list[Tag] | None = Field(None, max_length=MAX_TAGS)
    idempotency_key: IdempotencyKey | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if self.delay_s is not None and self.run_at is not None:
            raise ValueError("delayS and runAt exclude each other")
        return self

    def changes(self, clock: Clock, key_header: str | None = None) -> dict[str, Any]:
        """Return the fields of ``NewJob`` that are given. ``key_header`` is the header ``Idempotency-Key``.

        Raises ``InvalidInput`` or ``TooLarge``.
        """
        if self.run_at is not None and self.run_at > clock.now() + timedelta(seconds=MAX_DELAY_S):
            raise InvalidInput("A job may be scheduled at most 366 days ahead", "runAt")
        found = {name: value for name in _AS_GIVEN if (value := getattr(self, name)) is not None}
        if self.tags is not None:
            found["tags"] = tuple(dict.fromkeys(self.tags))
        if self.payload is not None:
            payload = orjson.dumps(self.payload)
            if len(payload) > LARGEST_BYTES:
                raise TooLarge(f"A payload may have at most {LARGEST_BYTES} bytes of JSON")
            found["payload"] = payload.decode()
        if (key := one_key(self.idempotency_key, key_header, "")) is not None:
            found["idempotency_key"] = key
        return found


class ReplayFrame(ReplayJob):
    """Replay a job."""

    jobId: Id  # noqa: N815 - as in events


class ReplayAnswer(JobAnswer):
    """The new job. ``created`` is false if the idempotency key was known."""

    created: bool
