"""Unique jobs on real servers: one job holds a key, whatever races or dies; duplicates do what their rule says."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from chalicelib.domain.jobs import PARKED_UNTIL, Job, JobStatus, NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.unique import OPEN, OnConflict, Unique
from chalicelib.errors import Conflict, NotUnique, QueueCraftError, RateLimited, Unavailable
from chalicelib.queue.events import EventId
from chalicelib.services.job_actions import Action
from chalicelib.services.submitter import Submitted
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from tests.container import Container
from tests.crash import Point, Process, crash, dying
from tests.jobs import TASKS, prepare
from tests.support import wait_until
from tests.timed import ALICE, Timed
from tests.worker_support import Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration
BOB = Principal("b" * 24, ALICE.tenant_id, Role.MEMBER)
ADMIN = Principal("c" * 24, ALICE.tenant_id, Role.ADMIN)
S, C = JobStatus, OnConflict


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=1_000)


def new(on_conflict: OnConflict = C.KEEP, payload: str = "{}", key: str = "k", **fields: Any) -> NewJob:
    rule = {name: fields.pop(name) for name in ("states", "period_s", "max_wait_s") if name in fields}
    return NewJob("a job", payload=payload, unique=Unique(key, on_conflict=on_conflict, **rule), **fields)


def submit(container: Container, *news: NewJob, by: Principal = ALICE) -> list[Submitted]:
    return container.jobs.submit(by, news, "trace")


def one(timed: Timed, *args: Any, by: Principal = ALICE, **fields: Any) -> Submitted:
    [made] = submit(timed.container, new(*args, **fields), by=by)
    return made


def record(timed: Timed, job: Job) -> dict[str, Any]:
    return dict(timed.container.db.jobs.find_one({"_id": ObjectId(job.id)}) or {})


def events(timed: Timed) -> list[dict[str, Any]]:
    found = [orjson.loads(entry.message) for entry in timed.container.event_log.read(EventId(0, 0), 10_000)]
    return [event["data"] for event in found if event["type"] == "job:deduplicated"]


def finish(timed: Timed, running: Job, *, failed: bool = False) -> Job:
    """End a running job as a worker does."""
    after = timed.finish(running, failed=failed)
    timed.container.dispatcher.dispatch([after])
    return after


# --- the rules -----------------------------------------------------------------------------------------------
def test_a_duplicate_is_answered_with_the_job_that_stands(timed: Timed) -> None:
    first, second = one(timed, payload='{"n":1}'), one(timed, payload='{"n":2}')

    assert (first.created, first.duplicate) == (True, False)
    assert (second.created, second.duplicate, second.job.id) == (False, True, first.job.id)
    assert timed.job(first.job).payload == '{"n":1}'
    [event] = events(timed)
    assert (event["jobId"], event["action"], event["count"]) == (first.job.id, "kept", 1)
    assert event["job"]["uniqueKey"] == "k"
    assert timed.container.redis.zcard(timed.container.keys.intents) == 0
    assert timed.container.engine.counts("all")["submitted"] == 1


def test_the_key_is_free_when_the_job_has_ended(timed: Timed) -> None:
    first = one(timed)
    finish(timed, timed.start()[0])
    assert "unique_key" not in record(timed, first.job)
    assert one(timed).created
    for job in timed.container.jobs.act(ALICE, Action.CANCEL, [timed.container.jobs.get(ALICE, first.job.id).id]).jobs:
        assert job.id != first.job.id


def test_a_job_that_waits_for_its_retry_holds_its_key(timed: Timed) -> None:
    one(timed)
    finish(timed, timed.start()[0], failed=True)
    assert one(timed).duplicate


def test_keys_are_apart_by_tenant_task_and_payload(timed: Timed) -> None:
    assert one(timed).created
    assert one(timed, key="other").created
    assert one(timed, task="resize", payload='{"width":1}').created
    stranger = replace(ALICE, user_id="d" * 24, tenant_id="2" * 24)
    assert one(timed, by=stranger).created
    assert one(timed, key="", payload='{"a":1,"b":2}').created
    assert one(timed, key="", payload='{"b":2,"a":1}').duplicate
    assert one(timed, key="", payload='{"a":2}').created


def test_a_rejected_job_names_the_one_that_stands(timed: Timed) -> None:
    first = one(timed)
    with pytest.raises(NotUnique) as refused:
        one(timed, C.REJECT)
    assert (refused.value.job_id, refused.value.field) == (first.job.id, "unique")
    assert timed.container.redis.zcard(timed.container.keys.intents) == 0


def test_periods_have_keys_of_their_own_which_outlive_the_end(timed: Timed) -> None:
    fields: dict[str, Any] = {"period_s": 60, "states": (*OPEN, "completed")}
    first = one(timed, **fields)
    finish(timed, timed.start()[0])
    again = one(timed, **fields)
    assert (again.duplicate, again.job.id, again.job.status) == (True, first.job.id, S.COMPLETED)
    timed.travel(60)
    assert one(timed, **fields).created


def test_a_waiting_job_is_replaced(timed: Timed) -> None:
    first = one(timed, payload='{"n":1}', delay_s=60.0)
    second = one(timed, C.REPLACE, '{"n":2}', tags=("new",), timeout_s=7, priority=9, queue="elsewhere")
    after = timed.job(first.job)
    assert (second.duplicate, second.job) == (True, after)
    assert (after.payload, after.tags, after.timeout_s) == ('{"n":2}', ("new",), 7)
    assert (after.queue, after.priority, after.ready_at) == ("default", 5, first.job.ready_at)
    assert "new" in record(timed, first.job)["terms"]
    assert events(timed)[0]["action"] == "replaced"
    assert after.earlier_payloads == ()


def test_a_payload_that_attempts_ran_with_is_kept(timed: Timed) -> None:
    first = one(timed, payload='{"n":1}')
    finish(timed, timed.start()[0], failed=True)
    one(timed, C.REPLACE, '{"n":2}')
    after = timed.job(first.job)
    assert [(past.until, past.payload) for past in after.earlier_payloads] == [(1, '{"n":1}')]


def test_a_job_that_runs_or_is_about_to_is_not_replaced(timed: Timed) -> None:
    first = one(timed)
    timed.claim()
    with pytest.raises(NotUnique, match="about to start") as refused:
        one(timed, C.REPLACE)
    assert refused.value.job_id == first.job.id
    timed.record_start(timed.job(first.job))
    with pytest.raises(NotUnique, match="running"):
        one(timed, C.REPLACE)
    timed.run_all()


def test_a_job_is_pushed_back_and_runs_once_with_the_newest_payload(timed: Timed) -> None:
    first = one(timed, C.PUSH_BACK, '{"n":1}', delay_s=10.0, max_wait_s=25.0)
    for n in (2, 3):
        timed.travel(8)
        pushed = one(timed, C.PUSH_BACK, f'{{"n":{n}}}', delay_s=10.0, max_wait_s=25.0)
        assert (pushed.duplicate, pushed.job.id) == (True, first.job.id)
    assert timed.job(first.job).ready_at == first.job.created_at + timedelta(seconds=25)
    assert events(timed)[-1]["action"] == "pushed_back"

    timed.travel(8)
    assert timed.container.promotion.run() == 0
    timed.travel(1)
    assert timed.container.promotion.run() == 1
    [running] = timed.start()
    assert running.payload == '{"n":3}'
    # from here on a new one waits
    assert one(timed, C.PUSH_BACK, '{"n":4}', delay_s=10.0).created


def test_a_due_time_that_redis_missed_is_brought_there_when_it_is_due(
    timed: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    one(timed, C.PUSH_BACK, delay_s=10.0)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.due_times, "postpone", crash)
        one(timed, C.PUSH_BACK, delay_s=30.0)
    timed.travel(11)
    assert timed.container.promotion.run() == 0
    assert timed.container.engine.due(timed.clock.now_ms(), 10) == {}, "a worker would find it again and again"
    timed.travel(20)
    assert timed.container.promotion.run() == 1


def test_a_job_that_a_worker_holds_and_does_not_start_is_pushed_back_all_the_same(timed: Timed) -> None:
    first = one(timed, C.PUSH_BACK, '{"n":1}', delay_s=0.001)
    timed.travel(1)
    timed.container.promotion.run()
    [claimed] = timed.claim()
    assert one(timed, C.PUSH_BACK, '{"n":2}', delay_s=10.0).job.id == first.job.id
    assert timed.record_start(claimed) is None, "its attempt would run with the old payload"
    timed.run_all()
    assert timed.job(first.job).payload == '{"n":2}'
    assert timed.status(first.job) is S.COMPLETED


def test_a_held_back_job_may_be_pushed_back(timed: Timed) -> None:
    container = timed.container
    settings = replace(container.settings, max_active_jobs_per_user=1)
    container.settings = container.limits._settings = container.engine._settings = settings
    first = one(timed, C.PUSH_BACK, delay_s=10.0)
    other = timed.submit()
    timed.travel(11)
    container.promotion.run()
    assert timed.status(first.job) is S.SCHEDULED
    one(timed, C.PUSH_BACK, delay_s=10.0)
    container.jobs.cancel(ALICE, other.id)
    assert timed.status(first.job) is S.SCHEDULED, "there is room, but it was pushed back"
    timed.travel(50)
    container.sweeper.sweep()
    assert timed.status(first.job) is S.PENDING


def test_one_job_waits_behind_the_running_one_with_the_newest_payload(timed: Timed) -> None:
    first = one(timed, C.RUN_AFTER, '{"n":1}')
    assert one(timed, C.RUN_AFTER, '{"n":2}').job.id == first.job.id, "it waits, so it is replaced"
    [running] = timed.start()
    second = one(timed, C.RUN_AFTER, '{"n":3}')
    assert (second.created, second.duplicate, second.job.runs_after) == (True, False, first.job.id)
    third = one(timed, C.RUN_AFTER, '{"n":4}')
    assert (third.duplicate, third.job.id) == (True, second.job.id)
    assert one(timed, C.KEEP).job.id == first.job.id

    timed.travel(1)
    timed.container.promotion.run()
    assert timed.start("second") == [], "it never starts beside the running one"
    finish(timed, running)
    [follows] = timed.start("second")
    assert (follows.id, follows.payload, follows.runs_after) == (second.job.id, '{"n":4}', None)
    assert follows.unique_key == running.unique_key
    fourth = one(timed, C.RUN_AFTER, '{"n":5}')
    assert fourth.job.runs_after == second.job.id
    finish(timed, follows, failed=True)
    assert timed.status(fourth.job) is S.SCHEDULED, "the one before it will be tried again"
    timed.run_all()
    assert timed.container.db.jobs.count_documents({"status": "completed"}) == 3


def test_a_successor_waits_through_a_rebuild(timed: Timed) -> None:
    one(timed, C.RUN_AFTER)
    [running] = timed.start()
    second = one(timed, C.RUN_AFTER)
    timed.container.redis.delete(timed.container.keys.epoch)
    timed.container.rebuilder.ensure_open()
    timed.container.sweeper.sweep()
    assert timed.job(second.job).ready_at == PARKED_UNTIL
    assert running.lease is not None
    timed.run_all()
    assert timed.status(second.job) is S.COMPLETED


def test_a_successor_whose_predecessor_ended_unseen_is_found_by_the_sweep(timed: Timed) -> None:
    one(timed, C.RUN_AFTER)
    [running] = timed.start()
    second = one(timed, C.RUN_AFTER)
    timed.finish(running)  # and no more: the worker died here, or is of an older version
    assert timed.job(second.job).ready_at == PARKED_UNTIL
    timed.container.sweeper.sweep()
    assert timed.status(second.job) is S.PENDING
    assert timed.container.sweeper.totals()["successors"].mended == 1


def test_a_release_that_redis_missed_is_found_by_the_sweep(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    one(timed, C.RUN_AFTER)
    [running] = timed.start()
    second = one(timed, C.RUN_AFTER)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.due_times, "unpark", crash)
        finish(timed, running)
    assert timed.job(second.job).ready_at == timed.clock.now()
    assert timed.status(second.job) is S.SCHEDULED
    timed.container.sweeper.sweep()
    assert timed.status(second.job) is S.PENDING


def test_a_waiting_successor_may_be_cancelled_but_not_hurried(timed: Timed) -> None:
    one(timed, C.RUN_AFTER)
    timed.start()
    second = one(timed, C.RUN_AFTER)
    with pytest.raises(Conflict, match="waits for the end"):
        timed.container.jobs.retry(ALICE, second.job.id)
    timed.container.jobs.cancel(ALICE, second.job.id)
    assert {"unique_key", "runs_after"}.isdisjoint(record(timed, second.job))
    assert one(timed, C.RUN_AFTER).created
    timed.run_all()


@pytest.mark.parametrize("how", ["cancelled", "lost", "dead", "completed"])
def test_every_end_lets_the_successor_run(timed: Timed, how: str) -> None:
    first = one(timed, C.RUN_AFTER, max_retries=0)
    [running] = timed.start()
    second = one(timed, C.RUN_AFTER)
    if how in {"completed", "dead"}:
        finish(timed, running, failed=how == "dead")
    else:
        if how == "cancelled":
            timed.container.jobs.cancel(ALICE, first.job.id)
        timed.travel(20)
        timed.container.lease_rescue.run()
    assert timed.status(second.job) is S.PENDING


def test_a_worker_runs_one_after_the_other(container: Container) -> None:
    prepare(container)
    together: list[int] = []
    running, go_on = threading.Semaphore(0), threading.Event()
    busy = threading.Lock()
    with Rig(container) as rig:

        @rig.task("sync_up")
        def sync_up(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            assert busy.acquire(blocking=False), "two at the same time"
            running.release()
            go_on.wait(20)
            together.append(payload["n"])
            busy.release()
            return payload

        container.catalogue.register([*TASKS, *(task.spec for task in rig.registry.tasks.values())])

        def ask(n: int) -> Submitted:
            asked = new(C.RUN_AFTER, f'{{"n":{n}}}', task="sync_up")
            return submit(container, asked)[0]

        first = ask(1)
        worker = rig.start()
        assert running.acquire(timeout=20)
        wait_until(lambda: rig.job(first.job).status is S.RUNNING)
        second, third = ask(2), ask(3)
        assert second.job.id == third.job.id
        go_on.set()
        rig.wait(second.job)
        worker.join()
    assert together == [1, 3]


# --- people --------------------------------------------------------------------------------------------------
def test_jobs_of_other_members_are_not_shown_nor_changed(timed: Timed) -> None:
    first = one(timed, delay_s=5.0)
    for on_conflict in (C.KEEP, C.REJECT, C.REPLACE):
        with pytest.raises(NotUnique) as refused:
            one(timed, on_conflict, '{"n":2}', by=BOB)
        assert refused.value.job_id is None
        assert first.job.id not in refused.value.message
    assert one(timed, C.REPLACE, '{"n":3}', by=ADMIN).job.id == first.job.id
    assert timed.job(first.job).owner_id == ALICE.user_id


def test_a_duplicate_counts_as_an_attempt_and_takes_no_place(timed: Timed) -> None:
    container = timed.container
    settings = replace(container.settings, max_active_jobs_per_user=1, rate_limit_max_requests=3)
    container.settings = container.limits._settings = container.engine._settings = settings
    assert one(timed).created
    assert one(timed).duplicate
    with pytest.raises(NotUnique):
        one(timed, C.REJECT)
    with pytest.raises(RateLimited):
        one(timed)


# --- idempotency keys ----------------------------------------------------------------------------------------
def test_an_idempotency_key_gives_the_same_answer_again(timed: Timed) -> None:
    first = one(timed)
    second = one(timed, idempotency_key="i")
    assert (second.duplicate, second.job.id) == (True, first.job.id)
    finish(timed, timed.start()[0])
    third = one(timed, idempotency_key="i")
    assert (third.duplicate, third.created, third.job.id) == (True, False, first.job.id)
    assert one(timed, idempotency_key="j").created


def test_an_idempotency_key_wins_over_the_unique_key(timed: Timed) -> None:
    first = one(timed, C.REJECT, idempotency_key="i")
    again = one(timed, C.REJECT, idempotency_key="i")
    assert (again.created, again.duplicate, again.job.id) == (False, False, first.job.id)


def test_a_refused_call_frees_its_idempotency_key(timed: Timed) -> None:
    one(timed)
    for _ in range(2):
        with pytest.raises(NotUnique):
            one(timed, C.REJECT, idempotency_key="i")
    assert timed.container.db.idempotency.count_documents({}) == 0


# --- many in one call ----------------------------------------------------------------------------------------
def test_a_call_with_duplicates_has_an_entry_for_each(timed: Timed) -> None:
    first = one(timed, key="taken")
    made = submit(
        timed.container, NewJob("plain"), new(key="taken"), new(key="fresh", payload='{"n":1}'),
        new(C.REPLACE, '{"n":2}', key="fresh"), new(key="taken"),
    )  # fmt: skip
    assert [each.duplicate for each in made] == [False, True, False, True, True]
    assert [made[n].job.id for n in (1, 4)] == [first.job.id] * 2
    assert made[3].job.id == made[2].job.id
    assert timed.job(made[2].job).payload == '{"n":2}'
    assert {event["jobId"]: event["count"] for event in events(timed)} == {first.job.id: 2, made[2].job.id: 1}


def test_a_call_with_a_rejected_job_creates_none(timed: Timed) -> None:
    one(timed, key="taken")
    with pytest.raises(NotUnique) as refused:
        submit(timed.container, new(key="a"), new(C.REJECT, key="taken"))
    assert refused.value.field == "jobs.1.unique"
    with pytest.raises(NotUnique) as refused:
        submit(timed.container, NewJob("plain"), new(C.REJECT, key="b"), new(C.REJECT, key="b"))
    assert (refused.value.field, refused.value.job_id) == ("jobs.2.unique", None)
    assert timed.container.db.jobs.count_documents({}) == 1


def test_a_job_that_is_rejected_by_a_race_leaves_none_either(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    container = timed.container
    insert = container.job_store.insert
    raced: list[bool] = []

    def overtaken(jobs: Any, **options: Any) -> set[str]:
        if not raced:
            raced.append(True)
            one(timed, key="taken")
        return insert(jobs, **options)

    monkeypatch.setattr(container.job_store, "insert", overtaken)
    with pytest.raises(NotUnique):
        submit(container, NewJob("plain"), new(C.REJECT, key="taken"))
    assert container.db.jobs.count_documents({}) == 1
    assert container.redis.zcard(container.keys.intents) == 0


# --- the DLQ, deletion, older versions -----------------------------------------------------------------------
def test_a_redrive_takes_the_key_again_and_meets_a_taken_one(timed: Timed) -> None:
    first = one(timed, max_retries=0)
    finish(timed, timed.start()[0], failed=True)
    timed.container.jobs.redrive(ALICE, first.job.id)
    assert one(timed).job.id == first.job.id
    finish(timed, timed.start()[0], failed=True)
    second = one(timed)
    with pytest.raises(NotUnique):
        timed.container.jobs.redrive(ALICE, first.job.id)
    assert timed.status(first.job) is S.DLQ
    timed.container.jobs.cancel(ALICE, second.job.id)
    assert timed.container.jobs.redrive(ALICE, first.job.id).status is S.PENDING


def test_two_redrives_of_one_key_are_one(timed: Timed) -> None:
    dead = []
    for _ in range(2):
        dead.append(one(timed, max_retries=0).job.id)
        finish(timed, timed.start()[0], failed=True)
    changed = timed.container.jobs.act(ALICE, Action.REDRIVE, dead)
    assert changed.changed == 1
    [failure] = changed.failed
    assert isinstance(failure.error, NotUnique)


def test_a_deleted_job_frees_its_key(timed: Timed) -> None:
    fields: dict[str, Any] = {"period_s": 3600, "states": (*OPEN, "completed")}
    first = one(timed, **fields)
    finish(timed, timed.start()[0])
    timed.container.jobs.delete(ALICE, first.job.id)
    assert one(timed, **fields).created


def test_a_key_that_a_worker_of_an_older_version_left_is_free(timed: Timed) -> None:
    first = one(timed, max_retries=0)
    [running] = timed.start()
    timed.finish(running)
    timed.container.db.jobs.update_one({"_id": ObjectId(first.job.id)}, {"$set": {"unique_key": running.unique_key}})
    assert one(timed).created
    assert "unique_key" not in record(timed, first.job)


def test_a_successor_of_a_job_that_an_older_version_ended_runs(timed: Timed) -> None:
    first = one(timed, C.RUN_AFTER)
    [running] = timed.start()
    second = one(timed, C.RUN_AFTER)
    timed.finish(running)
    timed.container.db.jobs.update_one({"_id": ObjectId(first.job.id)}, {"$set": {"unique_key": running.unique_key}})
    timed.container.sweeper.sweep()
    assert timed.status(second.job) is S.PENDING
    assert timed.job(second.job).unique_key == running.unique_key


def test_a_deployment_may_build_the_indexes_late(timed: Timed) -> None:
    for index in ("unique_key", "runs_after"):
        timed.container.db.jobs.drop_index(index)
    with pytest.raises(Unavailable):
        one(timed)
    timed.submit()
    timed.container.sweeper.sweep()
    ensure_indexes(timed.container.db)
    assert one(timed).created


# --- plain jobs ----------------------------------------------------------------------------------------------
def test_plain_jobs_have_no_entry_in_the_indexes_and_no_field(timed: Timed) -> None:
    plain = timed.submit()
    db = timed.container.db
    assert {"unique", "unique_key", "runs_after"}.isdisjoint(record(timed, plain))
    one(timed)
    entries = db.command("validate", "jobs")["keysPerIndex"]
    assert (entries["unique_key"], entries["runs_after"]) == (1, 0)
    found = db.jobs.find({"unique_key": {"$in": ["a", "b"]}}).hint("unique_key").explain()["executionStats"]
    assert found["totalDocsExamined"] == 0
    with pytest.raises(DuplicateKeyError):
        db.jobs.update_one({"_id": ObjectId(plain.id)}, {"$set": {"unique_key": db.jobs.distinct("unique_key")[0]}})


def test_a_plain_submission_asks_nothing_of_uniqueness(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("holders", "free", "rewrite", "waiting_for_others"):
        monkeypatch.setattr(timed.container.unique_store, name, crash)
    timed.submit()
    finish(timed, timed.start()[0])


# --- races ---------------------------------------------------------------------------------------------------
def everywhere(calls: list[Callable[[], Any]]) -> list[Any]:
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(30)
        try:
            return call()
        except QueueCraftError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize("on_conflict", [C.KEEP, C.REJECT, C.REPLACE, C.RUN_AFTER, C.PUSH_BACK])
def test_fifty_at_once_are_one_job(timed: Timed, on_conflict: OnConflict) -> None:
    delay_s = 10.0 if on_conflict is C.PUSH_BACK else None
    results = everywhere([lambda n=n: one(timed, on_conflict, f'{{"n":{n}}}', delay_s=delay_s) for n in range(50)])  # type: ignore[misc]

    made = [result for result in results if isinstance(result, Submitted)]
    assert sum(result.created for result in made) == 1
    assert timed.container.db.jobs.count_documents({"open": True}) == 1
    assert len({result.job.id for result in made}) == 1
    others = [result for result in results if not isinstance(result, Submitted)]
    assert all(isinstance(other, NotUnique if on_conflict is C.REJECT else Conflict) for other in others)
    assert timed.container.redis.zcard(timed.container.keys.intents) == 0


def test_fifty_behind_a_running_one_are_one_job(timed: Timed) -> None:
    one(timed, C.RUN_AFTER)
    [running] = timed.start()
    everywhere(
        [lambda n=n: one(timed, C.RUN_AFTER, f'{{"n":{n}}}') for n in range(49)] + [lambda: finish(timed, running)]
    )
    timed.container.sweeper.sweep()
    open_ = list(timed.container.db.jobs.find({"open": True}))
    assert len(open_) in {1, 2}, "one that took the key, and one behind it"
    timed.run_all()


@pytest.mark.parametrize("step", ["job_store.insert", "engine.enqueue", "unique_store.rewrite", "limits.admit"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("on_conflict", [C.KEEP, C.REPLACE, C.RUN_AFTER])
def test_calls_that_die_leave_at_most_one_job(timed: Timed, on_conflict: OnConflict, step: str, after: bool) -> None:
    shop = timed.container
    dying_calls = [Process(_twin(timed), Point(step, 1, after=after)) for _ in range(8)]

    def call(container: Container, n: int) -> Any:
        with dying():
            return submit(container, new(on_conflict, f'{{"n":{n}}}'))[0]
        return None

    calls = [lambda p=p, n=n: call(p.container, n) for n, p in enumerate(dying_calls)]
    results = everywhere([*calls, *[lambda n=n: call(shop, n) for n in range(8, 12)]])
    for process in dying_calls:
        process.container.close()

    assert shop.db.jobs.count_documents({"open": True}) == 1
    [job_id] = {result.job.id for result in results if isinstance(result, Submitted)}
    timed.travel(130)
    timed.run_all()
    assert shop.jobs.get(ALICE, job_id).status is S.COMPLETED


def _twin(timed: Timed) -> Container:
    container = Container(timed.container.settings, clock=timed.clock)
    container.__dict__["functions"] = timed.invocations
    container.scripts.now_ms = timed.clock.now_ms()
    container.rebuilder.ensure_open()
    return container


@pytest.mark.parametrize("on_conflict", [C.REPLACE, C.PUSH_BACK, C.RUN_AFTER])
@pytest.mark.parametrize("seed", range(5))
def test_a_claim_at_the_same_time_loses_no_payload(timed: Timed, on_conflict: OnConflict, seed: int) -> None:
    """What was accepted last has run, or waits, with its payload."""
    shuffled = random.Random(seed)
    one(timed, on_conflict, '{"n":0}', delay_s=None if on_conflict is not C.PUSH_BACK else 0.001)
    timed.travel(1)
    timed.container.promotion.run()
    ran: list[str | None] = []

    def work() -> None:
        for claimed in timed.claim(f"token {seed}"):
            running = timed.record_start(claimed, f"token {seed}")
            if running is None:  # written over since: goes back, as a worker does
                timed.container.engine.drop([], "")
                continue
            timed.tell_start(running)
            ran.append(running.payload)
            finish(timed, running)

    calls: list[Callable[[], Any]] = [lambda: one(timed, on_conflict, '{"n":1}', delay_s=_delay(on_conflict)), work]
    shuffled.shuffle(calls)
    accepted, _ = sorted(everywhere(calls), key=lambda result: result is None)
    timed.travel(130)
    for _ in range(20):
        timed.container.sweeper.sweep()
        for running in timed.start("later"):
            ran.append(running.payload)
            finish(timed, running)
        timed.travel(30)
    if isinstance(accepted, Submitted):
        assert ran[-1] == '{"n":1}'
    else:
        assert isinstance(accepted, NotUnique)
        assert ran == ['{"n":0}']
    assert timed.container.db.jobs.count_documents({"open": True}) == 0


def _delay(on_conflict: OnConflict) -> float | None:
    return 1.0 if on_conflict is C.PUSH_BACK else None
