"""Tasks of the system: operations on all jobs that match a filter. What to do is in the operation's record."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.jobs import MAX_TIMEOUT_S
from chalicelib.domain.operations import OperationKind
from chalicelib.errors import Forbidden, NotFound
from worker_fn import DoNotRetry, TaskContext, task
from worker_fn import container as composition

#: The most that is shown before an operation has ended: its total may have grown.
_NEARLY = 99.0


@task(OperationKind.EXPORT.task, retries=3, timeout_s=MAX_TIMEOUT_S)
def export(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Write the jobs that match into a file in S3."""
    parts = composition.get_container()
    try:
        operation, _, seen = parts.operation_runs.begin(ctx.job_id, to_change=False)
    except (NotFound, Forbidden) as error:
        raise DoNotRetry(error.message) from error

    def on_page(count: int) -> None:
        ctx.progress(_percent(count, operation.matched), f"{count:,} jobs")

    written = parts.exports.write(operation, seen, on_page)
    outcome = {"jobs": written.jobs, "bytes": written.size, "truncated": written.truncated}
    parts.operation_runs.end(operation, outcome)
    return outcome


def _percent(count: int, matched: int | None) -> float:
    return min(_NEARLY, 100 * count / matched) if matched else 0.0
