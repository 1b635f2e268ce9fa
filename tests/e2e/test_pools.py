"""Pools in the local stack: a task of one runs in a process of its own, with its own limits, whatever another does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.deployed.pools import FILE
from infra.local.testing import LocalStack
from tests.e2e.clients import Api, project_with
from tests.support import wait_until

pytestmark = pytest.mark.e2e

HOLD = '''
import os, time
from worker_fn import task

@task("hold", retries=0, timeout_s=300)
def hold(ctx, payload):
    """Occupy the slot until the file exists."""
    while not os.path.exists(payload["until"]):
        ctx.raise_if_cancelled()
        time.sleep(0.05)
    return {"pid": os.getpid(), "pool": ctx.settings.pool}
'''
HEAVY = '''
import os
from worker_fn import task

@task("where", retries=0, timeout_s=200)
def where(ctx, payload):
    """Say which process runs this, and for how long it may."""
    return {"pid": os.getpid(), "pool": ctx.settings.pool, "remaining": ctx.remaining_s}

@task("hog", retries=0, timeout_s=60)
def hog(ctx, payload):
    """Take more memory than the pool has."""
    block = bytearray(os.urandom(1_048_576)) * 700
    while True:
        ctx.progress(len(block) % 100)
'''
MEMORY_MB, TIMEOUT_S = 400, 300


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack with one slot in `default`, and the pool `heavy`."""
    folder = tmp_path_factory.mktemp("pools")
    project = project_with(folder / "project", HOLD)
    (project / "worker_fn" / "tasks" / "weighty.py").write_text(HEAVY)
    heavy = {"modules": ["weighty"], "memory_mb": MEMORY_MB, "timeout_s": TIMEOUT_S, "concurrency": 1, "fleet": 1}
    (project / FILE).write_text(json.dumps({"heavy": heavy}))
    slots = {"JOB_CONCURRENCY": "1", "JOB_FLEET_CONCURRENCY": "1"}
    quick = {"LEASE_MS": "3000", "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}
    with LocalStack(project=project, home=folder / "home", env={**slots, **quick}) as running:
        yield running


@pytest.fixture(scope="module")
def api(stack: LocalStack) -> Api:
    return Api.signed_up(stack)


@pytest.fixture
def held(api: Api, tmp_path: Path) -> Iterator[str]:
    """A job that occupies the only slot of `default`."""
    until = tmp_path / "until"
    job = api.create(task="hold", payload={"until": str(until)})["_id"]
    wait_until(lambda: api.job(job)["status"] == "running", 40, "the slot is taken")
    yield job
    until.touch()
    assert ended(api, job)["status"] == "completed"


def ended(api: Api, job: str, timeout_s: float = 60) -> dict[str, Any]:
    """The job, once it has ended."""

    def found() -> dict[str, Any] | None:
        now = api.job(job)
        return now if now["status"] in {"completed", "dlq", "cancelled"} else None

    result = wait_until(found, timeout_s, "the job has ended")
    assert result is not None
    return result


def test_a_task_of_a_pool_runs_while_default_is_busy(stack: LocalStack, api: Api, held: str) -> None:
    before = stack.lambda_pids("Worker")
    # When a job of the other pool, and one more of the default pool, are submitted
    behind = api.create(name="behind", task="simulated")["_id"]
    job = ended(api, api.create(task="where", timeoutS=840)["_id"])
    # Then only the first runs, in a process of that pool, within its time limit
    assert job["status"] == "completed", job["error"]
    assert (job["pool"], job["result"]["pool"]) == ("heavy", "heavy")
    assert job["result"]["pid"] in stack.lambda_pids("HeavyWorker")
    assert job["result"]["pid"] not in before
    assert 0 < job["result"]["remaining"] <= TIMEOUT_S
    assert api.job(held)["status"] == "running"
    assert api.job(behind)["status"] == "pending"
    assert api.call("POST", f"/job/{behind}/cancel")[0] == 200


def test_workers_and_tasks_say_their_pool(stack: LocalStack, api: Api, held: str) -> None:
    ended(api, api.create(task="where")["_id"])
    wait_until(lambda: {each["pool"] for each in api.call("GET", "/workers")[1]["workers"]} >= {"default"}, 20)
    pools = {task["name"]: task["pool"] for task in api.call("GET", "/tasks")[1]["tasks"]}
    assert (pools["where"], pools["hog"], pools["hold"]) == ("heavy", "heavy", "default")


def test_the_limits_of_each_pool_are_listed(stack: LocalStack) -> None:
    limits = {each["name"]: each["limits"] for each in stack.run()["services"] if "limits" in each}
    assert limits["HeavyWorker"] == {"memoryMb": MEMORY_MB, "timeoutS": TIMEOUT_S, "concurrency": 2}
    assert (limits["Worker"]["memoryMb"], limits["Worker"]["timeoutS"]) == (512, 900)
    assert f"pools      default (512 MB, 900 s), heavy ({MEMORY_MB} MB, {TIMEOUT_S} s)" in stack.output


def test_a_task_above_the_memory_of_its_pool_harms_no_other_pool(stack: LocalStack, api: Api, held: str) -> None:
    job = ended(api, api.create(task="hog")["_id"], 90)
    assert job["status"] == "dlq"
    # A busy machine may end the process before the start is written: that attempt burns no retry.
    assert {attempt["outcome"] for attempt in job["attempts"]} == {"lost"}
    assert len(job["attempts"]) <= 2
    assert api.job(held)["status"] == "running"
    log = stack.service("HeavyWorker").log
    assert log is not None
    assert f"Memory Size: {MEMORY_MB} MB" in log.read_text()
    # and the pool goes on
    assert ended(api, api.create(task="where")["_id"])["result"]["pool"] == "heavy"
