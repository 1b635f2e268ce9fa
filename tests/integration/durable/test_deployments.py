"""Durable jobs that go on in another function, or under other code."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus, Outcome
from tests.durable import Calls, counted, make_due, outcomes
from tests.support import wait_until
from tests.worker_support import Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration


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

        def has_ended() -> bool:
            rig.run(remaining_s=1.0)
            return not rig.job(job).status.is_open

        wait_until(has_ended, 300, "the job has ended")
        done = rig.job(job)
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
