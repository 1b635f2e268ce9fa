"""Schedules and runs as clients see them: in answers and events."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import iso
from chalicelib.domain.schedules import LastRun, Run, Schedule, State
from chalicelib.services import timetable

#: Next fires shown of a schedule.
SHOWN: Final = 5


def schedule_data(schedule: Schedule, now: datetime) -> dict[str, Any]:
    """Return a schedule without the payload of its jobs."""
    spec, job, timing = schedule.spec, schedule.spec.job, schedule.spec.timing
    return {
        "_id": schedule.id,
        "tenantId": schedule.tenant_id,
        "ownerId": schedule.owner_id,
        "name": schedule.name,
        "state": schedule.state.value,
        "source": "api" if schedule.generation is None else "code",
        "words": timetable.words(timing),
        "cron": timing.cron,
        "everyS": timing.every_s,
        "at": _iso(timing.at),
        "tz": timing.tz,
        "jobName": job.name,
        "task": job.task,
        "queue": job.queue,
        "priority": job.priority,
        "tags": list(job.tags),
        "maxRetries": job.max_retries,
        "timeoutS": job.timeout_s,
        "missed": spec.missed.value,
        "catchupS": spec.catchup_s,
        "overlap": spec.overlap.value,
        "jitterS": spec.jitter_s,
        "paused": schedule.paused,
        "next": [iso(at) for at in next_fires(schedule, now)],
        "lastRun": _last(schedule.last),
        "rev": schedule.rev,
        "con": iso(schedule.created_at),
        "mon": iso(schedule.updated_at),
    }


def next_fires(schedule: Schedule, now: datetime) -> list[datetime]:
    """Return the next fires of an active schedule, also one that is due."""
    if schedule.state is not State.ACTIVE or schedule.next_at is None:
        return []
    return [
        schedule.next_at,
        *timetable.upcoming(schedule.spec.timing, schedule.anchor, max(now, schedule.next_at), SHOWN - 1),
    ]


def run_data(run: Run) -> dict[str, Any]:
    """Return a run."""
    return {
        "at": iso(run.at),
        "jobId": run.job_id,
        "skipped": run.skipped.value if run.skipped else None,
        "waiting": run.waiting,
        "manual": run.manual,
    }


def run_event(schedule: Schedule, run: Run, next_at: datetime | None, now: datetime) -> Event:
    """Return ``schedule:run``: ``{name, run, nextAt}``."""
    data = {"name": schedule.name, "run": run_data(run), "nextAt": _iso(next_at)}
    return Event(EventType.SCHEDULE_RUN, schedule.tenant_id, schedule.owner_id, data, now)


def updated(schedule: Schedule, now: datetime) -> Event:
    """Return ``schedule:updated`` with the schedule."""
    data = schedule_data(schedule, now)
    return Event(EventType.SCHEDULE_UPDATED, schedule.tenant_id, schedule.owner_id, data, now)


def deleted(schedule: Schedule, now: datetime) -> Event:
    """Return ``schedule:deleted``: ``{name}``."""
    data = {"name": schedule.name}
    return Event(EventType.SCHEDULE_DELETED, schedule.tenant_id, schedule.owner_id, data, now)


def _iso(at: datetime | None) -> str | None:
    return iso(at) if at else None


def _last(last: LastRun | None) -> dict[str, Any] | None:
    if last is None:
        return None
    return {"at": iso(last.at), "jobId": last.job_id, "skipped": last.skipped.value if last.skipped else None}
