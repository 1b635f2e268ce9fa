"""Steps of durable tasks that fail, time out or are interrupted, and are tried again."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.retry import DoNotRetry, Retry
from chalicelib.domain.steps import StepKey, StepKind, StepRecord, StepStatus
from tests.durable import Calls, counted, make_due
from tests.worker_support import Rig
from worker_fn import Step, StepFailed, TaskContext

pytestmark = pytest.mark.integration


def test_a_step_has_retries_of_its_own(rig: Rig, calls: Calls) -> None:
    def flaky() -> str:
        calls["flaky"] += 1
        if calls["flaky"] < 3:
            raise ConnectionError("down")
        return "up"

    @rig.task("flaky", retries=0)
    async def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return await ctx.step("flaky", flaky, options=Step(retries=5))

    job = rig.submit("flaky")
    rig.run()
    done = rig.wait(job)
    assert (done.result, calls["flaky"], done.retry_count) == ('"up"', 3, 0)
    assert rig.container.step_store.load(job.id, "")[0].attempts == 3


def test_each_retry_of_the_job_gives_a_step_its_retries_anew(rig: Rig, calls: Calls) -> None:
    def broken() -> None:
        calls["broken"] += 1
        raise ConnectionError("down")

    @rig.task("broken")
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return ctx.step("broken", broken, options=Step(retries=1))

    job = rig.submit("broken")
    rig.run()
    done = rig.wait(job)
    assert (done.status, calls["broken"]) == (JobStatus.DLQ, 2 * (done.max_retries + 1))


def test_a_long_wait_between_tries_holds_no_slot(rig: Rig, calls: Calls) -> None:
    def flaky() -> str:
        calls["flaky"] += 1
        if calls["flaky"] == 1:
            raise Retry("later", 3600)
        return "up"

    @rig.task("flaky", retries=0)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return ctx.step("flaky", flaky, options=Step(retries=1))

    job = rig.submit("flaky")
    rig.run()
    assert rig.job(job).status is JobStatus.WAITING
    make_due(rig, job)
    rig.run()
    assert (rig.wait(job).result, calls["flaky"]) == ('"up"', 2)


def test_a_failure_that_is_handled_is_the_same_in_each_replay(rig: Rig, calls: Calls) -> None:
    def fail() -> None:
        calls["fail"] += 1
        raise ValueError("no")

    @rig.task("handled", retries=2)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        try:
            ctx.step("fail", fail)
        except StepFailed as error:
            found = [error.step, error.kind, str(error)]
        ctx.step("undo", counted(calls, "undo"))
        ctx.sleep("pause", 3600)
        return found

    job = rig.submit("handled")
    rig.run()
    make_due(rig, job)
    rig.run()
    assert rig.wait(job).result == '["fail","ValueError","no"]'
    assert calls == {"fail": 1, "undo": 1}


def test_a_failure_that_ends_the_attempt_is_tried_again_by_the_retry_of_the_job(rig: Rig, calls: Calls) -> None:
    def flaky() -> str:
        calls["flaky"] += 1
        if calls["flaky"] == 1:
            raise ValueError("no")
        return "yes"

    @rig.task("flaky", retries=1)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.step("before", counted(calls, "before"))
        return ctx.step("flaky", flaky)

    job = rig.submit("flaky")
    rig.run()
    done = rig.wait(job)
    assert done.result == '"yes"'
    assert calls == {"before": 1, "flaky": 2}
    error = done.attempts[0].error
    assert error is not None and (error.type, error.message) == ("ValueError", "no")
    assert "flaky" in (error.traceback or "")


def test_do_not_retry_in_a_step_ends_the_job(rig: Rig, calls: Calls) -> None:
    def refuse() -> None:
        calls["refuse"] += 1
        raise DoNotRetry("never")

    @rig.task("refuse", retries=3)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return ctx.step("refuse", refuse, options=Step(retries=5))

    job = rig.submit("refuse")
    rig.run()
    assert (rig.wait(job).status, calls["refuse"]) == (JobStatus.DLQ, 1)


def test_retries_of_the_job_begin_anew_when_a_step_completes(rig: Rig, calls: Calls) -> None:
    @rig.task("slow", retries=1)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        for n in range(5):
            ctx.step(f"s{n}", counted(calls, f"s{n}"))
            if ctx.attempt == n + 1:
                raise ValueError("each attempt fails once, after one more step")
        return "through"

    job = rig.submit("slow")
    rig.run()
    done = rig.wait(job)
    assert (done.result, done.attempt, set(calls.values())) == ('"through"', 6, {1})
    assert done.past_retries + done.retry_count == 5
    assert rig.counts()["retries"] == 5


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_step_times_out(rig: Rig, kind: str) -> None:
    def long() -> None:
        time.sleep(5)

    async def long_async() -> None:
        await asyncio.sleep(60)

    @rig.task("sync", retries=0)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.step("long", long, options=Step(timeout_s=0.1))

    @rig.task("async", retries=0)
    async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        await ctx.step("long", long_async, options=Step(timeout_s=0.1))

    job = rig.submit(kind)
    rig.run()
    done = rig.wait(job)
    assert done.error is not None and done.error.type == "StepTimeout"


def test_a_step_with_once_that_began_and_did_not_end_is_interrupted(rig: Rig, calls: Calls) -> None:
    @rig.task("charge", retries=3)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.step("charge", counted(calls, "charge"), options=Step(once=True))

    job = rig.new("charge", max_retries=3)
    now = rig.container.clock.now()
    begun = StepRecord(
        job.id, "", StepKey("charge", 1), StepKind.STEP, StepStatus.STARTED, 1, "f", 1, "of a dead worker", now
    )
    rig.container.step_store.write([begun])
    rig.enqueue([job])
    rig.run()
    done = rig.wait(job)
    assert (done.status, done.attempt, calls["charge"]) == (JobStatus.DLQ, 1, 0)
    assert done.error is not None and done.error.type == "StepInterrupted"


def test_a_step_with_once_is_called_once(rig: Rig, calls: Calls) -> None:
    @rig.task("charge", retries=3)
    async def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        found = await ctx.step("charge", counted(calls, "charge", 5), options=Step(once=True))
        if ctx.attempt == 1:
            raise ValueError("again")
        return found

    job = rig.submit("charge")
    rig.run()
    assert (rig.wait(job).result, calls["charge"]) == ("5", 1)
