"""Whole stacks that lose a process or their data while jobs run, over sockets.

Every accepted job is completed once, and none stays open.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from infra.local.testing import LocalStack
from tests.e2e.clients import Api, Judge, project_with
from tests.support import wait_until

pytestmark = pytest.mark.e2e

TASKS = '''
import os

from worker_fn import task


@task("poison", retries=2)
def poison(ctx, payload):
    """Kill the worker that runs it."""
    os._exit(9)
'''
FAST = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "SIMULATED_JOB_S": "0.4",
    "LEASE_MS": "2000",
    "HEARTBEAT_MS": "500",
    "RETRY_BACKOFF_BASE_S": "0.2",
    "SIGN_UPS_PER_HOUR": "0",
}
JOBS = 40


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    project = project_with(tmp_path_factory.mktemp("project"), TASKS)
    with LocalStack(env=FAST, project=project) as running:
        yield running


@pytest.fixture
def judge(stack: LocalStack) -> Iterator[Judge]:
    judge = Judge(stack)
    yield judge
    judge.close()


def _in_the_middle(judge: Judge, ids: list[str]) -> None:
    wait_until(lambda: judge.states(ids)["completed"] >= 5, 30, "some jobs to be completed")
    assert judge.states(ids)["completed"] < len(ids)


def _all_completed_once(api: Api, judge: Judge, ids: list[str]) -> None:
    def ended() -> bool:
        api.call("GET", "/job/stats")  # somebody looks at the dashboard
        return judge.all_ended(ids)

    wait_until(ended, 45, "all jobs to be completed")
    completions = judge.completions()
    assert [job_id for job_id in ids if completions[job_id] != 1] == []


def test_killed_worker(stack: LocalStack, judge: Judge) -> None:
    api = Api.signed_up(stack)
    ids = api.create_many(JOBS)
    _in_the_middle(judge, ids)

    for pid in stack.lambda_pids("Worker"):
        os.kill(pid, signal.SIGKILL)

    _all_completed_once(api, judge, ids)


def test_killed_valkey(stack: LocalStack, judge: Judge) -> None:
    api = Api.signed_up(stack)
    ids = api.create_many(JOBS)
    _in_the_middle(judge, ids)
    before = stack.service("valkey").pid

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: stack.service("valkey").pid not in {0, before}, 10, "the supervisor to restart Valkey")
    _all_completed_once(api, judge, ids)


def test_emptied_valkey(stack: LocalStack, judge: Judge) -> None:
    api = Api.signed_up(stack)
    ids = api.create_many(JOBS)
    _in_the_middle(judge, ids)

    with redis.Redis.from_url(stack.redis_url) as client:
        client.flushall()

    _all_completed_once(api, judge, ids)


def test_killed_mongodb(stack: LocalStack, judge: Judge) -> None:
    api = Api.signed_up(stack)
    ids = api.create_many(JOBS)
    _in_the_middle(judge, ids)
    before = stack.service("mongodb").pid

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: stack.service("mongodb").pid not in {0, before}, 20, "the supervisor to restart MongoDB")
    _all_completed_once(api, judge, ids)


def test_a_task_that_kills_its_worker_ends_in_the_dlq(stack: LocalStack, judge: Judge) -> None:
    api = Api.signed_up(stack)
    poison = api.create("poison", task="poison")["_id"]
    bystanders = api.create_many(10)

    wait_until(lambda: api.job(poison)["status"] == "dlq", 60, "the poison job to be given up")
    _all_completed_once(api, judge, bystanders)
    assert api.job(poison)["error"]["type"] == "WorkerLost"


def test_parallel_creates_stop_at_the_active_limit() -> None:
    env = {"RATE_LIMIT_MAX_REQUESTS": "0", "SIMULATED_JOB_S": "30"}
    with LocalStack(env=env) as stack:
        api = Api.signed_up(stack)
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda n: api.call("POST", "/job/create", {"name": f"job {n}"}), range(20)))

        created = [body for status, body in answers if status == 201]
        refused = [body for status, body in answers if status == 429]
        assert (len(created), len(refused)) == (5, 15)
        assert {body["error"] for body in refused} == {"Rate limit exceeded. Maximum 5 active jobs allowed."}
        assert all(body["success"] is False and body["traceId"] for body in refused)
        _, jobs = api.call("GET", "/job?status=pending,running")
        assert len(jobs["jobs"]) == 5
        _, metrics = api.call("GET", "/metrics")
        assert metrics["metrics"]["rate_limit:hits"] == 15


def test_the_eleventh_attempt_in_a_minute_is_refused() -> None:
    with LocalStack(env={"MAX_ACTIVE_JOBS_PER_USER": "2", "SIMULATED_JOB_S": "30"}) as stack:
        api, other = Api.signed_up(stack), Api.signed_up(stack)
        # the attempts that the other limit refuses count too
        statuses = [api.call("POST", "/job/create", {"name": "x"})[0] for _ in range(10)]
        assert statuses == [201] * 2 + [429] * 8

        status, body = api.call("POST", "/job/create", {"name": "x"})

        assert status == 429
        seconds = body["retryAfter"]
        assert 1 <= seconds <= 60
        expected = {
            "success": False,
            "error": "Rate limit exceeded",
            "message": f"Maximum 10 job creation attempts per minute. Try again in {seconds} seconds.",
            "retryAfter": seconds,
        }
        assert expected.items() <= body.items()
        assert other.call("POST", "/job/create", {"name": "x"})[0] == 201


def test_accepted_jobs_are_run_by_the_next_stack(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with LocalStack(env=FAST, home=home) as stack:
        api = Api.signed_up(stack)
        job = api.create("kept")["_id"]
        wait_until(lambda: api.job(job)["status"] == "completed", 20)
        token = api.token
    with LocalStack(env=FAST, home=home) as stack:
        assert Api(stack, token).job(job)["status"] == "completed"
