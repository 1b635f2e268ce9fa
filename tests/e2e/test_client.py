"""The Python client on a whole stack: jobs, lost WebSockets and answers, batches, workflows, schedules."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.testing import ROOT, LocalStack
from queuecraft_client import (
    INDEX,
    ITEM,
    AsyncClient,
    BadRequest,
    BatchNotCompleted,
    Client,
    Conflict,
    JobCancelled,
    JobFailed,
    JobSkipped,
    NotFound,
    Unauthorized,
    WaitTimeout,
    Workflow,
    WorkflowNotCompleted,
    _events,
)
from queuecraft_client.cli.app import run as command_line
from tests.chaos.proxy import Proxy
from tests.e2e.clients import Api
from tests.support import wait_until

pytestmark = pytest.mark.e2e

FAST = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "SIMULATED_JOB_S": "0.05",
    "RETRY_BACKOFF_BASE_S": "0.05",
    "SIGN_UPS_PER_HOUR": "0",
    "LOG_IN_ATTEMPTS_PER_MINUTE": "0",
}
WAIT_S = 120


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    running = LocalStack(env=FAST, home=tmp_path_factory.mktemp("stack")).start(timeout_s=120)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def account(stack: LocalStack) -> dict[str, str]:
    """A new user of a new tenant."""
    email = f"u{uuid.uuid4().hex[:10]}@example.com"
    made = {"email": email, "password": "correct horse battery"}
    status, body = Api(stack).call("POST", "/user/create", {"username": "Ada", **made})
    assert status == 200, body
    return made


@pytest.fixture
def client(stack: LocalStack, account: dict[str, str]) -> Iterator[Client]:
    with Client(stack.api_url, **account) as made:  # type: ignore[arg-type]
        yield made


def test_a_job_is_submitted_and_waited_for(client: Client) -> None:
    job = client.jobs.submit("simulated", {"page": 3}, name="Monthly report", tags=["report"])
    done = client.wait(job, timeout=WAIT_S)
    assert done.result["payload"] == {"page": 3}
    assert done.attempts[-1].outcome == "completed"
    assert [each.id for each in client.jobs.list(tag="report")] == [job.id]
    lines = wait_until(lambda: list(client.jobs.logs(job)), 30, "the log")
    assert [line.message for line in lines] == ["simulating 0.05 s of work"]
    assert client.jobs.stats().completed >= 1
    client.jobs.delete(job)
    with pytest.raises(NotFound):
        client.jobs.get(job)


def test_an_event_tells_of_the_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_events, "_LOOK_S", 2.0 * WAIT_S)  # no look without an event
    client.queues.pause("held")
    job = client.jobs.submit("simulated", queue="held")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(client.wait, job, timeout=WAIT_S)
        with pytest.raises(WaitTimeout) as late:
            client.wait(job, timeout=0.5)
        client.queues.resume("held")
        assert waiting.result(WAIT_S).ended
    assert late.value.last.status == "pending"


def test_a_wait_goes_on_when_its_websocket_is_lost(
    stack: LocalStack, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_events, "_LOOK_S", 2.0 * WAIT_S)
    proxy = Proxy("events", stack.ws_port)
    events = f"ws://127.0.0.1:{proxy.port}"
    with Client(stack.api_url, **account, ws_url=events) as client, ThreadPoolExecutor() as pool:  # type: ignore[arg-type]
        client.queues.pause("lost")
        job = client.jobs.submit("simulated", queue="lost")
        waiting = pool.submit(client.wait, job, timeout=WAIT_S)
        wait_until(lambda: proxy.cut() and proxy.accepted >= 3, 60, "the third connection, which is cut too")
        client.queues.resume("lost")
        assert waiting.result(WAIT_S).status == "completed"
    proxy.close()


def test_a_submission_whose_answer_is_lost_makes_one_job(stack: LocalStack, account: dict[str, str]) -> None:
    proxy = Proxy("API", stack.port)
    with (
        Client(stack.api_url, **account) as other,  # type: ignore[arg-type]
        Client(f"http://127.0.0.1:{proxy.port}", **account, timeout=2, retries=8) as client,  # type: ignore[arg-type]
        ThreadPoolExecutor() as pool,
    ):
        client.jobs.stats()  # logged in
        proxy.stall("answers")
        submitting = pool.submit(client.jobs.submit, "simulated", tags=["once"])
        wait_until(lambda: list(other.jobs.list(tag="once")), 30, "the job")
        proxy.cut()
        proxy.flow()
        job = submitting.result(WAIT_S)
        assert [each.id for each in other.jobs.list(tag="once")] == [job.id]
    proxy.close()


def test_work_gets_done_over_connections_that_are_cut(stack: LocalStack, account: dict[str, str]) -> None:
    api, events = Proxy("API", stack.port), Proxy("events", stack.ws_port)
    urls = {"url": f"http://127.0.0.1:{api.port}", "ws_url": f"ws://127.0.0.1:{events.port}"}
    cuts = 0

    def cut(after_s: float) -> None:
        nonlocal cuts
        time.sleep(after_s)
        cuts += api.cut() + events.cut()

    with Client(**urls, **account, timeout=30, retries=20) as client, ThreadPoolExecutor() as pool:  # type: ignore[arg-type]
        jobs, done = [], []
        for n in range(12):  # at other moments of each call, but once a call, so that a slow machine gets on
            pool.submit(cut, n * 0.005)
            jobs.append(client.jobs.submit("simulated", {"n": n}, tags=["cut"]))
        for n, job in enumerate(jobs):
            pool.submit(cut, n * 0.02)
            done.append(client.wait(job, timeout=WAIT_S))
        listed = [each.id for each in client.jobs.list(tag="cut")]
    assert [each.result["payload"]["n"] for each in done] == list(range(12))
    assert sorted(listed) == sorted(each.id for each in jobs)
    assert cuts > 0
    api.close()
    events.close()


def test_other_ends_are_errors(client: Client) -> None:
    failing = client.jobs.submit("simulated", name="will fail", max_retries=1)
    behind = client.jobs.submit("simulated", depends_on=[failing])
    with pytest.raises(JobFailed, match="SimulatedFailure") as failed:
        client.wait(failing, timeout=WAIT_S)
    assert len(failed.value.job.attempts) == 2
    with pytest.raises(JobSkipped):
        client.wait(behind, timeout=WAIT_S)

    client.queues.pause("stopped")
    job = client.jobs.submit("simulated", queue="stopped")
    client.jobs.cancel(job)
    with pytest.raises(JobCancelled):
        client.wait(job, timeout=WAIT_S)
    client.queues.resume("stopped")


def test_refusals_are_typed(client: Client, stack: LocalStack) -> None:
    with pytest.raises(BadRequest) as refused:
        client.jobs.submit("simulated", priority=11)
    assert refused.value.field == "priority"
    with pytest.raises(BadRequest) as deep:
        client.jobs.submit_many([{"task": "simulated"}, {"task": "simulated", "priority": 11}])
    assert deep.value.field == "jobs.1.priority"
    client.jobs.submit("simulated", idempotency_key="the-key")
    with pytest.raises(Conflict) as other:
        client.jobs.submit("simulated", name="another", idempotency_key="the-key")
    assert other.value.code == "idempotency_mismatch"
    wrong: list[dict[str, Any]] = [{"email": "nobody@example.com", "password": "wrong horse"}, {"token": "nonsense"}]
    for credentials in wrong:
        with Client(stack.api_url, **credentials) as nobody, pytest.raises(Unauthorized):
            nobody.jobs.stats()


def test_a_session_that_was_ended_is_begun_anew(client: Client, stack: LocalStack) -> None:
    client.jobs.stats()
    token = client._core._session._token
    assert Api(stack, str(token)).call("POST", "/logout")[0] == 200
    assert client.jobs.stats().total >= 0
    assert client._core._session._token != token


def test_dead_jobs_are_redriven(client: Client) -> None:
    jobs = client.jobs.submit_many(
        [{"task": "simulated", "name": f"fail {n}", "tags": ["dead"], "max_retries": 0} for n in range(3)]
    )
    for job in jobs.ids:
        with pytest.raises(JobFailed):
            client.wait(job, timeout=WAIT_S)
    assert len(list(client.dlq.list(tag="dead"))) == 3
    assert client.dlq.redrive_many(filter={"tag": "dead"}, dry_run=True).matched == 3
    assert any(group.count >= 3 for group in client.dlq.groups())
    assert client.dlq.redrive_many(filter={"tag": "dead"}).changed == 3
    for job in jobs.ids:
        with pytest.raises(JobFailed) as again:
            client.wait(job, timeout=WAIT_S)
        assert again.value.job.redrives == 1


def test_a_batch_is_waited_for(client: Client) -> None:
    batch = client.batches.submit(
        "import",
        [{"task": "simulated", "payload": {"n": n}} for n in range(25)],
        on_success={"task": "simulated", "name": "report"},
    )
    done = client.batches.wait(batch, timeout=WAIT_S)
    assert (done.done, done.total) == (25, 25)
    assert len(list(client.batches.jobs(batch))) == 25
    report = wait_until(lambda: list(client.jobs.list(q=str(done.on_success))), 30, "the callback")
    assert client.wait(report[0], timeout=WAIT_S).name == "report"

    bad = client.batches.submit("bad", [{"task": "simulated", "name": "fail", "max_retries": 0}, {"task": "simulated"}])
    with pytest.raises(BatchNotCompleted, match="1 of 2 jobs completed, 1 failed"):
        client.batches.wait(bad, timeout=WAIT_S)


def test_a_workflow_is_waited_for(client: Client) -> None:
    flow = Workflow("report")
    files = flow.node("files", "simulated", {"list": ["a", "b", "c"]})
    sizes = flow.node("sizes", "simulated", {"file": ITEM, "n": INDEX}, map=files.result["payload"]["list"])
    total = flow.node("total", "simulated", {"sizes": sizes.results, "first": files.result["payload"]["list"][0]})
    done = client.workflows.wait(client.workflows.submit(flow), timeout=WAIT_S)
    assert {node.id: node.status for node in done.nodes} == dict.fromkeys(["files", "sizes", "total"], "completed")
    payload = client.workflows.job(done, total).result["payload"]
    assert payload["first"] == "a"
    assert [each["payload"] for each in payload["sizes"]] == [{"file": each, "n": n} for n, each in enumerate("abc")]


def test_a_workflow_that_failed_is_retried_from_there(client: Client) -> None:
    flow = Workflow("fails")
    first = flow.node("first", "simulated")
    broken = flow.node("broken", "simulated", name="this will fail", needs=[first], max_retries=0)
    flow.node("rescue", "simulated", needs=[broken], run_if="any_failed")
    started = client.workflows.submit(flow)
    with pytest.raises(WorkflowNotCompleted, match=r"broken \(dlq\)") as failed:
        client.workflows.wait(started, timeout=WAIT_S)
    assert failed.value.workflow.node("rescue").status == "completed"
    again = client.workflows.retry(started)
    assert again.node("first").run == 0
    assert again.node("broken").run == 1


def test_a_schedule_is_put_run_and_paused(client: Client) -> None:
    client.schedules.put("nightly", "simulated", {"x": 1}, cron="0 3 * * *", tz="Europe/Berlin", job_name="Night")
    run = client.schedules.run("nightly")
    assert run.job_id is not None
    assert client.wait(run.job_id, timeout=WAIT_S).name == "Night"
    assert [each.job_id for each in client.schedules.runs("nightly")] == [run.job_id]
    assert client.schedules.pause("nightly").state == "paused"
    assert client.schedules.resume("nightly").next
    assert [each.name for each in client.schedules.list()] == ["nightly"]
    start = datetime(2030, 1, 1, tzinfo=UTC)
    first, second, *_ = client.schedules.preview(every_s=60, start=start).next
    assert start < first == second - timedelta(seconds=60)
    client.schedules.delete("nightly")
    with pytest.raises(NotFound):
        client.schedules.get("nightly")


def test_limits_and_queues_are_changed(client: Client) -> None:
    assert client.limits.change("simulated_account", concurrency=2).concurrency == 2
    assert client.limits.pause("simulated_account").paused
    assert not client.limits.reset("simulated_account").paused
    assert client.limits.get("simulated_account").name in {each.name for each in client.limits.list()}
    client.queues.set_strict("urgent", True)
    assert {each.name: each.strict for each in client.queues.list()}["urgent"]


def test_the_command_line(
    client: Client, stack: LocalStack, monkeypatch: pytest.MonkeyPatch, capsys: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "httpx2")  # which the API's log prints if another test of this process made one
    client.jobs.stats()
    monkeypatch.setenv("QUEUECRAFT_URL", stack.api_url)
    monkeypatch.setenv("QUEUECRAFT_API_KEY", str(client._core._session._token))

    def said(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
        assert command_line([*arguments, "--json"]) == code, capsys.readouterr().err
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    [done] = said("jobs", "submit", "simulated", '{"n": 1}', "--tag", "cli", "--wait", f"--timeout={WAIT_S}")
    assert done["result"]["payload"] == {"n": 1}
    assert [each["_id"] for each in said("jobs", "list", "--tag", "cli")] == [done["_id"]]
    [failing] = said("jobs", "submit", "simulated", "--name", "will fail", "--max-retries", "0", "--tag", "cli")
    said("jobs", "wait", failing["_id"], f"--timeout={WAIT_S}", code=1)
    assert "SimulatedFailure" in said("explain", failing["_id"])[0]["reasons"][0]["why"]
    assert said("dlq", "redrive", "--tag", "cli")[0]["changed"] == 1
    said("queues", "pause", "cli")
    [held] = said("jobs", "submit", "simulated", "--queue", "cli")
    assert said("explain", held["_id"])[0]["reasons"][0]["command"] == "queuecraft queues resume cli"
    said("jobs", "wait", held["_id"], "--timeout=0.2", code=8)
    said("jobs", "show", "0" * 24, code=4)


def test_tail_prints_events_as_they_happen(client: Client, stack: LocalStack) -> None:
    client.jobs.stats()
    environ = {**os.environ, "QUEUECRAFT_URL": stack.api_url, "QUEUECRAFT_API_KEY": str(client._core._session._token)}
    environ["PYTHONPATH"] = str(ROOT / "clients" / "python" / "src")
    arguments = [sys.executable, "-m", "queuecraft_client.cli", "tail", "--type", "job:created", "--json"]
    with (
        ThreadPoolExecutor() as pool,
        subprocess.Popen(arguments, env=environ, stdout=subprocess.PIPE, text=True) as tail,
    ):
        try:
            assert tail.stdout is not None
            first = pool.submit(tail.stdout.readline)
            wait_until(lambda: client.jobs.submit("simulated", name="tailed") and first.done(), WAIT_S, "an event")
            event = json.loads(first.result())
        finally:
            tail.terminate()
    assert (event["type"], event["data"]["name"]) == ("job:created", "tailed")


def test_a_stream_is_resumed_where_it_was_cut(stack: LocalStack, account: dict[str, str]) -> None:
    proxy = Proxy("events", stack.ws_port)
    seen: list[str] = []
    events = f"ws://127.0.0.1:{proxy.port}"
    with Client(stack.api_url, **account, ws_url=events) as client, ThreadPoolExecutor() as pool:  # type: ignore[arg-type]

        def follow(last: str) -> None:
            for event in client.stream(timeout=WAIT_S):
                if event.type == "job:created":
                    seen.append(event.data["_id"])
                    if event.data["name"] == last:
                        return

        following = pool.submit(follow, "the last")
        wait_until(lambda: client.jobs.submit("simulated") and seen, 30, "the stream")
        proxy.stall()
        missed = [client.jobs.submit("simulated").id for _ in range(3)]
        proxy.cut()
        proxy.flow()
        last = client.jobs.submit("simulated", name="the last")
        following.result(WAIT_S)
    proxy.close()
    first = seen.index(missed[0])
    assert seen[first:] == [*missed, last.id]


def test_the_asynchronous_client_waits_for_many_at_once(stack: LocalStack, account: dict[str, str]) -> None:
    async def scenario() -> list[Any]:
        async with AsyncClient(stack.api_url, **account) as client:  # type: ignore[arg-type]
            jobs = [await client.jobs.submit("simulated", {"n": n}) for n in range(20)]
            done = await asyncio.gather(*(client.wait(job, timeout=WAIT_S) for job in jobs))
            assert {each.id async for each in client.jobs.list()} >= {job.id for job in jobs}
            return [each.result["payload"]["n"] for each in done]

    assert asyncio.run(scenario()) == list(range(20))


def test_the_examples_of_the_page_run(
    stack: LocalStack, account: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "client.md").read_text()
    script = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    for written, real in (("http://localhost:2000", stack.api_url), ("ada@example.com", account["email"])):
        assert written in script
        script = script.replace(written, real)
    exec(compile(script, "docs/client.md", "exec"), {})
    assert "SimulatedFailure" in capsys.readouterr().out


def test_a_wait_survives_a_restart_of_the_stack(stack: LocalStack, client: Client) -> None:
    client.queues.pause("restarted")
    job = client.jobs.submit("simulated", queue="restarted")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(client.wait, job, timeout=WAIT_S)
        wait_until(lambda: client._core._session.events._socket is not None, 30, "the connection of the wait")
        stack.stop()
        assert not waiting.done()
        stack.start(timeout_s=120)
        client.queues.resume("restarted")
        assert waiting.result(WAIT_S).status == "completed"
