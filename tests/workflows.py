"""Workflows through a queue that is worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus, NewJob, Outcome
from chalicelib.domain.lifecycle import AttemptResult, ended
from chalicelib.domain.nodes import MapSpec
from chalicelib.domain.workflows import NodeSpec, Workflow, WorkflowStatus
from chalicelib.queue.engine import Settlement
from chalicelib.services.workflows import NewWorkflow
from tests.jobs import an_error
from tests.timed import ALICE, Timed


def node(name: str, *needs: str, payload: Any = None, run_if: RunIf = RunIf.ALL_OK, **fields: Any) -> NodeSpec:
    map_ = fields.pop("map", None)
    job = NewJob(name, payload=orjson.dumps(payload or {}).decode(), max_retries=0, **fields)
    return NodeSpec(name, job, needs, run_if, map_)


def start(timed: Timed, *nodes: NodeSpec, key: str | None = None) -> Workflow:
    return timed.container.workflows.create(ALICE, NewWorkflow("a workflow", nodes, key), "trace")[0]


def states(timed: Timed, workflow: Workflow) -> dict[str, str]:
    now = timed.container.workflow_store.get(workflow.id)
    assert now is not None
    return {name: status.value for name, status in timed.container.workflow_work.states(now).items()}


def status(timed: Timed, workflow: Workflow) -> WorkflowStatus:
    now = timed.container.workflow_store.get(workflow.id)
    assert now is not None
    return now.status


Results = Callable[[Job], Any]


def end(timed: Timed, running: Job, result: Any) -> None:
    """End a running job with a result, or an error."""
    failed = isinstance(result, Exception)
    outcome = Outcome.FAILED if failed else Outcome.COMPLETED
    text = None if failed else orjson.dumps(result).decode()
    report = AttemptResult(outcome, timed.clock.now(), result=text, error=an_error() if failed else None)
    after = ended(running, report, progress=None, base_s=1, random=0.5)
    (written,) = timed.container.job_store.advance([(running.rev, after)])
    assert written is not None
    assert running.lease is not None
    timed.container.engine.settle([Settlement(written, running.lease.token, moved(written, JobStatus.RUNNING))])
    timed.container.dispatcher.dispatch([written])


def run(timed: Timed, results: Results = lambda job: None) -> list[str]:
    """Run all that may run to its end; return the names in order."""
    names = []
    while running := timed.start():
        for job in running:
            names.append(job.name)
            end(timed, job, results(job))
    return names


def payload(job: Job) -> Any:
    return orjson.loads(job.payload or "null")


def a_map(timed: Timed, **spec: Any) -> Workflow:
    given = {"item": {"$from": "item"}, "n": {"$from": "index"}, "of": {"$from": "a.result.of"}}
    return start(
        timed,
        node("a"),
        node("each", "a", payload=given, map=MapSpec("a.result.list", **spec)),
        node("sum", "each", payload={"all": {"$from": "each.results"}}),
    )
