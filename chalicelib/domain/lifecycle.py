"""Every move of a job from one state to another: creation, start, end, loss, cancellation, promotion, redrive.

Pure. Each function takes a job and returns it as it is after the move, checked against ``jobs.TRANSITIONS``; the
caller writes it with compare-and-set on ``rev``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from chalicelib.domain.dependencies import FOLLOWER_KIND
from chalicelib.domain.job_limits import limits_of
from chalicelib.domain.jobs import (
    MAX_ATTEMPTS_KEPT,
    TERMINAL,
    AttemptRecord,
    Job,
    JobError,
    JobStatus,
    Lease,
    NewJob,
    OutboxEntry,
    Outcome,
    Progress,
    check_transition,
)
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.domain.retry import backoff_s, error_group
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.unique import UniqueRule
from chalicelib.errors import Conflict

#: Consecutive lost attempts, none of which burned a retry, after which a job goes to the DLQ anyway.
MAX_LOST_IN_A_ROW: Final = 10


class AttemptResult(NamedTuple):
    """How an attempt ended."""

    outcome: Outcome
    at: datetime
    #: JSON text.
    result: str | None = None
    error: JobError | None = None
    #: Whether the failure is final: no retry.
    final: bool = False
    #: Seconds that the task asked to wait before the next attempt.
    delay_s: float | None = None
    #: When a suspended job goes on at the latest, ``None``: now.
    until: datetime | None = None
    #: What lets it go on before.
    waits_for: tuple[str, ...] = ()
    #: Whether a step completed: the retries begin anew.
    progressed: bool = False


def new_job(
    new: NewJob,
    spec: TaskSpec,
    *,
    job_id: str,
    tenant_id: str,
    owner_id: str,
    trace_id: str,
    now: datetime,
    submission_id: str = "",
    unique: UniqueRule | None = None,
    api_key: str | None = None,
    traceparent: str | None = None,
) -> Job:
    """Return a new job: blocked if it depends on others, scheduled if ``run_at`` lies in the future, otherwise pending.

    ``submission_id``: as in ``Job``. If it is ``unique``, it holds its key. ``traceparent``: unless ``new`` has one.
    Raises ``InvalidInput`` if a limit of the task has no key (``instances_of``).
    """
    run_at = new.run_at if new.delay_s is None else now + timedelta(milliseconds=round(new.delay_s * 1000))
    if run_at is not None and unique is not None and unique.max_wait_s is not None:
        run_at = min(run_at, later(now, unique.max_wait_s))
    waits = run_at is not None and run_at > now
    queue = spec.queue if new.queue is None else new.queue
    status = JobStatus.SCHEDULED if waits else JobStatus.PENDING
    return Job(
        id=job_id,
        tenant_id=tenant_id,
        owner_id=owner_id,
        name=new.name,
        status=JobStatus.BLOCKED if new.depends_on else status,
        rev=1,
        ready_at=run_at if waits and run_at else now,
        created_at=now,
        updated_at=now,
        trace_id=trace_id,
        submission_id=submission_id,
        task=new.task,
        queue=queue,
        priority=new.priority,
        tags=new.tags,
        payload=new.payload,
        run_at=run_at,
        max_retries=spec.max_retries if new.max_retries is None else new.max_retries,
        timeout_s=spec.timeout_s if new.timeout_s is None else new.timeout_s,
        limits=limits_of(spec, new.payload, tenant_id, owner_id, queue, dict(new.limit_keys)) if spec.limits else (),
        unique=unique,
        unique_key=unique.slot if unique is not None else "",
        pool="" if spec.pool == DEFAULT_POOL else spec.pool,
        depends_on=new.depends_on,
        run_if=new.run_if if new.depends_on else None,
        api_key=api_key,
        replay_of=new.replay_of,
        traceparent=new.traceparent or traceparent,
    )


def unblocked(job: Job, now: datetime, *, place: bool = True) -> Job:
    """End the wait of ``job`` for others: it is scheduled until its due time, otherwise pending.

    Without a ``place`` among the active jobs of its owner it is scheduled for now, as by ``redriven``.
    """
    waits = job.run_at is not None and job.run_at > now
    ready_at = job.run_at if waits and job.run_at is not None else now
    return _move(job, JobStatus.SCHEDULED if waits or not place else JobStatus.PENDING, now, ready_at=ready_at)


def skipped(job: Job, now: datetime, why: str) -> Job:
    """End ``job`` without a run, because the jobs that it waited for ended otherwise than it asked."""
    error = JobError("Skipped", why, None, error_group("Skipped", why))
    return _move(job, JobStatus.SKIPPED, now, finished_at=now, error=error)


def unrunnable(job: Job, now: datetime, why: str) -> Job:
    """End a blocked node of a workflow that cannot be run, such as for a reference to a result that is not there."""
    error = JobError("Unrunnable", why, None, error_group("Unrunnable", why))
    return _move(job, JobStatus.DLQ, now, finished_at=now, error=error)


def mapped(job: Job, now: datetime, result: str | None) -> Job:
    """Complete a map all of whose jobs completed, with their results as JSON text."""
    return _move(job, JobStatus.COMPLETED, now, finished_at=now, result=result)


def with_dependents(job: Job) -> Job:
    """Return ``job``, as a move left it, as if it had been known before that others wait for its end."""
    outbox = (*job.outbox, _dependents_entry(job)) if job.status in TERMINAL else job.outbox
    return job.with_(has_dependents=True, outbox=outbox)


def cancelled(job: Job, now: datetime) -> Job:
    """Cancel ``job``. Raises ``InvalidTransition`` if it has ended."""
    attempts = _close_last_attempt(job, Outcome.CANCELLED, now) if job.status is JobStatus.RUNNING else job.attempts
    return _move(job, JobStatus.CANCELLED, now, finished_at=now, lease=None, attempts=attempts, waits_for=())


def promoted(job: Job, now: datetime) -> Job:
    """Make ``job`` pending after its wait. If it is overdue, it is ranked by the time at which it was due."""
    return _move(job, JobStatus.PENDING, now, ready_at=min(job.ready_at, now), waits_for=())


def redriven(
    job: Job, now: datetime, payload: str | None = None, *, submission_id: str = "", place: bool = True
) -> Job:
    """Move ``job`` from the DLQ to a new series of attempts; its history stays. ``submission_id``: as in ``Job``.

    Without a ``place`` among the active jobs of its owner it is scheduled for now, and becomes pending when the
    owner's limit allows. It holds its unique key again, if it has one. Raises ``Conflict`` while something must still
    happen after its end.
    """
    check_settled(job)
    return _move(
        job,
        JobStatus.PENDING if place else JobStatus.SCHEDULED,
        now,
        ready_at=now,
        retry_count=0,
        past_retries=job.past_retries + job.retry_count,
        redrives=job.redrives + 1,
        submission_id=submission_id,
        error=None,
        finished_at=None,
        progress=None,
        cancel_requested=False,
        payload=job.payload if payload is None else payload,
        unique_key=job.unique.slot if job.unique is not None else "",
    )


def started(job: Job, token: str, worker_id: str, at: datetime) -> Job:
    """Begin an attempt of the pending ``job`` at ``at``, under the lease ``token``."""
    attempt = _new_attempt(job, worker_id, at)
    return _move(
        job, JobStatus.RUNNING, at, attempt=attempt.number, attempts=_with_attempt(job, attempt),
        lease=Lease(token, worker_id), started_at=at, progress=job.progress if job.is_resumed else None,
    )  # fmt: skip


def ended(job: Job, result: AttemptResult, *, progress: Progress | None, base_s: float, random: float) -> Job:
    """End the attempt of the running ``job``. ``random`` in [0, 1) spreads the backoff by ±10 %."""
    attempts = _close_last_attempt(job, result.outcome, result.at, result.error)
    status, changes = _after_attempt(job, result, base_s, random)
    return _move(job, status, result.at, attempts=attempts, lease=None, progress=progress, **changes)


def started_and_ended(
    job: Job, worker_id: str, at: datetime, result: AttemptResult, *,
    progress: Progress | None, base_s: float, random: float,
) -> Job:  # fmt: skip
    """Do ``started`` and ``ended`` in one step, for an attempt that ended before its start was written."""
    check_transition(job.status, JobStatus.RUNNING)
    attempt = _close(_new_attempt(job, worker_id, at), result.outcome, result.at, result.error)
    status, changes = _after_attempt(job, result, base_s, random)
    check_transition(JobStatus.RUNNING, status)
    if status in TERMINAL and (job.followers or job.has_dependents):
        changes["outbox"] = _outbox(job)
    if job.unique is not None:
        changes |= _key_after(job, job.unique, JobStatus.RUNNING, status)
    return job.with_(
        status=status, rev=job.rev + 2, updated_at=result.at, attempt=attempt.number,
        attempts=_with_attempt(job, attempt), lease=None, started_at=at, progress=progress, **changes,
    )  # fmt: skip


def lost_unstarted(job: Job, worker_id: str, now: datetime) -> Job:
    """Record an attempt whose worker vanished after the claim and before the start was written.

    The job stays pending and burns no retry: it may have killed the worker, or only have been in the same batch. As
    the attempt is on record, the next worker commits the start before it runs the task; a second loss then shows the
    two apart.
    """
    check_transition(job.status, JobStatus.RUNNING)
    attempt = AttemptRecord(job.attempt + 1, worker_id, now, now, Outcome.LOST, error=_worker_lost())
    attempts = _with_attempt(job, attempt)
    changes: dict[str, Any] = {"attempt": attempt.number, "attempts": attempts, "lease": None}
    if _lost_in_a_row(attempts) < MAX_LOST_IN_A_ROW:
        return job.with_(rev=job.rev + 1, updated_at=now, **changes)
    check_transition(JobStatus.RUNNING, JobStatus.DLQ)
    if job.unique is not None:
        changes |= _key_after(job, job.unique, JobStatus.RUNNING, JobStatus.DLQ)
    return job.with_(
        status=JobStatus.DLQ, rev=job.rev + 1, updated_at=now, finished_at=now, error=attempt.error,
        outbox=_outbox(job), **changes,
    )  # fmt: skip


def lost(job: Job, now: datetime, *, base_s: float, random: float, progressed: bool = False) -> Job:
    """End the attempt of a running job whose worker vanished: cancelled if that was requested, otherwise failed.

    ``progressed``: as in ``AttemptResult``.
    """
    if job.cancel_requested:
        return cancelled(job, now)
    result = AttemptResult(Outcome.LOST, now, error=_worker_lost(), progressed=progressed)
    return ended(job, result, progress=job.progress, base_s=base_s, random=random)


def burnt_retry(job: Job) -> bool:
    """Return whether the attempt of ``job`` that ended last used up a retry: not if the job was redriven since."""
    if not job.attempts or job.status is JobStatus.DLQ or job.retry_count == 0:
        return False
    return job.attempts[-1].outcome in {Outcome.FAILED, Outcome.TIMED_OUT, Outcome.LOST}


def burnt_between(before: Job, after: Job) -> bool:
    """Return whether the move of ``before`` to ``after`` used up a retry."""
    return after.past_retries + after.retry_count > before.past_retries + before.retry_count


def check_settled(job: Job) -> None:
    """Raise ``Conflict`` while something must still happen after the end of ``job``: until then it cannot be redriven
    or deleted.
    """
    if job.outbox:
        raise Conflict("Work that follows the end of this job is still pending; try again in a minute")


def _move(job: Job, status: JobStatus, at: datetime, **changes: Any) -> Job:
    """Change the state of ``job``; raises ``InvalidTransition``."""
    check_transition(job.status, status)
    if status in TERMINAL and (job.followers or job.has_dependents):
        changes["outbox"] = _outbox(job)
    if job.unique is not None:
        changes = _key_after(job, job.unique, status) | changes
    return job.with_(status=status, rev=job.rev + 1, updated_at=at, **changes)


def _key_after(job: Job, rule: UniqueRule, *states: JobStatus) -> dict[str, Any]:
    """Return the fields of uniqueness after the job was in ``states``: outside ``rule.states`` it loses its key."""
    holds = all(rule.holds(state) for state in states)
    return {"unique_key": job.unique_key if holds else "", "runs_after": None}


def _outbox(job: Job) -> tuple[OutboxEntry, ...]:
    """Return what must happen after the end of ``job``."""
    entries = (*job.outbox, *(OutboxEntry(each.id, each.kind, job.redrives) for each in job.followers))
    return (*entries, _dependents_entry(job)) if job.has_dependents else entries


def _dependents_entry(job: Job) -> OutboxEntry:
    return OutboxEntry("", FOLLOWER_KIND, job.redrives)


def _after_attempt(job: Job, result: AttemptResult, base_s: float, random: float) -> tuple[JobStatus, dict[str, Any]]:
    """Return the state of the job after its attempt, and the fields that change with it."""
    spent = 0 if result.progressed else job.retry_count
    retries = _retries(job, spent) if job.retry_count else {}
    match result.outcome:
        case Outcome.COMPLETED:
            return JobStatus.COMPLETED, {"result": result.result, "error": None, "finished_at": result.at}
        case Outcome.CANCELLED:
            return JobStatus.CANCELLED, {"finished_at": result.at}
        case Outcome.SNOOZED:
            ready_at = later(result.at, result.delay_s or 0.0)
            return JobStatus.RETRYING, {"error": result.error or job.error, "ready_at": ready_at, **retries}
        case Outcome.INTERRUPTED:
            return JobStatus.RETRYING, {"ready_at": later(result.at, 0.0), **retries}
        case Outcome.WAITING | Outcome.CONTINUED:
            ready_at = later(result.until or result.at, 0.0)
            return JobStatus.WAITING, {"ready_at": ready_at, "waits_for": result.waits_for, **retries}
    return _after_failure(job, result, spent, base_s, random)


def _after_failure(
    job: Job, result: AttemptResult, spent: int, base_s: float, random: float
) -> tuple[JobStatus, dict[str, Any]]:
    """Return a retry, or the end in the DLQ; ``spent`` retries count."""
    if result.final or spent >= job.max_retries:
        return JobStatus.DLQ, {"error": result.error, "finished_at": result.at, **_retries(job, spent)}
    wait_s = result.delay_s if result.delay_s is not None else backoff_s(spent + 1, base_s, random)
    return JobStatus.RETRYING, {
        "error": result.error, **_retries(job, spent, 1), "ready_at": later(result.at, wait_s)
    }  # fmt: skip


def _retries(job: Job, spent: int, more: int = 0) -> dict[str, Any]:
    """Return the counts of retries when ``spent`` of this series still count, and ``more`` are used up."""
    return {"retry_count": spent + more, "past_retries": job.past_retries + job.retry_count - spent}


def later(at: datetime, seconds: float) -> datetime:
    """Return ``at`` plus ``seconds``, in whole milliseconds as the record keeps it."""
    then = at + timedelta(seconds=seconds)
    return then.replace(microsecond=then.microsecond // 1000 * 1000)


def _worker_lost() -> JobError:
    message = "the worker vanished: its lease ran out"
    return JobError("WorkerLost", message, None, error_group("WorkerLost", message))


def _new_attempt(job: Job, worker_id: str, at: datetime) -> AttemptRecord:
    wait_ms = max(0, int((at - job.ready_at).total_seconds() * 1000))
    return AttemptRecord(job.attempt + 1, worker_id, at, wait_ms=wait_ms)


def _with_attempt(job: Job, attempt: AttemptRecord) -> tuple[AttemptRecord, ...]:
    return (*job.attempts, attempt)[-MAX_ATTEMPTS_KEPT:]


def _close(attempt: AttemptRecord, outcome: Outcome, at: datetime, error: JobError | None) -> AttemptRecord:
    run_ms = max(0, int((at - attempt.started_at).total_seconds() * 1000))
    return AttemptRecord(
        attempt.number, attempt.worker_id, attempt.started_at, at, outcome, attempt.wait_ms, run_ms, error
    )  # fmt: skip


def _close_last_attempt(
    job: Job, outcome: Outcome, at: datetime, error: JobError | None = None
) -> tuple[AttemptRecord, ...]:
    if not job.attempts:
        return ()
    return (*job.attempts[:-1], _close(job.attempts[-1], outcome, at, error))


def _lost_in_a_row(attempts: tuple[AttemptRecord, ...]) -> int:
    count = 0
    for attempt in reversed(attempts):
        if attempt.outcome is not Outcome.LOST:
            break
        count += 1
    return count
