"""Schedules: what they submit, when, and what becomes of fires that were missed or overlap. Pure.

A *fire* is a time at which a schedule is due. Each has one *run*, a row that says which job it made or why it made
none. ``services.timetable`` computes the times, ``services.firing`` makes the jobs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import QUEUE_PATTERN, iso, to_ms

MAX_NAME_CHARS: Final = 64
NAME_PATTERN: Final = QUEUE_PATTERN
MAX_CRON_CHARS: Final = 200
MAX_ZONE_CHARS: Final = 64
MIN_EVERY_S: Final = 1
MAX_EVERY_S: Final = 366 * 24 * 3600
DEFAULT_CATCHUP_S: Final = 24 * 3600
MAX_CATCHUP_S: Final = 31 * 24 * 3600
MAX_JITTER_S: Final = 3600
#: A fire that is late by at most this is not missed: the process that was to make it died, and the next tick makes it.
GRACE_S: Final = 120
#: A schedule whose fire is late by more than this counts as overdue.
OVERDUE_S: Final = 120
#: How long runs are kept, if the schedule has at most ``RUNS_KEPT`` in that time.
RUNS_KEPT_FOR: Final = timedelta(days=90)
RUNS_KEPT: Final = 10_000
#: Runs are kept for longer than any process may be about to make the same fire.
RUNS_KEPT_AT_LEAST: Final = timedelta(days=2)
#: The kind of outbox entries by which the end of a job lets the next run begin.
FOLLOWER_KIND: Final = "schedule"


class Missed(StrEnum):
    """What becomes of fires that were not made in time."""

    SKIP = "skip"
    #: One job for all of them.
    ONCE = "once"
    #: A job for each; one after another, unless ``Overlap.ALLOW``.
    ALL = "all"


class Overlap(StrEnum):
    """What becomes of a fire while a job of the same schedule is open."""

    SKIP = "skip"
    ALLOW = "allow"
    #: One fire waits until the open job has ended; others are skipped.
    QUEUE_ONE = "queue_one"
    #: The open jobs are cancelled.
    CANCEL_RUNNING = "cancel_running"


class Skip(StrEnum):
    """Why a fire made no job."""

    MISSED = "missed"
    #: Older than the schedule's ``catchup_s``.
    TOO_OLD = "too_old"
    OVERLAP = "overlap"
    #: It waited for an open job, and the schedule was paused meanwhile.
    PAUSED = "paused"
    #: It waited for an open job, and the schedule was deleted, or retired, meanwhile.
    DELETED = "deleted"
    TOO_MANY_OPEN_JOBS = "too_many_open_jobs"
    TOO_MANY_QUEUES = "too_many_queues"


class State(StrEnum):
    """The state of a schedule."""

    ACTIVE = "active"
    PAUSED = "paused"
    #: It has no further fire.
    ENDED = "ended"
    #: It came from code that the present deployment does not have.
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Timing:
    """When a schedule fires: exactly one of ``cron``, ``every_s`` and ``at``. ``tz`` is the zone of ``cron``."""

    cron: str | None = None
    every_s: int | None = None
    at: datetime | None = None
    tz: str = "UTC"


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """All of a schedule that its author chooses."""

    timing: Timing
    job: JobTemplate
    missed: Missed = Missed.ONCE
    #: Missed fires older than this make no job.
    catchup_s: int = DEFAULT_CATCHUP_S
    overlap: Overlap = Overlap.SKIP
    #: Each fire is late by a time below this, which derives from the fire.
    jitter_s: int = 0

    @property
    def may_wait(self) -> bool:
        """Whether a fire may have to wait for the end of a job."""
        in_order = self.missed is Missed.ALL and self.overlap is Overlap.SKIP
        return in_order or self.overlap is Overlap.QUEUE_ONE


@dataclass(frozen=True, slots=True)
class CodeSchedule:
    """A schedule that a task of the deployed code has."""

    name: str
    spec: ScheduleSpec


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a schedule, as its list shows it."""

    at: datetime
    job_id: str | None = None
    skipped: Skip | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as MongoDB holds it. Times are UTC with milliseconds."""

    id: str
    tenant_id: str
    #: A person; or the tenant itself, for schedules of code and of members who were removed.
    owner_id: str
    name: str
    spec: ScheduleSpec
    #: Where the phase of an interval begins. It stays while ``spec.timing`` does.
    anchor: datetime
    created_at: datetime
    updated_at: datetime
    #: Incremented by each change, but not by fires.
    rev: int = 1
    paused: bool = False
    #: The next fire; ``None`` if there is none: paused, ended, retired.
    next_at: datetime | None = None
    #: When the next fire is made: ``next_at`` and its jitter.
    due_at: datetime | None = None
    last: LastRun | None = None
    #: The deployment that has this schedule in its code; ``None`` for schedules made by the API.
    generation: int | None = None
    retired: bool = False

    @property
    def state(self) -> State:
        """Its state."""
        if self.retired:
            return State.RETIRED
        if self.paused:
            return State.PAUSED
        return State.ENDED if self.next_at is None else State.ACTIVE


@dataclass(frozen=True, slots=True)
class Run:
    """A fire and what became of it: one of ``job_id`` and ``skipped`` is set, or it waits."""

    tenant_id: str
    schedule: str
    at: datetime
    #: When the row was written; the job's id and creation time derive from it.
    created_at: datetime
    skipped: Skip | None = None
    #: Whether something is still to be done: submit the job, or wait for the end of another.
    open: bool = False
    #: Whether it waits for the end of another job.
    waiting: bool = False
    #: Whether a person asked for it.
    manual: bool = False
    #: The key of the row: two runs of one fire cannot exist.
    id: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", f"{run_prefix(self.tenant_id, self.schedule)}{to_ms(self.at):015d}")

    @property
    def job_id(self) -> str | None:
        """The id of its job; ``None`` if it has none, or waits."""
        if self.skipped is not None or self.waiting:
            return None
        return self.derived_id

    @property
    def derived_id(self) -> str:
        """The id that its job has, or would have: the second of the row's creation, then a hash of the fire.

        The first four bytes are a time, because lists and the rebuild read one from ids.
        """
        digest = hashlib.blake2b(self.id.encode(), digest_size=8).hexdigest()
        return f"{int(self.created_at.timestamp()):08x}{digest}"


def run_prefix(tenant_id: str, schedule: str) -> str:
    """Return what the keys of all runs of a schedule begin with."""
    return f"{tenant_id}/{schedule}/"


def due_at(tenant_id: str, name: str, spec: ScheduleSpec, at: datetime) -> datetime:
    """Return when the fire ``at`` is made: later by its jitter, which is the same in every process."""
    if spec.jitter_s == 0:
        return at
    digest = hashlib.blake2b(f"jitter/{tenant_id}/{name}/{iso(at)}".encode(), digest_size=8).digest()
    part = int.from_bytes(digest, "big") / 2**64
    return at + timedelta(milliseconds=int(part * spec.jitter_s * 1000))


@dataclass(slots=True)
class Busy:
    """What a schedule has open: its jobs, and whether a run waits for them."""

    jobs: int = 0
    waiting: bool = False


class Wait:
    """A decision: the fire waits for the end of a job."""


WAIT: Final = Wait()
#: ``None``: make a job.
Decision = Skip | Wait | None


def _any(*_: object) -> Skip | None:
    return None


def decide(
    spec: ScheduleSpec,
    late_s: Sequence[float],
    *,
    more: bool,
    busy: Busy,
    refuse: Callable[[], Skip | None] = _any,
) -> list[Decision]:
    """Return what becomes of the fires of a schedule that are due, in order.

    ``late_s`` says how late each is, the oldest first; ``more``: later ones are due too, and are decided in another
    call. ``refuse`` is asked for each job: why the tenant may have no further one, ``None`` if it may. ``busy`` is
    changed by what is decided.
    """
    decisions: list[Decision] = []
    for n, late in enumerate(late_s):
        latest = not more and n == len(late_s) - 1
        # a fire that is a little late is made as if it were not, unless a later one is due as well
        missed = not latest or late > GRACE_S
        decision: Decision = _left_out(spec, late, latest=latest) if missed else None
        if decision is None:
            # what is due together with missed fires is made up for with them
            in_order = spec.missed is Missed.ALL and (missed or len(late_s) > 1)
            decision = _overlapping(spec, busy, latest=latest, in_order=in_order)
        if decision is None or decision is WAIT:
            decision = refuse() or decision
        if decision is None:
            busy.jobs += 1
        busy.waiting = busy.waiting or decision is WAIT
        decisions.append(decision)
    return decisions


def _left_out(spec: ScheduleSpec, late_s: float, *, latest: bool) -> Skip | None:
    """Return why a missed fire makes no job, apart from overlap."""
    if spec.missed is Missed.SKIP or (spec.missed is Missed.ONCE and not latest):
        return Skip.MISSED
    return Skip.TOO_OLD if late_s > spec.catchup_s else None


def _overlapping(spec: ScheduleSpec, busy: Busy, *, latest: bool, in_order: bool) -> Decision:
    if spec.overlap is Overlap.CANCEL_RUNNING:
        # a job that the next fire would cancel at once is not made
        return None if latest else Skip.OVERLAP
    if spec.overlap is Overlap.ALLOW or not (busy.jobs or busy.waiting):
        return None
    if in_order or (spec.overlap is Overlap.QUEUE_ONE and not busy.waiting):
        return WAIT
    return Skip.OVERLAP
