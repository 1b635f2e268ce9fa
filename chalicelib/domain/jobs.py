"""A job, its states and the moves between them. Pure: no I/O, no third-party imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from chalicelib.errors import InvalidTransition

#: Payload and result, each, as JSON text in UTF-8 bytes.
MAX_DOCUMENT_BYTES: Final = 64 * 1024
MAX_NAME_CHARS: Final = 200
#: Names of tasks, and of queues.
TASK_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"
MAX_TASK_CHARS: Final = 100
QUEUE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
MAX_QUEUE_CHARS: Final = 64
MAX_TAGS: Final = 20
#: Log lines kept per job (the last ones) and bytes kept of each.
MAX_LOG_LINES: Final = 500
MAX_LOG_LINE_BYTES: Final = 1024
#: Attempts kept in a job's history (the last ones); the counters go on.
MAX_ATTEMPTS_KEPT: Final = 50
MAX_PAYLOADS_KEPT: Final = 5
#: Priorities run from 0 to 9; 9 is served first.
MIN_PRIORITY: Final = 0
MAX_PRIORITY: Final = 9
DEFAULT_PRIORITY: Final = 5
DEFAULT_QUEUE: Final = "default"
#: The task of a job that names none.
DEFAULT_TASK: Final = "simulated"
DEFAULT_MAX_RETRIES: Final = 3
MAX_RETRIES: Final = 25
DEFAULT_TIMEOUT_S: Final = 300
#: What fits in one invocation of a 900 s Lambda beside start and hand-over.
MAX_TIMEOUT_S: Final = 840
#: How far ahead a job may be scheduled.
MAX_DELAY_S: Final = 366 * 24 * 3600

#: Bits of a score that are the time when the job became ready; its priority is above them.
READY_MS_BITS: Final = 42


class JobStatus(StrEnum):
    """The stored state of a job. ``TRANSITIONS`` has the moves between them."""

    SCHEDULED = "scheduled"
    PENDING = "pending"
    RUNNING = "running"
    RETRYING = "retrying"
    COMPLETED = "completed"
    DLQ = "dlq"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether the job has not ended."""
        return self in OPEN


S = JobStatus
TRANSITIONS: Final[dict[JobStatus, frozenset[JobStatus]]] = {
    S.SCHEDULED: frozenset({S.PENDING, S.CANCELLED}),
    S.PENDING: frozenset({S.RUNNING, S.CANCELLED}),
    S.RUNNING: frozenset({S.COMPLETED, S.RETRYING, S.DLQ, S.CANCELLED}),
    S.RETRYING: frozenset({S.PENDING, S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.DLQ: frozenset({S.PENDING, S.SCHEDULED}),
    S.CANCELLED: frozenset(),
}
TERMINAL: Final = frozenset({S.COMPLETED, S.DLQ, S.CANCELLED})
OPEN: Final = frozenset(S) - TERMINAL
#: Counted against ``MAX_ACTIVE_JOBS_PER_USER``.
ACTIVE: Final = frozenset({S.PENDING, S.RUNNING, S.RETRYING})
CANCELLABLE: Final = frozenset({S.SCHEDULED, S.PENDING, S.RETRYING, S.RUNNING})


def check_transition(old: JobStatus, new: JobStatus) -> None:
    """Raise ``InvalidTransition`` unless ``old`` → ``new`` is in ``TRANSITIONS``."""
    if new not in TRANSITIONS[old]:
        raise InvalidTransition(f"A job that is {old} cannot become {new}")


class Outcome(StrEnum):
    """How one attempt of a job ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    #: The worker vanished; recorded by whoever took the job over.
    LOST = "lost"
    #: The worker stopped and gave the attempt up; the job runs anew at once and burns no retry.
    INTERRUPTED = "interrupted"
    #: The task asked to be run later, or the worker does not know it; burns no retry.
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class JobError:
    """Why an attempt failed. ``group`` is equal for errors that look alike (see ``retry.error_group``)."""

    type: str
    message: str
    traceback: str | None = None
    group: str = ""


class AttemptRecord(NamedTuple):
    """One execution of a job. Times are UTC; ``wait_ms`` runs from ready to start."""

    number: int
    worker_id: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    wait_ms: int = 0
    run_ms: int = 0
    error: JobError | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a running job. ``token`` fences its writes: it names one claim and no other."""

    token: str
    worker_id: str


@dataclass(frozen=True, slots=True)
class Progress:
    """``percent`` is 0…100."""

    percent: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class PastPayload:
    """The JSON text that attempts up to number ``until`` ran with, before a redrive replaced it."""

    until: int
    payload: str


class Follower(NamedTuple):
    """What must follow the end of a job: ``kind`` names who does it, ``id`` what it is done for, such as a batch."""

    id: str
    kind: str


class OutboxEntry(NamedTuple):
    """A follower of an end that was written, until it is done. ``series``: how often the job had been redriven."""

    id: str
    kind: str
    series: int


class Job(NamedTuple):
    """A job as MongoDB holds it. Ids are 24 hex digits; times are UTC with milliseconds.

    A named tuple, since two are made for each attempt: a frozen dataclass of so many fields takes four times as long.
    """

    id: str
    tenant_id: str
    owner_id: str
    name: str
    status: JobStatus
    #: Grows by one at each change of state; every write compares it first (optimistic lock and fence).
    rev: int
    #: When the job became, or becomes, ready to run; orders the queue.
    ready_at: datetime
    created_at: datetime
    updated_at: datetime
    trace_id: str
    task: str = DEFAULT_TASK
    queue: str = DEFAULT_QUEUE
    priority: int = DEFAULT_PRIORITY
    tags: tuple[str, ...] = ()
    #: JSON text, at most MAX_DOCUMENT_BYTES; ``None`` where a query left it out.
    payload: str | None = None
    result: str | None = None
    run_at: datetime | None = None
    max_retries: int = DEFAULT_MAX_RETRIES
    timeout_s: int = DEFAULT_TIMEOUT_S
    #: Attempts begun in all, lost ones included; never reset.
    attempt: int = 0
    #: Retries burnt in this attempt series; a redrive sets it to 0.
    retry_count: int = 0
    #: Retries burnt in the attempt series before the last redrive.
    past_retries: int = 0
    #: How often the job was redriven from the DLQ.
    redrives: int = 0
    #: Names the call that inserted or redrove the job: its licence into the queue, and which of equal writes won.
    entry: str = ""
    attempts: tuple[AttemptRecord, ...] = ()
    error: JobError | None = None
    lease: Lease | None = None
    progress: Progress | None = None
    cancel_requested: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    #: The first one first; the last MAX_PAYLOADS_KEPT. Empty where a query left them out.
    earlier_payloads: tuple[PastPayload, ...] = ()
    #: What must follow its ends; given when the job is made.
    followers: tuple[Follower, ...] = ()
    #: What must still follow its end: written with the end, taken away once it is done (``services.outbox``).
    outbox: tuple[OutboxEntry, ...] = ()

    @property
    def score(self) -> int:
        """Place in the queue: higher priority first, then first ready first. Below 2**46, exact in a double."""
        return score(self.priority, self.ready_at)

    def with_(self, **changes: Any) -> Job:
        """A copy with ``changes``."""
        return self._replace(**changes)


def score(priority: int, ready_at: datetime) -> int:
    """The zset score of a ready job; the lowest is served first. Derived from the record, so it can be rebuilt."""
    return ((MAX_PRIORITY - priority) << READY_MS_BITS) + to_ms(ready_at)


def to_ms(at: datetime) -> int:
    """Epoch milliseconds of a UTC time."""
    return int(at.timestamp() * 1000 + 0.5)


def from_ms(ms: int) -> datetime:
    """UTC time of epoch milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)


@lru_cache(maxsize=8192)  # one time shows up in several fields and events of a job
def iso(at: datetime) -> str:
    """ISO 8601 with milliseconds and ``Z``."""
    text = at.isoformat(timespec="milliseconds")
    if not text.endswith("+00:00"):
        text = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return text[:-6] + "Z"


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a client asks for, checked. ``None`` leaves it to the task. ``payload`` is JSON text."""

    name: str
    task: str = DEFAULT_TASK
    queue: str | None = None
    priority: int = DEFAULT_PRIORITY
    payload: str = "{}"
    tags: tuple[str, ...] = ()
    run_at: datetime | None = None
    #: From the call on; excludes ``run_at``, and is kept apart from it so that a repeated call has the same digest.
    delay_s: float | None = None
    max_retries: int | None = None
    timeout_s: int | None = None
    idempotency_key: str | None = None
    #: Digest of all jobs of a call that has one key for them; empty for others.
    call_digest: str = ""
