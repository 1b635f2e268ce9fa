"""Models of analytics."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Id, QueueName, TaskName, Time
from chalicelib.api.schemas.metrics import BucketOut, TallyOut, tally_body
from chalicelib.domain.analytics import MAX_RANGE, Dimension, end_of
from chalicelib.domain.jobs import iso
from chalicelib.domain.rollups import SPAN_S
from chalicelib.services.analytics import Forecast, Group, Report, TopError


class AskAnalytics(Input):
    """Which range, and of what."""

    since: Time = Field(alias="from", description="The start of the range; it begins with the span that contains it.")
    until: Time = Field(alias="to", description="The end; the range ends with the span that contains it.")
    by: Dimension = Field(Dimension.TASK, description="Tenants are compared for operators.")
    task: TaskName | None = None
    queue: QueueName | None = None
    tenant: Id | None = Field(None, description="Of one tenant, for operators, who see all without it.")

    @field_validator("until")
    @classmethod
    def _is_range(cls, until: datetime, info: ValidationInfo) -> datetime:
        since = info.data.get("since", until - MAX_RANGE)
        if since >= until:
            raise ValueError("The end must be after the start")
        if until - since > MAX_RANGE:
            raise ValueError(f"A range has at most {MAX_RANGE.days} days")
        return until


class AskForecast(Input):
    """Of which tenant."""

    tenant: Id | None = Field(None, description="Of one tenant, for operators, who see all without it.")


class PeriodOut(Output):
    """A range of whole spans; ``to`` is exclusive."""

    since: str = Field(alias="from")
    until: str = Field(alias="to")


class GroupOut(Output):
    """Counts of a task, a queue or a tenant: in the range, and in the one before."""

    name: str
    current: TallyOut
    previous: TallyOut


class TopErrorOut(Output):
    """Jobs in the DLQ with similar errors that failed in the range, and in the one before."""

    group: str
    type: str
    message: str
    tasks: list[str]
    current: int
    previous: int
    sample_id: str = Field(alias="sampleId")


class WorkerTallyOut(Output):
    """Attempts that a worker ended in the range; ``runMs`` is their time together."""

    worker_id: str = Field(alias="workerId")
    attempts: int
    completed: int
    failed: int
    run_ms: int = Field(alias="runMs")


class DeploymentOut(Output):
    """A version of the code, and when it was deployed."""

    version: str
    at: str


class AnalyticsAnswer(Output):
    """A range compared with the one before.

    ``groups``, ``slowest`` (by p95 of the run time) and ``mostRetried`` (by retries) have tasks with most attempts
    first; ``workers`` only with ``by=worker``, null if counting takes too long.
    """

    success: Literal[True] = True
    range: PeriodOut
    previous_range: PeriodOut = Field(alias="previousRange")
    bucket_s: int = Field(alias="bucketS")
    buckets: list[BucketOut]
    total: TallyOut
    previous: TallyOut
    groups: list[GroupOut]
    slowest: list[GroupOut]
    most_retried: list[GroupOut] = Field(alias="mostRetried")
    errors: list[TopErrorOut]
    workers: list[WorkerTallyOut] | None
    deployments: list[DeploymentOut]
    tenants: dict[str, str] = Field(description="Names of the tenants in `groups` by id.")


class ForecastOut(Output):
    """Pending, running and retrying jobs, rates of the last 15 minutes, and in how many seconds none is left: null if
    as many are submitted as end.
    """

    waiting: int
    ended_per_min: float = Field(alias="endedPerMin")
    submitted_per_min: float = Field(alias="submittedPerMin")
    drain_s: int | None = Field(alias="drainS")


class ForecastAnswer(Output):
    """A forecast."""

    success: Literal[True] = True
    forecast: ForecastOut


def report_body(report: Report, tenants: dict[str, str]) -> dict[str, Any]:
    """Return ``AnalyticsAnswer`` as a plain dict."""
    current, previous = report.range.current, report.range.previous
    return {
        "success": True,
        "range": {"from": iso(current.first), "to": iso(end_of(current))},
        "previousRange": {"from": iso(previous.first), "to": iso(end_of(previous))},
        "bucketS": SPAN_S[current.span],
        "buckets": [{"t": iso(start), **tally_body(each)} for start, each in report.spans],
        "total": tally_body(report.total),
        "previous": tally_body(report.before),
        "groups": [_group(group) for group in report.groups],
        "slowest": [_group(group) for group in report.slowest],
        "mostRetried": [_group(group) for group in report.most_retried],
        "errors": [_error(error) for error in report.errors],
        "workers": None
        if report.workers is None
        else [
            {
                "workerId": each.worker_id, "attempts": each.attempts, "completed": each.completed,
                "failed": each.failed, "runMs": each.run_ms,
            }
            for each in report.workers
        ],
        "deployments": [{"version": each.version, "at": iso(each.at)} for each in report.deployments],
        "tenants": tenants,
    }  # fmt: skip


def forecast_body(forecast: Forecast) -> dict[str, Any]:
    """Return ``ForecastAnswer`` as a plain dict."""
    return {
        "success": True,
        "forecast": {
            "waiting": forecast.waiting,
            "endedPerMin": round(forecast.ended_per_min, 2),
            "submittedPerMin": round(forecast.submitted_per_min, 2),
            "drainS": forecast.drain_s,
        },
    }


def _group(group: Group) -> dict[str, Any]:
    return {"name": group.name, "current": tally_body(group.now), "previous": tally_body(group.before)}


def _error(error: TopError) -> dict[str, Any]:
    sample = error.group.sample
    return {
        "group": error.group.group,
        "type": sample.error.type if sample.error else "",
        "message": sample.error.message if sample.error else "",
        "tasks": error.group.tasks,
        "current": error.now,
        "previous": error.before,
        "sampleId": sample.id,
    }
