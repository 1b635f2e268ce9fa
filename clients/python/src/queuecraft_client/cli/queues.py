"""``queuecraft queues`` and ``queuecraft limits``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from queuecraft_client.cli.exits import UsageError
from queuecraft_client.cli.output import Column
from queuecraft_client.cli.shell import Commands, Tenant, given, shell

_QUEUES = (
    Column("NAME", lambda queue: queue.name),
    Column("PAUSED", lambda queue: queue.paused),
    Column("READY", lambda queue: queue.ready),
    Column("RUNNING", lambda queue: queue.running),
    Column("BLOCKED", lambda queue: queue.blocked),
    Column("SCHEDULED", lambda queue: queue.scheduled),
    Column("RETRYING", lambda queue: queue.retrying),
    Column("OLDEST S", lambda queue: None if queue.oldest_age_ms is None else queue.oldest_age_ms / 1000),
    Column("PER MIN", lambda queue: queue.rate_per_min),
)
_LIMITS = (
    Column("NAME", lambda limit: limit.name),
    Column("PAUSED", lambda limit: limit.paused),
    Column("HELD", lambda limit: limit.held),
    Column("OF", lambda limit: limit.concurrency),
    Column("RATE", lambda limit: limit.rate),
    Column("BURST", lambda limit: limit.burst),
    Column("TOTAL", lambda limit: limit.total),
    Column("WAITING", lambda limit: limit.waiting),
    Column("PER", lambda limit: limit.per),
    Column("TASKS", lambda limit: limit.tasks),
)
Name = Annotated[str, typer.Argument()]
queues = Commands("Queues: look, pause, resume.")
limits = Commands("Limits: look, change, pause, resume, reset.")


@queues.add("list")
def list_queues(context: typer.Context, tenant: Tenant = None) -> None:
    """List queues with their open jobs."""
    sh = shell(context)
    sh.out.rows(sh.client.queues.list(tenant=tenant), _QUEUES)


@queues.add("pause")
def pause_queue(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Let no job of a queue start; running ones go on."""
    sh = shell(context)
    sh.client.queues.pause(name, tenant=tenant)
    sh.out.done(f"{name} paused", name=name, paused=True)


@queues.add("resume")
def resume_queue(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Let the jobs of a paused queue start."""
    sh = shell(context)
    sh.client.queues.resume(name, tenant=tenant)
    sh.out.done(f"{name} resumed", name=name, paused=False)


@limits.add("list")
def list_limits(context: typer.Context, tenant: Tenant = None) -> None:
    """List limits as they stand."""
    sh = shell(context)
    sh.out.rows(sh.client.limits.list(tenant=tenant), _LIMITS)


@limits.add("show")
def show_limit(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Show a limit with its busiest keys and the jobs that hold it."""
    keys = Column("KEYS", lambda limit: [f"{key.key} ({key.held} held, {key.waiting} waiting)" for key in limit.keys])
    sh = shell(context)
    sh.out.item(sh.client.limits.get(name, tenant=tenant), (*_LIMITS, keys, Column("HOLDERS", lambda x: x.holders)))


@limits.add("change")
def change_limit(
    context: typer.Context, name: Name,
    concurrency: Annotated[str | None, typer.Option(help="A number, or none for no bound.")] = None,
    rate: Annotated[str | None, typer.Option(help="Such as 30/min, or none.")] = None,
    burst: Annotated[str | None, typer.Option(help="A number, or none.")] = None,
    total: Annotated[str | None, typer.Option(help="A number, or none.")] = None,
    tenant: Tenant = None,
) -> None:  # fmt: skip
    """Change bounds of a limit until it is reset; what is not given stays."""
    numbers = {"concurrency": concurrency, "burst": burst, "total": total}
    bounds: dict[str, Any] = {field: _bound(text, field) for field, text in numbers.items() if text is not None}
    if rate is not None:
        bounds["rate"] = None if rate == "none" else rate
    sh = shell(context)
    sh.out.item(sh.client.limits.change(name, tenant=tenant, **bounds), _LIMITS)


@limits.add("pause")
def pause_limit(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Let no job that falls under a limit start; running ones go on."""
    sh = shell(context)
    sh.out.item(sh.client.limits.pause(name, **given(tenant=tenant)), _LIMITS)


@limits.add("resume")
def resume_limit(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """End the pause of a limit."""
    sh = shell(context)
    sh.out.item(sh.client.limits.resume(name, **given(tenant=tenant)), _LIMITS)


@limits.add("reset")
def reset_limit(context: typer.Context, name: Name, tenant: Tenant = None) -> None:
    """Return to what the code declares."""
    sh = shell(context)
    sh.out.item(sh.client.limits.reset(name, **given(tenant=tenant)), _LIMITS)


def _bound(text: str, field: str) -> int | None:
    if text == "none":
        return None
    try:
        return int(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is neither a number nor none", field) from error
