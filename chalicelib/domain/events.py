"""Events: facts about jobs, in the past tense, as clients receive them. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.jobs import AttemptRecord, Job, JobError, JobStatus, iso


class EventType(StrEnum):
    CREATED = "job:created"
    STATUS_UPDATED = "job:status:updated"
    COMPLETED = "job:completed"
    MOVED_TO_DLQ = "job:movedToDLQ"
    CANCELLED = "job:cancelled"
    DELETED = "job:deleted"
    PROGRESS = "job:progress"
    LOG = "job:log"
    QUEUE_UPDATED = "queue:updated"
    STATS = "stats:update"


class Event(NamedTuple):
    """One event. ``data`` is JSON-ready. The engine assigns the id when it appends the event to the log."""

    type: EventType
    tenant_id: str
    owner_id: str
    data: dict[str, Any]
    timestamp: datetime


def job_data(job: Job) -> dict[str, Any]:
    """Return a job as events and lists show it: without payload, result, attempts and logs."""
    return {
        "_id": job.id,
        "name": job.name,
        "ownerId": job.owner_id,
        "tenantId": job.tenant_id,
        "task": job.task,
        "queue": job.queue,
        "priority": job.priority,
        "tags": list(job.tags),
        "status": job.status._value_,
        "rev": job.rev,
        "attempt": job.attempt,
        "retryCount": job.retry_count,
        "maxRetries": job.max_retries,
        "timeoutS": job.timeout_s,
        "redrives": job.redrives,
        "runAt": iso(job.run_at) if job.run_at else None,
        "readyAt": iso(job.ready_at),
        "startedAt": iso(job.started_at) if job.started_at else None,
        "finishedAt": iso(job.finished_at) if job.finished_at else None,
        "cancelRequested": job.cancel_requested,
        "progress": {"percent": job.progress.percent, "message": job.progress.message} if job.progress else None,
        "error": error_data(job.error, with_traceback=False),
        "traceId": job.trace_id,
        "con": iso(job.created_at),
        "mon": iso(job.updated_at),
    }


def error_data(error: JobError | None, *, with_traceback: bool) -> dict[str, Any] | None:
    """Return an error as clients see it."""
    if error is None:
        return None
    data: dict[str, Any] = {"type": error.type, "message": error.message, "group": error.group}
    if with_traceback:
        data["traceback"] = error.traceback
    return data


def attempt_data(attempt: AttemptRecord) -> dict[str, Any]:
    """Return an attempt as clients see it."""
    return {
        "number": attempt.number,
        "workerId": attempt.worker_id,
        "startedAt": iso(attempt.started_at),
        "endedAt": iso(attempt.ended_at) if attempt.ended_at else None,
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "waitMs": attempt.wait_ms,
        "runMs": attempt.run_ms,
        "error": error_data(attempt.error, with_traceback=True),
    }


def _event(kind: EventType, job: Job, data: dict[str, Any]) -> Event:
    return Event(kind, job.tenant_id, job.owner_id, data, job.updated_at)


def created(job: Job) -> Event:
    """Return ``job:created`` with the job."""
    return _event(EventType.CREATED, job, job_data(job))


def moved(job: Job, old: JobStatus) -> list[Event]:
    """Return the events of a move of ``job`` from ``old``: the status change, then the end, if the job has ended."""
    data = job_data(job)
    change = {"jobId": job.id, "oldStatus": old._value_, "newStatus": job.status._value_, "job": data}
    events = [_event(EventType.STATUS_UPDATED, job, change)]
    end = _ENDS.get(job.status)
    return [*events, _event(end, job, data)] if end else events


def ran(before: Job, after: Job) -> list[Event]:
    """Return the events of a start and an end that are published together.

    ``before`` is the pending job, ``after`` is the job two moves later. The running state between them has the fields
    of ``before``.
    """
    started = after.started_at or after.updated_at
    data = job_data(after)
    running = data | {
        "status": JobStatus.RUNNING.value,
        "rev": before.rev + 1,
        "retryCount": before.retry_count,
        "readyAt": iso(before.ready_at),
        "finishedAt": None,
        "progress": None,
        "error": error_data(before.error, with_traceback=False),
        "mon": data["startedAt"],
    }
    begin = {"jobId": after.id, "oldStatus": before.status.value, "newStatus": running["status"], "job": running}
    change = {"jobId": after.id, "oldStatus": running["status"], "newStatus": after.status.value, "job": data}
    events = [
        Event(EventType.STATUS_UPDATED, after.tenant_id, after.owner_id, begin, started),
        _event(EventType.STATUS_UPDATED, after, change),
    ]
    end = _ENDS.get(after.status)
    return [*events, _event(end, after, data)] if end else events


_ENDS = {
    JobStatus.COMPLETED: EventType.COMPLETED,
    JobStatus.DLQ: EventType.MOVED_TO_DLQ,
    JobStatus.CANCELLED: EventType.CANCELLED,
}


def deleted(job: Job) -> Event:
    """Return ``job:deleted``: ``{jobId, rev}``."""
    return _event(EventType.DELETED, job, {"jobId": job.id, "rev": job.rev + 1})


def progressed(job: Job, at: datetime) -> Event:
    """Return ``job:progress``: ``{jobId, attempt, rev, percent, message}``."""
    percent, message = (job.progress.percent, job.progress.message) if job.progress else (0.0, "")
    data = {"jobId": job.id, "attempt": job.attempt, "rev": job.rev, "percent": percent, "message": message}
    return Event(EventType.PROGRESS, job.tenant_id, job.owner_id, data, at)


def logged(job: Job, lines: list[dict[str, Any]], at: datetime) -> Event:
    """Return ``job:log``: ``{jobId, attempt, lines: [{seq, at, level, message}]}``."""
    data = {"jobId": job.id, "attempt": job.attempt, "lines": lines}
    return Event(EventType.LOG, job.tenant_id, job.owner_id, data, at)
