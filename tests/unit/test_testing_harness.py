"""The harness for tests of tasks: inline jobs by the worker's own code, without servers."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from chalicelib.errors import InvalidInput, InvalidTransition, NotFound
from queuecraft_testing import JobNotCompleted, NeverDone, QueueCraft
from worker_fn import DoNotRetry, Retry, Snooze, Step, StepFailed, TaskCancelled, TaskContext
from worker_fn.registration.registry import Registry

ROOT = Path(__file__).resolve().parents[2]


class Order(BaseModel):
    number: int = Field(ge=1)
    note: str = "none"


def defined(tasks: Registry, function: Callable[..., Any], name: str = "t", **options: Any) -> None:
    tasks.task(name, **options)(function)


# --- payloads and results -----------------------------------------------------------------------------------------
def test_payload_and_result_go_through_json(tasks: Registry, queue: QueueCraft) -> None:
    seen = []

    @tasks.task("t")
    def run(ctx: TaskContext, payload: Order) -> Any:
        seen.append(payload)
        ctx.log(f"order {payload.number}")
        ctx.progress(40, "half")
        return {"pair": (1, 2), "order": payload}

    job = queue.submit("t", Order(number=3))
    assert job.status == "pending"
    assert [each.id for each in queue.drain()] == [job.id]
    assert job.result == {"pair": [1, 2], "order": {"number": 3, "note": "none"}}
    assert seen == [Order(number=3)]
    assert job.logs == ["order 3"]
    assert job.record.progress is not None
    assert job.record.progress.percent == 40


@pytest.mark.parametrize(
    ("payload", "field"),
    [({}, "payload.number"), ({"number": 0}, "payload.number"), ({"number": "5"}, "payload.number")],
)
def test_a_payload_off_the_schema_is_refused_as_by_the_api(
    payload: Any, field: str, tasks: Registry, queue: QueueCraft
) -> None:
    @tasks.task("t")
    def run(ctx: TaskContext, payload: Order) -> None: ...

    with pytest.raises(InvalidInput) as refused:
        queue.submit("t", payload)
    assert refused.value.field == "payload.number"


def test_what_is_no_payload_is_refused(tasks: Registry, queue: QueueCraft) -> None:
    defined(tasks, lambda ctx, payload: None)
    for payload, kind in (([1], InvalidInput), ({"x": "y" * 70_000}, InvalidInput), ({"x": object()}, TypeError)):
        with pytest.raises(kind):
            queue.submit("t", payload)
    with pytest.raises(InvalidInput, match="is its module imported"):
        queue.submit("unknown")


def test_a_result_that_is_no_json_ends_in_the_dlq(tasks: Registry, queue: QueueCraft) -> None:
    defined(tasks, lambda ctx, payload: float("nan"))
    job = queue.submit("t")
    queue.drain()
    assert (job.status, job.record.attempt) == ("dlq", 1)


# --- failures and time --------------------------------------------------------------------------------------------
def test_retries_wait_for_the_clock(tasks: Registry, queue: QueueCraft) -> None:
    failures = [KeyError("first"), ValueError("second")]

    def run(ctx: TaskContext, payload: Any) -> int:
        if failures:
            raise failures.pop(0)
        return ctx.attempt

    defined(tasks, run, retries=3)
    job = queue.submit("t")
    queue.drain()
    assert (job.status, job.record.retry_count) == ("retrying", 1)
    assert isinstance(job.exception, KeyError)
    queue.clock.advance("4s")
    assert queue.drain() == []
    queue.clock.advance("1s")
    queue.drain()
    assert job.status == "retrying"
    queue.drain(advance=True)
    assert job.result == 3


def test_a_job_that_ends_otherwise_says_why(tasks: Registry, queue: QueueCraft) -> None:
    def run(ctx: TaskContext, payload: Any) -> None:
        raise DoNotRetry("no such account", kind="Gone")

    defined(tasks, run)
    with pytest.raises(JobNotCompleted, match="Gone: no such account") as failed:
        queue.run("t")
    assert isinstance(failed.value.__cause__, DoNotRetry)
    [job] = queue.jobs("t")
    assert job.record.error is not None
    assert job.record.error.traceback is not None
    assert "queuecraft_testing" not in job.record.error.traceback
    queue.redrive(job)
    assert job.status == "pending"


def test_outcomes_are_those_of_the_worker(tasks: Registry, queue: QueueCraft) -> None:
    ends: list[BaseException] = [Snooze(600), Retry("later", delay_s=30), TaskCancelled()]

    def run(ctx: TaskContext, payload: Any) -> None:
        raise ends.pop(0)

    defined(tasks, run)
    job = queue.submit("t", delay_s=60)
    began = queue.clock.now()
    queue.drain(advance=True)
    assert (job.status, job.record.retry_count) == ("cancelled", 1)
    assert queue.clock.now() == began + timedelta(seconds=60 + 600 + 30)


def test_jobs_run_by_priority_and_age(tasks: Registry, queue: QueueCraft) -> None:
    order: list[Any] = []
    defined(tasks, lambda ctx, payload: order.append(ctx.name))
    queue.submit("t", name="low", priority=0)
    queue.submit("t", name="high", priority=9)
    queue.drain()
    assert order == ["high", "low"]


def test_async_tasks_run_also_within_a_loop(tasks: Registry, queue: QueueCraft) -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)

    @tasks.task("t")
    async def run(ctx: TaskContext, payload: Any) -> int:
        await asyncio.sleep(0)
        variable.set(1)
        return 7

    async def test() -> None:
        assert queue.run("t") == 7

    asyncio.run(test())
    assert queue.run("t") == 7
    assert variable.get() == 0


def test_an_endless_job_is_found(tasks: Registry, queue: QueueCraft, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(ctx: TaskContext, payload: Any) -> None:
        raise Snooze(0)

    monkeypatch.setattr("queuecraft_testing.harness.MAX_ATTEMPTS", 20)
    defined(tasks, run)
    queue.submit("t")
    with pytest.raises(NeverDone):
        queue.drain()


def test_cancelled_jobs_do_not_run(tasks: Registry, queue: QueueCraft) -> None:
    defined(tasks, lambda ctx, payload: None)
    job = queue.submit("t")
    queue.cancel(job)
    assert queue.drain() == []
    with pytest.raises(InvalidTransition):
        queue.send_event(job, "e")


# --- durable tasks ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_async", [False, True])
def test_steps_sleep_and_wait_by_the_clock(is_async: bool, tasks: Registry, queue: QueueCraft) -> None:
    calls: list[str] = []

    def count(name: str) -> str:
        calls.append(name)
        return name

    if is_async:

        @tasks.task("t")
        async def run(ctx: TaskContext, payload: Any) -> Any:
            first = await ctx.step("first", count, "a")
            await ctx.sleep("cool", timedelta(hours=1))
            approval = await ctx.wait_for_event("approval", timeout_s=86_400)
            parts = await ctx.map("part", count, ["x", "y"])
            return [first, approval, parts]
    else:

        @tasks.task("t")
        def run_sync(ctx: TaskContext, payload: Any) -> Any:
            first = ctx.step("first", count, "a")
            ctx.sleep("cool", 3600)
            approval = ctx.wait_for_event("approval", timeout_s=86_400)
            return [first, approval, ctx.map("part", count, ["x", "y"])]

    job = queue.submit("t")
    queue.drain()
    assert (job.status, calls) == ("waiting", ["a"])
    queue.clock.advance("59m 59s")
    assert queue.drain() == []
    queue.clock.advance("1s")
    queue.drain()
    assert job.record.waits_for == ("event:approval",)
    assert queue.drain(advance=True) == [], "the end of a wait for an event is not skipped to"
    queue.send_event(job, "approval", {"by": "ada"})
    queue.drain()
    assert job.result == ["a", {"by": "ada"}, ["x", "y"]]
    assert sorted(calls) == ["a", "x", "y"]
    assert {step.key.name for step in job.steps} >= {"first", "cool", "approval", "part[0]"}


def test_a_wait_for_an_event_times_out_by_the_clock(tasks: Registry, queue: QueueCraft) -> None:
    defined(tasks, lambda ctx, payload: ctx.wait_for_event("approval", timeout_s=60))
    job = queue.submit("t")
    queue.drain()
    queue.clock.advance("1m")
    queue.drain()
    assert job.result is None


def test_steps_are_retried_by_the_clock(tasks: Registry, queue: QueueCraft) -> None:
    tries = []

    def flaky() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("not yet")
        return len(tries)

    defined(tasks, lambda ctx, payload: ctx.step("s", flaky, options=Step(retries=5)))
    assert queue.run("t") == 3
    [job] = queue.jobs()
    assert job.record.retry_count == 0


def test_a_step_that_fails_is_tried_anew_by_the_jobs_retry(tasks: Registry, queue: QueueCraft) -> None:
    tries = []

    def broken() -> None:
        tries.append(1)
        raise OSError("down")

    def run(ctx: TaskContext, payload: Any) -> None:
        ctx.step("s", broken, options=Step(retries=1))

    defined(tasks, run, retries=1)
    job = queue.submit("t")
    queue.drain(advance=True)
    assert (job.status, len(tries)) == ("dlq", 4)
    assert isinstance(job.exception, StepFailed)


@pytest.mark.parametrize(("detached", "status"), [(False, "cancelled"), (True, "waiting")])
def test_an_invoked_job_is_cancelled_with_its_caller(
    tasks: Registry, queue: QueueCraft, detached: bool, status: str
) -> None:
    defined(tasks, lambda ctx, payload: ctx.wait_for_event("e"), "child")
    defined(tasks, lambda ctx, payload: ctx.invoke("call", "child", detached=detached), "parent")
    parent = queue.submit("parent")
    queue.drain()
    queue.cancel(parent)
    assert [job.status for job in queue.jobs("child")] == [status]


def test_a_job_invokes_another(tasks: Registry, queue: QueueCraft) -> None:
    defined(tasks, lambda ctx, payload: payload["n"] * 2, "child")
    defined(tasks, lambda ctx, payload: ctx.invoke("double", "child", {"n": 4}), "parent")
    assert queue.run("parent") == 8
    queue.assert_enqueued("child", {"n": 4}, count=1)


def test_a_callback_sends_its_event_once(tasks: Registry, queue: QueueCraft) -> None:
    urls: list[str] = []

    def run(ctx: TaskContext, payload: Any) -> Any:
        urls.append(ctx.callback_url("paid"))
        return ctx.wait_for_event("paid")

    defined(tasks, run)
    job = queue.submit("t")
    queue.drain()
    queue.call_back(urls[0], 5)
    queue.drain()
    assert job.result == 5
    with pytest.raises(NotFound):
        queue.call_back("http://testing/callbacks/forged.forged")


def test_a_job_of_a_server_goes_on_from_its_steps(tasks: Registry, queue: QueueCraft) -> None:
    calls: list[str] = []

    def call(name: str) -> str:
        calls.append(name)
        return name

    def run(ctx: TaskContext, payload: Any) -> Any:
        first = ctx.step("first", call, "first")
        ctx.sleep("cool", 3600)
        return [first, ctx.step("second", call, payload["n"]), ctx.attempt]

    defined(tasks, run)
    at = "2030-01-01T12:00:00.000Z"
    step = {
        "name": "first", "n": 1, "kind": "step", "status": "completed", "startedAt": at, "endedAt": at, "attempts": 1,
        "attempt": 1, "result": {"recorded": True},
    }  # fmt: skip
    sleep = {**step, "name": "cool", "kind": "sleep", "result": None}
    failed = {**step, "name": "second", "status": "failed"}
    of_server = {"_id": "c" * 24, "name": "import", "task": "t", "payload": {"n": "2"}, "tags": ["x"], "attempt": 1}
    job = queue.restore(of_server, [step, sleep, failed])
    queue.drain_one(job)
    assert job.result == [{"recorded": True}, "2", 2]
    assert (calls, job.id, job.record.tags) == (["2"], "c" * 24, ("x",))
    with pytest.raises(InvalidInput, match="Unknown task"):
        queue.restore({**of_server, "task": "other"})


# --- assertions ---------------------------------------------------------------------------------------------------
def test_submissions_are_asserted(tasks: Registry, queue: QueueCraft) -> None:
    defined(tasks, lambda ctx, payload: None)
    queue.submit("t", {"a": 1, "b": [2]})
    queue.assert_enqueued("t")
    queue.assert_enqueued("t", payload={"b": [2]})
    queue.assert_enqueued("t", {"a": 1}, count=1)
    queue.refute_enqueued("t", {"a": 2})
    with pytest.raises(
        AssertionError, match=r'a job of t with .*found; submitted:\n  t {"a": 1, "b": \[2\]} \(pending\)'
    ):
        queue.assert_enqueued("t", {"a": 2})
    with pytest.raises(AssertionError, match="0 jobs of t"):
        queue.refute_enqueued("t")


def test_the_plugin_needs_no_server(tmp_path: Path) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(
        'def test_it(qc):\n    assert qc.run("simulated", {"page": 3})["payload"] == {"page": 3}\n'
        '    qc.assert_enqueued("simulated", payload={"page": 3})\n'
    )
    arguments = ["-m", "pytest", "-q", "-c", "/dev/null", "-p", "queuecraft_testing.plugin", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, *arguments, str(test)], check=False, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "SIMULATED_JOB_S": "0"}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
