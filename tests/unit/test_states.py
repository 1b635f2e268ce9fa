"""States and moves: the table in the code, the diagram in the docs, the functions that make the moves."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.jobs import (
    ACTIVE,
    OPEN,
    TERMINAL,
    TRANSITIONS,
    AttemptRecord,
    Job,
    JobStatus,
    NewJob,
    Outcome,
    check_transition,
    from_ms,
    iso,
    precedence,
    to_ms,
)
from chalicelib.domain.lifecycle import MAX_LOST_IN_A_ROW, cancelled, lost, lost_unstarted, new_job, promoted, redriven
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidTransition

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=100)
DOCS = (Path(__file__).parents[2] / "docs" / "states.md").read_text()
SPEC = TaskSpec("t", {}, max_retries=2, timeout_s=30, queue="q")


def a_job(status: JobStatus = JobStatus.PENDING, **changes: Any) -> Job:
    known: dict[str, Any] = {
        "id": "1" * 24, "tenant_id": "2" * 24, "owner_id": "3" * 24, "name": "a", "status": status, "rev": 7,
        "ready_at": NOW, "created_at": NOW, "updated_at": NOW, "trace_id": "t",
    }  # fmt: skip
    return Job(**{**known, **changes})


class TestTable:
    def test_the_diagram_is_the_table(self) -> None:
        drawn = {(old, new) for old, new in re.findall(r"^ +(\w+) --> (\w+)", DOCS, re.MULTILINE)}
        assert drawn == {(old.value, new.value) for old, news in TRANSITIONS.items() for new in news}

    def test_the_diagram_begins_and_ends_where_jobs_do(self) -> None:
        assert set(re.findall(r"\[\*\] --> (\w+)", DOCS)) == {"blocked", "scheduled", "pending"}
        assert set(re.findall(r"(\w+) --> \[\*\]", DOCS)) == {s.value for s in TRANSITIONS if not TRANSITIONS[s]}

    def test_the_table_of_states_is_complete(self) -> None:
        rows = re.findall(r"^\| `(\w+)` \|[^|]*\| (yes|no) \|", DOCS, re.MULTILINE)
        assert {state for state, _ in rows} == {s.value for s in JobStatus}
        assert {state for state, active in rows if active == "yes"} == {s.value for s in ACTIVE}

    def test_sets_of_states_fit(self) -> None:
        assert set(JobStatus) == OPEN | TERMINAL and not OPEN & TERMINAL
        assert OPEN - {JobStatus.BLOCKED, JobStatus.SCHEDULED, JobStatus.WAITING} == ACTIVE
        assert all(JobStatus.COMPLETED not in TRANSITIONS[s] for s in TERMINAL)

    @pytest.mark.parametrize("old", JobStatus)
    @pytest.mark.parametrize("new", JobStatus)
    def test_only_moves_of_the_table_pass(self, old: JobStatus, new: JobStatus) -> None:
        if new in TRANSITIONS[old]:
            check_transition(old, new)
        else:
            with pytest.raises(InvalidTransition):
                check_transition(old, new)


class TestBegin:
    def make(self, **asked: Any) -> Job:
        new = NewJob("n", **asked)
        return new_job(new, SPEC, job_id="1" * 24, tenant_id="t", owner_id="o", trace_id="x", now=NOW)

    def test_a_job_is_pending_at_once_with_its_tasks_defaults(self) -> None:
        job = self.make()
        assert (job.status, job.rev, job.ready_at) == (JobStatus.PENDING, 1, NOW)
        assert (job.queue, job.max_retries, job.timeout_s) == ("q", 2, 30)

    def test_values_of_the_submission_override_the_tasks(self) -> None:
        job = self.make(queue="mine", max_retries=0, timeout_s=5)
        assert (job.queue, job.max_retries, job.timeout_s) == ("mine", 0, 5)

    @pytest.mark.parametrize(
        ("asked", "status", "ready"),
        [
            ({"run_at": LATER}, JobStatus.SCHEDULED, LATER),
            ({"delay_s": 1.5}, JobStatus.SCHEDULED, NOW + timedelta(seconds=1.5)),
            ({"run_at": NOW}, JobStatus.PENDING, NOW),
            ({"run_at": NOW - timedelta(days=1)}, JobStatus.PENDING, NOW),
            ({"delay_s": 0.0}, JobStatus.PENDING, NOW),
        ],
    )
    def test_later(self, asked: dict[str, Any], status: JobStatus, ready: datetime) -> None:
        job = self.make(**asked)
        assert (job.status, job.ready_at) == (status, ready)


class TestMoves:
    def test_a_cancelled_job_ends_and_so_does_its_attempt(self) -> None:
        running = a_job(JobStatus.RUNNING, attempts=(AttemptRecord(1, "w", NOW),))
        ended = cancelled(running, LATER)
        assert (ended.status, ended.rev, ended.finished_at, ended.lease) == (JobStatus.CANCELLED, 8, LATER, None)
        assert (ended.attempts[0].outcome, ended.attempts[0].run_ms) == (Outcome.CANCELLED, 100_000)
        with pytest.raises(InvalidTransition):
            cancelled(ended, LATER)

    def test_a_promoted_job_queues_by_the_time_it_was_due(self) -> None:
        assert promoted(a_job(JobStatus.RETRYING), LATER).ready_at == NOW
        assert promoted(a_job(JobStatus.SCHEDULED, ready_at=LATER), NOW).ready_at == NOW, "run before it was due"
        with pytest.raises(InvalidTransition):
            promoted(a_job(), NOW)

    def test_a_redriven_job_starts_a_new_series_and_keeps_its_history(self) -> None:
        dead = a_job(JobStatus.DLQ, attempt=4, retry_count=3, past_retries=2, attempts=(AttemptRecord(4, "w", NOW),),
                     cancel_requested=True, finished_at=NOW)  # fmt: skip
        back = redriven(dead, LATER, '{"n":1}')
        assert (back.status, back.retry_count, back.past_retries, back.redrives) == (JobStatus.PENDING, 0, 5, 1)
        assert (back.attempt, len(back.attempts), back.payload) == (4, 1, '{"n":1}')
        assert (back.cancel_requested, back.finished_at, back.ready_at) == (False, None, LATER)
        assert redriven(dead, LATER).payload == dead.payload
        with pytest.raises(InvalidTransition):
            redriven(back, LATER)


class TestLoss:
    def lose(self, **changes: Any) -> Job:
        running = a_job(JobStatus.RUNNING, attempt=1, attempts=(AttemptRecord(1, "w", NOW),), **changes)
        return lost(running, LATER, base_s=10, random=0.5)

    def test_a_lost_job_is_tried_again_after_its_backoff(self) -> None:
        job = self.lose(max_retries=1)
        assert (job.status, job.retry_count, job.ready_at) == (JobStatus.RETRYING, 1, LATER + timedelta(seconds=10))
        assert job.attempts[-1].outcome is Outcome.LOST
        assert job.error is not None and job.error.type == "WorkerLost"

    def test_until_its_retries_are_used_up(self) -> None:
        job = self.lose(max_retries=1, retry_count=1)
        assert (job.status, job.finished_at) == (JobStatus.DLQ, LATER)

    def test_a_job_that_was_to_stop_is_cancelled(self) -> None:
        assert self.lose(cancel_requested=True).status is JobStatus.CANCELLED

    def test_a_claim_that_was_lost_burns_no_retry_until_ten_in_a_row(self) -> None:
        job = a_job(max_retries=0)
        for n in range(1, MAX_LOST_IN_A_ROW):
            job = lost_unstarted(job, "w", LATER)
            assert (job.status, job.attempt, job.retry_count, job.rev) == (JobStatus.PENDING, n, 0, 7 + n)
        job = lost_unstarted(job, "w", LATER)
        assert (job.status, job.finished_at) == (JobStatus.DLQ, LATER)

    def test_an_attempt_in_between_restarts_the_count(self) -> None:
        job = a_job()
        for _ in range(MAX_LOST_IN_A_ROW - 1):
            job = lost_unstarted(job, "w", LATER)
        job = job.with_(attempts=(*job.attempts, AttemptRecord(10, "w", NOW, outcome=Outcome.FAILED)))
        assert lost_unstarted(job, "w", LATER).status is JobStatus.PENDING


class TestScore:
    @staticmethod
    def score(priority: int, at: datetime, *, age_s: float = 60, strict: bool = False) -> int:
        own = precedence(priority, age_s=age_s, strict=strict)
        return a_job().with_(priority=priority, ready_at=at, precedence=own).score

    def test_a_priority_is_worth_a_minute_of_waiting(self) -> None:
        assert precedence(7, age_s=60, strict=False) is None
        assert self.score(5, NOW) == to_ms(NOW)
        assert self.score(7, NOW + timedelta(seconds=119)) < self.score(5, NOW)
        assert self.score(5, NOW) < self.score(7, NOW + timedelta(seconds=121))

    def test_the_record_has_another_age(self) -> None:
        assert precedence(7, age_s=0.5, strict=False) == 1000
        assert precedence(5, age_s=0.5, strict=False) == 0
        assert self.score(7, NOW, age_s=0.5) == to_ms(NOW) - 1000

    def test_in_a_strict_queue_priority_comes_first_then_time(self) -> None:
        far = datetime(2100, 1, 1, tzinfo=UTC)
        assert self.score(9, far, strict=True) < self.score(8, NOW, strict=True) < self.score(8, far, strict=True)
        assert float(self.score(0, far, strict=True)) == self.score(0, far, strict=True) < 2**46

    @pytest.mark.parametrize("ms", [0, 1, 999, 1_767_225_600_001, 4_102_444_800_999])
    def test_times_come_back_to_the_millisecond(self, ms: int) -> None:
        assert to_ms(from_ms(ms)) == ms

    def test_iso(self) -> None:
        assert iso(NOW + timedelta(milliseconds=5)) == "2026-01-01T00:00:00.005Z"
