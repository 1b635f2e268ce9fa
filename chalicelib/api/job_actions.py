"""Changing jobs: cancel, retry, delete; one or many."""

from __future__ import annotations

from typing import Any

from chalicelib.api.call import Call
from chalicelib.api.routing import WRITERS, Routes
from chalicelib.api.schemas.job_lists import ActionAnswer, ActOnJobs, FailedAction
from chalicelib.api.schemas.jobs import DoneAnswer, JobAnswer, RetryJob, job_body
from chalicelib.domain.accounts import Scope
from chalicelib.domain.filters import JobFilter
from chalicelib.services.jobs import Action

routes = Routes(__name__, tag="Jobs")


@routes.post("/job/{id}/cancel", answer=JobAnswer, errors={409}, roles=WRITERS)
def cancel_job(call: Call) -> dict[str, Any]:
    """Cancel a job.

    One that waits is cancelled at once; one that runs is asked to stop (`cancelRequested`), within one heartbeat.
    """
    return job_body(call.container.jobs.cancel(call.caller, call.id))


@routes.post("/job/{id}/retry", body=RetryJob, answer=JobAnswer, errors={409}, roles=WRITERS)
def retry_job(call: Call[RetryJob]) -> dict[str, Any]:
    """Run a job again now.

    One in the DLQ begins a new series of attempts, with another payload if given; one that waits between attempts
    does not wait any longer.
    """
    return job_body(call.container.jobs.retry(call.caller, call.id, call.body.payload_text()))


@routes.delete("/job/{id}", answer=DoneAnswer, errors={409}, roles=WRITERS)
def delete_job(call: Call) -> DoneAnswer:
    """Delete a job that has ended."""
    call.container.jobs.delete(call.caller, call.id)
    return DoneAnswer()


@routes.post("/job/actions", body=ActOnJobs, answer=ActionAnswer, roles=WRITERS)
def act_on_jobs(call: Call[ActOnJobs]) -> ActionAnswer:
    """Cancel, retry or delete many jobs, by ids or by filter.

    A filter reaches the oldest 1,000 jobs that match; ask again until `matched` is 0. `dry_run` only counts.
    """
    body = call.body
    wanted, scope = (body.filter.filter(), body.filter.scope) if body.filter else (None, Scope.OWN)
    return act(call, Action(body.action), body.ids, wanted, scope, dry_run=body.dry_run)


def act(
    call: Call[Any],
    action: Action,
    ids: list[str] | None,
    wanted: JobFilter | None,
    scope: Scope,
    *,
    dry_run: bool,
) -> ActionAnswer:
    """Do ``action`` to the jobs ``ids``, or to those that match ``wanted`` in ``scope``."""
    total = len(ids or ())
    if wanted is not None:
        found = call.container.search.matches(call.caller, scope, wanted, only_count=dry_run)
        total, ids = found.total, found.ids
    if dry_run or not ids:
        return ActionAnswer(matched=total, changed=0, failed=[], dry_run=dry_run)
    result = call.container.jobs.act(call.caller, action, ids)
    failed = [FailedAction(id=one.id, error=one.error.message, code=one.error.code) for one in result.failed]
    return ActionAnswer(matched=total, changed=result.changed, failed=failed, dry_run=False)
