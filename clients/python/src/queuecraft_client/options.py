"""What calls take by keyword, as typed dictionaries: one for submissions, nodes, batches and schedules to build on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, Required, TypeAlias, TypedDict

RunIf = Literal["all_ok", "all_done", "any_failed", "any_ok"]
Scope = Literal["own", "tenant", "all"]
OnConflict = Literal["keep", "reject", "replace", "push_back", "run_after"]
AlertKind = Literal["queue_age", "dlq_growth", "failure_rate", "schedule_overdue", "schedule_failures"]
AlertSeverity = Literal["info", "warning", "critical"]
Missed = Literal["skip", "once", "all"]
Overlap = Literal["skip", "allow", "queue_one", "cancel_running"]
JobSort = Literal["-created", "created", "-finished", "finished"]

#: JSON, or what is made JSON of: dataclasses, pydantic models, times, enumerations, references to nodes.
Payload: TypeAlias = Any


class HasId(Protocol):
    """A job, a batch or a workflow."""

    @property
    def id(self) -> str:
        """Its id."""


#: A job, or the id of one; in other places a batch or a workflow.
Ref: TypeAlias = str | HasId


def id_of(ref: Ref) -> str:
    """Return the id of something, or the id that was given."""
    return ref if isinstance(ref, str) else ref.id


class Unique(TypedDict, total=False):
    """Makes a job unique: one job of the tenant, the task and the key holds the key at a time."""

    #: Default: a digest of the payload.
    key: str
    #: States in which a job holds its key; default: all open ones.
    states: Sequence[str]
    #: Each period of this length has keys of its own.
    period_s: int
    on_conflict: OnConflict
    #: With ``push_back``: how long after its submission the job is due at the latest.
    max_wait_s: float


class TemplateOptions(TypedDict, total=False):
    """Options of any job, also of one that a schedule or a batch makes; the task sets the defaults."""

    queue: str
    #: 0 to 9, 9 first.
    priority: int
    max_retries: int
    timeout_s: int
    tags: Sequence[str]


class PlainOptions(TemplateOptions, total=False):
    """Options of jobs of batches and of nodes of workflows."""

    #: Default: that of the task; for nodes, their id.
    name: str
    delay_s: float
    run_at: datetime
    #: Keys of the task's limits, in place of those in the payload.
    limit_keys: Mapping[str, str]
    #: W3C trace context; default: the caller's, where it uses OpenTelemetry.
    traceparent: str


class JobOptions(PlainOptions, total=False):
    """Options of a submission."""

    unique: Unique
    depends_on: Sequence[Ref]
    #: How the jobs of ``depends_on`` must end; default: ``all_ok``.
    run_if: RunIf
    #: Identifies the submission for 24 hours; default: a new one for each call.
    idempotency_key: str


class ReplayOptions(TemplateOptions, total=False):
    """What of a replay differs from the ended job; all else is taken over."""

    name: str
    delay_s: float
    run_at: datetime
    #: Identifies the replay for 24 hours; default: a new one for each call.
    idempotency_key: str


class NewJob(JobOptions, total=False):
    """A job of a bulk submission."""

    task: Required[str]
    payload: Payload


class NewBatchJob(PlainOptions, total=False):
    """A job of a batch."""

    task: Required[str]
    payload: Payload


class Callback(TemplateOptions, total=False):
    """A job that is submitted when a batch ends."""

    task: Required[str]
    name: str
    payload: Payload


class WhoseOptions(TypedDict, total=False):
    """Whose: the caller's own, those of the tenant, or all, as far as the role allows."""

    scope: Scope
    #: Of this user; needs ``scope`` tenant or all.
    owner: str
    #: Of this tenant; needs ``scope`` all.
    tenant: str


class JobFilter(WhoseOptions, total=False):
    """Conditions that jobs must all meet."""

    status: str | Sequence[str]
    task: str
    queue: str
    tag: str
    #: ``trace_id`` of the call that created them.
    trace: str
    batch: Ref
    #: Beginnings of words of name, task, queue and tags; or the id of a job.
    q: str
    #: Created at this time or later, and before that one.
    created_from: datetime
    created_to: datetime


class JobList(JobFilter, total=False):
    """Which jobs, in which order."""

    sort: JobSort
    #: A field of the payload: ``customer.id=42``, or ``customer.name~ada`` for text that contains it.
    payload: str


class DlqFilter(JobFilter, total=False):
    """Conditions that dead jobs must all meet; ``q`` also searches type and message of the error."""

    #: ``error.group``: errors that are alike.
    group: str
    finished_from: datetime
    finished_to: datetime


class DlqList(DlqFilter, total=False):
    """Which dead jobs, in which order."""

    sort: JobSort
    #: As in ``JobList``.
    payload: str


class BoundsChange(TypedDict, total=False):
    """New bounds of a limit. What is left out stays; ``None`` lifts a bound."""

    concurrency: int | None
    #: Starts per s, min or h, such as ``30/min``.
    rate: str | None
    burst: int | None
    total: int | None


class Timing(TypedDict, total=False):
    """When a schedule fires: one of ``cron``, ``every_s`` and ``at``."""

    #: Minute, hour, day, month, weekday; a sixth field, of seconds, comes first.
    cron: str
    every_s: int
    at: datetime
    #: Time zone of ``cron``; default: UTC.
    tz: str


class ScheduleOptions(Timing, TemplateOptions, total=False):
    """A schedule: when it fires, and the job of each fire."""

    #: Name of the jobs; default: that of the schedule.
    job_name: str
    missed: Missed
    catchup_s: int
    overlap: Overlap
    #: Each fire is late by a random time below this.
    jitter_s: int
    paused: bool


class ReplayChanges(TypedDict, total=False):
    """What the replays of many jobs have otherwise than their origins."""

    #: A JSON merge patch (RFC 7386) of each payload: objects are merged, ``None`` removes a field, the rest replaces.
    merge: Mapping[str, Any]
    queue: str
    priority: int


class AlertCondition(TypedDict, total=False):
    """What an alert rule measures, besides its kind and threshold."""

    window_s: int
    #: For ``failure_rate``: fewer ended jobs than this say nothing.
    min_jobs: int
    queue: str | None
    task: str | None
    schedule: str | None
    #: ``all``: over all tenants, for operators.
    scope: Literal["tenant", "all"]


class AlertOptions(AlertCondition, total=False):
    """When an alert rule fires, and how often its notice is repeated."""

    #: How long the condition must hold before it fires.
    for_s: int
    repeat_s: int
    severity: AlertSeverity
    enabled: bool


class AlertChange(TypedDict, total=False):
    """What to change of an alert rule."""

    name: str
    threshold: float
    window_s: int
    min_jobs: int
    queue: str | None
    task: str | None
    schedule: str | None
    for_s: int
    repeat_s: int
    severity: AlertSeverity
    enabled: bool


class WebhookChange(TypedDict, total=False):
    """What to change of a webhook."""

    url: str
    events: Sequence[str]
    description: str
