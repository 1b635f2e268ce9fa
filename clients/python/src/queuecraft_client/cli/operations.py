"""``queuecraft operations``: work on all jobs that match a filter."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from queuecraft_client.cli.exits import UsageError
from queuecraft_client.cli.output import Column
from queuecraft_client.cli.progress import wait_for_operation
from queuecraft_client.cli.shell import Commands, Limit, Scope, Timeout, given, shell

_LIST = (
    Column("ID", lambda each: each.id),
    Column("KIND", lambda each: each.kind),
    Column("STATUS", lambda each: each.status),
    Column("NAME", lambda each: each.name),
    Column("MATCHED", lambda each: each.matched),
    Column("PROGRESS", lambda each: each.progress.message if each.progress else None),
    Column("OUTCOME", lambda each: ", ".join(f"{name} {value}" for name, value in (each.outcome or {}).items())),
    Column("CREATED", lambda each: each.created_at),
)
Id = Annotated[str, typer.Argument()]
Action = Annotated[str, typer.Argument(metavar="ACTION", help="cancel, retry, redrive, delete or replay.")]
operations = Commands("Operations: cancel, retry, redrive, delete or replay all jobs that match.")


@operations.add("list")
def list_operations(context: typer.Context, limit: Limit = 50) -> None:
    """List your operations, newest first."""
    sh = shell(context)
    sh.out.rows(sh.client.operations.list(limit=limit), _LIST)


@operations.add("show")
def show(context: typer.Context, operation: Id) -> None:
    """Show an operation."""
    sh = shell(context)
    sh.out.item(sh.client.operations.get(operation), _LIST)


@operations.add("start")
def start(
    context: typer.Context,
    action: Action,
    status: Annotated[list[str] | None, typer.Option(help="Only of this state; may be repeated.")] = None,
    task: Annotated[str | None, typer.Option()] = None,
    queue: Annotated[str | None, typer.Option()] = None,
    tag: Annotated[str | None, typer.Option()] = None,
    group: Annotated[str | None, typer.Option(help="Errors that are alike: see 'dlq groups'.")] = None,
    search: Annotated[str | None, typer.Option("--search", "-q", help="Beginnings of words.")] = None,
    scope: Scope = "own",
    all_: Annotated[bool, typer.Option("--all", help="All jobs of the scope.")] = False,
    name: Annotated[str | None, typer.Option(help="Default: what it does.")] = None,
    rate: Annotated[int | None, typer.Option(help="Jobs in a minute at most.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it has ended.")] = False,
    timeout: Timeout = 600.0,
) -> None:
    """Start an operation on all jobs that match."""
    sh = shell(context)
    conditions = given(status=status, task=task, queue=queue, tag=tag, group=group, q=search)
    if not conditions and not all_:
        raise UsageError("give conditions, or --all", "ACTION")
    what: Any = action
    narrowed: Any = {**conditions, "scope": scope}
    if not (yes or dry_run or sys.stdin.isatty()):
        raise UsageError("changes all jobs that match: confirm it by --yes", "yes")
    if dry_run or not yes:
        matched = sh.client.operations.count(what, filter=narrowed).matched
        if dry_run:
            sh.out.done(f"{matched} jobs match", matched=matched, dryRun=True)
            return
        typer.confirm(f"{action.capitalize()} {matched} jobs?", abort=True, err=True)
    started = sh.client.operations.start(what, filter=narrowed, name=name, rate_per_min=rate)
    sh.out.item(wait_for_operation(sh, started.id, timeout) if wait else started, _LIST)


@operations.add("cancel")
def cancel(context: typer.Context, operation: Id) -> None:
    """Cancel an operation; what it has done stays."""
    sh = shell(context)
    sh.out.item(sh.client.operations.cancel(operation), _LIST)


@operations.add("wait")
def wait(context: typer.Context, operation: Id, timeout: Timeout = 600.0) -> None:
    """Wait until an operation has completed; exit 1 if it ends otherwise, 8 if it has not ended in time."""
    sh = shell(context)
    sh.out.item(wait_for_operation(sh, operation, timeout), _LIST)
