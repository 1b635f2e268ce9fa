"""Durable steps on real servers: results that are recorded, waits without a slot, replays, hand-overs, failures."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from pydantic import BaseModel

from chalicelib.domain.jobs import Job, JobStatus, Outcome
from chalicelib.domain.retry import DoNotRetry, Retry
from chalicelib.domain.steps import MAX_RESULT_BYTES, MAX_STEPS, StepKey, StepKind, StepRecord, StepStatus
from chalicelib.domain.unique import Unique
from chalicelib.queue.limit_instances import Definition
from chalicelib.settings import Settings
from tests.audit import audit
from tests.support import wait_until
from tests.worker_support import QUICK, TENANT, Rig
from worker_fn import Limit, Step, StepFailed, TaskContext
from worker_fn.steps import memo

pytestmark = pytest.mark.integration

Calls = Counter[str]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **QUICK)


@pytest.fixture
def calls() -> Calls:
    """How often each function of a step was called."""
    return Counter()


@pytest.fixture(autouse=True)
def both_stores_agree(rig: Rig) -> Iterator[None]:
    yield
    rig.close()
    wrong = audit(rig.container)
    assert not wrong, "\n".join(wrong)


def counted(calls: Calls, name: str, result: Any = None) -> Any:
    """A function of a step that counts its calls."""

    def call(*_: Any) -> Any:
        calls[name] += 1
        return result if result is not None else name

    return call


def statuses(rig: Rig, job: Job) -> list[tuple[str, str]]:
    """The names and states of the steps of a job, in order."""
    return [(each.key.name, each.status.value) for each in rig.container.step_store.load(job.id, "")]


def outcomes(job: Job) -> list[Outcome | None]:
    return [attempt.outcome for attempt in job.attempts]


def make_due(rig: Rig, job: Job) -> None:
    """Let the time of a waiting job come: of the job, of its steps, and in Redis."""
    past = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    shop = rig.container
    wait_until(lambda: shop.redis.zscore(shop.keys.suspended, job.id), what="the job is settled")
    shop.db.job_steps.update_many({"job_id": ObjectId(job.id), "until": {"$ne": None}}, {"$set": {"until": past}})
    shop.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": {"ready_at": past}})
    shop.redis.zadd(shop.keys.suspended, {job.id: int(past.timestamp() * 1000)}, xx=True)


class TestSteps:
    def test_a_sync_task_takes_steps_whose_results_are_json(self, rig: Rig, calls: Calls) -> None:
        @rig.task("import")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            first = ctx.step("a", counted(calls, "a", (1, 2)))
            return [first, ctx.step("b", lambda x, y: x + y, 3, y=4), ctx.replaying]

        job = rig.submit("import")
        rig.run()

        assert rig.job(job).result == "[[1,2],7,false]"  # a tuple is a list, as it is for every later attempt
        assert statuses(rig, job) == [("a", "completed"), ("b", "completed")]

    def test_an_async_task_gathers_fifty_steps(self, rig: Rig, calls: Calls) -> None:
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

    def test_one_name_may_be_taken_often_and_a_retry_replays_each_occurrence(self, rig: Rig, calls: Calls) -> None:
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
    def test_a_map_keeps_the_order_and_what_is_done(self, rig: Rig, calls: Calls, kind: str) -> None:
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

    def test_a_model_that_a_function_says_it_returns_comes_back_as_one(self, rig: Rig) -> None:
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
    def test_a_result_has_up_to_256_kb(self, rig: Rig, size: int, status: JobStatus) -> None:
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

    def test_a_step_within_a_step_is_refused(self, rig: Rig) -> None:
        @rig.task("nested")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return ctx.step("outer", lambda: ctx.step("inner", lambda: 1))

        job = rig.submit("nested")
        rig.run()
        done = rig.wait(job)
        assert done.status is JobStatus.DLQ
        assert done.error is not None and done.error.type == "NestedStep"

    def test_a_plain_job_records_nothing(self, rig: Rig) -> None:
        @rig.task("plain")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> str:
            ctx.log("hello")
            return "done"

        job = rig.submit("plain")
        rig.run()
        assert rig.wait(job).result == '"done"'
        assert "waits_for" not in (rig.container.db.jobs.find_one({"_id": ObjectId(job.id)}) or {})
        assert rig.container.db.job_steps.count_documents({}) == 0


class TestFailures:
    def test_a_step_has_retries_of_its_own(self, rig: Rig, calls: Calls) -> None:
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

    def test_each_retry_of_the_job_gives_a_step_its_retries_anew(self, rig: Rig, calls: Calls) -> None:
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

    def test_a_long_wait_between_tries_holds_no_slot(self, rig: Rig, calls: Calls) -> None:
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

    def test_a_failure_that_is_handled_is_the_same_in_each_replay(self, rig: Rig, calls: Calls) -> None:
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

    def test_a_failure_that_ends_the_attempt_is_tried_again_by_the_retry_of_the_job(
        self, rig: Rig, calls: Calls
    ) -> None:
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

    def test_do_not_retry_in_a_step_ends_the_job(self, rig: Rig, calls: Calls) -> None:
        def refuse() -> None:
            calls["refuse"] += 1
            raise DoNotRetry("never")

        @rig.task("refuse", retries=3)
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return ctx.step("refuse", refuse, options=Step(retries=5))

        job = rig.submit("refuse")
        rig.run()
        assert (rig.wait(job).status, calls["refuse"]) == (JobStatus.DLQ, 1)

    def test_retries_of_the_job_begin_anew_when_a_step_completes(self, rig: Rig, calls: Calls) -> None:
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
    def test_a_step_times_out(self, rig: Rig, kind: str) -> None:
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

    def test_a_step_with_once_that_began_and_did_not_end_is_interrupted(self, rig: Rig, calls: Calls) -> None:
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

    def test_a_step_with_once_is_called_once(self, rig: Rig, calls: Calls) -> None:
        @rig.task("charge", retries=3)
        async def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            found = await ctx.step("charge", counted(calls, "charge", 5), options=Step(once=True))
            if ctx.attempt == 1:
                raise ValueError("again")
            return found

        job = rig.submit("charge")
        rig.run()
        assert (rig.wait(job).result, calls["charge"]) == ("5", 1)


class TestWaits:
    @pytest.mark.parametrize("kind", ["sync", "async"])
    def test_a_job_that_sleeps_holds_nothing(self, rig: Rig, calls: Calls, kind: str) -> None:
        @rig.task("sync")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.step("a", counted(calls, "a"))
            ctx.sleep("day", timedelta(days=1))
            return ctx.step("b", counted(calls, "b"))

        @rig.task("async")
        async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            await ctx.step("a", counted(calls, "a"))
            await ctx.sleep("day", 86_400)
            return await ctx.step("b", counted(calls, "b"))

        job = rig.submit(kind)
        departure = rig.run()

        waiting = rig.job(job)
        assert (waiting.status, departure.reason) == (JobStatus.WAITING, "no work")
        assert outcomes(waiting) == [Outcome.WAITING]
        assert timedelta(hours=23) < waiting.ready_at - datetime.now(UTC) <= timedelta(days=1)
        assert rig.container.engine.leases() == [] and waiting.lease is None
        assert {name: rig.counts().get(name) for name in ("waiting", "pending", "running")} == {
            "waiting": 1, "pending": None, "running": None
        }  # fmt: skip
        assert audit(rig.container) == []
        make_due(rig, job)
        rig.run()

        done = rig.wait(job)
        assert (done.result, done.attempt, done.retry_count) == ('"b"', 2, 0)
        assert calls == {"a": 1, "b": 1}
        types = [(e["type"], e["data"].get("newStatus")) for e in rig.events(job)]
        assert ("job:status:updated", "waiting") in types and ("job:continued", None) not in types

    @pytest.mark.parametrize("kind", ["sync", "async"])
    def test_a_short_sleep_is_waited_out_in_memory(self, rig: Rig, kind: str) -> None:
        @rig.task("sync")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.sleep("moment", 0.2)

        @rig.task("async")
        async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            await ctx.sleep("moment", 0.2)

        job = rig.submit(kind)
        rig.run()
        assert outcomes(rig.wait(job)) == [Outcome.COMPLETED]

    def test_sleeps_that_are_gathered_end_with_the_first(self, rig: Rig, calls: Calls) -> None:
        @rig.task("race")
        async def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            async def slow() -> None:
                calls["slow"] += 1
                await asyncio.sleep(0.3)

            await asyncio.gather(ctx.sleep("hour", 3600), ctx.sleep("day", 86_400), ctx.step("slow", slow))
            return "over"

        job = rig.submit("race")
        rig.run()
        waiting = rig.job(job)
        assert waiting.status is JobStatus.WAITING
        assert waiting.ready_at - datetime.now(UTC) < timedelta(hours=1)
        assert ("slow", "completed") in statuses(rig, job)  # it ended before the job was suspended
        make_due(rig, job)
        rig.run()
        assert (rig.wait(job).result, calls["slow"]) == ('"over"', 1)

    def test_what_runs_beside_a_wait_is_waited_for_as_far_as_can_be_told(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @rig.task("group")
        async def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            async with asyncio.TaskGroup() as group:
                group.create_task(ctx.sleep("hour", 3600))
                group.create_task(ctx.sleep("day", 86_400))
            return "over"

        job = rig.submit("group")
        rig.run()
        assert outcomes(rig.wait(job, JobStatus.WAITING)) == [Outcome.WAITING]

    @pytest.mark.parametrize("kind", ["sync", "async"])
    def test_a_finally_runs_and_a_bare_except_fails(self, rig: Rig, calls: Calls, kind: str) -> None:
        @rig.task("finally")
        def final(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            try:
                ctx.sleep("hour", 3600)
            finally:
                calls["finally"] += 1

        @rig.task("sync", retries=3)
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            try:
                ctx.sleep("hour", 3600)
            except:  # noqa: E722 - what the test is about
                calls["swallowed"] += 1
            return "done"

        @rig.task("async", retries=3)
        async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            try:
                await ctx.sleep("hour", 3600)
            except:  # noqa: E722
                calls["swallowed"] += 1
            return "done"

        job, other = rig.submit(kind), rig.submit("finally")
        rig.run()
        done = rig.wait(job)
        assert (done.status, done.attempt) == (JobStatus.DLQ, 1)
        assert done.error is not None and done.error.type == "SuspensionSwallowed"
        assert rig.job(other).status is JobStatus.WAITING
        assert calls == {"swallowed": 1, "finally": 1}

    def test_a_waiting_job_is_cancelled_at_once(self, rig: Rig) -> None:
        @rig.task("sleep")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.sleep("day", 86_400)

        job = rig.submit("sleep")
        rig.run()
        rig.container.cancellation.cancel([rig.job(job)])
        assert rig.job(job).status is JobStatus.CANCELLED
        assert rig.counts() == {"submitted": 1, "cancelled": 1}

    def test_a_cancel_between_the_two_stores_is_found_by_the_look_that_follows(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settle = rig.container.engine.settle

        def cancel_first(settlements: Any) -> Any:
            for each in settlements:
                if each.job.status is JobStatus.WAITING:
                    rig.container.cancellation.cancel([each.job])
            return settle(settlements)

        monkeypatch.setattr(rig.container.engine, "settle", cancel_first)

        @rig.task("sleep")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.sleep("day", 86_400)

        job = rig.submit("sleep")
        rig.run()
        assert rig.job(job).status is JobStatus.CANCELLED
        assert rig.counts() == {"submitted": 1, "cancelled": 1}

    def test_redis_lost_brings_waiting_jobs_back_with_their_due_time(self, rig: Rig) -> None:
        @rig.task("sleep")
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.sleep("day", 86_400)
            return "up"

        job = rig.submit("sleep")
        rig.run()
        rig.container.rebuilder.rebuild()
        due = rig.container.redis.zscore(rig.container.keys.suspended, job.id)
        assert due == int(rig.job(job).ready_at.timestamp() * 1000)
        assert audit(rig.container) == []
        make_due(rig, job)
        rig.run()
        assert rig.wait(job).result == '"up"'

    def test_a_job_that_takes_too_long_fails(self, rig: Rig) -> None:
        @rig.task("late", retries=3, max_duration_s=60)
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.sleep("day", 86_400)

        job = rig.submit("late")
        rig.run()
        assert rig.job(job).ready_at - datetime.now(UTC) < timedelta(seconds=61)
        rig.container.db.job_steps.update_one(
            {"job_id": ObjectId(job.id)}, {"$set": {"started_at": datetime.now(UTC) - timedelta(seconds=61)}}
        )
        rig.container.waits.resume([rig.job(job)])
        rig.run()
        done = rig.wait(job)
        assert (done.status, done.attempt) == (JobStatus.DLQ, 2)
        assert done.error is not None and done.error.type == "DurationExceeded"

    def test_a_waiting_job_holds_no_limit_and_keeps_its_unique_key(self, rig: Rig) -> None:
        @rig.task("single", limits=[Limit("one", concurrency=1)])
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            if payload.get("sleeps"):
                ctx.sleep("day", 86_400)
            return "done"

        rig.container.limit_scripts.define([Definition("*", "one", concurrency=1)])
        unique = Unique("u").rule(TENANT, "single", "", datetime.now(UTC))
        first = rig.submit("single", {"sleeps": True}, limits=("one",), unique=unique, unique_key=unique.slot)
        second = rig.submit("single", limits=("one",))
        rig.run()
        assert rig.job(second).status is JobStatus.COMPLETED
        waiting = rig.job(first)
        assert (waiting.status, waiting.unique_key) == (JobStatus.WAITING, unique.slot)
        make_due(rig, first)
        rig.run()
        assert (rig.wait(first).result, rig.job(first).unique_key) == ('"done"', "")


class TestHandingOver:
    @pytest.mark.parametrize("kind", ["sync", "async"])
    def test_a_job_that_outlives_its_function_goes_on_in_the_next(self, rig: Rig, calls: Calls, kind: str) -> None:
        """A job of steps that take 2.4 s, on functions of 1 s each."""

        def work(name: str) -> str:
            calls[name] += 1
            time.sleep(0.2)
            return name

        async def work_async(name: str) -> str:
            calls[name] += 1
            await asyncio.sleep(0.2)
            return name

        @rig.task("sync", retries=0)
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return [ctx.step("part", work, str(n)) for n in range(12)]

        @rig.task("async", retries=0)
        async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return [await ctx.step("part", work_async, str(n)) for n in range(12)]

        job = rig.submit(kind)
        for _ in range(40):
            rig.run(remaining_s=1.0)
            if not rig.job(job).status.is_open:
                break

        done = rig.wait(job)
        assert done.result == str([str(n) for n in range(12)]).replace(" ", "").replace("'", '"')
        assert set(calls.values()) == {1}, calls
        assert (done.retry_count, done.past_retries) == (0, 0)
        assert set(outcomes(done)[:-1]) == {Outcome.CONTINUED}
        continued = [e for e in rig.events(job) if e["type"] == "job:continued"]
        assert len(continued) == len(done.attempts) - 1 >= 2

    def test_log_lines_do_not_repeat(self, rig: Rig) -> None:
        @rig.task("talk", retries=1)
        def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.log("begin")
            ctx.step("a", lambda: None)
            ctx.log("a is done")
            ctx.sleep("hour", 3600)
            ctx.log("awake")
            ctx.step("b", lambda: None)
            if ctx.attempt == 2:
                raise ValueError("once")
            ctx.log("end")

        job = rig.submit("talk")
        rig.run()
        make_due(rig, job)
        rig.run()
        rig.wait(job)
        lines = [line.message for line in rig.container.job_logs.read(job.id)]
        assert lines == ["begin", "a is done", "awake", "end"]


class TestDeployments:
    def deploy(self, rig: Rig, before: Any, after: Any, **options: Any) -> Job:
        """Run a job of ``before`` until it waits, then deploy ``after`` and let it go on."""
        rig.task("import", version=1, retries=0, **options)(before)
        job = rig.submit("import")
        rig.run()
        assert rig.job(job).status is JobStatus.WAITING
        rig.registry.forget(lambda task: True)
        rig.task("import", version=2, retries=0, **options)(after)
        make_due(rig, job)
        rig.run()
        return rig.wait(job)

    def test_steps_are_added_renamed_reordered_and_removed(self, rig: Rig, calls: Calls) -> None:
        def before(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            for name in ("a", "b", "c"):
                ctx.step(name, counted(calls, name))
            ctx.sleep("hour", 3600)

        def after(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.step("new", counted(calls, "new"))
            ctx.step("b", counted(calls, "b"))
            ctx.step("a", counted(calls, "a"))
            ctx.sleep("hour", 3600)
            return ctx.step("c2", counted(calls, "c2"))

        done = self.deploy(rig, before, after)
        assert done.result == '"c2"'
        assert calls == {"a": 1, "b": 1, "c": 1, "new": 1, "c2": 1}
        lines = [(line.level, line.message) for line in rig.container.job_logs.read(done.id)]
        assert lines == [("warning", "steps that an earlier attempt recorded were not reached: 'c'")]

    def test_another_kind_under_a_name_is_no_guess(self, rig: Rig, calls: Calls) -> None:
        def before(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.step("a", counted(calls, "a"))
            ctx.sleep("hour", 3600)

        def after(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.sleep("a", 3600)

        done = self.deploy(rig, before, after)
        assert (done.status, done.attempt) == (JobStatus.DLQ, 2)
        assert done.error is not None and done.error.type == "NonDeterministic"

    @pytest.mark.parametrize(
        ("on_version", "status", "called"),
        [("continue", JobStatus.COMPLETED, 1), ("restart", JobStatus.COMPLETED, 2), ("fail", JobStatus.DLQ, 1)],
    )
    def test_a_version_says_what_becomes_of_older_jobs(
        self, rig: Rig, calls: Calls, on_version: str, status: JobStatus, called: int
    ) -> None:
        def before(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.step("a", counted(calls, "a"))
            ctx.sleep("hour", 3600)

        def after(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.step("a", counted(calls, "a"))

        done = self.deploy(rig, before, after, on_version=on_version)
        assert (done.status, calls["a"]) == (status, called)
        if status is JobStatus.DLQ:
            assert done.error is not None and done.error.type == "VersionChanged"


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
