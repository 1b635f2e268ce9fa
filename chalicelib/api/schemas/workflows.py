"""Models of workflows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import JobName
from chalicelib.api.schemas.job_lists import ListById, PageAnswer
from chalicelib.api.schemas.submissions import CreateJob, IdempotencyKey, one_key
from chalicelib.domain.clock import Clock
from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.nodes import MAX_ITEMS, MapSpec
from chalicelib.domain.workflows import MAX_NODE_CHARS, MAX_NODES, MAX_PATH_CHARS, NodeSpec, WorkflowStatus
from chalicelib.services.workflows import NewWorkflow

NodeId = Annotated[str, Field(min_length=1, max_length=MAX_NODE_CHARS)]


class MapIn(Input):
    """Makes a job of the node for each item of a list."""

    source: str = Field(alias="from", max_length=MAX_PATH_CHARS, description="Path of the list: `node.result.path`.")
    max: int = Field(MAX_ITEMS, ge=1, le=MAX_ITEMS, description="With more items the node fails.")
    concurrency: int | None = Field(None, ge=1, description="How many of its jobs are released at once; null: all.")

    def spec(self) -> MapSpec:
        """Return the map as services take it."""
        return MapSpec(self.source, self.max, self.concurrency)


class NodeIn(CreateJob):
    """A node: a job with an id, and the nodes whose ends it waits for. ``name``: by default its id.

    In ``payload``, ``{"$from": "node.result.path"}`` stands for a result of a node before it, ``{"$from":
    "node.results"}`` for those of a map in order, ``{"$from": "item"}`` and ``{"$from": "index"}`` in a map.
    """

    id: NodeId
    name: JobName | None = None  # type: ignore[assignment]
    needs: list[NodeId] = Field(default_factory=list)
    map: MapIn | None = None

    @property
    def may_wait(self) -> bool:
        """Whether the node waits for others."""
        return bool(self.needs)

    def node(self, clock: Clock, at: str) -> NodeSpec:
        """Return the node as services take it; ``at`` is the prefix of fields in errors. Raises ``InvalidInput``."""
        self.check_member("Nodes of a workflow", at)
        job = self.model_copy(update={"name": self.name or self.id}).new_job(clock, at=at)
        run_if = self.run_if or RunIf.ALL_OK
        return NodeSpec(self.id, job, tuple(dict.fromkeys(self.needs)), run_if, self.map.spec() if self.map else None)


class CreateWorkflow(Input):
    """A graph of jobs. It is checked whole: cycles, unknown nodes and bad references are refused."""

    name: JobName
    nodes: list[NodeIn] = Field(min_length=1, max_length=MAX_NODES)
    idempotency_key: IdempotencyKey | None = None

    def new_workflow(self, clock: Clock, key_header: str | None = None) -> NewWorkflow:
        """Return the submission as services take it. Raises ``InvalidInput`` or ``TooLarge``."""
        nodes = [node.node(clock, f"nodes.{n}.") for n, node in enumerate(self.nodes)]
        return NewWorkflow(self.name, nodes, one_key(self.idempotency_key, key_header, ""))


class RetryWorkflow(Input):
    """What is to be run again; by default all nodes that did not complete, and those behind them."""

    node: NodeId | None = Field(None, description="This node and all behind it, whatever became of them.")


class ListWorkflows(ListById):
    """Which workflows, from which position."""

    status: WorkflowStatus | None = Field(None, description="Workflows in this state.")


class WorkflowOut(Output):
    """A workflow as lists and events show it. ``run``: how often it was retried; ``total``: its nodes."""

    id: str = Field(alias="_id")
    tenant_id: str = Field(alias="tenantId")
    owner_id: str = Field(alias="ownerId")
    name: str
    status: WorkflowStatus
    run: int
    total: int
    cancel_requested: bool = Field(alias="cancelRequested")
    finished_at: str | None = Field(alias="finishedAt")
    trace_id: str = Field(alias="traceId")
    con: str
    mon: str


class ItemsOut(Output):
    """The jobs of a map by state: ``done`` to ``waiting``, as those of a batch."""

    total: int
    done: int
    failed: int
    cancelled: int
    running: int
    waiting: int


class NodeOut(Output):
    """A node. ``status`` is that of its job ``jobId``, null if the job is not recorded yet, or deleted."""

    id: str
    name: str
    task: str
    status: JobStatus | None
    job_id: str = Field(alias="jobId")
    needs: list[str]
    run_if: RunIf = Field(alias="runIf")
    run: int
    map: bool = Field(description="Whether it has a job for each item of a list: `GET /job?batch={jobId}`.")
    items: ItemsOut | None = Field(description="Jobs of its map; null if it has none, or has not begun.")


class EdgeOut(Output):
    """An edge of the graph: the node ``to`` needs the node ``from``."""

    source: str = Field(alias="from")
    to: str


class WorkflowDetailOut(WorkflowOut):
    """A workflow with its graph."""

    nodes: list[NodeOut]
    edges: list[EdgeOut]


class WorkflowAnswer(Output):
    """One workflow."""

    success: Literal[True] = True
    workflow: WorkflowDetailOut


class WorkflowsAnswer(PageAnswer):
    """Workflows, newest first. ``owners`` and ``tenants`` map ids to names with a wider scope than ``own``."""

    workflows: list[WorkflowOut]
