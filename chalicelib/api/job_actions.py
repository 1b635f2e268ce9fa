"""Changing jobs: cancel, retry, delete; one or many."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call
from chalicelib.api.routing import MAX_LARGE_BODY_BYTES, Routes
from chalicelib.api.schemas.job_lists import MAX_ACTED_ON, ActionAnswer, ActOnJobs, Chosen, FailedAction, Narrowing
from chalicelib.api.schemas.jobs import DoneAnswer, JobAnswer, job_body
from chalicelib.api.schemas.submissions import RetryJob
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.services.job_actions import Action

routes = Routes(__name__, tag="Jobs")
#: How cancellations and replays are recorded, over HTTP and the WebSocket.
CANCEL: Final = Audited("job.cancel", auditing.job)
REPLAY: Final = Audited("job.replay", auditing.job, summary=auditing.of_replay)
ChosenBody = TypeVar("ChosenBody", bound=Chosen)


@routes.post(
    "/job/{id}/cancel",
    answer=JobAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=CANCEL,
)
def cancel_job(call: Call) -> dict[str, Any]:
    """Cancel a job.

    A waiting job is cancelled at once. A running one is asked to stop (`cancelRequested`); its worker sees that
    within one heartbeat.
    """
    return job_body(call.container.jobs.cancel(call.principal, call.id))


@routes.post(
    "/job/{id}/retry",
    body=RetryJob,
    max_body_bytes=MAX_LARGE_BODY_BYTES,
    answer=JobAnswer,
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("job.retry", auditing.job),
)
def retry_job(call: Call[RetryJob]) -> dict[str, Any]:
    """Run a job again now.

    A job in the DLQ starts a new series of attempts, optionally with another payload. A job that waits between
    attempts becomes pending at once. A durable job keeps the steps that it recorded, unless it gets another payload;
    with `fromStep` it keeps those that began before the first step of this name. For a node of a workflow, the workflow
    is retried from that node; the answer is the node's new job.
    """
    return job_body(call.container.jobs.retry(call.principal, call.id, call.body.payload_text(), call.body.from_step))


@routes.delete(
    "/job/{id}",
    answer=DoneAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("job.delete", auditing.job),
)
def delete_job(call: Call) -> DoneAnswer:
    """Delete a job that has ended."""
    call.container.jobs.delete(call.principal, call.id)
    return DoneAnswer()


@routes.post(
    "/job/actions",
    body=ActOnJobs,
    answer=ActionAnswer,
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("jobs.act", summary=auditing.of_many),
)
def act_on_jobs(call: Call[ActOnJobs]) -> ActionAnswer:
    """Cancel, retry or delete many jobs, by ids or by filter.

    A filter selects the oldest 1,000 jobs that match and are in a state that the action can change; `matched` counts
    only such jobs. Call again with `nextAfter` as `after` until it is null. `dryRun` only counts.
    """
    return act(call, Action(call.body.action), call.body.filter)


def act(call: Call[ChosenBody], action: Action, narrowing: Narrowing | None) -> ActionAnswer:
    """Apply ``action`` to the jobs that the body names by ids, or to those that match ``narrowing``."""
    body = call.body
    ids, total = body.ids or [], len(body.ids or ())
    if narrowing is not None:
        found = call.container.search.matches(
            call.principal, narrowing.whose(), narrowing.filter(), action, only_count=body.dry_run, after=body.after
        )
        total, ids = found.total, found.ids
    if body.dry_run or not ids:
        return ActionAnswer(matched=total, changed=0, failed=[], dry_run=body.dry_run, next_after=None)
    result = call.container.jobs.act(call.principal, action, ids)
    failed = [FailedAction.of(one) for one in result.failed]
    further = ids[-1] if narrowing is not None and len(ids) == MAX_ACTED_ON else None
    return ActionAnswer(matched=total, changed=result.changed, failed=failed, dry_run=False, next_after=further)
