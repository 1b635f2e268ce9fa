"""Durable jobs in the local stack: they outlive an attempt and a killed worker, and wait without one."""

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

LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
#: How long an attempt may take, and the steps of a job together.
ATTEMPT_S, JOB_S = 20, 90 if LONG else 30
STEP_S = 2
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
    quick = {"LEASE_MS": "3000", "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}
    with LocalStack(project=project, home=folder / "home", env=quick) as running:
        yield running


@pytest.fixture(scope="module")
def api(stack: LocalStack) -> Api:
    return Api.signed_up(stack)


def test_jobs_outlive_an_attempt_and_a_killed_worker(stack: LocalStack, api: Api, tmp_path: Path) -> None:
    count, effects = JOB_S // STEP_S, tmp_path / "effects"
    payload = {"n": count, "s": STEP_S, "file": str(effects)}
    jobs = [api.create(task=task, payload=payload, timeoutS=ATTEMPT_S)["_id"] for task in ("long_sync", "long_async")]
    wait_until(lambda: effects.exists() and "sync 2\n" in effects.read_text(), 120, "some steps have run")
    for pid in stack.lambda_pids("Worker"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for job_id in jobs:
        job = ended(api, job_id, 20 * JOB_S)
        assert job["status"] == "completed", job["error"]
        assert len(job["result"]) == count
        assert len(set(job["result"])) > 1  # several processes
        outcomes = Counter(attempt["outcome"] for attempt in job["attempts"])
        assert outcomes["continued"] >= 1 and outcomes["completed"] == 1, outcomes
        steps = api.call("GET", f"/job/{job_id}/steps?limit=1000")[1]["steps"]
        assert [(step["n"], step["status"]) for step in steps] == [(n + 1, "completed") for n in range(count)]
    repeated = Counter(effects.read_text().splitlines())
    assert len(repeated) == 2 * count
    assert sum(repeated.values()) - len(repeated) <= 4, repeated  # those that were under way


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
