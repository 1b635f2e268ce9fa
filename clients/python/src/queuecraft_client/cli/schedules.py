"""``queuecraft schedules``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from queuecraft_client.cli.exits import UsageError
from queuecraft_client.cli.output import Column
from queuecraft_client.cli.shell import Commands, Limit, Scope, Tenant, given, json_of, shell

_LIST = (
    Column("NAME", lambda schedule: schedule.name),
    Column("STATE", lambda schedule: schedule.state),
    Column("TASK", lambda schedule: schedule.task),
    Column("WHEN", lambda schedule: schedule.words),
    Column("NEXT", lambda schedule: schedule.next[0] if schedule.next else None),
    Column("LAST RUN", lambda schedule: schedule.last_run.at if schedule.last_run else None),
)
_RUNS = (
    Column("AT", lambda run: run.at),
    Column("JOB", lambda run: run.job_id),
    Column("SKIPPED", lambda run: run.skipped),
    Column("WAITING", lambda run: run.waiting),
    Column("MANUAL", lambda run: run.manual),
)
Name = Annotated[str, typer.Argument()]
Cron = Annotated[str | None, typer.Option(help="Minute, hour, day, month, weekday.")]
Every = Annotated[int | None, typer.Option("--every", help="Seconds.")]
At = Annotated[str | None, typer.Option(help="Once, as 2030-01-31T12:00Z.")]
Zone = Annotated[str | None, typer.Option(help="Time zone of --cron; default: UTC.")]
schedules = Commands("Schedules: look, put, pause, resume, run.")


@schedules.add("list")
def list_schedules(context: typer.Context, scope: Scope = "own", limit: Limit = 50) -> None:
    """List schedules, newest first."""
    options = given(scope=scope)
    sh = shell(context)
    sh.out.rows(sh.client.schedules.list(limit=limit, **options), _LIST)


@schedules.add("show")
def show(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Show a schedule with its next fires."""
    more = (
        Column("FOLLOWING", lambda schedule: schedule.next[1:]),
        Column("PAYLOAD", lambda schedule: schedule.payload),
    )
    sh = shell(context)
    sh.out.item(sh.client.schedules.get(name, tenant=tenant), (*_LIST, *more))


@schedules.add("put")
def put(
    context: typer.Context, name: Name,
    task: Annotated[str, typer.Argument()],
    payload: Annotated[str | None, typer.Argument(help="JSON, @file or -.")] = None,
    cron: Cron = None, every: Every = None, at: At = None, tz: Zone = None,
    queue: Annotated[str | None, typer.Option()] = None,
    missed: Annotated[str | None, typer.Option(help="skip, once or all.")] = None,
    overlap: Annotated[str | None, typer.Option(help="skip, allow, queue_one or cancel_running.")] = None,
    tenant: Tenant = None,
) -> None:  # fmt: skip
    """Create a schedule, or replace what it does."""
    options = given(**_timing(cron, every, at, tz), queue=queue, missed=missed, overlap=overlap)
    sh = shell(context)
    sh.out.item(sh.client.schedules.put(name, task, json_of(payload, "payload"), tenant=tenant, **options), _LIST)


@schedules.add("preview")
def preview(context: typer.Context, cron: Cron = None, every: Every = None, at: At = None, tz: Zone = None) -> None:
    """Say when a schedule would fire."""
    sh = shell(context)
    found = sh.client.schedules.preview(**_timing(cron, every, at, tz))
    sh.out.item(found, (Column("WHEN", lambda each: each.words), Column("NEXT", lambda each: each.next)))


@schedules.add("runs")
def runs(context: typer.Context, name: Name, tenant: Tenant = None, limit: Limit = 50) -> None:
    """List fires and what became of them, newest first."""
    sh = shell(context)
    sh.out.rows(sh.client.schedules.runs(name, tenant=tenant, limit=limit), _RUNS)


@schedules.add("run")
def run(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Make a job at once."""
    sh = shell(context)
    sh.out.item(sh.client.schedules.run(name, tenant=tenant), _RUNS)


@schedules.add("pause")
def pause(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Let a schedule fire no more."""
    sh = shell(context)
    sh.out.item(sh.client.schedules.pause(name, tenant=tenant), _LIST)


@schedules.add("resume")
def resume(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Let a paused schedule fire from now on."""
    sh = shell(context)
    sh.out.item(sh.client.schedules.resume(name, tenant=tenant), _LIST)


@schedules.add("delete")
def delete(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Delete a schedule; its jobs stay."""
    sh = shell(context)
    sh.client.schedules.delete(name, tenant=tenant)
    sh.out.done(f"{name} deleted", name=name, deleted=True)


def _timing(cron: str | None, every: int | None, at: str | None, tz: str | None) -> Any:
    try:
        time = None if at is None else datetime.fromisoformat(at)
    except ValueError as error:
        raise UsageError(str(error), "at") from error
    return given(cron=cron, every_s=every, at=time.astimezone() if time and not time.tzinfo else time, tz=tz)
