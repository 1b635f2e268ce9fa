"""Workflows as clients see them: in answers and events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import JobStatus, iso
from chalicelib.domain.workflows import Workflow


def workflow_data(workflow: Workflow) -> dict[str, Any]:
    """Return a workflow without its nodes."""
    return {
        "_id": workflow.id,
        "tenantId": workflow.tenant_id,
        "ownerId": workflow.owner_id,
        "name": workflow.name,
        "status": workflow.status.value,
        "run": workflow.run,
        "total": len(workflow.nodes),
        "cancelRequested": workflow.cancel_requested,
        "finishedAt": iso(workflow.finished_at) if workflow.finished_at else None,
        "traceId": workflow.trace_id,
        "con": iso(workflow.created_at),
        "mon": iso(workflow.updated_at),
    }


def workflow_detail(
    workflow: Workflow, states: Mapping[str, JobStatus], maps: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Return a workflow with its nodes and edges.

    ``states``: of the nodes' jobs, by node; ``maps``: how far the jobs of maps are, by the id of the node's job.
    """
    return {
        **workflow_data(workflow),
        "nodes": [
            {
                "id": node.id,
                "name": node.job.name,
                "task": node.job.task,
                "status": states[node.id].value if node.id in states else None,
                "jobId": workflow.job_id(node.id),
                "needs": list(node.needs),
                "runIf": node.run_if.value,
                "run": workflow.run_of(node.id),
                "map": node.map is not None,
                "items": maps.get(workflow.job_id(node.id)),
            }
            for node in workflow.nodes
        ],
        "edges": [{"from": need, "to": node.id} for node in workflow.nodes for need in node.needs],
    }


def updated(workflow: Workflow) -> Event:
    """Return ``workflow:updated`` with the workflow, without its nodes: their jobs have events of their own."""
    data = workflow_data(workflow)
    return Event(EventType.WORKFLOW_UPDATED, workflow.tenant_id, workflow.owner_id, data, workflow.updated_at)
