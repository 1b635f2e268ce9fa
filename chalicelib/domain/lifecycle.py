"""The moves of a job that its worker does not make: begin of life, cancellation, promotion, redrive, loss. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.jobs import (
    MAX_ATTEMPTS_KEPT,
    Attempt,
    Job,
    JobError,
    JobStatus,
    NewJob,
    Outcome,
    check_transition,
)
from chalicelib.domain.retry import backoff_s, error_group
from chalicelib.domain.tasks import TaskSpec

#: Attempts lost in a row, none of which burnt a retry, after which a job is given up all the same.
MAX_LOST_IN_A_ROW: Final = 10


def new_job(
    new: NewJob,
    spec: TaskSpec,
    *,
    job_id: str,
    tenant_id: str,
    owner_id: str,
    trace_id: str,
    now: datetime,
    entry: str = "",
) -> Job:
    """The record of a job that begins: scheduled when its ``run_at`` lies ahead, else pending. ``entry``: as in Job."""
    run_at = new.run_at if new.delay_s is None else now + timedelta(milliseconds=round(new.delay_s * 1000))
    later = run_at is not None and run_at > now
    return Job(
        id=job_id,
        tenant_id=tenant_id,
        owner_id=owner_id,
        name=new.name,
        status=JobStatus.SCHEDULED if later else JobStatus.PENDING,
        rev=1,
        ready_at=run_at if later and run_at else now,
        created_at=now,
        updated_at=now,
        trace_id=trace_id,
        entry=entry,
        task=new.task,
        queue=spec.queue if new.queue is None else new.queue,
        priority=new.priority,
        tags=new.tags,
        payload=new.payload,
        run_at=run_at,
        max_retries=spec.max_retries if new.max_retries is None else new.max_retries,
        timeout_s=spec.timeout_s if new.timeout_s is None else new.timeout_s,
    )


def cancelled(job: Job, now: datetime) -> Job:
    """A job that is cancelled; raises ``InvalidTransition`` if it has ended."""
    check_transition(job.status, JobStatus.CANCELLED)
    attempts = job.attempts
    if job.status is JobStatus.RUNNING:
        attempts = _last_ended(job, Outcome.CANCELLED, now, None)
    return _moved(job, JobStatus.CANCELLED, now, finished_at=now, lease=None, attempts=attempts)


def promoted(job: Job, now: datetime) -> Job:
    """A job whose wait is over; its place in the queue is by the time it was due, if that has passed."""
    check_transition(job.status, JobStatus.PENDING)
    return _moved(job, JobStatus.PENDING, now, ready_at=min(job.ready_at, now))


def redriven(job: Job, now: datetime, payload: str | None = None, *, entry: str = "", place: bool = True) -> Job:
    """A job that left the DLQ for a new series of attempts; its history stays. ``entry``: as in Job.

    Without a ``place`` among the active jobs of its owner it is scheduled for now, and pending when there is room.
    """
    status = JobStatus.PENDING if place else JobStatus.SCHEDULED
    check_transition(job.status, status)
    return _moved(
        job,
        status,
        now,
        ready_at=now,
        retry_count=0,
        past_retries=job.past_retries + job.retry_count,
        redrives=job.redrives + 1,
        entry=entry,
        error=None,
        finished_at=None,
        progress=None,
        cancel_requested=False,
        payload=job.payload if payload is None else payload,
    )


def lost_unbegun(job: Job, worker_id: str, now: datetime) -> Job:
    """A job whose worker vanished after the claim and before the start was recorded: pending again, no retry burnt.

    It may be what killed the worker, or a bystander in its batch. The attempt is recorded, so that the next
    worker commits the start before it runs the task; then the two can be told apart.
    """
    lost = Attempt(job.attempt + 1, worker_id, now, now, Outcome.LOST, error=_worker_lost())
    attempts = (*job.attempts, lost)[-MAX_ATTEMPTS_KEPT:]
    if _lost_in_a_row(attempts) < MAX_LOST_IN_A_ROW:
        return job.with_(rev=job.rev + 1, attempt=lost.number, attempts=attempts, updated_at=now, lease=None)
    return _moved(
        job, JobStatus.DLQ, now, attempt=lost.number, attempts=attempts, lease=None, finished_at=now, error=lost.error
    )


def lost(job: Job, now: datetime, *, base_s: float, random: float) -> Job:
    """A running job whose worker vanished: cancelled if that was asked for, else tried again, or in the DLQ."""
    if job.cancel_requested:
        return cancelled(job, now)
    error = _worker_lost()
    ended = {"attempts": _last_ended(job, Outcome.LOST, now, error), "lease": None, "error": error}
    if job.retry_count >= job.max_retries:
        return _moved(job, JobStatus.DLQ, now, finished_at=now, **ended)
    retry = job.retry_count + 1
    wait = timedelta(milliseconds=int(backoff_s(retry, base_s, random) * 1000))
    return _moved(job, JobStatus.RETRYING, now, retry_count=retry, ready_at=now + wait, **ended)


def burnt_retry(job: Job) -> bool:
    """Whether the attempt of ``job`` that ended last used up a retry."""
    if not job.attempts or job.status is JobStatus.DLQ:
        return False
    last = job.attempts[-1]
    told_to_stop = last.error is not None and last.error.type == "WorkerStopped"
    return last.outcome in {Outcome.FAILED, Outcome.TIMED_OUT, Outcome.LOST} and not told_to_stop


def _moved(job: Job, status: JobStatus, now: datetime, **changes: object) -> Job:
    return job.with_(status=status, rev=job.rev + 1, updated_at=now, **changes)


def _worker_lost() -> JobError:
    message = "the worker vanished: its lease ran out"
    return JobError("WorkerLost", message, None, error_group("WorkerLost", message))


def _last_ended(job: Job, outcome: Outcome, now: datetime, error: JobError | None) -> tuple[Attempt, ...]:
    if not job.attempts:
        return ()
    last = job.attempts[-1]
    run_ms = max(0, int((now - last.started_at).total_seconds() * 1000))
    return (*job.attempts[:-1], last._replace(ended_at=now, outcome=outcome, run_ms=run_ms, error=error))


def _lost_in_a_row(attempts: tuple[Attempt, ...]) -> int:
    count = 0
    for attempt in reversed(attempts):
        if attempt.outcome is not Outcome.LOST:
            break
        count += 1
    return count
