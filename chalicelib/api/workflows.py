"""Workflows: submit, list, get, cancel, retry."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing, Reply
from chalicelib.api.listing import page_body, page_for
from chalicelib.api.routing import MAX_LARGE_BODY_BYTES, Routes
from chalicelib.api.schemas.workflows import (
    CreateWorkflow,
    ListWorkflows,
    RetryWorkflow,
    WorkflowAnswer,
    WorkflowsAnswer,
)
from chalicelib.domain.principals import KeyScope, Permission
from chalicelib.domain.workflows import Workflow
from chalicelib.services.batch_data import progress_data
from chalicelib.services.workflow_data import workflow_data, workflow_detail
from chalicelib.services.workflows import States

if TYPE_CHECKING:
    from chalicelib.api.container import ApiContainer

routes = Routes(__name__, tag="Workflows")


@routes.post(
    "/workflows",
    body=CreateWorkflow,
    answer=WorkflowAnswer,
    status=201,
    also={200: WorkflowAnswer},
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    max_body_bytes=MAX_LARGE_BODY_BYTES,
    scope=KeyScope.JOBS_WRITE,
)
def create_workflow(call: Call[CreateWorkflow]) -> Reply:
    """Start a workflow: a graph of jobs that use each other's results.

    The document is checked whole; errors name the node. Each node counts as one attempt against the rate limit. With an
    idempotency key (field or header), the call may be repeated for 24 hours.
    """
    container = call.container
    new = call.body.new_workflow(container.clock, call.headers.get("idempotency-key"))
    new = replace(new, traceparent=call.traceparent)
    workflow, created = container.workflows.create(call.principal, new, call.trace_id)
    container.api_metrics.submitted(len(workflow.nodes) if created else 0)
    shown = container.workflows.get(call.principal, workflow.id)
    return Reply(_body(container, *shown), status=201 if created else 200)


@routes.get("/workflows", query=ListWorkflows, answer=WorkflowsAnswer, scope=KeyScope.JOBS_READ)
def list_workflows(call: Call[Nothing, ListWorkflows]) -> dict[str, Any]:
    """List workflows, newest first.

    Lists the caller's workflows unless `scope` is wider. Pages as the list of jobs does.
    """
    page = page_for(call, partial(call.container.workflows.page, status=call.query.status))
    return page_body(call, page, "workflows", [workflow_data(workflow) for workflow in page.items])


@routes.get("/workflows/{id}", answer=WorkflowAnswer, scope=KeyScope.JOBS_READ)
def get_workflow(call: Call) -> dict[str, Any]:
    """Get a workflow with its nodes and edges."""
    return _body(call.container, *call.container.workflows.get(call.principal, call.id))


@routes.post(
    "/workflows/{id}/cancel",
    answer=WorkflowAnswer,
    errors={409},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("workflow.cancel", auditing.workflow),
)
def cancel_workflow(call: Call) -> dict[str, Any]:
    """Cancel a workflow: its open jobs, and those that it would make.

    Running ones are asked to stop.
    """
    return _body(call.container, *call.container.workflows.cancel(call.principal, call.id))


@routes.post(
    "/workflows/{id}/retry",
    body=RetryWorkflow,
    answer=WorkflowAnswer,
    errors={409, 429},
    needs=Permission.WRITE_OWN,
    scope=KeyScope.JOBS_WRITE,
    audit=Audited("workflow.retry", auditing.workflow),
)
def retry_workflow(call: Call[RetryWorkflow]) -> dict[str, Any]:
    """Run a workflow again that has ended, except for what completed.

    Nodes that did not complete, and all behind them, get new jobs; the jobs of the others stay, with their results, and
    so do the items of a map that completed. Each new job of a node counts as an attempt of the workflow's owner.
    """
    return _body(call.container, *call.container.workflows.retry(call.principal, call.id, call.body.node))


def _body(container: ApiContainer, workflow: Workflow, states: States) -> dict[str, Any]:
    found = container.batches.of_maps([workflow.job_id(node.id) for node in workflow.nodes if node.map is not None])
    maps = {job_id: progress_data(batch, counts) for job_id, (batch, counts) in found.items()}
    return {"success": True, "workflow": workflow_detail(workflow, states, maps)}
