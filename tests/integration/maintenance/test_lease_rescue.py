"""Expired leases are taken over, and the attempts of lost workers are recorded."""

from __future__ import annotations

import pytest

from chalicelib.domain.events import moved
from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.domain.lifecycle import MAX_LOST_IN_A_ROW
from chalicelib.queue.engine import Settlement
from tests.audit import audit
from tests.crash import CrashError, crash
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration
LEASE_S = 15.0


def test_a_job_whose_worker_died_is_tried_again(timed: Timed) -> None:
    job = timed.submit()
    timed.start("dead")
    timed.travel(LEASE_S - 0.001)
    assert timed.container.sweeper.catch_up() == 0
    timed.travel(0.001)
    assert timed.container.sweeper.catch_up() == 1
    lost = timed.job(job)
    assert (lost.status, lost.retry_count, lost.attempts[-1].outcome) == (JobStatus.RETRYING, 1, Outcome.LOST)
    timed.run_all()
    assert timed.status(job) is JobStatus.COMPLETED


def test_the_late_end_of_a_lost_attempt_changes_nothing(timed: Timed) -> None:
    job = timed.submit()
    (running,) = timed.start("slow")
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    assert timed.record_end(running) is None
    assert not timed.tell_end(timed.ended(running), "slow")
    assert timed.status(job) is JobStatus.RETRYING


def test_an_end_that_was_written_and_not_published_is_published(timed: Timed) -> None:
    job = timed.submit()
    (running,) = timed.start("dead")
    timed.record_end(running)
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    assert timed.status(job) is JobStatus.COMPLETED
    assert timed.event_types().count(("job:completed", "")) == 1


def test_a_claim_that_never_started_uses_no_retry_until_ten_in_a_row(timed: Timed) -> None:
    job = timed.submit(max_retries=0)
    for _ in range(MAX_LOST_IN_A_ROW):
        assert [claimed.id for claimed in timed.claim("dead")] == [job.id]
        timed.travel(LEASE_S)
        timed.container.sweeper.catch_up()
    assert timed.status(job) is JobStatus.DLQ
    assert timed.event_types()[-1] == ("job:movedToDLQ", "")


def test_a_start_that_was_written_and_not_published_is_published_with_the_loss(timed: Timed) -> None:
    timed.submit(max_retries=0)
    timed.record_start(timed.claim("dead")[0], "dead")
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    statuses = [status for kind, status in timed.event_types() if kind == "job:status:updated"]
    assert statuses == ["running", "dlq"]


def test_a_job_retried_by_its_user_meanwhile_is_not_lost(timed: Timed) -> None:
    """Given an attempt whose retry was written and not published, when its user ends the wait, it is only enqueued."""
    job = timed.submit()
    (running,) = timed.start("dead")
    timed.record_end(running, failed=True)
    timed.container.jobs.retry(ALICE, job.id)
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    now = timed.job(job)
    assert (now.status, now.attempt, len(now.attempts)) == (JobStatus.PENDING, 1, 1)
    assert [claimed.id for claimed in timed.claim()] == [job.id]


def test_the_failure_before_a_redrive_uses_no_retry(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an end in the DLQ and a redrive that were both written and not published, no retry is counted."""
    job = timed.submit(max_retries=0)
    (running,) = timed.start("dead")
    timed.record_end(running, failed=True)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "enqueue", crash)
        timed.container.jobs.redrive(ALICE, job.id)
    assert timed.status(job) is JobStatus.PENDING
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    assert timed.container.engine.counts("all").get("retries", 0) == 0
    timed.run_all()
    assert audit(timed.container) == []


def test_a_lost_job_whose_cancellation_was_requested_is_cancelled(timed: Timed) -> None:
    job = timed.submit()
    timed.start("dead")
    timed.container.jobs.cancel(ALICE, job.id)
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    assert timed.status(job) is JobStatus.CANCELLED


def test_leases_without_record_are_quarantined(timed: Timed) -> None:
    redis, keys = timed.container.redis, timed.container.keys
    for name in ("f" * 24, "no id"):
        redis.zadd(keys.leases, {name: 1})
        redis.hset(keys.tokens, name, "dead|p|1|100|default/t/q")
    timed.container.sweeper.catch_up()
    assert redis.llen(keys.quarantine) == 2
    assert redis.zcard(keys.leases) == redis.hlen(keys.tokens) == 0


def test_many_at_once(timed: Timed) -> None:
    for _ in range(4):
        timed.submit()
    timed.start("dead")
    timed.travel(LEASE_S)
    assert timed.container.lease_rescue.run() == 4


def test_a_released_claim_wakes_a_worker(timed: Timed) -> None:
    timed.submit()
    timed.claim("dead")
    timed.travel(LEASE_S)
    timed.container.redis.delete(timed.container.keys.waking)
    timed.invocations.made.clear()
    assert timed.container.lease_rescue.run() == 1
    assert [event["source"] for _, event in timed.invocations.made] == ["wake_up"]


def test_a_takeover_that_dies_is_finished_by_the_next(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    job = timed.submit()
    timed.start("dead")
    timed.travel(LEASE_S)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "settle", crash)
        with pytest.raises(CrashError):
            timed.container.lease_rescue.run()
    assert timed.status(job) is JobStatus.RETRYING
    timed.travel(LEASE_S)
    timed.container.lease_rescue.run()
    assert timed.job(job).retry_count == 1, "the loss is recorded once"
    timed.run_all()


def test_a_cancelled_job_that_a_worker_held_is_settled_after_the_worker_died(timed: Timed) -> None:
    job = timed.submit()
    timed.claim("dead")
    timed.container.jobs.cancel(ALICE, job.id)
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    assert timed.event_types()[-1] == ("job:cancelled", "")
    settled = timed.container.engine.settle([Settlement(timed.job(job), "dead", moved(job, JobStatus.PENDING))])
    assert settled == [False]
