"""Batches over HTTP, their ends and callbacks, cancellation, and calls that die or race."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.batches import Batch, BatchStatus, Callback
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.batch_work import ABANDONED
from chalicelib.services.batches import NewBatch
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.audit import audit
from tests.container import Container
from tests.crash import CrashError, crash, dying, points
from tests.interruptions import Deed, calls_of
from tests.jobs import prepare
from tests.timed import ALICE, Timed
from tests.world import World

pytestmark = pytest.mark.integration
CALLBACKS = {Callback.ON_COMPLETE: JobTemplate("after all"), Callback.ON_SUCCESS: JobTemplate("after success")}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)


def submit(timed: Timed, number: int, *, key: str | None = None, **fields: Any) -> Batch:
    news = [NewJob(f"job {n}", max_retries=0, **fields) for n in range(number)]
    return timed.container.batches.create(ALICE, NewBatch("a batch", news, CALLBACKS, key), "trace")[0]


def now(timed: Timed, batch: Batch) -> Batch:
    return timed.container.batches.get(ALICE, batch.id)[0]


def callbacks(container: Container) -> Counter[str]:
    found = container.db.jobs.find({"name": {"$in": [job.name for job in CALLBACKS.values()]}})
    return Counter(job["name"] for job in found)


def members(timed: Timed, batch: Batch) -> list[Job]:
    return timed.container.batch_store.members(batch.id, set(JobStatus), 20_000)


# --- over HTTP ------------------------------------------------------------------------------------------------
class TestHttp:
    @pytest.fixture(autouse=True)
    def catalogue(self, container: Container) -> None:
        prepare(container)

    def body(self, number: int = 3, **fields: Any) -> dict[str, Any]:
        return {"name": "Import", "jobs": [{"name": f"part {n}"} for n in range(number)], **fields}

    def test_a_batch_is_submitted_listed_and_cancelled(self, api: Api, alice: Person) -> None:
        answer = api.post("/batches", self.body(on_complete={"name": "after"}), by=alice)
        assert answer.status == 201, answer.text
        batch = answer.json["batch"]
        assert (batch["status"], batch["total"], batch["done"], batch["waiting"]) == ("running", 3, 0, 3)
        listed = api.get("/job", query={"batch": batch["_id"]}, by=alice).json["jobs"]
        assert {job["status"] for job in listed} == {"pending"}
        assert {job["batchId"] for job in listed} == {batch["_id"]}
        assert [each["_id"] for each in api.get("/batches", by=alice).json["batches"]] == [batch["_id"]]
        assert api.get(f"/batches/{batch['_id']}", by=alice).json["batch"] == batch

        cancelled = api.post(f"/batches/{batch['_id']}/cancel", by=alice).json["batch"]
        assert (cancelled["status"], cancelled["cancelled"], cancelled["onComplete"]) == ("cancelled", 3, None)
        assert api.post(f"/batches/{batch['_id']}/cancel", by=alice).status == 409

    def test_errors_name_the_place(self, api: Api, alice: Person) -> None:
        wrong = self.body()
        for change, field in (
            ({"task": "no such"}, "jobs.1.task"),
            ({"task": "resize", "payload": {"width": 0}}, "jobs.1.payload.width"),
            ({"unique": {"key": "k"}}, "jobs.1.unique"),
            ({"idempotencyKey": "k"}, "jobs.1.idempotencyKey"),
            ({"dependsOn": ["0" * 24]}, "jobs.1.dependsOn"),
        ):
            wrong["jobs"][1] = {"name": "wrong", **change}
            answer = api.post("/batches", wrong, by=alice)
            assert (answer.status, answer.json["field"]) == (400, field), answer.text
        answer = api.post("/batches", self.body(onSuccess={"name": "a", "task": "no such"}), by=alice)
        assert (answer.status, answer.json["field"]) == (400, "onSuccess.task")
        assert api.post("/batches", self.body(0), by=alice).status == 400
        assert api.container.db.jobs.count_documents({}) == 0
        assert api.container.db.batches.count_documents({}) == 0

    def test_a_key_identifies_the_call(self, api: Api, alice: Person) -> None:
        made = [api.post("/batches", self.body(idempotency_key="k"), by=alice) for _ in range(2)]
        assert [answer.status for answer in made] == [201, 200]
        assert made[0].json["batch"]["_id"] == made[1].json["batch"]["_id"]
        for other in (self.body(4), self.body(name="Export"), self.body(on_success={"name": "after"})):
            assert api.post("/batches", {**other, "idempotency_key": "k"}, by=alice).status == 409
        header = api.post("/batches", self.body(), by=alice, headers={"Idempotency-Key": "k"})
        assert header.status == 200

    def test_pages_follow_each_other(self, api: Api, alice: Person) -> None:
        ids = [api.post("/batches", self.body(1), by=alice).json["batch"]["_id"] for _ in range(5)]
        first = api.get("/batches", query={"limit": "2"}, by=alice).json
        second = api.get("/batches", query={"limit": "2", "cursor": first["nextCursor"]}, by=alice).json
        back = api.get("/batches", query={"limit": "2", "cursor": second["prevCursor"]}, by=alice).json
        assert [each["_id"] for each in first["batches"] + second["batches"]] == ids[::-1][:4]
        assert back["batches"] == first["batches"]

    def test_a_list_has_one_state_if_asked(self, api: Api, alice: Person) -> None:
        ids = [api.post("/batches", self.body(1), by=alice).json["batch"]["_id"] for _ in range(2)]
        api.post(f"/batches/{ids[0]}/cancel", by=alice)
        for status, expected in (("cancelled", ids[:1]), ("running", ids[1:]), ("failed", []), ("undone", [])):
            listed = api.get("/batches", query={"status": status}, by=alice).json["batches"]
            assert [each["_id"] for each in listed] == expected
        assert api.get("/batches", query={"status": "blocked"}, by=alice).json["field"] == "status"

    def test_jobs_count_as_attempts(self, api: Api, alice: Person) -> None:
        api.container.limits._settings = replace(api.container.settings, rate_limit_max_requests=4)
        assert api.post("/batches", self.body(5), by=alice).status == 429
        assert api.container.db.batches.count_documents({}) == 0
        assert api.post("/batches", self.body(4), by=alice).status == 201


# --- ends -----------------------------------------------------------------------------------------------------
def test_callbacks_run_once_after_the_last_job(timed: Timed) -> None:
    batch = submit(timed, 3)
    running = timed.start()
    for job in running[:2]:
        timed.conclude(job)
    assert callbacks(timed.container) == {}
    timed.conclude(running[2])
    assert callbacks(timed.container) == {"after all": 1, "after success": 1}
    after = now(timed, batch)
    assert (after.status, after.counts, after.is_open) == (BatchStatus.COMPLETED, {JobStatus.COMPLETED: 3}, False)
    timed.run_all()
    assert callbacks(timed.container) == {"after all": 1, "after success": 1}


def test_a_batch_with_a_failure_has_no_success_and_later_redrives_change_nothing(timed: Timed) -> None:
    batch = submit(timed, 2)
    first, second = timed.start()
    timed.conclude(first, failed=True)
    timed.conclude(second)
    assert (now(timed, batch).status, callbacks(timed.container)) == (BatchStatus.FAILED, {"after all": 1})

    timed.container.jobs.redrive(ALICE, first.id)
    for running in timed.start():
        timed.conclude(running)
    assert (now(timed, batch).status, callbacks(timed.container)) == (BatchStatus.FAILED, {"after all": 1})


def test_a_job_that_is_redriven_before_the_end_counts_by_its_last_end(timed: Timed) -> None:
    batch = submit(timed, 2)
    first, second = timed.start()
    timed.conclude(first, failed=True)
    timed.container.jobs.redrive(ALICE, first.id)
    timed.conclude(second)
    assert now(timed, batch).status is BatchStatus.RUNNING
    for running in timed.start():
        timed.conclude(running)
    assert now(timed, batch).status is BatchStatus.COMPLETED


def test_jobs_of_a_running_batch_cannot_be_deleted(timed: Timed) -> None:
    submit(timed, 2)
    first, second = timed.start()
    timed.conclude(first)
    with pytest.raises(Conflict):
        timed.container.jobs.delete(ALICE, first.id)
    timed.conclude(second)
    timed.container.jobs.delete(ALICE, first.id)


def test_a_cancellation_reaches_all_jobs(timed: Timed) -> None:
    batch = submit(timed, 3)
    later = submit(timed, 1, delay_s=300)
    running, *_ = timed.start()
    timed.container.batches.cancel(ALICE, batch.id)
    timed.container.batches.cancel(ALICE, later.id)
    assert now(timed, later).status is BatchStatus.CANCELLED
    left = [job for job in members(timed, batch) if job.status.is_open]
    assert all(job.cancel_requested for job in left)
    for job in left:
        timed.conclude(timed.job(job))
    assert now(timed, batch).status in {BatchStatus.CANCELLED, BatchStatus.COMPLETED}
    assert running.id in {job.id for job in left}


def test_ten_thousand_jobs(timed: Timed) -> None:
    batch = submit(timed, 10_000)
    counts = timed.container.engine.counts("all")
    assert (counts["pending"], counts["submitted"], counts.get("blocked", 0)) == (10_000, 10_000, 0)
    timed.container.batches.cancel(ALICE, batch.id)
    after = now(timed, batch)
    assert (after.status, after.counts) == (BatchStatus.CANCELLED, {JobStatus.CANCELLED: 10_000})


# --- calls that die -------------------------------------------------------------------------------------------
def a_call(number: int, key: str) -> Deed:
    news = [NewJob(f"job {n}") for n in range(number)]
    new = NewBatch("a batch", news, CALLBACKS, key)
    return lambda container: container.batches.create(ALICE, new, "trace")


@pytest.mark.parametrize("again", [False, True], ids=["nobody calls again", "the client calls again"])
def test_a_call_that_dies_at_each_step(settings: Settings, again: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then all jobs run and each callback once, or nothing is left of the batch."""
    monkeypatch.setattr("chalicelib.services.batch_work.PAGE", 2)
    with World.opened(replace(settings, lease_ms=1_000)) as world:
        shop, container = world.healthy, world.healthy.container
        calls = calls_of(world, lambda _: a_call(3, "whole"))
        world.mend("nowhere")
        assert callbacks(container) == {"after all": 1, "after success": 1}
        for point in points(calls, 2):
            world.clear()
            call, process = a_call(3, "key"), world.process(point)
            with dying():
                call(process.container)
            process.dead.set()
            if again:
                shop.travel(1)
                call(container)
            world.mend(str(point))
            shop.travel(130)
            container.sweeper.sweep()
            made = callbacks(container)
            batches = list(container.db.batches.find({"status": {"$ne": "undone"}}))
            assert {each["status"] for each in batches} <= {"completed"}, point
            assert made == ({"after all": 1, "after success": 1} if batches else {}), point
            assert len(batches) == 1 or (not again and not batches), point
            assert container.db.jobs.count_documents({"batch": {"$exists": True}}) == 3 * len(batches), point
            assert container.db.batches.count_documents({"open": True, "status": {"$ne": "undone"}}) == 0


def test_a_batch_whose_call_died_is_undone_after_a_minute(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.batch_work, "run", crash)
        with pytest.raises(CrashError):
            submit(timed, 3, key="k")
    [found] = timed.container.db.batches.find()
    assert timed.claim() == [], "nothing runs"
    timed.travel(ABANDONED.total_seconds() + 1)
    timed.container.sweeper.sweep()
    assert timed.container.db.jobs.count_documents({}) == 0
    with pytest.raises(NotFound):
        timed.container.batches.get(ALICE, str(found["_id"]))

    batch = submit(timed, 3, key="k")
    assert batch.id != str(found["_id"])
    assert len(timed.start()) == 3


def test_a_call_that_was_undone_meanwhile_is_refused(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = timed.container.batch_work.fill

    def slowly(batch: Batch, jobs: list[Job]) -> None:
        fill(batch, jobs)
        timed.travel(ABANDONED.total_seconds() + 1)
        timed.container.sweeper.sweep()
        fill(batch, jobs)

    monkeypatch.setattr(timed.container.batch_work, "fill", slowly)
    with pytest.raises(Conflict):
        submit(timed, 3)
    assert timed.container.db.jobs.count_documents({}) == 0


def test_calls_with_one_key_at_the_same_time_make_one_batch(container: Container) -> None:
    prepare(container)
    new = NewBatch("a batch", [NewJob(f"{n}") for n in range(20)], {}, "k")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: container.batches.create(ALICE, new, "trace")[0].id, range(4)))
    assert len(set(made)) == 1
    assert container.engine.counts("all")["pending"] == 20
    assert audit(container) == []


def test_cancelling_while_jobs_are_released(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.services.batch_work.PAGE", 2)
    unblock, calls = timed.container.engine.unblock, []

    def then_cancel(*args: Any) -> Any:
        answer = unblock(*args)
        calls.append(1)
        if len(calls) == 2:
            [found] = timed.container.db.batches.find()
            timed.container.batches.cancel(ALICE, str(found["_id"]))
        return answer

    monkeypatch.setattr(timed.container.engine, "unblock", then_cancel)
    batch = submit(timed, 9)
    assert now(timed, batch).status is BatchStatus.CANCELLED
    assert now(timed, batch).counts == {JobStatus.CANCELLED: 9}
    assert len(calls) == 2


def test_ends_of_many_jobs_in_parallel_make_one_callback(container: Container) -> None:
    prepare(container)
    new = NewBatch(
        "a batch",
        [NewJob(f"{n}", delay_s=3600) for n in range(40)],
        {Callback.ON_COMPLETE: CALLBACKS[Callback.ON_COMPLETE]},
    )
    batch, _ = container.batches.create(ALICE, new, "trace")
    jobs = container.batch_store.members(batch.id, set(JobStatus), 100)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda job: container.jobs.cancel(ALICE, job.id), jobs))
    assert callbacks(container) == {"after all": 1}
    assert container.db.jobs.count_documents({"_id": ObjectId(batch.callback_id(Callback.ON_COMPLETE))}) == 1
    assert audit(container) == []


def test_a_rebuild_in_the_middle_loses_nothing(timed: Timed) -> None:
    batch = submit(timed, 5)
    redis: Any = timed.container.redis
    redis.delete(*redis.scan_iter(match=timed.container.keys.prefix + "*", count=1000))
    timed.container.rebuilder.ensure_open()
    timed.run_all()
    timed.travel(130)
    timed.container.sweeper.sweep()
    assert now(timed, batch).status is BatchStatus.COMPLETED
    assert callbacks(timed.container) == {"after all": 1, "after success": 1}
