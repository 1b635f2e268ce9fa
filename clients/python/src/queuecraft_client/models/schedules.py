"""Schedules as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queuecraft_client.models._model import Model, OpenEnum, named


class ScheduleState(OpenEnum):
    """The state of a schedule."""

    ACTIVE = "active"
    PAUSED = "paused"
    #: It has fired for the last time.
    ENDED = "ended"
    #: It was declared in code, and is no longer.
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Model):
    """A fire and what became of it: a job, or the reason why there is none; ``waiting`` for the end of another job."""

    at: datetime
    job_id: str | None = None
    skipped: str | None = None
    waiting: bool = False
    manual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Model):
    """A schedule as lists answer it. ``name`` is its own, ``job_name`` that of its jobs."""

    id: str = named("_id")
    name: str
    state: ScheduleState
    owner_id: str = ""
    tenant_id: str = ""
    #: api or code.
    source: str = ""
    #: When it fires, in words.
    words: str = ""
    cron: str | None = None
    every_s: int | None = None
    at: datetime | None = None
    tz: str = "UTC"
    job_name: str = ""
    task: str = ""
    queue: str | None = None
    priority: int = 0
    tags: tuple[str, ...] = ()
    max_retries: int | None = None
    timeout_s: int | None = None
    missed: str = ""
    catchup_s: int = 0
    overlap: str = ""
    jitter_s: int = 0
    paused: bool = False
    #: Up to five fires; none if it is not active.
    next: tuple[datetime, ...] = ()
    last_run: Run | None = None
    rev: int = 0
    created_at: datetime | None = named("con", None)
    modified_at: datetime | None = named("mon", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDetail(Schedule):
    """A schedule with the payload of its jobs."""

    payload: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview(Model):
    """A timing in words, and its next five fires."""

    words: str
    next: tuple[datetime, ...] = ()
