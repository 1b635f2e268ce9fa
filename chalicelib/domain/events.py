"""Events: facts about jobs, in the past tense, as clients receive them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.domain.job_fields import FIELDS, compiled, dict_of, is_plain
from chalicelib.domain.jobs import AttemptRecord, Job, JobError, JobStatus, Outcome, Progress, iso
from chalicelib.domain.nodes import NodePart
from chalicelib.domain.pauses import ALL_TENANTS, TASK_PREFIX
from chalicelib.domain.unique import UniqueRule

if TYPE_CHECKING:
    from chalicelib.domain.retention import ExpiredPage


class EventType(StrEnum):
    CREATED = "job:created"
    STATUS_UPDATED = "job:status:updated"
    COMPLETED = "job:completed"
    MOVED_TO_DLQ = "job:movedToDLQ"
    CANCELLED = "job:cancelled"
    SKIPPED = "job:skipped"
    CONTINUED = "job:continued"
    DELETED = "job:deleted"
    EXPIRED = "jobs:expired"
    DEDUPLICATED = "job:deduplicated"
    PROGRESS = "job:progress"
    LOG = "job:log"
    QUEUE_UPDATED = "queue:updated"
    TASK_UPDATED = "task:updated"
    LIMIT_CHANGED = "limit:changed"
    TENANT_UPDATED = "tenant:updated"
    SCHEDULE_UPDATED = "schedule:updated"
    SCHEDULE_DELETED = "schedule:deleted"
    SCHEDULE_RUN = "schedule:run"
    BATCH_UPDATED = "batch:updated"
    WORKFLOW_UPDATED = "workflow:updated"
    WEBHOOK_UPDATED = "webhook:updated"
    ALERT_UPDATED = "alert:updated"
    VIEW_UPDATED = "view:updated"
    COMMENT_UPDATED = "comment:updated"
    MEMBER_UPDATED = "member:updated"
    API_KEY_UPDATED = "api-key:updated"
    STATS = "stats:update"


class Event(NamedTuple):
    """One event. ``data`` is JSON-ready. The engine assigns the id when it appends the event to the log."""

    type: EventType
    tenant_id: str
    owner_id: str
    data: dict[str, Any]
    timestamp: datetime


def error_data(error: JobError | None, *, with_traceback: bool) -> dict[str, Any] | None:
    """Return an error as clients see it."""
    if error is None:
        return None
    data: dict[str, Any] = {"type": error.type, "message": error.message, "group": error.group}
    if with_traceback:
        data["traceback"] = error.traceback
    return data


def progress_data(progress: Progress) -> dict[str, Any]:
    """Return progress as clients see it."""
    return {"percent": progress.percent, "message": progress.message}


def part_data(part: NodePart) -> dict[str, Any]:
    """Return the place of a job in a workflow as clients see it."""
    return {"_id": part.workflow, "node": part.node, "run": part.run, "index": part.item}


#: Expression of the JSON value for each type; other types are JSON as they are.
_SHOWN: Final = {
    datetime: "iso({0})",
    datetime | None: "iso({0}) if {0} else None",
    JobStatus: "{0}._value_",
    tuple[str, ...]: "list({0})",
    Progress | None: "progress_data({0}) if {0} else None",
    JobError | None: "error_data({0}, with_traceback=False) if {0} else None",
    UniqueRule | None: "{0}.key if {0} else None",
    NodePart | None: "part_data({0}) if {0} else None",
}


def _shower(*, optional: bool) -> Callable[[Job], dict[str, Any]]:
    return compiled(
        "job",
        dict_of(
            (each.kept.shown, _SHOWN.get(each.type, "{0}").format(f"job.{each.name}"))
            for each in FIELDS
            if each.kept.shown and each.kept.optional is optional
        ),
        {"iso": iso, "progress_data": progress_data, "error_data": error_data, "part_data": part_data},
    )


_common: Final = _shower(optional=False)
_optional: Final = _shower(optional=True)


def job_data(job: Job) -> dict[str, Any]:
    """Return a job as events and lists show it: without payload, result, attempts and logs, and without optional fields
    that are empty.
    """
    data = _common(job)
    if not is_plain(job):
        data.update({name: value for name, value in _optional(job).items() if value})
    return data


def attempt_data(attempt: AttemptRecord) -> dict[str, Any]:
    """Return an attempt as clients see it."""
    return {
        "number": attempt.number,
        "workerId": attempt.worker_id,
        "startedAt": iso(attempt.started_at),
        "endedAt": iso(attempt.ended_at) if attempt.ended_at else None,
        "outcome": attempt.outcome._value_ if attempt.outcome else None,
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
    end = _end_of(job)
    return [*events, _event(end, job, data)] if end else events


def ran(before: Job, after: Job) -> list[Event]:
    """Return the events of a start and an end that are published together.

    ``before`` is the pending job, ``after`` is the job two moves later. The running state between them has the fields
    of ``before``.
    """
    started = after.started_at or after.updated_at
    data = job_data(after)
    running = data | {
        "status": JobStatus.RUNNING._value_,
        "rev": before.rev + 1,
        "retryCount": before.retry_count,
        "readyAt": iso(before.ready_at),
        "finishedAt": None,
        "progress": None,
        "error": error_data(before.error, with_traceback=False),
        "mon": data["startedAt"],
    }
    begin = {"jobId": after.id, "oldStatus": before.status._value_, "newStatus": running["status"], "job": running}
    change = {"jobId": after.id, "oldStatus": running["status"], "newStatus": after.status._value_, "job": data}
    events = [
        Event(EventType.STATUS_UPDATED, after.tenant_id, after.owner_id, begin, started),
        _event(EventType.STATUS_UPDATED, after, change),
    ]
    end = _end_of(after)
    return [*events, _event(end, after, data)] if end else events


_ENDS = {
    JobStatus.COMPLETED: EventType.COMPLETED,
    JobStatus.DLQ: EventType.MOVED_TO_DLQ,
    JobStatus.CANCELLED: EventType.CANCELLED,
    JobStatus.SKIPPED: EventType.SKIPPED,
    JobStatus.WAITING: EventType.CONTINUED,
}


def _end_of(job: Job) -> EventType | None:
    """Return the event that follows the change to the state of ``job``, if any: of its end, or that it is continued."""
    kind = _ENDS.get(job.status)
    if kind is EventType.CONTINUED and not (job.attempts and job.attempts[-1].outcome is Outcome.CONTINUED):
        return None
    return kind


def queue_paused(tenant_id: str, name: str, at: datetime, *, paused: bool) -> list[Event]:
    """Return ``queue:updated``, or ``task:updated`` for a task: ``{name, paused, at}``.

    ``*`` names all queues of the tenant; everything has none.
    """
    if name.startswith(TASK_PREFIX):
        of_task = {"name": name.removeprefix(TASK_PREFIX), "paused": paused, "at": iso(at)}
        return [Event(EventType.TASK_UPDATED, tenant_id, "", of_task, at)]
    data = {"name": name or "*", "paused": paused, "at": iso(at)}
    return [] if tenant_id == ALL_TENANTS else [Event(EventType.QUEUE_UPDATED, tenant_id, "", data, at)]


def deleted(job: Job) -> Event:
    """Return ``job:deleted``: ``{jobId, rev}``."""
    return _event(EventType.DELETED, job, {"jobId": job.id, "rev": job.rev + 1})


def expired(page: ExpiredPage) -> Event:
    """Return ``jobs:expired`` for all users of the tenant: ``{count, status}``."""
    data = {"count": page.count, "status": page.status.value}
    return Event(EventType.EXPIRED, page.tenant_id, "", data, page.at)


def deduplicated(job: Job, action: str, count: int, at: datetime) -> Event:
    """Return ``job:deduplicated``: ``{jobId, action, count, job}``, with the job that stands for ``count`` submissions.

    ``action``: kept, replaced, pushed_back.
    """
    data = {"jobId": job.id, "action": action, "count": count, "job": job_data(job)}
    return Event(EventType.DEDUPLICATED, job.tenant_id, job.owner_id, data, at)


def progressed(job: Job, at: datetime) -> Event:
    """Return ``job:progress``: ``{jobId, attempt, rev, percent, message}``."""
    percent, message = (job.progress.percent, job.progress.message) if job.progress else (0.0, "")
    data = {"jobId": job.id, "attempt": job.attempt, "rev": job.rev, "percent": percent, "message": message}
    return Event(EventType.PROGRESS, job.tenant_id, job.owner_id, data, at)


def logged(job: Job, lines: list[dict[str, Any]], at: datetime) -> Event:
    """Return ``job:log``: ``{jobId, attempt, lines: [{seq, at, level, message}]}``."""
    data = {"jobId": job.id, "attempt": job.attempt, "lines": lines}
    return Event(EventType.LOG, job.tenant_id, job.owner_id, data, at)
