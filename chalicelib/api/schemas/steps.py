"""Shapes of durable jobs: steps and events."""

from __future__ import annotations

from typing import Any, Literal

import orjson
from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.jobs import ErrorOut
from chalicelib.domain.events import error_data
from chalicelib.domain.jobs import iso
from chalicelib.domain.steps import StepEvent, StepKind, StepRecord, StepStatus
from chalicelib.services.steps import StepPage


class ListSteps(Input):
    """Which steps."""

    after: int = Field(0, ge=0, le=20_000, description="`nextAfter` of the previous call.")
    limit: int = Field(100, ge=1, le=1_000)
    results: bool = Field(False, description="Whether to return what steps returned; a page may then be shorter.")


class StepOut(Output):
    """A step of a durable job. ``n``: it is the ``n``-th one of its name. ``attempts``: how often it was tried."""

    name: str
    n: int
    kind: StepKind
    status: StepStatus
    started_at: str = Field(alias="startedAt")
    ended_at: str | None = Field(alias="endedAt")
    attempts: int
    attempt: int = Field(description="The attempt of the job that wrote this.")
    version: int = Field(description="The version of the task that wrote this; 0 if a redrive copied it.")
    until: str | None = Field(description="When its wait is over at the latest.")
    error: ErrorOut | None
    result_bytes: int = Field(alias="resultBytes")
    result: Any = Field(None, description="What it returned; only if `results` was asked for.")
    job_id: str | None = Field(alias="jobId", description="The job that it invoked.")


class EventOut(Output):
    """An event that was sent to a job. ``step`` and ``n``: which step consumed it; null while none has."""

    id: str = Field(alias="_id")
    name: str
    at: str
    step: str | None
    n: int | None


class StepsAnswer(Output):
    """Steps in the order in which they began; the first 100 events of the job. Pass ``nextAfter`` as ``after``."""

    success: Literal[True] = True
    steps: list[StepOut]
    events: list[EventOut]
    next_after: int | None = Field(alias="nextAfter", description="Null on the last page.")


class EventAnswer(Output):
    """The event."""

    success: Literal[True] = True
    event: EventOut


def event_body(event: StepEvent) -> dict[str, Any]:
    """Return ``EventOut`` as a plain dict."""
    taken = event.taken_by
    return {
        "_id": event.id, "name": event.name, "at": iso(event.at), "step": taken.name if taken else None,
        "n": taken.n if taken else None,
    }  # fmt: skip


def steps_body(page: StepPage, asked: ListSteps) -> dict[str, Any]:
    """Return ``StepsAnswer`` as a plain dict."""
    return {
        "success": True,
        "steps": [_step_body(step, asked.results) for step in page.steps],
        "events": [event_body(event) for event in page.events],
        "nextAfter": asked.after + len(page.steps) if page.more else None,
    }


def _step_body(step: StepRecord, with_result: bool) -> dict[str, Any]:
    result = {"result": orjson.Fragment(step.result or "null")} if with_result else {}
    return {
        **result,
        "name": step.key.name,
        "n": step.key.n,
        "kind": step.kind.value,
        "status": step.status.value,
        "startedAt": iso(step.started_at),
        "endedAt": iso(step.ended_at) if step.ended_at else None,
        "attempts": step.attempts,
        "attempt": step.attempt,
        "version": step.version,
        "until": iso(step.until) if step.until else None,
        "error": error_data(step.error, with_traceback=True),
        "resultBytes": step.size,
        "jobId": step.subject if step.kind is StepKind.INVOKE and step.subject else None,
    }
