"""Unique jobs: whose they are, idempotency keys, many in one call, the DLQ, older versions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from chalicelib.domain.jobs import NewJob
from chalicelib.domain.unique import OPEN
from chalicelib.errors import NotUnique, RateLimited, Unavailable
from chalicelib.services.job_actions import Action
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from tests.crash import crash
from tests.timed import ALICE, Timed
from tests.unique import ADMIN, BOB, C, S, events, finish, new, one, record, submit

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=1_000)


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
