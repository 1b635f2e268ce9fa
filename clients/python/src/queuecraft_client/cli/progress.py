"""Waits with a progress bar on the standard error, if that is a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from queuecraft_client.cli.output import plain
from queuecraft_client.cli.shell import Shell
from queuecraft_client.errors import ConnectionFailed, RateLimited, ServerError
from queuecraft_client.models import Batch, JobDetail, Operation, WorkflowDetail

_LOOK_S: Final = 1.0
E = TypeVar("E", JobDetail, Batch, WorkflowDetail, Operation)
#: What is waited for, as a sentence and the part of it that is done, 0 to 1; ``None`` if that is unknown.
_Shown = tuple[str, float | None]


def wait_for_job(sh: Shell, job_id: str, timeout: float) -> JobDetail:
    """Return a job once it has completed; as ``client.jobs.wait``."""

    def shown(job: JobDetail) -> _Shown:
        progress = job.progress
        return f"{job.name} {job.status} {progress.message if progress else ''}", (
            progress.percent / 100 if progress else None
        )

    _show(sh, lambda: sh.client.jobs.get(job_id), shown, timeout)
    return sh.client.jobs.wait(job_id, timeout=timeout)


def wait_for_batch(sh: Shell, batch_id: str, timeout: float) -> Batch:
    """Return a batch once it has completed; as ``client.batches.wait``."""

    def shown(batch: Batch) -> _Shown:
        ended = batch.done + batch.failed + batch.cancelled
        return f"{batch.name} {ended} of {batch.total}", ended / batch.total if batch.total else None

    _show(sh, lambda: sh.client.batches.get(batch_id), shown, timeout)
    return sh.client.batches.wait(batch_id, timeout=timeout)


def wait_for_workflow(sh: Shell, workflow_id: str, timeout: float) -> WorkflowDetail:
    """Return a workflow once it has completed; as ``client.workflows.wait``."""

    def shown(workflow: WorkflowDetail) -> _Shown:
        ended = sum(node.status in _ENDED for node in workflow.nodes)
        return f"{workflow.name} {ended} of {workflow.total} nodes", ended / max(1, len(workflow.nodes))

    _show(sh, lambda: sh.client.workflows.get(workflow_id), shown, timeout)
    return sh.client.workflows.wait(workflow_id, timeout=timeout)


def wait_for_operation(sh: Shell, operation_id: str, timeout: float) -> Operation:
    """Return an operation once it has completed; as ``client.operations.wait``."""

    def shown(operation: Operation) -> _Shown:
        progress = operation.progress
        return f"{operation.name} {progress.message if progress else operation.status}", (
            progress.percent / 100 if progress else None
        )

    _show(sh, lambda: sh.client.operations.get(operation_id), shown, timeout)
    return sh.client.operations.wait(operation_id, timeout=timeout)


_ENDED: Final = frozenset({"completed", "dlq", "cancelled", "skipped"})


def _show(sh: Shell, look: Callable[[], E], shown: Callable[[E], _Shown], timeout: float) -> None:
    """Show progress until the end or the time-out; nothing if nobody looks."""
    if sh.out.as_json or not sh.out.errors.is_terminal:
        return
    ends = time.monotonic() + timeout
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=sh.out.errors, transient=True) as bar:
        row = bar.add_task("", total=None)
        while time.monotonic() < ends:
            try:
                found = look()
            except (ConnectionFailed, ServerError, RateLimited):
                time.sleep(_LOOK_S)
                continue
            text, part = shown(found)
            bar.update(row, description=plain(text), total=None if part is None else 1.0, completed=part or 0.0)
            if found.ended:
                return
            time.sleep(_LOOK_S)
