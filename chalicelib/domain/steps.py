"""Durable steps: what is recorded of a job that goes on where it was, after a wait or a crash. Pure.

The records of a job are a memo: a task runs again from its beginning, and each step that was recorded returns what was
recorded. A record is found by the step's name and its *occurrence*, the how-many-eth step of this name it is.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from chalicelib.domain.jobs import Job, JobError

#: Steps that one series of a job records at most.
MAX_STEPS: Final = 10_000
#: Limit of the result of a step: JSON text in UTF-8 bytes.
MAX_RESULT_BYTES: Final = 256 * 1024
MAX_STEP_NAME_CHARS: Final = 200
#: Names of events, and of steps that wait for one.
EVENT_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
MAX_EVENT_NAME_CHARS: Final = 64
#: Events of one job.
MAX_EVENTS: Final = 1_000
#: The longest time that a job may take from its first step, with its waits.
MAX_DURATION_S: Final = 366 * 24 * 3600
#: The kind of the outbox entries by which a durable job learns of the end of one that it invoked.
FOLLOWER_KIND: Final = "invoked"
#: The same of jobs that are not cancelled with it.
DETACHED_KIND: Final = "invoked-detached"
#: The version of records that a redrive copied.
COPIED: Final = 0
#: Waits of up to this long keep their slot.
SHORT_WAIT_S: Final = 1.0


class StepKind(StrEnum):
    """What a record is the memo of."""

    STEP = "step"
    SLEEP = "sleep"
    EVENT = "event"
    INVOKE = "invoke"
    NOW = "now"
    UUID = "uuid"
    CHECKPOINT = "checkpoint"


class StepStatus(StrEnum):
    """How far a step is."""

    #: Reached, but put off until the next attempt.
    PENDING = "pending"
    #: Begun. Only steps that must not run twice record this.
    STARTED = "started"
    RETRYING = "retrying"
    #: For a time, an event or another job.
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def has_ended(self) -> bool:
        """Whether a replay takes its result or error from the record."""
        return self in ENDED


ENDED: Final = frozenset({StepStatus.COMPLETED, StepStatus.FAILED})


class OnVersion(StrEnum):
    """What happens to a job that began under another version of its task."""

    #: It goes on with what was recorded.
    CONTINUE = "continue"
    #: It begins again; records of the other version do not count.
    RESTART = "restart"
    #: It goes to the DLQ.
    FAIL = "fail"


class StepKey(NamedTuple):
    """Identifies a step within a series. ``n`` counts the steps of a name from 1."""

    name: str
    n: int


class StepRecord(NamedTuple):
    """One step of a job. Times are UTC with milliseconds."""

    job_id: str
    #: The series of attempts that it belongs to (``series_of``).
    series: str
    key: StepKey
    kind: StepKind
    status: StepStatus
    #: The version of the task, ``COPIED`` if a redrive copied the record; the function that the step called.
    version: int
    function: str
    #: The number of the attempt that wrote this, and the token of its lease.
    attempt: int
    token: str
    started_at: datetime
    ended_at: datetime | None = None
    #: When a wait is over, ``None`` if nothing but an event ends it.
    until: datetime | None = None
    #: How often the step was tried.
    attempts: int = 0
    #: JSON text; ``None`` if there is none, or if a query left out a large one (``size`` > 0).
    result: str | None = None
    #: Bytes of the result.
    size: int = 0
    error: JobError | None = None
    #: Whether a failure is final: no retry of the job runs the step again.
    final: bool = False
    #: The event that a wait consumed, or the job that the step invoked.
    subject: str = ""

    def with_(self, **changes: object) -> StepRecord:
        """Return a copy with ``changes``."""
        return self._replace(**changes)  # type: ignore[arg-type]


class StepEvent(NamedTuple):
    """An event that was sent to a job.

    ``data`` is JSON text; ``taken_by``: the step of the series asked for that consumed it.
    """

    id: str
    job_id: str
    name: str
    at: datetime
    data: str
    taken_by: StepKey | None = None


def series_of(job: Job, version: int, on_version: OnVersion) -> str:
    """Return which records count for a job. Each redrive has its own, and each version of a task that restarts."""
    return f"{job.submission_id}@{version}" if on_version is OnVersion.RESTART else job.submission_id


def event_wait(name: str) -> str:
    """Return the entry of ``Job.waits_for`` for an event."""
    return f"event:{name}"


def job_wait(job_id: str) -> str:
    """Return the entry of ``Job.waits_for`` for the end of another job."""
    return f"job:{job_id}"
