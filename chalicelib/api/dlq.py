"""The dead-letter queue: list, groups, redrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api.call import Call, Nothing
from chalicelib.api.job_actions import act
from chalicelib.api.jobs import list_page
from chalicelib.api.routing import WRITERS, Routes
from chalicelib.api.schemas.job_lists import (
    ActionAnswer,
    DlqGroupOut,
    DlqGroupsAnswer,
    InScope,
    JobsAnswer,
    ListDead,
    RedriveJobs,
)
from chalicelib.api.schemas.jobs import JobAnswer, RetryJob, job_body
from chalicelib.domain.jobs import iso
from chalicelib.services.jobs import Action

if TYPE_CHECKING:
    from chalicelib.store.job_search import DlqGroup

routes = Routes(__name__, tag="Dead-letter queue")


@routes.get("/dlq", query=ListDead, answer=JobsAnswer)
def list_dlq(call: Call[Nothing, ListDead]) -> dict[str, Any]:
    """List jobs that gave up, newest first.

    Like `GET /job`, and by `group` of `GET /dlq/groups`; `status` is of no use here.
    """
    return list_page(call, call.query.filter())


@routes.get("/dlq/groups", query=InScope, answer=DlqGroupsAnswer)
def list_dlq_groups(call: Call[Nothing, InScope]) -> DlqGroupsAnswer:
    """Group jobs that gave up by what went wrong.

    Errors of one type whose messages differ only in numbers, ids and quoted values form one group.
    """
    return DlqGroupsAnswer(groups=[_group(found) for found in call.container.dlq.groups(call.caller, call.query.scope)])


@routes.post("/dlq/{id}/redrive", body=RetryJob, answer=JobAnswer, errors={409}, roles=WRITERS)
def redrive_job(call: Call[RetryJob]) -> dict[str, Any]:
    """Run a job of the DLQ again, with another payload if given."""
    return job_body(call.container.jobs.redrive(call.caller, call.id, call.body.payload_text()))


@routes.post("/dlq/redrive", body=RedriveJobs, answer=ActionAnswer, roles=WRITERS)
def redrive_jobs(call: Call[RedriveJobs]) -> ActionAnswer:
    """Run many jobs of the DLQ again, by ids, filter or group.

    A filter or group reaches the oldest 1,000 jobs that match; ask again until `matched` is 0. `dry_run` only counts.
    """
    body, chosen = call.body, call.body.narrowing()
    wanted = None if body.ids else chosen.filter()
    return act(call, Action.REDRIVE, body.ids, wanted, chosen.scope, dry_run=body.dry_run)


def _group(found: DlqGroup) -> DlqGroupOut:
    error = found.sample.error
    return DlqGroupOut(
        group=found.group,
        type=error.type if error else "",
        message=error.message if error else "",
        count=found.count,
        last_at=iso(found.last_at) if found.last_at else None,
        tasks=found.tasks,
        sample_id=found.sample.id,
    )
