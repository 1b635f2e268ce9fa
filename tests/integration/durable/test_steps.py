"""Durable steps on real servers: results are recorded as JSON, and replayed."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from pydantic import BaseModel

from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.domain.steps import MAX_RESULT_BYTES, MAX_STEPS, StepKey, StepKind, StepRecord, StepStatus
from tests.durable import Calls, counted, outcomes, statuses
from tests.worker_support import Rig
from worker_fn import TaskContext
from worker_fn.steps import memo

pytestmark = pytest.mark.integration


def test_a_sync_task_takes_steps_whose_results_are_json(rig: Rig, calls: Calls) -> None:
    @rig.task("import")
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        first = ctx.step("a", counted(calls, "a", (1, 2)))
        return [first, ctx.step("b", lambda x, y: x + y, 3, y=4), ctx.replaying]

    job = rig.submit("import")
    rig.run()

    assert rig.job(job).result == "[[1,2],7,false]"  # a tuple is a list, as it is for every later attempt
    assert statuses(rig, job) == [("a", "completed"), ("b", "completed")]


def test_an_async_task_gathers_fifty_steps(rig: Rig, calls: Calls) -> None:
    @rig.task("many", retries=1)
    async def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        async def part(n: int) -> int:
            calls[str(n)] += 1
            await asyncio.sleep(0.001)
            return n

        parts = await asyncio.gather(*(ctx.step("part", part, n) for n in range(50)))
        if ctx.attempt == 1:
            raise ValueError("once")
        return parts

    job = rig.submit("many")
    rig.run()

    done = rig.wait(job)
    assert done.result == str(list(range(50))).replace(" ", "")
    assert set(calls.values()) == {1} and len(calls) == 50
    assert outcomes(done) == [Outcome.FAILED, Outcome.COMPLETED]


def test_one_name_may_be_taken_often_and_a_retry_replays_each_occurrence(rig: Rig, calls: Calls) -> None:
    @rig.task("twice", retries=2)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        values = [ctx.step("n", lambda: calls.update(["n"]) or calls["n"]) for _ in range(3)]
        if ctx.attempt == 1:
            raise ValueError("once")
        return values

    job = rig.submit("twice")
    rig.run()

    assert rig.wait(job).result == "[1,2,3]"
    assert calls["n"] == 3


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_map_keeps_the_order_and_what_is_done(rig: Rig, calls: Calls, kind: str) -> None:
    def double(n: int) -> int:
        calls[str(n)] += 1
        if n == 3 and calls["3"] == 1:
            raise ValueError("three")
        return n * 2

    @rig.task("sync", retries=1)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return ctx.map("part", double, range(20), concurrency=4)

    @rig.task("async", retries=1)
    async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return await ctx.map("part", double, range(20), concurrency=4)

    job = rig.submit(kind)
    rig.run()

    done = rig.wait(job)
    assert done.result == str([n * 2 for n in range(20)]).replace(" ", "")
    assert calls == {str(n): 2 if n == 3 else 1 for n in range(20)}
    assert [a.error.type if a.error else None for a in done.attempts] == ["ValueError", None]


def test_a_model_that_a_function_says_it_returns_comes_back_as_one(rig: Rig) -> None:
    class Rows(BaseModel):
        last: int

    def count() -> Rows:
        return Rows(last=7)

    count.__annotations__["return"] = Rows

    @rig.task("model", retries=1)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        rows = ctx.step("count", count)
        if ctx.attempt == 1:
            raise ValueError("again")
        return rows.last

    job = rig.submit("model")
    rig.run()
    assert rig.wait(job).result == "7"


@pytest.mark.parametrize(("size", "status"), [(0, JobStatus.COMPLETED), (1, JobStatus.DLQ)])
def test_a_result_has_up_to_256_kb(rig: Rig, size: int, status: JobStatus) -> None:
    @rig.task("large", retries=2)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        text = ctx.step("text", lambda: "x" * (MAX_RESULT_BYTES - 2 + size))
        if ctx.attempt == 1:
            raise ValueError("again")  # the replay reads what was stored apart
        return len(text)

    job = rig.submit("large")
    rig.run()

    done = rig.wait(job)
    assert done.status is status
    if size:
        assert done.error is not None and done.error.type == "StepResultError"
        assert done.attempt == 1
    else:
        assert done.result == str(MAX_RESULT_BYTES - 2)


def test_a_step_within_a_step_is_refused(rig: Rig) -> None:
    @rig.task("nested")
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return ctx.step("outer", lambda: ctx.step("inner", lambda: 1))

    job = rig.submit("nested")
    rig.run()
    done = rig.wait(job)
    assert done.status is JobStatus.DLQ
    assert done.error is not None and done.error.type == "NestedStep"


def test_a_plain_job_records_nothing(rig: Rig) -> None:
    @rig.task("plain")
    def run(ctx: TaskContext, payload: dict[str, Any]) -> str:
        ctx.log("hello")
        return "done"

    job = rig.submit("plain")
    rig.run()
    assert rig.wait(job).result == '"done"'
    assert "waits_for" not in (rig.container.db.jobs.find_one({"_id": ObjectId(job.id)}) or {})
    assert rig.container.db.job_steps.count_documents({}) == 0


def test_a_late_attempt_takes_what_is_stored(rig: Rig) -> None:
    """Two attempts of one step: the first end wins, whichever it is."""
    store = rig.container.step_store
    job = rig.new("x")
    now = rig.container.clock.now()
    mine = StepRecord(job.id, "", StepKey("a", 1), StepKind.STEP, StepStatus.COMPLETED, 1, "f", 1, "t1", now, now,
                      result="1", size=1)  # fmt: skip
    late = mine.with_(token="t2", attempt=2, result="2")
    assert store.write([mine]) == [mine]
    assert store.write([late])[0].result == "1"
    failed = mine.with_(key=StepKey("b", 1), status=StepStatus.FAILED)
    assert store.write([failed])[0].status is StepStatus.FAILED
    assert store.write([late.with_(key=StepKey("b", 1))])[0].result == "2"  # of a later attempt
    waits = mine.with_(key=StepKey("c", 1), status=StepStatus.WAITING, result=None, size=0, until=now)
    assert store.write([waits]) == [waits]
    moved = waits.with_(token="t2", until=now + timedelta(hours=1))
    assert store.write([moved])[0].until == now


def test_a_job_takes_a_bounded_number_of_steps(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "MAX_STEPS", 5)

    @rig.task("many", retries=3)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        return ctx.map("n", lambda n: n, range(payload["n"]))

    fits, too_many = rig.submit("many", {"n": 5}), rig.submit("many", {"n": 6})
    rig.run()
    assert rig.wait(fits).status is JobStatus.COMPLETED
    done = rig.wait(too_many)
    assert (done.status, done.attempt) == (JobStatus.DLQ, 1)
    assert done.error is not None and done.error.type == "TooManySteps"


@pytest.mark.skipif("QUEUECRAFT_STEPS" not in os.environ, reason="ten thousand steps need a quiet machine")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_ten_thousand_steps(rig: Rig, kind: str) -> None:
    @rig.task("sync", retries=1)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        found = ctx.map("n", lambda n: n, range(MAX_STEPS), concurrency=50)
        if ctx.attempt == 1:
            raise ValueError("again")
        return sum(found)

    @rig.task("async", retries=1)
    async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        found = await ctx.map("n", lambda n: n, range(MAX_STEPS), concurrency=50)
        if ctx.attempt == 1:
            raise ValueError("again")
        return sum(found)

    job = rig.submit(kind)
    rig.run()
    done = rig.wait(job, timeout_s=300)
    assert (done.result, done.attempt) == (str(sum(range(MAX_STEPS))), 2)
    assert rig.container.db.job_steps.count_documents({}) == MAX_STEPS
