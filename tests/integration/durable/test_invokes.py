"""Jobs that durable jobs invoke: their results and failures, and what a cancellation of the caller does to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.jobs import Job, JobStatus
from tests.durable import run_until_ended
from tests.support import wait_until
from tests.worker_support import Rig
from worker_fn import StepFailed, TaskContext

pytestmark = pytest.mark.integration


class TestInvoke:
    def test_a_job_runs_another_and_goes_on_with_its_result(self, rig: Rig) -> None:
        @rig.task("parent")
        async def parent(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return await ctx.invoke("charge", "child", {"n": 20})

        @rig.task("child")
        def child(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return payload["n"] + 1

        rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
        job = rig.submit("parent")
        done = run_until_ended(rig, job)
        assert done.result == "21"
        [record] = rig.container.step_store.load(job.id, "")
        made = rig.container.job_store.get(record.subject)
        assert (made.owner_id, made.trace_id, made.outbox) == (job.owner_id, job.trace_id, ())
        assert rig.container.db.jobs.count_documents({}) == 2

    def test_the_failure_of_an_invoked_job_is_that_of_the_step(self, rig: Rig) -> None:
        @rig.task("parent", retries=0)
        def parent(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            try:
                return ctx.invoke("charge", "child")
            except StepFailed as error:
                return [error.kind, str(error)]

        @rig.task("child", retries=0)
        def child(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            raise ValueError("no funds")

        rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
        job = rig.submit("parent")
        assert run_until_ended(rig, job).result == '["ValueError","no funds"]'

    def waiting(self, rig: Rig, **options: Any) -> tuple[Job, str]:
        """A job that waits for one that it invoked, which waits for an event; the id of that one."""

        @rig.task("parent")
        async def parent(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return await ctx.invoke("charge", "child", **options)

        @rig.task("child")
        async def child(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return await ctx.wait_for_event("go")

        rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
        job = rig.submit("parent")

        def both_wait() -> bool:
            rig.run()
            states = [found["status"] for found in rig.container.db.jobs.find({}, {"status": 1})]
            return states == ["waiting", "waiting"]

        wait_until(both_wait, 60, "both jobs wait")
        [record] = rig.container.step_store.load(job.id, "")
        return job, record.subject

    @pytest.mark.parametrize(("options", "status"), [({}, "cancelled"), ({"detached": True}, "waiting")])
    def test_an_invoked_job_is_cancelled_with_the_one_that_waits_for_it(
        self, rig: Rig, options: dict[str, Any], status: str
    ) -> None:
        job, child = self.waiting(rig, **options)
        rig.container.cancellation.cancel([rig.job(job)])
        assert rig.container.job_store.get(child).status == status
        assert rig.job(job).outbox == ()

    def test_a_cancellation_whose_process_died_reaches_the_invoked_job_by_the_sweep(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job, child = self.waiting(rig)
        with monkeypatch.context() as dying:
            dying.setattr(rig.container.dispatcher, "dispatch", lambda jobs: 0)
            rig.container.cancellation.cancel([rig.job(job)])
        assert rig.container.job_store.get(child).status is JobStatus.WAITING
        long_ago = {"updated_at": datetime.now(UTC) - timedelta(minutes=2)}
        rig.container.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": long_ago})
        rig.container.sweeper.sweep()
        assert rig.container.job_store.get(child).status is JobStatus.CANCELLED

    def test_a_job_that_is_cancelled_while_it_invokes_another_leaves_none_behind(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        submit = rig.container.submitter.submit

        def cancel_first(jobs: list[Job]) -> Any:
            """The job ends as cancelled, and its end is dispatched, right before the other one is submitted."""
            [parent] = [follower.id for follower in jobs[0].followers]
            rig.wait(rig.container.job_store.get(parent), JobStatus.RUNNING)  # else its start may come in between
            rig.container.cancellation.cancel([rig.container.job_store.get(parent)])
            rig.wait(rig.container.job_store.get(parent), JobStatus.CANCELLED)
            wait_until(lambda: not rig.container.job_store.get(parent).outbox, what="its end is dispatched")
            return submit(jobs)

        monkeypatch.setattr(rig.container.submitter, "submit", cancel_first)

        @rig.task("parent")
        def parent(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return ctx.invoke("charge", "child")

        @rig.task("child")
        def child(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            ctx.sleep("hour", 3600)

        rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
        job = rig.submit("parent")
        rig.run()

        def states() -> dict[str, str]:
            return {found["task"]: found["status"] for found in rig.container.db.jobs.find({})}

        wait_until(lambda: states() == {"parent": "cancelled", "child": "cancelled"}, what="both are cancelled")
        assert rig.job(job).attempt == 1
