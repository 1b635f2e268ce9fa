"""Random workflows on worker processes that are killed: each node ends once, as the ends of its needs demand."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from functools import partial
from random import Random

import orjson
import pytest

from chalicelib.domain.dependencies import Decision, Need, RunIf, judge
from chalicelib.domain.jobs import Job, JobStatus, NewJob, Outcome
from chalicelib.domain.nodes import MapSpec
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.workflows import NodeSpec, Workflow, WorkflowStatus
from chalicelib.services.workflows import NewWorkflow
from chalicelib.settings import Settings
from tests.audit import audit
from tests.container import Container
from tests.support import wait_until
from tests.timed import ALICE
from tests.worker_processes import ENV, Workers

pytestmark = pytest.mark.integration
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
#: QUEUECRAFT_KILLED_GRAPHS asks for more.
GRAPHS = int(os.environ.get("QUEUECRAFT_KILLED_GRAPHS") or (200 if LONG else 6))
#: Workers killed, each while jobs run, and after others have ended since the last kill: no job is hit each time.
KILLS = max(3, GRAPHS // 8)
ENDED_BETWEEN = 3
AT_ONCE = 2


@pytest.fixture
def settings(env: dict[str, str]) -> Settings:
    env |= ENV | {"WORKER_LINGER_S": "2"}  # between two nodes of a chain
    return Settings.from_env(env)


@pytest.fixture
def workers(settings: Settings, env: dict[str, str]) -> Iterator[Workers]:
    workers = Workers(env, subprocess.DEVNULL)
    yield workers
    workers.stop()


def random_graph(random: Random) -> tuple[NodeSpec, ...]:
    """Return nodes of which some fail, and some are maps over the result of the first one."""
    nodes: list[NodeSpec] = [_node("n0", {"items": random.randint(0, 5)})]
    for n in range(1, random.randint(2, 8)):
        needs = {f"n{each}" for each in random.sample(range(n), random.randint(0, min(n, 3)))}
        over = random.random() < 0.3
        payload = {"fails": True} if random.random() < 0.2 else {}
        spec = MapSpec("n0.result", concurrency=random.choice([None, 2])) if over else None
        needs |= {"n0"} if over else set()
        run_if = random.choice([RunIf.ALL_OK, RunIf.ALL_OK, *RunIf]) if needs else RunIf.ALL_OK
        nodes.append(_node(f"n{n}", payload, *sorted(needs), run_if=run_if, map=spec))
    return tuple(nodes)


def _node(
    name: str, payload: Mapping[str, object], *needs: str, run_if: RunIf = RunIf.ALL_OK, map: MapSpec | None = None
) -> NodeSpec:
    # kills are no failures of the node: it has retries for all of them
    job = NewJob(name, task="node", payload=orjson.dumps(payload).decode(), max_retries=25)
    return NodeSpec(name, job, needs, run_if, map)


def test_random_workflows_on_workers_that_are_killed(
    container: Container, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.maintenance.outbox.OVERDUE_S", 2)
    monkeypatch.setattr("chalicelib.services.maintenance.intents.OVERDUE_MS", 2_000)
    container.catalogue.register([TaskSpec("node", {})])
    random = Random(GRAPHS)
    made = [
        container.workflows.create(ALICE, NewWorkflow(f"graph {n}", random_graph(random)), "trace")[0]
        for n in range(GRAPHS)
    ]
    for n in range(KILLS):
        start_missing(workers)
        wait_until(partial(may_kill, container, n * ENDED_BETWEEN), 120, "further jobs have ended, and others run")
        if not open_jobs(container):
            break
        victim = random.choice([process for process in workers.started if process.poll() is None] or workers.started)
        victim.kill()
        victim.wait(10)
    else:
        assert sum(process.poll() == -9 for process in workers.started) >= KILLS / 2

    def all_ended() -> bool:
        start_missing(workers)
        if open_jobs(container) and is_busy(container):
            return False
        container.sweeper.sweep()
        return not open_jobs(container) and container.db.workflows.count_documents({"open": True}) == 0

    wait_until(all_ended, 120 + 6 * GRAPHS, "all workflows ended")
    workers.stop()
    wait_until(lambda: mended(container), 60, "nothing is left in the outbox")
    for workflow in made:
        verify(container, workflow)
    wait_until(lambda: audit(container) == [], 60, "both stores agree")


def start_missing(workers: Workers) -> None:
    """Start workers in place of those that left or were killed."""
    for _ in range(AT_ONCE - sum(process.poll() is None for process in workers.started)):
        workers.start()


def is_busy(container: Container) -> bool:
    """Return whether a worker runs jobs; the leases of one that was killed expire soon."""
    return any(ends > container.clock.now_ms() for _, ends, _ in container.engine.leases())


def may_kill(container: Container, ended: int) -> bool:
    """Return whether a job runs and so many have ended, or all have."""
    done = container.db.jobs.count_documents({"open": {"$exists": False}}, limit=ended + 1)
    return (done >= ended and is_busy(container)) or not open_jobs(container)


def open_jobs(container: Container) -> int:
    return container.db.jobs.count_documents({"open": True}, limit=1)


def mended(container: Container) -> bool:
    container.sweeper.sweep()
    return container.db.jobs.count_documents({"outbox": {"$exists": True}}, limit=1) == 0


def verify(container: Container, workflow: Workflow) -> None:
    """Check each node by the states of its needs, and that each of its jobs completed at most once."""
    jobs = {node.id: container.job_store.get(workflow.job_id(node.id)) for node in workflow.nodes}
    for node in workflow.nodes:
        job = jobs[node.id]
        needs = [Need(jobs[need].id, jobs[need].status) for need in node.needs]
        skips = bool(needs) and judge(node.run_if, needs).decision is Decision.SKIP
        assert (job.status is JobStatus.SKIPPED) is skips, (job, needs)
        if node.map is not None and not skips:
            verify_map(container, job, node, jobs["n0"])
        elif not skips:
            assert job.status is expected(node), job
            check_once(job)
    failed = any(job.status is JobStatus.DLQ for job in jobs.values())
    now = container.workflow_store.get(workflow.id)
    assert now is not None
    assert now.status is (WorkflowStatus.FAILED if failed else WorkflowStatus.COMPLETED)


def verify_map(container: Container, job: Job, node: NodeSpec, first: Job) -> None:
    """Check that there is a job for each item, and that the map ended as they did."""
    items = len(orjson.loads(first.result or "[]"))
    members = container.batch_store.members(job.id, set(JobStatus), 100)
    assert len(members) == items
    for member in members:
        assert member.status is expected(node), member
        check_once(container.job_store.get(member.id))
    assert job.status is (expected(node) if items else JobStatus.COMPLETED), job


def expected(node: NodeSpec) -> JobStatus:
    return JobStatus.DLQ if "fails" in node.job.payload else JobStatus.COMPLETED


def check_once(job: Job) -> None:
    completed = [attempt.outcome for attempt in job.attempts].count(Outcome.COMPLETED)
    assert completed == (job.status is JobStatus.COMPLETED), job
