"""``queuecraft workflows`` and ``queuecraft batches``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from queuecraft_client.cli.exits import UsageError
from queuecraft_client.cli.jobs import LIST as JOBS
from queuecraft_client.cli.output import Column
from queuecraft_client.cli.progress import wait_for_batch, wait_for_workflow
from queuecraft_client.cli.shell import Commands, Limit, Scope, Shell, Timeout, given, json_of, shell
from queuecraft_client.models import WorkflowDetail

_LIST = (
    Column("ID", lambda each: each.id),
    Column("STATUS", lambda each: each.status),
    Column("NAME", lambda each: each.name),
    Column("TOTAL", lambda each: each.total),
    Column("CREATED", lambda each: each.created_at),
    Column("FINISHED", lambda each: each.finished_at),
)
_NODES = (
    Column("NODE", lambda node: node.id),
    Column("STATUS", lambda node: node.status),
    Column("TASK", lambda node: node.task),
    Column("JOB", lambda node: node.job_id),
    Column("NEEDS", lambda node: node.needs),
)
_BATCH = (
    *_LIST[:4],
    Column("DONE", lambda batch: batch.done),
    Column("FAILED", lambda batch: batch.failed),
    Column("CANCELLED", lambda batch: batch.cancelled),
    *_LIST[4:],
)
Id = Annotated[str, typer.Argument()]
Document = Annotated[str, typer.Argument(help="JSON, @file, or - for the standard input.")]
Key = Annotated[str | None, typer.Option(help="Identifies the submission for 24 hours.")]
workflows = Commands("Workflows: graphs of jobs.")
batches = Commands("Batches: jobs that belong together.")


@workflows.add("list")
def list_workflows(context: typer.Context, scope: Scope = "own", limit: Limit = 50) -> None:
    """List workflows, newest first."""
    options = given(scope=scope)
    sh = shell(context)
    sh.out.rows(sh.client.workflows.list(limit=limit, **options), _LIST)


@workflows.add("show")
def show_workflow(context: typer.Context, workflow: Id) -> None:
    """Show a workflow with its nodes."""
    sh = shell(context)
    _show(sh, sh.client.workflows.get(workflow))


@workflows.add("submit")
def submit_workflow(context: typer.Context, document: Document, idempotency_key: Key = None) -> None:
    """Start a workflow: {"name": …, "nodes": [{"id": …, "task": …}, …]}."""
    sh = shell(context)
    found = sh.client.workflows.submit(_object(json_of(document, "document")), idempotency_key=idempotency_key)
    _show(sh, found)


@workflows.add("cancel")
def cancel_workflow(context: typer.Context, workflow: Id) -> None:
    """Cancel the open jobs of a workflow."""
    sh = shell(context)
    _show(sh, sh.client.workflows.cancel(workflow))


@workflows.add("retry")
def retry_workflow(
    context: typer.Context, workflow: Id, node: Annotated[str | None, typer.Option(help="From this node on.")] = None
) -> None:
    """Run again what did not complete."""
    sh = shell(context)
    _show(sh, sh.client.workflows.retry(workflow, node=node))


@workflows.add("wait")
def wait_workflow(context: typer.Context, workflow: Id, timeout: Timeout = 600.0) -> None:
    """Wait until a workflow has completed; exit 1 if it ends otherwise."""
    sh = shell(context)
    _show(sh, wait_for_workflow(sh, workflow, timeout))


@batches.add("list")
def list_batches(context: typer.Context, scope: Scope = "own", limit: Limit = 50) -> None:
    """List batches, newest first."""
    options = given(scope=scope)
    sh = shell(context)
    sh.out.rows(sh.client.batches.list(limit=limit, **options), _BATCH)


@batches.add("show")
def show_batch(context: typer.Context, batch: Id) -> None:
    """Show a batch with its progress."""
    sh = shell(context)
    sh.out.item(sh.client.batches.get(batch), _BATCH)


@batches.add("submit")
def submit_batch(context: typer.Context, document: Document, idempotency_key: Key = None) -> None:
    """Submit a batch: {"name": …, "jobs": [{"task": …}, …], "on_complete"?, "on_success"?}."""
    given_ = _object(json_of(document, "document"))
    jobs = given_.get("jobs")
    if not isinstance(jobs, list) or not all(isinstance(job, dict) and "task" in job for job in jobs):
        raise UsageError("jobs is a list of objects with a task", "jobs")
    callbacks = {name: given_[name] for name in ("on_complete", "on_success") if name in given_}
    sh = shell(context)
    name = str(given_.get("name") or "batch")
    sh.out.item(sh.client.batches.submit(name, jobs, idempotency_key=idempotency_key, **callbacks), _BATCH)


@batches.add("jobs")
def jobs_of_batch(
    context: typer.Context, batch: Id, status: Annotated[list[str] | None, typer.Option()] = None, limit: Limit = 50
) -> None:
    """List the jobs of a batch."""
    options = given(status=status)
    sh = shell(context)
    sh.out.rows(sh.client.batches.jobs(batch, limit=limit, **options), JOBS)


@batches.add("cancel")
def cancel_batch(context: typer.Context, batch: Id) -> None:
    """Cancel the open jobs of a batch."""
    sh = shell(context)
    sh.out.item(sh.client.batches.cancel(batch), _BATCH)


@batches.add("wait")
def wait_batch(context: typer.Context, batch: Id, timeout: Timeout = 600.0) -> None:
    """Wait until all jobs of a batch have completed; exit 1 if one does not."""
    sh = shell(context)
    sh.out.item(wait_for_batch(sh, batch, timeout), _BATCH)


def _show(sh: Shell, workflow: WorkflowDetail) -> None:
    sh.out.item(workflow, _LIST)
    if not sh.out.as_json:
        sh.out.rows(workflow.nodes, _NODES)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError("is not an object", "document")
    return value
