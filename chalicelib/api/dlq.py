"""The dead-letter queue: list, groups, redrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.job_actions import act
from chalicelib.api.jobs import list_page
from chalicelib.api.routing import MAX_LARGE_BODY_BYTES, Routes
from chalicelib.api.schemas.job_lists import (
    ActionAnswer,
    ActOnDead,
    DeadAnswer,
    DlqGroupOut,
    DlqGroupsAnswer,
    ListDead,
    WhoseJobs,
)
from chalicelib.api.schemas.jobs import JobAnswer, job_body
from chalicelib.api.schemas.submissions import RetryJob
from chalicelib.domain.jobs import JobStatus, iso
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.services.job_actions import Action

if TYPE_CHECKING:
    from chalicelib.store.job_search import DlqGroup

routes = Routes(__name__, tag="Dead-letter queue")
_DEAD: Final = frozenset({JobStatus.DLQ})


@routes.get("/dlq", query=ListDead, answer=DeadAnswer, scope=KeyScope.JOBS_READ)
def list_dlq(call: Call[Nothing, ListDead]) -> dict[str, Any]:
    """List jobs in the DLQ, newest first.

    Works like `GET /job`, and filters by a `group` of `GET /dlq/groups`. `q` also searches type and message of the
    error, `finishedFrom` and `finishedTo` are bounds of the time at which a job entered the DLQ, and `sort=-finished`
    sorts by it.
    """
    page = list_page(call, call.query.filter().among(_DEAD))
    return {**page, "comments": call.container.comments.of_jobs([job["_id"] for job in page["jobs"]])}


@routes.get("/dlq/groups", query=WhoseJobs, answer=DlqGroupsAnswer, scope=KeyScope.JOBS_READ)
def list_dlq_groups(call: Call[Nothing, WhoseJobs]) -> DlqGroupsAnswer:
    """Group jobs in the DLQ by their errors.

    Errors of one type whose messages differ only in numbers, ids and quoted values form one group.
    """
    found = call.container.dlq.groups(call.principal, call.query.whose())
    tenant = call.query.tenant or call.principal.tenant_id
    comments = call.container.comments.of_groups(tenant, [each.group for each in found])
    return DlqGroupsAnswer(groups=[_group(each, comments.get(each.group, 0)) for each in found])


@routes.post(
    "/dlq/{id}/redrive",
    body=RetryJob,
    max_body_bytes=MAX_LARGE_BODY_BYTES,
    answer=JobAnswer,
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.DLQ_WRITE,
    audit=Audited("job.redrive", auditing.job),
)
def redrive_job(call: Call[RetryJob]) -> dict[str, Any]:
    """Run a job of the DLQ again, optionally with another payload.

    For a node of a workflow, the workflow is retried from that node; the answer is the node's new job.
    """
    return job_body(call.container.jobs.redrive(call.principal, call.id, call.body.payload_text()))


@routes.post(
    "/dlq/redrive",
    body=ActOnDead,
    answer=ActionAnswer,
    needs=Permission.WRITE_OWN,
    scope=KeyScope.DLQ_WRITE,
    audit=Audited("jobs.redrive", summary=auditing.of_many),
)
def redrive_jobs(call: Call[ActOnDead]) -> ActionAnswer:
    """Run many jobs of the DLQ again, by ids, filter or group.

    A filter or group selects the oldest 1,000 jobs that match. Call again with `nextAfter` as `after` until it is
    null. `dryRun` only counts.
    """
    return act(call, Action.REDRIVE, call.body.narrowing())


@routes.post(
    "/dlq/delete",
    body=ActOnDead,
    answer=ActionAnswer,
    needs=Permission.WRITE_OWN,
    scope=KeyScope.DLQ_WRITE,
    audit=Audited("jobs.delete", summary=auditing.of_many),
)
def delete_dead_jobs(call: Call[ActOnDead]) -> ActionAnswer:
    """Delete many jobs of the DLQ, by ids, filter or group, selected as in `POST /dlq/redrive`.

    Jobs named by id that are not in the DLQ are refused.
    """
    return act(call, Action.DELETE_DEAD, call.body.narrowing())


def _group(found: DlqGroup, comments: int) -> DlqGroupOut:
    error = found.sample.error
    return DlqGroupOut(
        group=found.group,
        type=error.type if error else "",
        message=error.message if error else "",
        count=found.count,
        last_at=iso(found.last_at) if found.last_at else None,
        tasks=found.tasks,
        sample_id=found.sample.id,
        comments=comments,
    )
