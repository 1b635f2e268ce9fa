"""``queuecraft dlq``: the dead letter queue."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from queuecraft_client.cli.exits import ExitCode, UsageError
from queuecraft_client.cli.output import Column, plain
from queuecraft_client.cli.shell import Commands, Limit, Scope, Shell, given, shell
from queuecraft_client.models import Action

_LIST = (
    Column("ID", lambda job: job.id),
    Column("TASK", lambda job: job.task),
    Column("NAME", lambda job: job.name),
    Column("FINISHED", lambda job: job.finished_at),
    Column("GROUP", lambda job: job.error.group if job.error else None),
    Column("ERROR", lambda job: f"{job.error.type}: {job.error.message}" if job.error else None),
)
_GROUPS = (
    Column("GROUP", lambda group: group.group),
    Column("COUNT", lambda group: group.count),
    Column("LAST", lambda group: group.last_at),
    Column("TASKS", lambda group: group.tasks),
    Column("ERROR", lambda group: f"{group.type}: {group.message}"),
)
Ids = Annotated[list[str] | None, typer.Argument(metavar="JOB...", help="Ids; or choose by options.")]
Task = Annotated[str | None, typer.Option()]
Queue = Annotated[str | None, typer.Option()]
Tag = Annotated[str | None, typer.Option()]
Group = Annotated[str | None, typer.Option(help="Errors that are alike: see 'dlq groups'.")]
Search = Annotated[str | None, typer.Option("--search", "-q", help="Beginnings of words, also of the error.")]
All = Annotated[bool, typer.Option("--all", help="All dead jobs of the scope.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only count.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
dlq = Commands("Jobs that used up their retries.")


@dlq.add("list")
def list_dead(
    context: typer.Context, task: Task = None, queue: Queue = None, tag: Tag = None, group: Group = None,
    search: Search = None, scope: Scope = "own", limit: Limit = 50,
) -> None:  # fmt: skip
    """List dead jobs, newest first."""
    sh = shell(context)
    options = given(task=task, queue=queue, tag=tag, group=group, q=search, scope=scope)
    sh.out.rows(sh.client.dlq.list(limit=limit, **options), _LIST)


@dlq.add("groups")
def groups(context: typer.Context, scope: Scope = "own") -> None:
    """Group dead jobs by errors that are alike."""
    sh = shell(context)
    options = given(scope=scope)
    sh.out.rows(sh.client.dlq.groups(**options), _GROUPS)


@dlq.add("redrive")
def redrive(
    context: typer.Context, job: Ids = None, task: Task = None, queue: Queue = None, tag: Tag = None,
    group: Group = None, search: Search = None, scope: Scope = "own", all_: All = False, dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Run dead jobs again."""
    sh = shell(context)
    choice = _choice(job, given(task=task, queue=queue, tag=tag, group=group, q=search), scope, all_)
    _report(sh, sh.client.dlq.redrive_many(**choice, dry_run=dry_run), "redriven")


@dlq.add("delete")
def delete(
    context: typer.Context, job: Ids = None, task: Task = None, queue: Queue = None, tag: Tag = None,
    group: Group = None, search: Search = None, scope: Scope = "own", all_: All = False, dry_run: DryRun = False,
    yes: Yes = False,
) -> None:  # fmt: skip
    """Delete dead jobs for good."""
    sh = shell(context)
    choice = _choice(job, given(task=task, queue=queue, tag=tag, group=group, q=search), scope, all_)
    if not (yes or dry_run):
        _ask(sh.client.dlq.delete_many, choice)
    _report(sh, sh.client.dlq.delete_many(**choice, dry_run=dry_run), "deleted")


def _choice(ids: list[str] | None, conditions: dict[str, Any], scope: str, everything: bool) -> Any:
    """Return which jobs: by id or by conditions. Raises ``UsageError`` for both, and for none without ``--all``."""
    if ids:
        if conditions or everything:
            raise UsageError("give ids or conditions, not both", "JOB")
        return {"ids": ids}
    if not conditions and not everything:
        raise UsageError("give ids, conditions, or --all", "JOB")
    return {"filter": {**conditions, "scope": scope}}


def _ask(delete_many: Callable[..., Action], choice: Any) -> None:
    """Ask a person. Raises ``UsageError`` where there is none, ``typer.Abort`` if the answer is no."""
    if not sys.stdin.isatty():
        raise UsageError("deletes for good: confirm it by --yes", "yes")
    typer.confirm(f"Delete {delete_many(**choice, dry_run=True).matched} jobs for good?", abort=True, err=True)


def _report(sh: Shell, action: Action, verb: str) -> None:
    failed = [{"id": each.id, "error": each.error, "code": each.code} for each in action.failed]
    if action.dry_run:
        sh.out.done(f"{action.matched} jobs match", matched=action.matched, dryRun=True)
        return
    sh.out.done(
        f"{action.changed} of {action.matched} jobs {verb}",
        matched=action.matched, changed=action.changed, failed=failed,
    )  # fmt: skip
    for each in action.failed:
        sh.out.errors.print(plain(f"{each.id}: {each.error}"), markup=False, soft_wrap=True)
    if action.failed:
        raise typer.Exit(ExitCode.NOT_COMPLETED)
