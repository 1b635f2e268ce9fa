"""Unique jobs on real servers: one job holds a key; duplicates do what their rule says."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.jobs import PARKED_UNTIL
from chalicelib.domain.unique import OPEN
from chalicelib.errors import Conflict, NotUnique
from chalicelib.services.job_actions import Action
from chalicelib.services.submitter import Submitted
from chalicelib.settings import Settings
from tests.container import Container
from tests.crash import crash
from tests.jobs import TASKS, prepare
from tests.support import wait_until
from tests.timed import ALICE, Timed
from tests.unique import C, S, events, finish, new, one, record, submit
from tests.worker_support import Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=1_000)


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
