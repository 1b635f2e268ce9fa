"""A job, its states and the moves between them. Pure: no I/O, no third-party imports."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum, StrEnum, auto
from typing import Annotated, Any, Final, NamedTuple, TypeGuard

from chalicelib.domain.clock import from_ms as from_ms  # noqa: PLC0414 - times of jobs
from chalicelib.domain.clock import iso as iso  # noqa: PLC0414
from chalicelib.domain.clock import to_ms as to_ms  # noqa: PLC0414
from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.nodes import NodePart
from chalicelib.domain.unique import Unique, UniqueRule
from chalicelib.errors import InvalidTransition

#: Limit of payload and of result in the record, each: JSON text in UTF-8 bytes. Larger ones: ``domain.stored``.
MAX_DOCUMENT_BYTES: Final = 64 * 1024
#: The most that ``MAX_PAYLOAD_BYTES`` may allow: Lambda takes 6 MB, in which a body is a string with escaped quotes.
LARGEST_BYTES: Final = 5 * 1024 * 1024
#: The first character of a stored text that is not the JSON text itself.
REFERENCE_MARK: Final = "@"
MAX_NAME_CHARS: Final = 200
#: Names of tasks and queues.
TASK_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"
MAX_TASK_CHARS: Final = 100
QUEUE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
MAX_QUEUE_CHARS: Final = 64
MAX_TAGS: Final = 20
#: Log lines kept per job (the newest), and bytes kept of each.
MAX_LOG_LINES: Final = 500
MAX_LOG_LINE_BYTES: Final = 1024
#: Attempts kept in a job's history (the newest); the counters include the others.
MAX_ATTEMPTS_KEPT: Final = 50
MAX_PAYLOADS_KEPT: Final = 5
#: Priorities range from 0 to 9; 9 is served first.
MIN_PRIORITY: Final = 0
MAX_PRIORITY: Final = 9
DEFAULT_PRIORITY: Final = 5
DEFAULT_QUEUE: Final = "default"
#: The task of a job that does not name one.
DEFAULT_TASK: Final = "simulated"
DEFAULT_MAX_RETRIES: Final = 3
MAX_RETRIES: Final = 25
DEFAULT_TIMEOUT_S: Final = 300
#: What fits into a Lambda invocation of 900 s besides start and handover.
MAX_TIMEOUT_S: Final = 840
#: The furthest time ahead for which a job can be scheduled.
MAX_DELAY_S: Final = 366 * 24 * 3600

#: How much earlier a job seems to have become ready for each step of its priority, unless the record has another.
PRIORITY_AGE_MS: Final = 60_000
#: In strict queues, the low bits of a place hold the time when the job became ready; the priority is above them.
READY_MS_BITS: Final = 42
#: Due time of a job that waits for the end of another one.
PARKED_UNTIL: Final = datetime(2100, 1, 1, tzinfo=UTC)


class JobStatus(StrEnum):
    """The stored state of a job. ``TRANSITIONS`` lists the moves between states."""

    #: Waits for the ends of other jobs. Open, but neither in a lane nor in a wait.
    BLOCKED = "blocked"
    SCHEDULED = "scheduled"
    PENDING = "pending"
    RUNNING = "running"
    RETRYING = "retrying"
    #: A durable task waits for a time, an event or another job; holds no slot, lease or limit.
    WAITING = "waiting"
    COMPLETED = "completed"
    DLQ = "dlq"
    CANCELLED = "cancelled"
    #: The jobs that it waited for ended otherwise than it asked.
    SKIPPED = "skipped"

    @property
    def is_open(self) -> bool:
        """Whether the job has not ended."""
        return self in OPEN


S = JobStatus
TRANSITIONS: Final[dict[JobStatus, frozenset[JobStatus]]] = {
    S.BLOCKED: frozenset({S.PENDING, S.SCHEDULED, S.COMPLETED, S.SKIPPED, S.DLQ, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.PENDING, S.CANCELLED}),
    S.PENDING: frozenset({S.RUNNING, S.CANCELLED}),
    S.RUNNING: frozenset({S.COMPLETED, S.RETRYING, S.WAITING, S.DLQ, S.CANCELLED}),
    S.RETRYING: frozenset({S.PENDING, S.CANCELLED}),
    S.WAITING: frozenset({S.PENDING, S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.DLQ: frozenset({S.PENDING, S.SCHEDULED}),
    S.CANCELLED: frozenset(),
    S.SKIPPED: frozenset(),
}
TERMINAL: Final = frozenset({S.COMPLETED, S.DLQ, S.CANCELLED, S.SKIPPED})
OPEN: Final = frozenset(S) - TERMINAL
#: States that count against ``MAX_ACTIVE_JOBS_PER_USER``.
ACTIVE: Final = frozenset({S.PENDING, S.RUNNING, S.RETRYING})
CANCELLABLE: Final = OPEN


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
    #: The worker vanished; recorded by the process that recovers the job.
    LOST = "lost"
    #: The worker stopped and ended the attempt; the job is pending again and burns no retry.
    INTERRUPTED = "interrupted"
    #: The task asked to run later, or the worker does not have the task; burns no retry.
    SNOOZED = "snoozed"
    #: The task waits for a time, an event or another job; burns no retry.
    WAITING = "waiting"
    #: The next step did not fit into the time left; another attempt goes on with it. Burns no retry.
    CONTINUED = "continued"


#: Outcomes of attempts that another attempt goes on with.
SUSPENDED: Final = frozenset({Outcome.WAITING, Outcome.CONTINUED})


class JobError(NamedTuple):
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


class Lease(NamedTuple):
    """The holder of a running job. ``token`` fences its writes: it identifies one claim."""

    token: str
    worker_id: str


class Progress(NamedTuple):
    """``percent`` is 0…100."""

    percent: float
    message: str = ""


class PastPayload(NamedTuple):
    """The JSON text that attempts up to number ``until`` ran with, before a redrive replaced it."""

    until: int
    payload: str


class Follower(NamedTuple):
    """What must happen after a job has ended. ``kind`` names the handler, ``id`` its subject, such as a batch."""

    id: str
    kind: str


class OutboxEntry(NamedTuple):
    """A follower of an end that was written, kept until it is done. ``series``: the job's redrives at that time."""

    id: str
    kind: str
    series: int


class Written(Enum):
    """Which writes to MongoDB contain a field of a job."""

    ONCE = auto()
    WITH_MOVES = auto()
    #: Updates of its own.
    APART = auto()


class Kept(NamedTuple):
    """How a field of ``Job`` is stored and shown. Documents and events are derived from it (``job_fields``).

    ``shown``: its name in events, lists and API answers; empty where they omit it. ``stored``: its name in
    MongoDB, where it is not the attribute's. ``heavy``: queries for lists and events do not load it. ``optional``:
    neither stored nor shown while empty; records of older versions lack it. Such fields are the last ones of ``Job``.
    """

    written: Written
    shown: str = ""
    stored: str = ""
    heavy: bool = False
    optional: bool = False


ONCE, WITH_MOVES, APART = Written.ONCE, Written.WITH_MOVES, Written.APART


class Job(NamedTuple):
    """A job as MongoDB holds it: the one table of its fields. Ids are 24 hex digits; times are UTC with milliseconds.

    A named tuple, because two are made for each attempt: a frozen dataclass with this many fields takes four times as
    long.
    """

    id: Annotated[str, Kept(ONCE, "_id", stored="_id")]
    tenant_id: Annotated[str, Kept(ONCE, "tenantId")]
    owner_id: Annotated[str, Kept(ONCE, "ownerId")]
    name: Annotated[str, Kept(ONCE, "name")]
    status: Annotated[JobStatus, Kept(WITH_MOVES, "status")]
    #: Incremented by each change of state; every write compares it first (optimistic lock and fence).
    rev: Annotated[int, Kept(WITH_MOVES, "rev")]
    #: When the job became, or becomes, ready to run; orders the queue.
    ready_at: Annotated[datetime, Kept(WITH_MOVES, "readyAt")]
    created_at: Annotated[datetime, Kept(ONCE, "con")]
    updated_at: Annotated[datetime, Kept(WITH_MOVES, "mon")]
    trace_id: Annotated[str, Kept(ONCE, "traceId")]
    task: Annotated[str, Kept(ONCE, "task")] = DEFAULT_TASK
    queue: Annotated[str, Kept(ONCE, "queue")] = DEFAULT_QUEUE
    priority: Annotated[int, Kept(ONCE, "priority")] = DEFAULT_PRIORITY
    tags: Annotated[tuple[str, ...], Kept(ONCE, "tags")] = ()
    #: JSON text, or where it is kept (``is_apart``); ``None`` where a query omitted it.
    payload: Annotated[str | None, Kept(ONCE, heavy=True)] = None
    result: Annotated[str | None, Kept(WITH_MOVES, heavy=True)] = None
    run_at: Annotated[datetime | None, Kept(ONCE, "runAt")] = None
    max_retries: Annotated[int, Kept(ONCE, "maxRetries")] = DEFAULT_MAX_RETRIES
    timeout_s: Annotated[int, Kept(ONCE, "timeoutS")] = DEFAULT_TIMEOUT_S
    #: Attempts begun, including lost ones; never reset.
    attempt: Annotated[int, Kept(WITH_MOVES, "attempt")] = 0
    #: Retries burned in this series of attempts; a redrive sets it to 0.
    retry_count: Annotated[int, Kept(WITH_MOVES, "retryCount")] = 0
    #: Retries burned in the series before the last redrive.
    past_retries: Annotated[int, Kept(WITH_MOVES)] = 0
    #: Number of redrives from the DLQ.
    redrives: Annotated[int, Kept(WITH_MOVES, "redrives")] = 0
    #: Identifies the call that inserted or redrove the job: part of its enqueue permit, and tells equal writes apart.
    submission_id: Annotated[str, Kept(WITH_MOVES, stored="entry")] = ""
    attempts: Annotated[tuple[AttemptRecord, ...], Kept(WITH_MOVES, heavy=True)] = ()
    error: Annotated[JobError | None, Kept(WITH_MOVES, "error")] = None
    lease: Annotated[Lease | None, Kept(WITH_MOVES)] = None
    progress: Annotated[Progress | None, Kept(WITH_MOVES, "progress")] = None
    #: Not written by moves: it may be set while a worker prepares its own, older copy.
    cancel_requested: Annotated[bool, Kept(ONCE, "cancelRequested")] = False
    started_at: Annotated[datetime | None, Kept(WITH_MOVES, "startedAt")] = None
    finished_at: Annotated[datetime | None, Kept(WITH_MOVES, "finishedAt")] = None
    #: Oldest first, the newest MAX_PAYLOADS_KEPT. Empty where a query omitted them.
    earlier_payloads: Annotated[tuple[PastPayload, ...], Kept(APART, heavy=True, optional=True)] = ()
    #: What must happen after each of its ends; set when the job is created.
    followers: Annotated[tuple[Follower, ...], Kept(ONCE, optional=True)] = ()
    #: What must still happen after its end: written with the end, removed when done (``services.outbox``).
    outbox: Annotated[tuple[OutboxEntry, ...], Kept(WITH_MOVES, optional=True)] = ()
    #: The pool whose workers run it, '' for the default one.
    pool: Annotated[str, Kept(ONCE, "pool", optional=True)] = ""
    #: The limit instances that it falls under, sorted: ``name`` or ``name:key``, after ``*`` if shared by all tenants.
    limits: Annotated[tuple[str, ...], Kept(ONCE, "limits", optional=True)] = ()
    #: By how many ms it stands before one of the default priority, ready at the same time; ``None``: by its age.
    precedence: Annotated[int | None, Kept(ONCE, optional=True)] = None
    #: How the job is unique; ``None`` if it is not.
    unique: Annotated[UniqueRule | None, Kept(ONCE, "uniqueKey", optional=True)] = None
    #: The unique key that it holds: ``unique.slot`` or ``unique.next_slot``; empty if it holds none.
    unique_key: Annotated[str, Kept(WITH_MOVES, optional=True)] = ""
    #: The job whose end it waits for; ``None`` once it is pending.
    runs_after: Annotated[str | None, Kept(WITH_MOVES, "runsAfter", optional=True)] = None
    #: Name of the schedule that made it.
    schedule: Annotated[str | None, Kept(ONCE, "schedule", optional=True)] = None
    #: The jobs whose ends it waits for, or waited for. Empty where a query omitted them.
    depends_on: Annotated[tuple[str, ...], Kept(ONCE, heavy=True, optional=True)] = ()
    #: How they must end; ``None`` if it never waited for others.
    run_if: Annotated[RunIf | None, Kept(ONCE, optional=True)] = None
    #: The batch that it belongs to.
    batch: Annotated[str | None, Kept(ONCE, "batchId", optional=True)] = None
    #: The node of a workflow that it belongs to.
    part: Annotated[NodePart | None, Kept(ONCE, "workflow", optional=True)] = None
    #: Whether others wait, or waited, for its end, or are to be cancelled with it; see ``JobStore.advance``.
    has_dependents: Annotated[bool, Kept(APART, optional=True)] = False
    #: What ends its wait before ``ready_at``, as ``domain.steps`` names it. Empty unless it is waiting.
    waits_for: Annotated[tuple[str, ...], Kept(WITH_MOVES, "waitsFor", optional=True)] = ()
    #: The API key by which it was submitted. Such a job does not count against the limits of its owner.
    api_key: Annotated[str | None, Kept(ONCE, "apiKeyId", optional=True)] = None
    #: The ended job of which it is a replay.
    replay_of: Annotated[str | None, Kept(ONCE, "replayOf", optional=True)] = None
    traceparent: Annotated[str | None, Kept(ONCE, "traceparent", optional=True)] = None

    @property
    def score(self) -> int:
        """Place in the lane, in ms; the lowest is served first. Computed from the record, so it can be rebuilt.

        A job with a higher priority stands as if it had become ready earlier, so the others overtake it as they age.
        """
        ahead = (self.priority - DEFAULT_PRIORITY) * PRIORITY_AGE_MS if self.precedence is None else self.precedence
        return to_ms(self.ready_at) - ahead

    @property
    def begun(self) -> bool:
        """Whether a worker began the job since it was inserted or redriven, so it was enqueued for certain."""
        ended_by_worker = self.status in {JobStatus.COMPLETED, JobStatus.DLQ}
        return self.attempt > 0 and (ended_by_worker or self.redrives == 0)

    @property
    def was_blocked(self) -> bool:
        """Whether the job is, or was, blocked."""
        return self.run_if is not None or self.batch is not None or self.part is not None

    @property
    def is_resumed(self) -> bool:
        """Whether the last attempt was suspended, so that the next one goes on where it was."""
        return bool(self.attempts) and self.attempts[-1].outcome in SUSPENDED

    @property
    def last_run_ms(self) -> int:
        """How long the last attempt had a slot, at least 1; 0 if none has ended."""
        return max(1, self.attempts[-1].run_ms) if self.attempts and self.attempts[-1].ended_at else 0

    def with_(self, **changes: Any) -> Job:
        """Return a copy with ``changes``, in half the time of ``_replace``. Raises ``KeyError`` for unknown fields."""
        values: list[Any] = list(self)
        for name, value in changes.items():
            values[_PLACES[name]] = value
        return Job._make(values)


_PLACES: Final = {name: place for place, name in enumerate(Job._fields)}


def is_apart(text: str | None) -> TypeGuard[str]:
    """Return whether a stored payload or result is not the JSON text itself."""
    return text is not None and text[:1] == REFERENCE_MARK


def is_large(text: str | None) -> bool:
    """Return whether a JSON text is over the limit of what a record holds. A reference never is."""
    if text is None or len(text) * 4 <= MAX_DOCUMENT_BYTES:  # a character has at most four bytes
        return False
    return len(text) > MAX_DOCUMENT_BYTES or len(text.encode()) > MAX_DOCUMENT_BYTES


def precedence(priority: int, *, age_s: float, strict: bool) -> int | None:
    """Return ``Job.precedence`` of a new job, ``None`` for the default.

    A priority is worth ``age_s`` seconds of waiting; in a strict queue a higher one is always first.
    """
    if strict:
        return (priority - MAX_PRIORITY) << READY_MS_BITS
    age_ms = round(age_s * 1000)
    return None if age_ms == PRIORITY_AGE_MS else (priority - DEFAULT_PRIORITY) * age_ms


class NewJob(NamedTuple):
    """A validated submission. Where a field is ``None``, the default of the task applies. ``payload`` is JSON text."""

    name: str
    task: str = DEFAULT_TASK
    queue: str | None = None
    priority: int = DEFAULT_PRIORITY
    payload: str = "{}"
    tags: tuple[str, ...] = ()
    run_at: datetime | None = None
    #: Counts from the call. Excludes ``run_at``; kept apart from it so that a repeated call has the same digest.
    delay_s: float | None = None
    max_retries: int | None = None
    timeout_s: int | None = None
    idempotency_key: str | None = None
    #: Keys of limits by name, sorted; they replace those of the payload.
    limit_keys: tuple[tuple[str, str], ...] = ()
    #: Digest of all jobs of a call that has one key for them; otherwise empty.
    call_digest: str = ""
    #: ``None``: as the task says.
    unique: Unique | None = None
    #: Ids of the jobs whose ends it waits for, each once.
    depends_on: tuple[str, ...] = ()
    run_if: RunIf = RunIf.ALL_OK
    replay_of: str | None = None
    traceparent: str | None = None
