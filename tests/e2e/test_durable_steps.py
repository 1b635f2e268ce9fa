"""Durable jobs in the local stack: they outlive their function and a killed worker, and wait without one."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from infra.local.testing import LocalStack
from tests.e2e.clients import Api, project_with
from tests.e2e.test_pools import ended
from tests.support import wait_until

pytestmark = pytest.mark.e2e

#: With QUEUECRAFT_STEPS, a job of 90 s on a function of 20 s.
FULL = "QUEUECRAFT_STEPS" in os.environ
#: The time limits of the worker function and of an attempt, and how long a job's steps take together.
FUNCTION_S, ATTEMPT_S, JOB_S = (20, 17, 90) if FULL else (8, 5, 16)
STEP_S = 1
TASKS = '''
import asyncio, os, time
from worker_fn import task

def effect(file, name):
    """Have an effect, then take a while: a crash in between leaves it without a record."""
    with open(file, "a") as out:
        out.write(name + "\\n")

@task("long_sync", retries=3, timeout_s=300)
def long_sync(ctx, payload):
    def work(n):
        effect(payload["file"], f"sync {n}")
        time.sleep(payload["s"])
        return os.getpid()
    return [ctx.step("work", work, n) for n in range(payload["n"])]

@task("long_async", retries=3, timeout_s=300)
async def long_async(ctx, payload):
    async def work(n):
        effect(payload["file"], f"async {n}")
        await asyncio.sleep(payload["s"])
        return os.getpid()
    return [await ctx.step("work", work, n) for n in range(payload["n"])]

@task("asks", timeout_s=60)
async def asks(ctx, payload):
    url = ctx.callback_url("approval")
    await ctx.step("publish", effect, payload["file"], url)
    return [await ctx.wait_for_event("approval"), await ctx.wait_for_event("approval", 2)]
'''


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack with the tasks."""
    folder = tmp_path_factory.mktemp("durable")
    project = project_with(folder / "project", TASKS)
    template = project / "infra" / "aws" / "template.yaml"
    before, limit, after = template.read_text().partition("\n      Timeout: 900\n")  # the worker's comes first
    assert before.count("\n  Worker:\n") == 1 and limit and "ReservedConcurrentExecutions" not in before
    template.write_text(f"{before}\n      Timeout: {FUNCTION_S}\n{after}")
    quick = {"LEASE_MS": "3000", "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}
    with LocalStack(project=project, home=folder / "home", env=quick) as running:
        yield running


@pytest.fixture(scope="module")
def api(stack: LocalStack) -> Api:
    return Api.signed_up(stack)


def test_a_job_outlives_its_function(stack: LocalStack, api: Api, tmp_path: Path) -> None:
    limits = {each["name"]: each["limits"] for each in stack.run()["services"] if "limits" in each}
    assert limits["Worker"]["timeoutS"] == FUNCTION_S
    count, effects = JOB_S // STEP_S, tmp_path / "effects"
    payload = {"n": count, "s": STEP_S, "file": str(effects)}
    jobs = [api.create(task=task, payload=payload, timeoutS=ATTEMPT_S)["_id"] for task in ("long_sync", "long_async")]
    for job_id in jobs:
        job = ended(api, job_id, 20 * JOB_S)
        assert job["status"] == "completed", job["error"]
        assert len(job["result"]) == count
        outcomes = Counter(attempt["outcome"] for attempt in job["attempts"])
        assert outcomes["continued"] >= JOB_S // FUNCTION_S and outcomes["completed"] == 1, outcomes
        steps = api.call("GET", f"/job/{job_id}/steps?limit=1000")[1]["steps"]
        assert [(step["n"], step["status"]) for step in steps] == [(n + 1, "completed") for n in range(count)]
    repeated = Counter(effects.read_text().splitlines())
    assert len(repeated) == 2 * count
    ran_out = sum(repeated.values()) - len(repeated)
    assert ran_out <= 4, repeated  # steps that a busy machine kept from their end until the function was over


def test_a_job_outlives_a_killed_worker(stack: LocalStack, api: Api, tmp_path: Path) -> None:
    effects = tmp_path / "effects"
    payload = {"n": 4, "s": STEP_S, "file": str(effects)}
    jobs = [api.create(task=task, payload=payload, timeoutS=ATTEMPT_S)["_id"] for task in ("long_sync", "long_async")]
    wait_until(lambda: effects.exists() and "sync 1\n" in effects.read_text(), 120, "some steps have run")
    for pid in stack.lambda_pids("Worker"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def are_lost() -> bool:
        """Other work brings a worker, which finds the leases that have expired, before the tick of the minute does."""
        ended(api, api.create(task="simulated")["_id"], 120)
        return any(api.job(job_id)["attempts"][0]["outcome"] == "lost" for job_id in jobs)

    wait_until(are_lost, 120, "the killed attempts are found")
    for job_id in jobs:
        job = ended(api, job_id, 120)
        assert (job["status"], len(job["result"])) == ("completed", 4), job["error"]
    repeated = Counter(effects.read_text().splitlines())
    assert len(repeated) == 8
    assert sum(repeated.values()) - len(repeated) <= 2, repeated  # those that were under way


def test_a_job_waits_for_an_event_and_a_callback(stack: LocalStack, api: Api, tmp_path: Path) -> None:
    published = tmp_path / "url"
    job_id = api.create(task="asks", payload={"file": str(published)})["_id"]
    wait_until(lambda: api.job(job_id)["status"] == "waiting", 120, "the job waits")
    assert api.job(job_id)["waitsFor"] == ["event:approval"]
    path = published.read_text().strip().partition("/callbacks/")[2]
    assert api.call("POST", f"/callbacks/{path}", {"by": "ada"})[0] == 200
    assert api.call("POST", f"/callbacks/{path}", {"by": "eve"})[0] == 409
    job = ended(api, job_id, 120)
    assert (job["status"], job["result"]) == ("completed", [{"by": "ada"}, None]), job["error"]
