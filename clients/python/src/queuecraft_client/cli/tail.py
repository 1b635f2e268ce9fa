"""``queuecraft tail``: events as they happen."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from queuecraft_client.cli.output import plain
from queuecraft_client.cli.shell import Scope, shell
from queuecraft_client.models import StreamEvent


def tail(
    context: typer.Context,
    job: Annotated[str | None, typer.Option(help="Only events of this job.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--type", help="Only this type; may be repeated.")] = None,
    since: Annotated[str | None, typer.Option(help="Begin behind the event with this id.")] = None,
    seconds: Annotated[float | None, typer.Option("--for", min=0.0, help="End after so many seconds.")] = None,
    scope: Scope = "own",
) -> None:
    """Follow events until Ctrl-C. A lost connection is resumed behind the last event."""
    sh = shell(context)
    options: Any = {"scope": scope}
    for event in sh.client.stream(**options, since=since, timeout=seconds):
        if event.type != "resync" and not _asked_for(event, job, kind):
            continue
        if sh.out.as_json:
            sh.out.json(event.raw)
        else:
            sh.out.text(Text(_line(event)))


def _asked_for(event: StreamEvent, job: str | None, kinds: list[str] | None) -> bool:
    return (job is None or subject(event) == job) and (not kinds or event.type in kinds)


def subject(event: StreamEvent) -> str | None:
    """Return the id of what an event is about."""
    data = event.data if isinstance(event.data, dict) else {}
    found = data.get("jobId") or data.get("_id")
    return found if isinstance(found, str) else None


def _line(event: StreamEvent) -> str:
    """Return an event as a line: time, type, id, what happened."""
    at = event.timestamp.astimezone().strftime("%H:%M:%S.%f")[:-3] if event.timestamp else " " * 12
    return plain(f"{at}  {event.type:<20}  {subject(event) or '':<24}  {_what(event)}".rstrip())


def _what(event: StreamEvent) -> str:
    data = event.data if isinstance(event.data, dict) else {}
    if event.type == "resync":
        return "events are missing; read again what you show"
    if event.type == "job:log":
        return " | ".join(str(line.get("message")) for line in data.get("lines", []))
    if event.type == "job:progress":
        return f"{data.get('percent')} % {data.get('message') or ''}"
    if event.type == "job:status:updated":
        return f"{data.get('oldStatus')} → {data.get('newStatus')}  {(data.get('job') or {}).get('name', '')}"
    error = data.get("error")
    why = f"{error.get('type')}: {error.get('message')}" if isinstance(error, dict) else data.get("status") or ""
    return f"{data.get('name') or ''}  {why}"
