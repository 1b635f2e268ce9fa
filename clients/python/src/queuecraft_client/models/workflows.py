"""Workflows as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from queuecraft_client.models._model import Model, OpenEnum, named
from queuecraft_client.models.jobs import JobStatus


class WorkflowStatus(OpenEnum):
    """The state of a workflow."""

    STARTING = "starting"
    RUNNING = "running"
    COMPLETED = "completed"
    #: A job of it failed, or was cancelled by itself.
    FAILED = "failed"
    CANCELLED = "cancelled"


_ENDED: Final = frozenset({WorkflowStatus.COMPLETED, WorkflowStatus.FAILED, WorkflowStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowSummary(Model):
    """A workflow as lists answer it. ``run``: how often it was retried; ``total``: its nodes."""

    id: str = named("_id")
    name: str
    status: WorkflowStatus
    owner_id: str = ""
    tenant_id: str = ""
    run: int = 0
    total: int = 0
    cancel_requested: bool = False
    finished_at: datetime | None = None
    trace_id: str = ""
    created_at: datetime | None = named("con", None)
    modified_at: datetime | None = named("mon", None)

    @property
    def ended(self) -> bool:
        """Whether it has ended, well or badly."""
        return self.status in _ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState(Model):
    """A node. ``status`` is that of its job, ``None`` if the job is not recorded yet, or deleted."""

    id: str
    name: str = ""
    task: str = ""
    status: JobStatus | None = None
    job_id: str = ""
    needs: tuple[str, ...] = ()
    run_if: str = ""
    run: int = 0
    #: Whether it has a job for each item of a list: ``client.jobs.list(batch=node.job_id)``.
    map: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge(Model):
    """The node ``to`` needs the node ``source``."""

    source: str = named("from")
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowDetail(WorkflowSummary):
    """A workflow with its graph."""

    nodes: tuple[NodeState, ...] = ()
    edges: tuple[Edge, ...] = ()

    def node(self, node_id: str) -> NodeState:
        """Return a node. Raises ``KeyError``."""
        for each in self.nodes:
            if each.id == node_id:
                return each
        raise KeyError(node_id)
