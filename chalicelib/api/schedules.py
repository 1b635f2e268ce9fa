"""Schedules: put, list, preview, pause, resume, run, delete."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing, Reply
from chalicelib.api.listing import page_body, page_for
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.jobs import DoneAnswer
from chalicelib.api.schemas.queues import OfTenant
from chalicelib.api.schemas.schedules import (
    ListRuns,
    ListSchedules,
    PreviewAnswer,
    PreviewSchedule,
    PutSchedule,
    RunAnswer,
    RunsAnswer,
    ScheduleAnswer,
    SchedulesAnswer,
    schedule_body,
)
from chalicelib.domain.jobs import iso, to_ms
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.domain.schedules import MAX_NAME_CHARS, NAME_PATTERN, Schedule
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.services.schedule_data import run_data, schedule_data
from chalicelib.services.schedules import MAX_TOTAL

routes = Routes(__name__, tag="Schedules")


@routes.put(
    "/schedules/{name}",
    body=PutSchedule,
    query=OfTenant,
    answer=ScheduleAnswer,
    status=201,
    also={200: ScheduleAnswer},
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("schedule.put", auditing.schedule),
)
def put_schedule(call: Call[PutSchedule, OfTenant]) -> Reply:
    """Create a schedule, or replace what it does.

    A name is unique within a tenant. With the same `cron`, `everyS` or `at`, its next fire and the phase of its
    interval stay, so the call may be repeated by each deployment.
    """
    name = call.params["name"]
    if not _is_name(name):
        raise InvalidInput(f"A name has 1 to {MAX_NAME_CHARS} characters that fit {NAME_PATTERN}", "name")
    made, created = call.container.schedules.put(
        call.principal, name, call.body.spec(name), paused=call.body.paused, tenant_id=call.query.tenant
    )
    return Reply(_one(call, made), status=201 if created else 200)


@routes.get("/schedules", query=ListSchedules, answer=SchedulesAnswer, scope=KeyScope.JOBS_READ)
def list_schedules(call: Call[Nothing, ListSchedules]) -> dict[str, Any]:
    """List schedules, newest first.

    Lists the caller's schedules unless `scope` is wider. Pages as the list of jobs does.
    """
    asked, service, now = call.query, call.container.schedules, call.container.clock.now()
    page = page_for(call, service.page)
    total = service.total(call.principal, asked.whose()) if asked.count else None
    return page_body(call, page, "schedules", [schedule_data(schedule, now) for schedule in page.items]) | {
        "total": None if total is None else min(total, MAX_TOTAL),
        "totalIsExact": None if total is None else total <= MAX_TOTAL,
    }


@routes.post("/schedules/preview", body=PreviewSchedule, answer=PreviewAnswer, scope=KeyScope.JOBS_READ)
def preview_schedule(call: Call[PreviewSchedule]) -> PreviewAnswer:
    """Put a timing into words, and list its next five fires.

    Nothing is stored.
    """
    words, fires = call.container.schedules.preview(call.body.timing(), call.body.start)
    return PreviewAnswer(words=words, next=[iso(at) for at in fires])


@routes.get("/schedules/{name}", query=OfTenant, answer=ScheduleAnswer, scope=KeyScope.JOBS_READ)
def get_schedule(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Get a schedule with the payload of its jobs."""
    return _one(call, call.container.schedules.get(call.principal, _name(call), call.query.tenant))


@routes.delete(
    "/schedules/{name}",
    query=OfTenant,
    answer=DoneAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("schedule.delete", auditing.schedule),
)
def delete_schedule(call: Call[Nothing, OfTenant]) -> DoneAnswer:
    """Delete a schedule.

    Its jobs stay. A run that waits for the end of one of them is skipped.
    """
    call.container.schedules.delete(call.principal, _name(call), call.query.tenant)
    return DoneAnswer()


@routes.post(
    "/schedules/{name}/pause",
    query=OfTenant,
    answer=ScheduleAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("schedule.pause", auditing.schedule),
)
def pause_schedule(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Pause a schedule.

    It makes no jobs until it is resumed; open jobs continue.
    """
    return _set_paused(call, paused=True)


@routes.post(
    "/schedules/{name}/resume",
    query=OfTenant,
    answer=ScheduleAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("schedule.resume", auditing.schedule),
)
def resume_schedule(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Resume a paused schedule, from now.

    What it would have made meanwhile is not made.
    """
    return _set_paused(call, paused=False)


@routes.post(
    "/schedules/{name}/run",
    query=OfTenant,
    answer=RunAnswer,
    status=201,
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("schedule.run"),
)
def run_schedule(call: Call[Nothing, OfTenant]) -> dict[str, Any]:
    """Make a job of a schedule now.

    Also of a paused one, and whatever jobs of it are open. Its next fire stays.
    """
    run = call.container.schedules.run(call.principal, _name(call), call.query.tenant)
    return {"success": True, "run": run_data(run)}


@routes.get("/schedules/{name}/runs", query=ListRuns, answer=RunsAnswer, scope=KeyScope.JOBS_READ)
def list_runs(call: Call[Nothing, ListRuns]) -> dict[str, Any]:
    """List the runs of a schedule, newest first.

    Each fire has one: with its job, or the reason why it has none. They are kept for 90 days, the newest 10,000.
    """
    asked, name = call.query, _name(call)
    runs = call.container.schedules.runs(call.principal, name, asked.cursor, asked.limit + 1, asked.tenant)
    more, shown = len(runs) > asked.limit, runs[: asked.limit]
    next_cursor = f"{to_ms(shown[-1].at):015d}" if more else None
    return {"success": True, "runs": [run_data(run) for run in shown], "nextCursor": next_cursor}


def _set_paused(call: Call[Nothing, OfTenant], *, paused: bool) -> dict[str, Any]:
    service = call.container.schedules
    changed = service.set_paused(call.principal, _name(call), paused=paused, tenant_id=call.query.tenant)
    return _one(call, changed)


def _one(call: Call[Any, Any], schedule: Schedule) -> dict[str, Any]:
    return {"success": True, "schedule": schedule_body(schedule, call.container.clock.now(), call.container.redactions)}


def _name(call: Call[Any, Any]) -> str:
    name = call.params["name"]
    if not _is_name(name):
        raise NotFound("There is no such schedule")
    return name


def _is_name(name: str) -> bool:
    return len(name) <= MAX_NAME_CHARS and re.fullmatch(NAME_PATTERN, name) is not None
