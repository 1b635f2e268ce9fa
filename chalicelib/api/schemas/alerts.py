"""Models of the routes of alert rules."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Id, QueueName, TaskName, Time, number_only
from chalicelib.api.schemas.job_lists import DEFAULT_PAGE, MAX_PAGE
from chalicelib.domain import typed_text
from chalicelib.domain.alerts import (
    DEFAULT_MIN_JOBS,
    DEFAULT_WINDOW_S,
    MAX_FOR_S,
    MAX_MIN_JOBS,
    MAX_MUTE_S,
    MAX_NAME_CHARS,
    MAX_REPEAT_S,
    MAX_WINDOW_S,
    MIN_REPEAT_S,
    MIN_WINDOW_S,
    AlertKind,
    AlertRule,
    AlertStatus,
    Condition,
    Firing,
    Reading,
    Severity,
    condition_text,
    is_met,
)
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Scope
from chalicelib.domain.schedules import MAX_NAME_CHARS as MAX_SCHEDULE_CHARS
from chalicelib.domain.schedules import NAME_PATTERN
from chalicelib.services.alerts import NewAlert

Measured = Literal[Scope.TENANT, Scope.ALL]


def _repeat(seconds: int) -> int:
    if 0 < seconds < MIN_REPEAT_S:
        raise ValueError(f"Input should be 0 or at least {MIN_REPEAT_S}")
    return seconds


Name = Annotated[
    str,
    Field(min_length=1, max_length=MAX_NAME_CHARS, examples=["Mail is stuck"]),
    AfterValidator(typed_text.display_name),
]
Threshold = Annotated[
    float,
    BeforeValidator(number_only),
    Field(
        gt=0,
        allow_inf_nan=False,
        examples=[600],
        description="Fires from this value on: seconds (`queue_age`, `schedule_overdue`), jobs (`dlq_growth`, "
        "`schedule_failures`) or percent (`failure_rate`).",
    ),
]
WindowS = Annotated[
    int,
    BeforeValidator(number_only),
    Field(
        ge=MIN_WINDOW_S,
        le=MAX_WINDOW_S,
        description="For `dlq_growth` and `failure_rate`: counted by whole minutes, over an hour by quarters of one.",
    ),
]
ForS = Annotated[
    int, BeforeValidator(number_only), Field(ge=0, le=MAX_FOR_S, description="How long it must hold before it fires.")
]
MinJobs = Annotated[
    int,
    BeforeValidator(number_only),
    Field(ge=1, le=MAX_MIN_JOBS, description="For `failure_rate`: fewer ended jobs than this say nothing."),
]
RepeatS = Annotated[
    int,
    BeforeValidator(number_only),
    Field(
        ge=0,
        le=MAX_REPEAT_S,
        description=f"How often a notice of a firing is repeated; 0 is never, else {MIN_REPEAT_S} on.",
    ),
    AfterValidator(_repeat),
]
ScheduleName = Annotated[str, Field(min_length=1, max_length=MAX_SCHEDULE_CHARS, pattern=NAME_PATTERN)]


class PreviewAlert(Input):
    """What a rule would measure."""

    kind: AlertKind
    threshold: Threshold
    window_s: WindowS = DEFAULT_WINDOW_S
    min_jobs: MinJobs = DEFAULT_MIN_JOBS
    queue: QueueName | None = Field(None, description="Of this queue only.")
    task: TaskName | None = Field(None, description="Of this task only.")
    schedule: ScheduleName | None = Field(None, description="Of this schedule only.")
    scope: Measured = Field(Scope.TENANT, description="`all`: over all tenants, for operators.")

    def condition(self) -> Condition:
        """Return it as services take it."""
        return Condition(
            self.kind, self.threshold, self.window_s, self.min_jobs, self.queue, self.task, self.schedule, self.scope
        )


class CreateAlert(PreviewAlert):
    """A rule: what it measures, from when on it fires, and who is notified."""

    name: Name
    for_s: ForS = 0
    repeat_s: RepeatS = 0
    severity: Severity = Severity.WARNING
    enabled: bool = True

    def new(self) -> NewAlert:
        """Return it as services take it."""
        return NewAlert(self.name, self.condition(), self.for_s, self.repeat_s, self.severity, self.enabled)


#: Fields of a rule for which null says something: any.
_NAMES: Final = frozenset({"queue", "task", "schedule"})


class ChangeAlert(Input):
    """What to change of a rule. Fields that are left out stay as they are; null for a name means any."""

    name: Name | None = None
    threshold: Threshold | None = None
    window_s: WindowS | None = None
    min_jobs: MinJobs | None = None
    queue: QueueName | None = None
    task: TaskName | None = None
    schedule: ScheduleName | None = None
    for_s: ForS | None = None
    repeat_s: RepeatS | None = None
    severity: Severity | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _some(self) -> ChangeAlert:
        if not self.changes():
            raise ValueError("Input should change something")
        return self

    def changes(self) -> dict[str, Any]:
        """Return the fields to set."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: value for name, value in given.items() if value is not None or name in _NAMES}


class MuteAlert(Input):
    """Until when nobody is notified: a time, or a number of seconds from now."""

    until: Time | None = None
    for_s: Annotated[int, BeforeValidator(number_only), Field(ge=1, le=MAX_MUTE_S)] | None = None

    @model_validator(mode="after")
    def _one(self) -> MuteAlert:
        if (self.until is None) == (self.for_s is None):
            raise ValueError("Input should have one of until and forS")
        return self


class ListFirings(Input):
    """Which firings, from which position."""

    rule: Id | None = None
    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class AlertOut(Output):
    """A rule and its state. `value`, `subject` (what is worst) and `jobs` (of a rate) are as of `checkedAt`."""

    id: str = Field(alias="_id")
    tenant_id: str = Field(alias="tenantId")
    owner_id: str = Field(alias="ownerId")
    name: str
    kind: AlertKind
    scope: Measured
    threshold: float
    window_s: int = Field(alias="windowS")
    min_jobs: int = Field(alias="minJobs")
    queue: str | None
    task: str | None
    schedule: str | None
    condition: str = Field(description="In a sentence.")
    for_s: int = Field(alias="forS")
    repeat_s: int = Field(alias="repeatS")
    severity: Severity
    enabled: bool
    muted_until: str | None = Field(alias="mutedUntil")
    status: AlertStatus
    since: str | None = Field(description="When it entered this status.")
    value: float | None = Field(description="Null if there is nothing to measure, or it was not measured yet.")
    subject: str
    jobs: int | None
    checked_at: str | None = Field(alias="checkedAt")
    firings: int
    fired_at: str | None = Field(alias="firedAt", description="When it fired last.")
    con: str
    mon: str


class AlertAnswer(Output):
    """A rule."""

    success: Literal[True] = True
    alert: AlertOut


class AlertsAnswer(Output):
    """The rules of the tenant, newest first. `owners` maps ids to names."""

    success: Literal[True] = True
    alerts: list[AlertOut]
    owners: dict[str, str]


class AlertPreviewOut(Output):
    """What is measured now, and whether that reaches the threshold."""

    value: float | None
    subject: str
    jobs: int | None
    met: bool
    condition: str


class AlertPreviewAnswer(Output):
    """A measurement."""

    success: Literal[True] = True
    preview: AlertPreviewOut


class FiringOut(Output):
    """A firing. `resolvedAt` is null while it lasts; `value` is that of its last notice; `notified` if anybody was."""

    id: str = Field(alias="_id")
    rule_id: str = Field(alias="ruleId")
    name: str
    number: int
    severity: Severity
    fired_at: str = Field(alias="firedAt")
    resolved_at: str | None = Field(alias="resolvedAt")
    value: float | None
    subject: str
    notified: bool


class FiringsAnswer(Output):
    """Firings, newest first."""

    success: Literal[True] = True
    firings: list[FiringOut]
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")


def alert_data(rule: AlertRule) -> dict[str, Any]:
    """Return a rule as clients see it."""
    condition, state = rule.condition, rule.state
    return {
        "_id": rule.id,
        "tenantId": rule.tenant_id,
        "ownerId": rule.owner_id,
        "name": rule.name,
        "kind": condition.kind.value,
        "scope": condition.scope.value,
        "threshold": condition.threshold,
        "windowS": condition.window_s,
        "minJobs": condition.min_jobs,
        "queue": condition.queue,
        "task": condition.task,
        "schedule": condition.schedule,
        "condition": condition_text(condition),
        "forS": rule.for_s,
        "repeatS": rule.repeat_s,
        "severity": rule.severity.value,
        "enabled": rule.enabled,
        "mutedUntil": _iso(rule.muted_until),
        "status": state.status.value,
        "since": _iso(state.since),
        "value": state.reading.value,
        "subject": state.reading.subject,
        "jobs": state.reading.jobs,
        "checkedAt": _iso(state.checked_at),
        "firings": state.firings,
        "firedAt": _iso(state.fired_at),
        "con": iso(rule.created_at),
        "mon": iso(rule.updated_at),
    }


def preview_data(condition: Condition, reading: Reading) -> dict[str, Any]:
    """Return a measurement as clients see it."""
    return {
        "value": reading.value, "subject": reading.subject, "jobs": reading.jobs, "met": is_met(condition, reading),
        "condition": condition_text(condition),
    }  # fmt: skip


def firing_data(firing: Firing) -> dict[str, Any]:
    """Return a firing as clients see it."""
    return {
        "_id": firing.id,
        "ruleId": firing.rule_id,
        "name": firing.name,
        "number": firing.number,
        "severity": firing.severity.value,
        "firedAt": iso(firing.fired_at),
        "resolvedAt": _iso(firing.resolved_at),
        "value": firing.value,
        "subject": firing.subject,
        "notified": firing.notified,
    }


def _iso(at: datetime | None) -> str | None:
    return iso(at) if at else None
