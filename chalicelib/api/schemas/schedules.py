"""Models of schedules."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from pydantic import BeforeValidator, ConfigDict, Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import JobName, Time
from chalicelib.api.schemas.job_lists import DEFAULT_PAGE, MAX_PAGE, ListById, PageAnswer
from chalicelib.api.schemas.templates import TemplateIn
from chalicelib.domain.schedules import (
    DEFAULT_CATCHUP_S,
    MAX_CATCHUP_S,
    MAX_CRON_CHARS,
    MAX_EVERY_S,
    MAX_JITTER_S,
    MAX_ZONE_CHARS,
    MIN_EVERY_S,
    Missed,
    Overlap,
    Schedule,
    ScheduleSpec,
    Skip,
    State,
    Timing,
)
from chalicelib.services.schedule_data import schedule_data

if TYPE_CHECKING:
    from chalicelib.services.redactions import Redactions


def _whole_only(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("Input should be a whole number")
    return value


Whole = BeforeValidator(_whole_only)
EveryS = Annotated[int, Whole, Field(ge=MIN_EVERY_S, le=MAX_EVERY_S)]


class When(Input):
    """When to fire: one of ``cron``, ``everyS`` and ``at``."""

    cron: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_CRON_CHARS,
        description="Minute, hour, day, month, weekday; a sixth field, of seconds, comes first.",
        examples=["0 7 * * 1-5"],
    )
    every_s: EveryS | None = Field(None, description="Seconds; the first fire is this long after the creation.")
    at: Time | None = Field(None, description="Fires once.")
    tz: str = Field("UTC", min_length=1, max_length=MAX_ZONE_CHARS, description="The time zone of `cron`.")

    def timing(self) -> Timing:
        """Return it as services take it; ``timetable.check`` finds what does not fit together."""
        return Timing(self.cron, self.every_s, self.at, self.tz)


class PutSchedule(When, TemplateIn):
    """A schedule: when it fires, and the job that each fire makes. ``name`` is that of the jobs, by default the
    schedule's.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"cron": "0 7 * * 1-5", "tz": "Europe/Berlin"}, {"everyS": 3600, "missed": "skip"}]
        }
    )

    name: JobName | None = None
    missed: Missed = Field(Missed.ONCE, description="Fires that were not made in time: none, one job, or a job each.")
    catchup_s: Annotated[int, Whole, Field(ge=0, le=MAX_CATCHUP_S)] = Field(
        DEFAULT_CATCHUP_S, description="Missed fires older than this make no job."
    )
    overlap: Overlap = Field(Overlap.SKIP, description="A fire while a job of the schedule is open.")
    jitter_s: Annotated[int, Whole, Field(ge=0, le=MAX_JITTER_S)] = Field(
        0, description="Each fire is late by a random time below this."
    )
    paused: bool | None = Field(None, description="Null leaves it as it is; a new schedule is active.")

    def spec(self, schedule: str) -> ScheduleSpec:
        """Return the schedule as services take it. Raises ``TooLarge``."""
        job = self.template(self.name or schedule)
        return ScheduleSpec(self.timing(), job, self.missed, self.catchup_s, self.overlap, self.jitter_s)


class PreviewSchedule(When):
    """A timing to try. ``from``: the time after which fires are listed, by default now."""

    start: Time | None = Field(None, alias="from")


class ListSchedules(ListById):
    """Which schedules, from which position."""

    count: bool = Field(False, description="Also answer `total`, counted up to 10,000.")


class ListRuns(Input):
    """Which runs of a schedule."""

    tenant: str | None = Field(None, pattern=r"^[0-9a-f]{24}$", description="Only an operator may name another tenant.")
    cursor: str | None = Field(None, pattern=r"^\d{15}$", description="`nextCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class LastRunOut(Output):
    """The newest run of a schedule."""

    at: str
    job_id: str | None = Field(alias="jobId")
    skipped: Skip | None


class ScheduleOut(Output):
    """A schedule as lists and events show it.

    ``name`` is its own, ``jobName`` that of its jobs. ``next`` has up to five fires, none if it is not active.
    ``ownerId`` is the tenant's id if no member owns it. ``source``: a schedule of code is changed there.
    """

    id: str = Field(alias="_id")
    tenant_id: str = Field(alias="tenantId")
    owner_id: str = Field(alias="ownerId")
    name: str
    state: State
    source: Literal["api", "code"]
    words: str
    cron: str | None
    every_s: int | None = Field(alias="everyS")
    at: str | None
    tz: str
    job_name: str = Field(alias="jobName")
    task: str
    queue: str | None
    priority: int
    tags: list[str]
    max_retries: int | None = Field(alias="maxRetries")
    timeout_s: int | None = Field(alias="timeoutS")
    missed: Missed
    catchup_s: int = Field(alias="catchupS")
    overlap: Overlap
    jitter_s: int = Field(alias="jitterS")
    paused: bool
    next: list[str]
    last_run: LastRunOut | None = Field(alias="lastRun")
    rev: int
    con: str
    mon: str


class ScheduleDetailOut(ScheduleOut):
    """A schedule with the payload of its jobs."""

    payload: Any


class ScheduleAnswer(Output):
    """One schedule."""

    success: Literal[True] = True
    schedule: ScheduleDetailOut


class SchedulesAnswer(PageAnswer):
    """A page of schedules, the newest first, with cursors and names as a page of jobs has."""

    schedules: list[ScheduleOut]
    total: int | None
    total_is_exact: bool | None = Field(alias="totalIsExact")


class RunOut(Output):
    """A fire and what became of it: a job, a reason why there is none, or it waits for the end of another job.

    ``manual``: asked for with `POST …/run`.
    """

    at: str
    job_id: str | None = Field(alias="jobId")
    skipped: Skip | None
    waiting: bool
    manual: bool


class RunsAnswer(Output):
    """Runs of a schedule, the newest first."""

    success: Literal[True] = True
    runs: list[RunOut]
    next_cursor: str | None = Field(alias="nextCursor")


class RunAnswer(Output):
    """One run."""

    success: Literal[True] = True
    run: RunOut


class PreviewAnswer(Output):
    """A timing in words, and its next five fires in UTC."""

    success: Literal[True] = True
    words: str
    next: list[str]


def schedule_body(schedule: Schedule, now: datetime, redactions: Redactions) -> dict[str, Any]:
    """Return ``ScheduleDetailOut`` as a plain dict; the payload is inserted as the JSON text that is stored."""
    job = schedule.spec.job
    payload = redactions.shown_text(schedule.tenant_id, job.task, job.payload)
    return {**schedule_data(schedule, now), "payload": orjson.Fragment(payload)}
