"""Durable jobs that wait: without a slot, for a time or until they are cancelled."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.domain.unique import Unique
from chalicelib.queue.limit_instances import Definition
from tests.audit import audit
from tests.durable import Calls, counted, make_due, outcomes, statuses
from tests.worker_support import TENANT, Rig
from worker_fn import Limit, TaskContext

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_job_that_sleeps_holds_nothing(rig: Rig, calls: Calls, kind: str) -> None:
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
def test_a_short_sleep_is_waited_out_in_memory(rig: Rig, kind: str) -> None:
    @rig.task("sync")
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.sleep("moment", 0.2)

    @rig.task("async")
    async def run_async(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        await ctx.sleep("moment", 0.2)

    job = rig.submit(kind)
    rig.run()
    assert outcomes(rig.wait(job)) == [Outcome.COMPLETED]


def test_sleeps_that_are_gathered_end_with_the_first(rig: Rig, calls: Calls) -> None:
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


def test_what_runs_beside_a_wait_is_waited_for_as_far_as_can_be_told(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_a_finally_runs_and_a_bare_except_fails(rig: Rig, calls: Calls, kind: str) -> None:
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


def test_a_waiting_job_is_cancelled_at_once(rig: Rig) -> None:
    @rig.task("sleep")
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.sleep("day", 86_400)

    job = rig.submit("sleep")
    rig.run()
    rig.container.cancellation.cancel([rig.job(job)])
    assert rig.job(job).status is JobStatus.CANCELLED
    assert rig.counts() == {"submitted": 1, "cancelled": 1}


def test_a_cancel_between_the_two_stores_is_found_by_the_look_that_follows(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
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


def test_redis_lost_brings_waiting_jobs_back_with_their_due_time(rig: Rig) -> None:
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


def test_a_job_that_takes_too_long_fails(rig: Rig) -> None:
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


def test_a_waiting_job_holds_no_limit_and_keeps_its_unique_key(rig: Rig) -> None:
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


def test_a_job_that_goes_on_takes_no_start_of_a_rate(rig: Rig) -> None:
    @rig.task("paced", limits=[Limit("paced", rate="1/h")])
    def run(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.sleep("day", 86_400)
        return "done"

    rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
    rig.container.limit_definitions.repair()
    first, second = rig.submit("paced", limits=("paced",)), rig.submit("paced", limits=("paced",))
    rig.run()
    make_due(rig, first)
    rig.run()
    assert rig.wait(first).result == '"done"'
    assert rig.job(second).status is JobStatus.PENDING
    rig.container.cancellation.cancel([rig.job(second)])
