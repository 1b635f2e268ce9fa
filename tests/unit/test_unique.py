"""Unique keys: what a submission may ask for, when a job holds its key, and what becomes of a duplicate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.conflicts import Verdict, behind, judge, pushed_back, replaced, unparked
from chalicelib.domain.jobs import PARKED_UNTIL, Job, JobStatus, NewJob, Outcome
from chalicelib.domain.lifecycle import (
    AttemptResult,
    cancelled,
    ended,
    new_job,
    promoted,
    redriven,
    started,
    started_and_ended,
)
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.unique import ENDED, OPEN, WAITING, OnConflict, Unique, UniqueRule
from chalicelib.errors import InvalidInput
from chalicelib.services.digest import digest, payload_digest
from chalicelib.store.documents import job_document, job_of, unset_by_move
from chalicelib.store.tasks import digest_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TENANT, OWNER = "1" * 24, "2" * 24
SPEC = TaskSpec("t", {})
S = JobStatus


def rule(unique: Unique, at: datetime = NOW) -> UniqueRule:
    return unique.rule(TENANT, "t", "digest", at)


def a_job(unique: Unique, status: JobStatus = S.PENDING, number: int = 1, **fields: object) -> Job:
    new = NewJob("n", "t", **fields)  # type: ignore[arg-type]
    made = new_job(
        new, SPEC, job_id=f"{number:024x}", tenant_id=TENANT, owner_id=OWNER, trace_id="t", now=NOW, unique=rule(unique)
    )
    return made if status is S.PENDING else made.with_(status=status)


@pytest.mark.parametrize(
    ("unique", "field"),
    [
        (Unique(key="a\n"), "unique.key"),
        (Unique(key="x" * 201), "unique.key"),
        (Unique(states=("pending",)), "unique.states"),
        (Unique(states=("scheduled", "pending", "asleep")), "unique.states"),
        (Unique(states=(*OPEN, "completed")), "unique.states"),
        (Unique(period_s=0), "unique.periodS"),
        (Unique(states=WAITING, on_conflict=OnConflict.RUN_AFTER), "unique.states"),
        (Unique(max_wait_s=5), "unique.maxWaitS"),
        (Unique(max_wait_s=0, on_conflict=OnConflict.PUSH_BACK), "unique.maxWaitS"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_field(unique: Unique, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        unique.check()
    assert refused.value.field == field


def test_what_fits_is_taken() -> None:
    for unique in (
        Unique(),
        Unique("ключ 7", (*OPEN, *ENDED), 60),
        Unique(on_conflict=OnConflict.PUSH_BACK, max_wait_s=60),
        Unique(on_conflict=OnConflict.RUN_AFTER, period_s=60),
    ):
        unique.check()


def test_keys_differ_by_tenant_task_kind_and_period() -> None:
    unique = Unique("digest", period_s=60)
    slots = {
        rule(unique).slot,
        unique.rule("3" * 24, "t", "", NOW).slot,
        unique.rule(TENANT, "u", "", NOW).slot,
        rule(replace(unique, key="")).slot,
        rule(replace(unique, period_s=None)).slot,
        rule(unique, NOW + timedelta(seconds=60)).slot,
    }
    assert len(slots) == 6
    assert rule(unique, NOW + timedelta(seconds=59)).slot == rule(unique).slot


def test_the_order_of_keys_in_a_payload_does_not_matter() -> None:
    assert payload_digest('{"a":1,"b":[2]}') == payload_digest('{"b": [2], "a": 1}') != payload_digest('{"a":1}')


def test_idempotency_keys_know_how_a_job_is_unique() -> None:
    assert len({digest(NewJob("n", unique=unique)) for unique in (None, Unique(), Unique("k"))}) == 3


def test_the_catalogue_of_plain_tasks_has_the_digest_of_older_versions() -> None:
    assert digest_of([SPEC]) == "74e2a4eea8f3627c96df1161332485791176760679f458839b3dd51296d81773"
    assert digest_of([SPEC._replace(unique=Unique())]) != digest_of([SPEC])


# --- who holds a key -----------------------------------------------------------------------------------------
def test_a_job_holds_its_key_while_it_is_open() -> None:
    job = a_job(Unique("k"))
    key = job.unique_key
    assert key == rule(Unique("k")).slot
    running = started(job, "token", "w", NOW)
    failed = AttemptResult(Outcome.FAILED, NOW)
    retrying = ended(running, failed, progress=None, base_s=1, random=0)
    pending = promoted(retrying, NOW)
    assert [each.unique_key for each in (running, retrying, pending)] == [key] * 3
    for after in (
        cancelled(pending, NOW),
        ended(running, AttemptResult(Outcome.COMPLETED, NOW), progress=None, base_s=1, random=0),
        started_and_ended(job.with_(max_retries=0), "w", NOW, failed, progress=None, base_s=1, random=0),
    ):
        assert after.unique_key == ""
        assert {"unique_key", "runs_after"} == unset_by_move(after).keys()
        assert "unique_key" not in job_document(after)


def test_a_key_is_lost_by_the_first_state_outside_and_comes_back_by_a_redrive_alone() -> None:
    job = a_job(Unique("k", states=(*WAITING, "retrying")))
    retrying = started_and_ended(job, "w", NOW, AttemptResult(Outcome.FAILED, NOW), progress=None, base_s=1, random=0)
    assert (retrying.status, retrying.unique_key) == (S.RETRYING, "")
    assert promoted(retrying, NOW).unique_key == ""
    dead = retrying.with_(status=S.DLQ)
    assert redriven(dead, NOW).unique_key == job.unique_key


def test_a_key_may_be_held_beyond_the_end() -> None:
    job = a_job(Unique("k", (*OPEN, "completed"), 60))
    done = started_and_ended(job, "w", NOW, AttemptResult(Outcome.COMPLETED, NOW), progress=None, base_s=1, random=0)
    assert done.unique_key == job.unique_key
    assert unset_by_move(done).keys() == {"runs_after"}


def test_plain_jobs_store_nothing() -> None:
    plain = a_job(Unique()).with_(unique=None, unique_key="")
    assert not {"unique", "unique_key", "runs_after"} & job_document(plain).keys()
    assert unset_by_move(plain) == {}
    assert job_of(job_document(plain)) == plain


# --- what becomes of a duplicate -----------------------------------------------------------------------------
HOLDER = a_job(Unique("k"))
WAITING_JOB = HOLDER.with_(status=S.SCHEDULED, ready_at=NOW + timedelta(seconds=60))
RUNNING = HOLDER.with_(status=S.RUNNING)
RETRYING = HOLDER.with_(status=S.RETRYING)
DONE = a_job(Unique("k", (*OPEN, "completed"), 60), S.COMPLETED)
OUTLIVING = DONE.with_(status=S.RUNNING)
SUCCESSOR = behind(a_job(Unique("k", on_conflict=OnConflict.RUN_AFTER), number=2), RUNNING)
V, C = Verdict, OnConflict


@pytest.mark.parametrize(
    ("on_conflict", "holder", "successor", "leased", "verdict", "stands"),
    [
        (C.KEEP, None, None, False, V.CREATE, None),
        (C.KEEP, RUNNING, SUCCESSOR, False, V.KEEP, RUNNING),
        (C.KEEP, None, SUCCESSOR, False, V.KEEP, SUCCESSOR),
        (C.REJECT, RUNNING, None, False, V.REJECT, RUNNING),
        (C.REPLACE, HOLDER, None, False, V.REPLACE, HOLDER),
        (C.REPLACE, RETRYING, None, False, V.REPLACE, RETRYING),
        (C.REPLACE, HOLDER, None, True, V.REJECT_REPLACEMENT, HOLDER),
        (C.REPLACE, RUNNING, None, False, V.REJECT_REPLACEMENT, RUNNING),
        (C.REPLACE, RUNNING, SUCCESSOR, False, V.REPLACE, SUCCESSOR),
        (C.REPLACE, DONE, None, False, V.REJECT_REPLACEMENT, DONE),
        (C.PUSH_BACK, WAITING_JOB, None, False, V.PUSH_BACK, WAITING_JOB),
        (C.PUSH_BACK, HOLDER, None, False, V.REPLACE, HOLDER),
        (C.PUSH_BACK, HOLDER, None, True, V.LOOK_AGAIN, HOLDER),
        (C.PUSH_BACK, RUNNING, None, False, V.KEEP, RUNNING),
        (C.PUSH_BACK, RUNNING, SUCCESSOR, False, V.REPLACE, SUCCESSOR),
        (C.RUN_AFTER, HOLDER, None, False, V.REPLACE, HOLDER),
        (C.RUN_AFTER, HOLDER, None, True, V.RUN_AFTER, HOLDER),
        (C.RUN_AFTER, RUNNING, None, False, V.RUN_AFTER, RUNNING),
        (C.RUN_AFTER, RUNNING, SUCCESSOR, False, V.REPLACE, SUCCESSOR),
        (C.RUN_AFTER, None, SUCCESSOR, False, V.REPLACE, SUCCESSOR),
        (C.RUN_AFTER, OUTLIVING, None, False, V.KEEP, OUTLIVING),
        (C.RUN_AFTER, DONE, None, False, V.KEEP, DONE),
    ],
)
def test_the_verdict(
    on_conflict: OnConflict, holder: Job | None, successor: Job | None, leased: bool, verdict: Verdict, stands: Job
) -> None:
    judged = judge(rule(Unique("k", on_conflict=on_conflict)), holder, successor, leased=leased)
    assert judged == (verdict, stands)


def test_a_replacement_keeps_the_place_in_the_queue() -> None:
    new = a_job(Unique("k"), payload="[2]", tags=("x",), priority=9, queue="q", max_retries=9, timeout_s=9)
    after = replaced(WAITING_JOB, new.with_(name="new"), NOW)
    assert (after.id, after.rev, after.status) == (WAITING_JOB.id, 2, S.SCHEDULED)
    assert (after.name, after.payload, after.tags, after.max_retries, after.timeout_s) == ("new", "[2]", ("x",), 9, 9)
    assert (after.queue, after.priority, after.ready_at) == (HOLDER.queue, HOLDER.priority, WAITING_JOB.ready_at)


@pytest.mark.parametrize(
    ("first_s", "max_wait_s", "at_s", "delay_s", "due_s"),
    [
        (10, None, 5, 10, 15),
        (10, 12, 5, 10, 12),
        (10, 12, 11, 10, 12),
        (10, None, 0, 2, 10),
        (60, 30, 0, 60, 30),
        (30, 30, 10, 1, 30),
    ],
)
def test_a_job_is_pushed_back_at_most_for_its_longest_wait(
    first_s: float, max_wait_s: float | None, at_s: float, delay_s: float, due_s: float
) -> None:
    unique = Unique("k", on_conflict=OnConflict.PUSH_BACK, max_wait_s=max_wait_s)
    first = a_job(unique, delay_s=first_s)
    at = NOW + timedelta(seconds=at_s)
    new = a_job(unique, payload="[2]", run_at=at + timedelta(seconds=delay_s))
    after = pushed_back(first, new, at)
    assert (after.ready_at - NOW).total_seconds() == due_s
    assert after.run_at == after.ready_at
    assert after.payload == "[2]"


def test_a_successor_is_parked_and_then_due() -> None:
    assert (SUCCESSOR.status, SUCCESSOR.ready_at, SUCCESSOR.runs_after) == (S.SCHEDULED, PARKED_UNTIL, RUNNING.id)
    assert SUCCESSOR.unique is not None
    assert SUCCESSOR.unique_key == SUCCESSOR.unique.next_slot != SUCCESSOR.unique.slot
    later = NOW + timedelta(seconds=5)
    free = unparked(SUCCESSOR, later, holds=True)
    assert (free.ready_at, free.unique_key, free.runs_after) == (later, SUCCESSOR.unique.slot, RUNNING.id)
    assert unparked(SUCCESSOR.with_(run_at=PARKED_UNTIL), later, holds=False).ready_at == PARKED_UNTIL
    assert promoted(free, later).runs_after is None
    assert job_of(job_document(SUCCESSOR)) == SUCCESSOR
