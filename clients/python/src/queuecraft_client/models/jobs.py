"""Jobs as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from queuecraft_client.models._model import Model, OpenEnum, named


class JobStatus(OpenEnum):
    """The state of a job."""

    BLOCKED = "blocked"
    SCHEDULED = "scheduled"
    PENDING = "pending"
    RUNNING = "running"
    RETRYING = "retrying"
    #: A durable task that waits for time, an event or another job.
    WAITING = "waiting"
    COMPLETED = "completed"
    DLQ = "dlq"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


ENDED: Final = frozenset({JobStatus.COMPLETED, JobStatus.DLQ, JobStatus.CANCELLED, JobStatus.SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobError(Model):
    """Why an attempt failed. Lists have no ``traceback``."""

    type: str
    message: str
    group: str = ""
    traceback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Model):
    """Progress of a job, 0 to 100 percent."""

    percent: float
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Model):
    """The place of a job in a workflow. ``run``: the retry that made it; ``index``: its item in a map."""

    id: str = named("_id")
    node: str
    run: int = 0
    index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Model):
    """A job as submissions and lists answer it."""

    id: str = named("_id")
    name: str
    status: JobStatus
    task: str = ""
    queue: str = ""
    pool: str = "default"
    owner_id: str = ""
    tenant_id: str = ""
    priority: int = 0
    tags: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    #: Grows with each change.
    rev: int = 0
    #: Attempts begun in total.
    attempt: int = 0
    #: Retries burned since the last redrive.
    retry_count: int = 0
    max_retries: int = 0
    timeout_s: int = 0
    redrives: int = 0
    run_at: datetime | None = None
    ready_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    cancel_requested: bool = False
    progress: Progress | None = None
    error: JobError | None = None
    trace_id: str = ""
    #: W3C trace context of its submission.
    traceparent: str | None = None
    #: Name of the schedule that made it.
    schedule: str | None = None
    created_at: datetime | None = named("con", None)
    modified_at: datetime | None = named("mon", None)
    unique_key: str | None = None
    #: The job whose end it waits for.
    runs_after: str | None = None
    #: What ends the wait of a waiting job before ``ready_at``: ``event:<name>`` or ``job:<id>``.
    waits_for: tuple[str, ...] = ()
    workflow: Part | None = None
    batch_id: str | None = None
    #: The job of which it is a replay.
    replay_of: str | None = None
    #: Of a submission: this is another job, which holds the unique key.
    duplicate: bool = False

    @property
    def ended(self) -> bool:
        """Whether it has ended, well or badly."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Model):
    """One execution of a job."""

    number: int
    worker_id: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: completed, failed, timed_out, cancelled, lost, interrupted or snoozed; ``None`` while it runs.
    outcome: str | None = None
    #: Milliseconds from ready to start.
    wait_ms: int = 0
    run_ms: int = 0
    error: JobError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Model):
    """What keeps a pending job from starting besides its turn. ``why``: full, rate or paused."""

    limit: str | None = None
    key: str | None = None
    queue: str | None = None
    tenant: str | None = None
    task: str | None = None
    why: str
    held: int = 0
    of: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related(Model):
    """A job beside another one. ``name`` is ``None`` if the caller may not read it, ``status`` if it was deleted."""

    id: str = named("_id")
    name: str | None = None
    status: JobStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail(Job):
    """A job in full, except for its log."""

    payload: Any = None
    #: What the task returned, as JSON.
    result: Any = None
    #: The payload is over 512 KB, or cannot be read now, and is ``None`` here.
    payload_truncated: bool = False
    #: Its size as JSON, and where the whole can be fetched for 15 minutes; ``None`` up to 64 KB.
    payload_bytes: int | None = None
    payload_url: str | None = None
    #: The same for the result.
    result_truncated: bool = False
    result_bytes: int | None = None
    result_url: str | None = None
    attempts: tuple[Attempt, ...] = ()
    blocked_by: tuple[Block, ...] = ()
    depends_on: tuple[str, ...] = ()
    run_if: str | None = None
    needs: tuple[Related, ...] = ()
    #: At most 100, ended ones first.
    dependents: tuple[Related, ...] = ()
    more_dependents: bool = False
    #: The job of ``replay_of``, as it is now.
    origin: Related | None = None
    #: Its newest replays, at most 20.
    replays: tuple[Related, ...] = ()
    more_replays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedJobs(Model):
    """Jobs of one call, in its order. ``created`` counts the new ones."""

    ids: tuple[str, ...]
    #: Empty if that is more than one answer can hold; ``ids`` has all of them.
    jobs: tuple[Job, ...] = ()
    created: int = 0
    #: Whether another job, which holds the unique key, stands for the one that was submitted.
    duplicates: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine(Model):
    """A line that a job logged. ``seq`` orders the lines of a job."""

    seq: int
    attempt: int = 0
    at: datetime | None = None
    level: str = ""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStats(Model):
    """Jobs by state: ``pending`` counts all that wait, ``failed`` those in the dead letter queue."""

    pending: int = 0
    running: int = 0
    completed: int = 0
    failed: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DlqGroup(Model):
    """Dead jobs whose errors are alike. ``sample_id`` is the newest of them."""

    group: str
    type: str = ""
    message: str = ""
    count: int = 0
    last_at: datetime | None = None
    tasks: tuple[str, ...] = ()
    sample_id: str = ""
    #: How many comments the tenant has on it.
    comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Model):
    """A job that an action on many did not change, and why."""

    id: str
    error: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Model):
    """What an action on many jobs did: ``matched`` jobs met the conditions, ``changed`` were changed."""

    matched: int = 0
    changed: int = 0
    failed: tuple[Refused, ...] = ()
    dry_run: bool = False
    next_after: str | None = field(default=None, repr=False)
