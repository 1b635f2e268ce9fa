"""Tasks of the system: operations on all jobs that match a filter. What to do is in the operation's record."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.jobs import MAX_TIMEOUT_S
from chalicelib.domain.operations import MAX_JOBS, OperationKind
from chalicelib.errors import Forbidden, NotFound
from chalicelib.services.bulk import Reached
from worker_fn import DoNotRetry, Snooze, TaskContext, task
from worker_fn import container as composition

#: The most that is shown before an operation has ended: its total may have grown.
_NEARLY = 99.0
#: Jobs of a step whose refusal is in the log.
_FAILURES_LOGGED = 20
#: With less time than this, another attempt continues.
_HAND_OVER_S = 60.0


@task(OperationKind.EXPORT.task, retries=3, timeout_s=MAX_TIMEOUT_S)
def export(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Write the jobs that match into a file in S3."""
    parts = composition.get_container()
    try:
        operation, _, seen = parts.operation_runs.begin(ctx.job_id, to_change=False)
    except (NotFound, Forbidden) as error:
        raise DoNotRetry(error.message) from error

    def on_page(count: int) -> None:
        ctx.progress(_percent(count, operation.matched), _jobs(count))

    written = parts.exports.write(operation, seen, on_page)
    outcome = {"jobs": written.jobs, "bytes": written.size, "truncated": written.truncated}
    parts.operation_runs.end(operation, outcome)
    return outcome


@task(OperationKind.CANCEL.task, retries=5, timeout_s=MAX_TIMEOUT_S)
def bulk(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Cancel, retry, redrive, delete or replay the jobs that match, at the pace that was asked for."""
    parts = composition.get_container()
    try:
        operation, owner, seen = parts.operation_runs.begin(ctx.job_id, to_change=True)
    except (NotFound, Forbidden) as error:
        raise DoNotRetry(error.message) from error
    reached, more = Reached.of(operation), True
    while more:
        ctx.progress(_percent(reached.done, operation.matched), _jobs(reached.done))
        step = parts.bulk_work.step(operation, owner, seen, reached)
        reached, more = step.reached, step.more
        for failed in step.failed[:_FAILURES_LOGGED]:
            ctx.log(f"{failed.id}: {failed.error.message}", level="warning")
        if step.wait_s > 0:
            raise Snooze(step.wait_s)
        if more and ctx.remaining_s < _HAND_OVER_S:
            raise Snooze(0)
    outcome = {"changed": reached.changed, "failed": reached.failed, "truncated": reached.done >= MAX_JOBS}
    parts.operation_runs.end(operation, outcome)
    return outcome


def _jobs(count: int) -> str:
    return "1 job" if count == 1 else f"{count:,} jobs"


def _percent(count: int, matched: int | None) -> float:
    return min(_NEARLY, 100 * count / matched) if matched else 0.0
