"""Limits on a whole stack: real tasks count those that run beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from infra.local.testing import LocalStack
from tests.e2e.clients import Api, Judge, project_with
from tests.support import wait_until

pytestmark = pytest.mark.e2e

#: Tasks count in files who runs beside them, over all workers.
TASKS = '''
import time
from pathlib import Path

from worker_fn import Limit, task

ACCOUNT = Limit("account", per="payload.account_id", concurrency=1, total=3)
PRINTER = Limit("printer", concurrency=1)


@task("send", limits=[ACCOUNT])
def send(ctx, payload):
    """Return the names of all that run now: of this account, and of all."""
    return counted(ctx, payload, payload["account_id"])


@task("print", limits=[PRINTER])
def print_(ctx, payload):
    """As `send`, of all."""
    return counted(ctx, payload, "printer")


def counted(ctx, payload, group):
    folder = Path(payload["folder"])
    mine = folder / f"{group}.{ctx.job_id}"
    mine.touch()
    try:
        most = []
        for _ in range(10):
            time.sleep(payload.get("seconds", 0.2) / 10)
            running = [path.name.partition(".")[0] for path in folder.iterdir()]
            most.append((running.count(group), len(running)))
        return {"group": max(most)[0], "all": max(all_ for _, all_ in most)}
    finally:
        mine.unlink()
'''
ENV = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "SIGN_UPS_PER_HOUR": "0",
    "JOB_CONCURRENCY": "4",
    "JOB_FLEET_CONCURRENCY": "12",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    project = project_with(tmp_path_factory.mktemp("project"), TASKS)
    with LocalStack(env=ENV, project=project) as running:
        yield running


@pytest.fixture
def judge(stack: LocalStack) -> Iterator[Judge]:
    judge = Judge(stack)
    yield judge
    judge.close()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("running"))


def limit(api: Api, name: str = "printer") -> Any:
    status, body = api.call("GET", f"/limits/{name}")
    assert status == 200, body
    return body["limit"]


def results(api: Api, ids: list[str]) -> list[dict[str, int]]:
    return [api.job(job_id)["result"] for job_id in ids]


def wait_completed(judge: Judge, ids: list[str]) -> None:
    wait_until(lambda: judge.all_ended(ids), 120, "all jobs to be completed")


def test_one_at_a_time_for_each_key_and_three_together(stack: LocalStack, judge: Judge, folder: str) -> None:
    api = Api.signed_up(stack)
    ids = [
        job_id
        for account in ("a", "b", "c", "d")
        for job_id in api.create_many(6, task="send", payload={"account_id": account, "folder": folder})
    ]
    wait_completed(judge, ids)
    found = results(api, ids)
    assert max(each["group"] for each in found) == 1
    assert 2 <= max(each["all"] for each in found) <= 3
    assert (limit(api, "account")["held"], limit(api, "account")["waiting"]) == (0, 0)


def test_a_raised_limit_lets_more_run(stack: LocalStack, judge: Judge, folder: str) -> None:
    api = Api.signed_up(stack)
    long = api.create_many(4, task="print", payload={"folder": folder, "seconds": 5})
    wait_until(lambda: judge.states(long)["running"] == 1, 30, "the first job to run")
    waiting = next(job_id for job_id in long if api.job(job_id)["status"] == "pending")
    [block] = api.job(waiting)["blockedBy"]
    assert (block["limit"], block["why"], block["held"], block["of"]) == ("printer", "full", 1, 1)
    assert (limit(api)["held"], limit(api)["waiting"]) == (1, 3)

    status, body = api.call("PUT", "/limits/printer", {"concurrency": 3})
    assert (status, body["limit"]["concurrency"]) == (200, 3)
    wait_until(lambda: judge.states(long)["running"] >= 2, 60, "waiting jobs to run")
    wait_completed(judge, long)
    assert 2 <= max(each["group"] for each in results(api, long)) <= 3


def test_a_paused_limit_runs_nothing_until_resumed(stack: LocalStack, judge: Judge, folder: str) -> None:
    api, other = Api.signed_up(stack), Api.signed_up(stack)
    assert api.call("POST", "/limits/printer/pause")[0] == 200
    held = api.create_many(3, task="print", payload={"folder": folder})
    # what others submit later runs meanwhile
    wait_completed(judge, other.create_many(2, task="print", payload={"folder": folder}))
    assert judge.states(held)["pending"] == 3
    assert [block["why"] for block in api.job(held[0])["blockedBy"]] == ["paused"]
    assert api.call("POST", "/limits/printer/resume")[0] == 200
    wait_completed(judge, held)


def test_limits_outlive_an_emptied_redis(stack: LocalStack, judge: Judge, folder: str) -> None:
    api = Api.signed_up(stack)
    api.call("PUT", "/limits/printer", {"concurrency": 2})
    ids = api.create_many(12, task="print", payload={"folder": folder, "seconds": 0.5})
    wait_until(lambda: judge.states(ids)["completed"] >= 3, 60, "some jobs to be completed")
    with redis.Redis.from_url(stack.redis_url) as client:
        client.flushall()

    def ended() -> bool:
        api.call("GET", "/job/stats")  # somebody looks at the dashboard
        return judge.all_ended(ids)

    wait_until(ended, 120, "all jobs to be completed")
    assert max(each["group"] for each in results(api, ids)) <= 2
    assert limit(api)["concurrency"] == 2


def test_limit_keys_replace_those_of_the_payload(stack: LocalStack, judge: Judge, folder: str) -> None:
    api = Api.signed_up(stack)
    payload = {"account_id": "x", "folder": folder}
    job = api.create(task="send", payload=payload, limitKeys={"account": "42"})
    assert job["limits"] == ["account", "account:42"]
    wait_completed(judge, [job["_id"]])
    status, body = api.call("POST", "/job/create", {"name": "x", "task": "send", "payload": {"folder": folder}})
    assert (status, body["field"]) == (400, "payload.account_id")
