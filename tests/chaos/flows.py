"""Dependents, batches and workflows under fire: what was accepted ends as its parts say, with one callback each."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from bson import ObjectId
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.batches import Callback
from chalicelib.domain.dependencies import Decision, Need, RunIf, judge
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import NewJob
from chalicelib.domain.nodes import MapSpec
from chalicelib.domain.workflows import NodeSpec
from chalicelib.errors import QueueCraftError
from chalicelib.services.batches import NewBatch
from chalicelib.services.workflows import NewWorkflow
from tests.chaos.people import CALLER
from tests.container import Container

AWAY = (QueueCraftError, PyMongoError, RedisError)
#: Rounds, each with a chain of dependents, a batch and a workflow.
ROUNDS = 12
MEMBERS = 15
ITEMS = 6
_TICK = threading.Event()


class Flows:
    """Submits from a thread of its own; a call that fails is repeated with its key."""

    def __init__(self, container: Container, rounds: int = ROUNDS) -> None:
        self._container = container
        self._rounds = rounds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._submit, name="flows", daemon=True)
        self.batches: list[str] = []
        self.workflows: list[str] = []
        self.dependents: list[str] = []

    def start(self) -> None:
        """Begin to submit."""
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait until all is submitted; return whether it was."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _submit(self) -> None:
        for n in range(self._rounds):
            self._chain(n)
            self.batches.append(self._insist(partial(self._batch, n)))
            self.workflows.append(self._insist(partial(self._workflow, n)))
            _TICK.wait(0.2)

    def _chain(self, n: int) -> None:
        """Submit jobs of which each waits for the one before; the second fails."""
        needs: tuple[str, ...] = ()
        for m, task in enumerate(("slow", "hopeless", "noop", "noop")):
            run_if = RunIf.ANY_FAILED if m == 2 else RunIf.ALL_OK
            new = NewJob(
                f"chain {n}.{m}", task=task, payload='{"s":0.02}', depends_on=needs, idempotency_key=f"chain-{n}-{m}",
                run_if=run_if,
            )  # fmt: skip
            made = self._insist(partial(self._job, new))
            if needs:
                self.dependents.append(made)
            needs = (made,)

    def _job(self, new: NewJob) -> str:
        return self._container.jobs.submit(CALLER, [new], "flows")[0].job.id

    def _batch(self, n: int) -> str:
        tasks = ["noop", "slow", "hopeless" if n % 3 == 0 else "noop"]
        jobs = [NewJob(f"member {n}.{m}", task=tasks[m % 3], payload='{"s":0.02}') for m in range(MEMBERS)]
        callbacks = {each: JobTemplate(f"{each.value} {n}", "noop") for each in Callback}
        new = NewBatch(f"batch {n}", jobs, callbacks, f"batch-{n}")
        return self._container.batches.create(CALLER, new, "flows")[0].id

    def _workflow(self, n: int) -> str:
        each = orjson.dumps({"s": 0.01, "of": {"$from": "item"}}).decode()
        nodes = [
            NodeSpec("list", NewJob(f"list {n}", task="lists", payload=orjson.dumps({"n": ITEMS}).decode())),
            NodeSpec("each", NewJob(f"each {n}", task="slow", payload=each), ("list",), map=MapSpec("list.result")),
            NodeSpec("all", NewJob(f"all {n}", task="noop", payload='{"r":{"$from":"each.results"}}'), ("each",)),
        ]
        return self._container.workflows.create(CALLER, NewWorkflow(f"flow {n}", nodes, f"flow-{n}"), "flows")[0].id

    def _insist(self, call: Callable[[], str]) -> str:
        while True:
            try:
                return call()
            except AWAY:
                _TICK.wait(0.1)

    def lost(self, container: Container) -> list[str]:
        """Return what did not end as it should have."""
        return [*_batches(container, self.batches), *_workflows(container, self.workflows), *_dependents(container)]


def _batches(container: Container, accepted: list[str]) -> list[str]:
    wrong = []
    for batch_id in accepted:
        batch = container.batch_store.get(batch_id)
        if batch is None or batch.counts is None or batch.is_open:
            wrong.append(f"batch {batch_id} has not ended: {batch}")
            continue
        if sum(batch.counts.values()) != MEMBERS:
            wrong.append(f"batch {batch_id} ended with {batch.counts}")
        due = {batch.callback_id(each) for each in batch.due_callbacks()}
        there, _ = container.job_store.get_many([batch.callback_id(each) for each in Callback])
        if {job.id for job in there} != due:
            wrong.append(f"batch {batch_id} is {batch.status} and has the callbacks {there}")
    return wrong


def _workflows(container: Container, accepted: list[str]) -> list[str]:
    wrong = []
    for workflow_id in accepted:
        workflow = container.workflow_store.get(workflow_id)
        if workflow is None or workflow.finished_at is None:
            wrong.append(f"workflow {workflow_id} has not ended: {workflow}")
            continue
        parts = [found["part"] for found in _jobs(container, {"part.workflow": ObjectId(workflow_id)})]
        # people may have redriven a node, which retries the workflow: then nodes have a job for each of their runs
        nodes = Counter((part["node"], part["run"]) for part in parts if "item" not in part)
        present = {(node.id, workflow.run_of(node.id)) for node in workflow.nodes}
        if set(nodes.values()) != {1} or not present <= nodes.keys():
            wrong.append(f"workflow {workflow_id} is {workflow.status} in run {workflow.run} with the nodes {nodes}")
        items = sum("item" in part and part["run"] == workflow.run_of("each") for part in parts)
        made = container.batch_store.get(workflow.job_id("each"))
        if items not in ({0} if made is None else {0, ITEMS - made.kept}):
            wrong.append(f"workflow {workflow_id} is {workflow.status} with {items} items of {made}")
    return wrong


def _dependents(container: Container) -> list[str]:
    """Return the jobs whose end does not fit those of their needs. People may redrive and cancel needs meanwhile."""
    wrong = []
    states = {str(found["_id"]): found["status"] for found in _jobs(container, {})}
    changed = {str(found["_id"]) for found in _jobs(container, {"redrives": {"$gt": 0}})}
    for job in _jobs(container, {"run_if": {"$exists": True}}):
        ids = [str(need) for need in job["depends_on"]]
        if job["status"] == "cancelled" or changed & {*ids, str(job["_id"])} or not set(ids) <= states.keys():
            continue
        skips = judge(RunIf(job["run_if"]), [Need(each, states[each]) for each in ids]).decision is Decision.SKIP
        if skips != (job["status"] == "skipped"):
            wrong.append(f"{job['_id']} is {job['status']}, its needs are {[states[each] for each in ids]}")
    return wrong


def _jobs(container: Container, match: dict[str, Any]) -> list[dict[str, Any]]:
    fields = {"status": 1, "depends_on": 1, "run_if": 1, "part": 1}
    return list(container.db.jobs.find(match, fields))
