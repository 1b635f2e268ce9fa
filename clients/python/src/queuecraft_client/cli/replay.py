"""``queuecraft replay --local``: runs a job of the server once more, here, in the project of this folder."""

from __future__ import annotations

import importlib
import pdb
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from queuecraft_client.cli.exits import ExitCode, UsageError
from queuecraft_client.cli.output import plain
from queuecraft_client.cli.shell import JobId, shell


def replay(
    context: typer.Context,
    job: JobId,
    local: Annotated[bool, typer.Option("--local", help="Here, by the code of this folder; needed.")] = False,
    debug: Annotated[bool, typer.Option("--pdb", help="Open the debugger where the task fails.")] = False,
    project: Annotated[Path, typer.Option(help="The folder with worker_fn.")] = Path(),
) -> None:
    """Run a job again on this machine, with its payload and recorded steps; the server is not changed.

    The code between steps, and steps that were not recorded, really run: in a task without steps, all of it. Exit 1 if
    the task fails.
    """
    if not local:
        raise UsageError("say --local: it runs here; 'jobs replay' and 'dlq redrive' run it on the server", "local")
    queue = _queue(project)
    sh = shell(context)
    found = sh.client.jobs.get(job)
    steps = [step.raw for step in sh.client.jobs.steps(job, results=True)]
    try:
        ran = queue.restore(found.raw, steps)
    except Exception as error:
        raise UsageError(str(error), getattr(error, "field", None)) from error
    queue.drain_one(ran)
    record = ran.record
    sh.out.done(
        f"{ran.id} {_ended(ran)}", _id=ran.id, status=ran.status, outcome=record.attempts[-1].outcome, logs=ran.logs,
        result=ran.result if ran.status == "completed" else None,
        error={"type": record.error.type, "message": record.error.message} if record.error else None,
    )  # fmt: skip
    failed = record.attempts[-1].error is not None
    if failed and not sh.out.as_json:
        sh.out.errors.print(record.error.traceback or "", markup=False, highlight=False, soft_wrap=True)
    if failed and debug and ran.exception is not None:
        pdb.post_mortem(ran.exception.__traceback__)
    queue.close()
    if failed:
        raise typer.Exit(ExitCode.NOT_COMPLETED)


def _ended(ran: Any) -> str:
    """Return how the attempt ended, as a sentence."""
    record = ran.record
    if ran.status == "completed":
        return plain(f"completed: {record.result}")
    if record.attempts[-1].error is not None:
        return plain(f"failed: {record.error.type}: {record.error.message}")
    waits = ", ".join(record.waits_for) or f"{record.ready_at:%Y-%m-%d %H:%M:%S} UTC"
    return plain(f"{record.attempts[-1].outcome}: goes on at {waits}")


def _queue(project: Path) -> Any:
    """Return a queue in memory with the tasks of a project. Raises ``UsageError`` if it is none."""
    sys.path.insert(0, str(project.resolve()))
    try:
        harness = importlib.import_module("queuecraft_testing")
        loading = importlib.import_module("worker_fn.registration.loading")
        modules = loading.TaskModules(importlib.import_module("worker_fn.tasks"))
        failures = modules.load(own="tasks" if (project / "queuecraft.toml").is_file() else "")
    except ImportError as error:
        why = f"{project.resolve()} is no project of QueueCraft with its requirements: {error}"
        raise UsageError(why, "project") from error
    for failure in failures:
        sys.stderr.write(plain(f"queuecraft: {failure.module} is left out: {failure.reason}") + "\n")
    return harness.QueueCraft()
