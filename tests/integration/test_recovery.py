"""The sweep mends what crashes leave: lost workers, due jobs, changes that stopped half-way."""

from __future__ import annotations

import pytest

from chalicelib.domain.events import moved
from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.domain.lifecycle import MAX_LOST_IN_A_ROW
from chalicelib.errors import QueueClosed
from chalicelib.queue.engine import Settlement
from chalicelib.queue.intents import Intent, What
from chalicelib.queue.keys import lane
from chalicelib.services.jobs import Action
from chalicelib.services.recovery import INTENT_OVERDUE_MS, TOMBSTONE_S
from tests.audit import audit
from tests.timed import ALICE, Timed

LEASE_S = 15.0
OVERDUE_S = INTENT_OVERDUE_MS / 1000 + 1


class TestLostWorkers:
    def test_a_job_whose_worker_died_is_tried_again(self, timed: Timed) -> None:
        job = timed.submit()
        timed.start("dead")
        timed.travel(LEASE_S - 0.001)
        assert timed.container.recovery.catch_up() == 0
        timed.travel(0.001)
        assert timed.container.recovery.catch_up() == 1
        lost = timed.job(job)
        assert (lost.status, lost.retry_count, lost.attempts[-1].outcome) == (JobStatus.RETRYING, 1, Outcome.LOST)
        timed.run_all()
        assert timed.status(job) is JobStatus.COMPLETED

    def test_the_late_end_of_a_lost_attempt_changes_nothing(self, timed: Timed) -> None:
        job = timed.submit()
        (running,) = timed.start("slow")
        timed.travel(LEASE_S)
        timed.container.recovery.catch_up()
        assert timed.record_end(running) is None
        assert not timed.tell_end(timed.ended(running), "slow")
        assert timed.status(job) is JobStatus.RETRYING

    def test_an_end_that_was_written_and_not_told_is_told(self, timed: Timed) -> None:
        job = timed.submit()
        (running,) = timed.start("dead")
        timed.record_end(running)
        timed.travel(LEASE_S)
        timed.container.recovery.catch_up()
        assert timed.status(job) is JobStatus.COMPLETED
        assert timed.event_types().count(("job:completed", "")) == 1

    def test_a_claim_that_was_not_begun_burns_no_retry_until_ten_in_a_row(self, timed: Timed) -> None:
        job = timed.submit(max_retries=0)
        for _ in range(MAX_LOST_IN_A_ROW):
            assert [claimed.id for claimed in timed.claim("dead")] == [job.id]
            timed.travel(LEASE_S)
            timed.container.recovery.catch_up()
        assert timed.status(job) is JobStatus.DLQ
        assert timed.event_types()[-1] == ("job:movedToDLQ", "")

    def test_a_start_that_was_written_and_not_told_is_told_with_the_loss(self, timed: Timed) -> None:
        timed.submit(max_retries=0)
        timed.record_start(timed.claim("dead")[0], "dead")
        timed.travel(LEASE_S)
        timed.container.recovery.catch_up()
        statuses = [status for kind, status in timed.event_types() if kind == "job:status:updated"]
        assert statuses == ["running", "dlq"]

    def test_a_job_that_was_hurried_on_meanwhile_lost_nothing(self, timed: Timed) -> None:
        """Given an attempt whose retry was written and not told, when its user ends the wait, then it just queues."""
        job = timed.submit()
        (running,) = timed.start("dead")
        timed.record_end(running, failed=True)
        timed.container.jobs.retry(ALICE, job.id)
        timed.travel(LEASE_S)
        timed.container.recovery.catch_up()
        now = timed.job(job)
        assert (now.status, now.attempt, len(now.attempts)) == (JobStatus.PENDING, 1, 1)
        assert [claimed.id for claimed in timed.claim()] == [job.id]

    def test_a_lost_job_that_was_to_stop_is_cancelled(self, timed: Timed) -> None:
        job = timed.submit()
        timed.start("dead")
        timed.container.jobs.cancel(ALICE, job.id)
        timed.travel(LEASE_S)
        timed.container.recovery.catch_up()
        assert timed.status(job) is JobStatus.CANCELLED

    def test_leases_without_record_are_set_aside(self, timed: Timed) -> None:
        redis, keys = timed.container.redis, timed.container.keys
        for name in ("f" * 24, "no id"):
            redis.zadd(keys.leases, {name: 1})
            redis.hset(keys.tokens, name, "dead|p|1|t/q")
        timed.container.recovery.catch_up()
        assert redis.llen(keys.quarantine) == 2
        assert redis.zcard(keys.leases) == redis.hlen(keys.tokens) == 0

    def test_many_at_once(self, timed: Timed) -> None:
        for _ in range(4):
            timed.submit()
        timed.start("dead")
        timed.travel(LEASE_S)
        assert timed.container.recovery.recover_lost() == 4


class TestDueJobs:
    @pytest.mark.parametrize("seconds", [1.0, 3600.0])
    def test_a_scheduled_job_runs_when_it_is_due(self, timed: Timed, seconds: float) -> None:
        job = timed.submit(delay_s=seconds)
        timed.travel(seconds - 0.001)
        assert timed.container.recovery.promote_due() == 0
        timed.travel(0.001)
        timed.bells.rung.clear()
        assert timed.container.recovery.promote_due() == 1
        assert timed.status(job) is JobStatus.PENDING
        assert timed.bells.rung

    def test_a_promotion_that_was_written_and_not_told(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        job = timed.submit(delay_s=1.0)
        with monkeypatch.context() as patched:
            patched.setattr(timed.container.engine, "promote", _crash)
            timed.travel(1)
            with pytest.raises(CrashError):
                timed.container.recovery.promote_due()
        assert timed.status(job) is JobStatus.PENDING
        timed.container.recovery.promote_due()
        assert [claimed.id for claimed in timed.claim()] == [job.id]

    def test_waiting_ids_without_record_are_dropped(self, timed: Timed) -> None:
        timed.container.redis.zadd(timed.container.keys.scheduled, {"f" * 24: 1, "no id": 1})
        timed.container.recovery.promote_due()
        assert timed.container.redis.zcard(timed.container.keys.scheduled) == 0

    def test_an_entry_that_cannot_move_does_not_spin(self, timed: Timed) -> None:
        """Its record says later: it is looked at once a call, not in a loop."""
        job = timed.submit(delay_s=60.0)
        timed.container.redis.zadd(timed.container.keys.scheduled, {job.id: 1})
        assert timed.container.recovery.promote_due() == 0
        timed.travel(60)
        assert timed.container.recovery.promote_due() == 1

    def test_rolled_back_to_a_wait_that_ended_long_ago(self, timed: Timed) -> None:
        """Given a Redis that forgot the last second unnoticed, a completed job is where it waited before."""
        container = timed.container
        job = timed.submit(delay_s=1.0)
        timed.travel(1)
        container.recovery.promote_due()
        (running,) = timed.start()
        timed.record_end(running)
        container.engine.drop([job.id], "token")
        container.redis.zadd(container.keys.scheduled, {job.id: 1})
        for scope in ("all", f"t:{ALICE.tenant_id}", f"o:{ALICE.user_id}"):
            container.redis.hincrby(container.keys.counts(scope), "running", -1)
            container.redis.hincrby(container.keys.counts(scope), "scheduled", 1)
        container.redis.hdel(container.keys.counts(f"s:{ALICE.tenant_id}"), "default|running")
        container.redis.hset(container.keys.counts(f"s:{ALICE.tenant_id}"), "default|scheduled", 1)
        container.redis.zrem(container.keys.active(ALICE.user_id), job.id)
        container.recovery.promote_due()
        assert audit(container) == []


class CrashError(Exception):
    """Stands for the end of a process."""


def _crash(*_: object, **__: object) -> None:
    raise CrashError


class TestHalfWay:
    def test_a_note_without_record_is_dropped_after_a_while(self, timed: Timed) -> None:
        timed.container.engine.intend([Intent("f" * 24, What.NEW)])
        timed.container.recovery.sweep()
        assert timed.container.redis.zcard(timed.container.keys.intents) == 1
        timed.travel(OVERDUE_S)
        timed.container.recovery.sweep()
        assert timed.container.redis.zcard(timed.container.keys.intents) == 0

    def test_garbage_among_the_notes_is_dropped(self, timed: Timed) -> None:
        timed.container.redis.zadd(timed.container.keys.intents, {b"x": 1, b"a|b|c": 1, b"\xff|new": 1, b"||": 1})
        timed.container.recovery.sweep()
        assert timed.container.redis.zcard(timed.container.keys.intents) == 0

    def test_a_request_to_stop_that_was_not_told(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        job = timed.submit()
        (running,) = timed.start("worker")
        with monkeypatch.context() as patched:
            patched.setattr(timed.container.engine, "stop", _crash)
            timed.container.jobs.cancel(ALICE, job.id)
        for _ in range(3):
            timed.travel(10)
            heard = timed.container.fleet.heartbeat("worker", {}, {job.id: "worker"})
        assert not heard.cancel
        timed.travel(OVERDUE_S)
        timed.container.fleet.heartbeat("worker", {}, {job.id: "worker"})
        timed.container.recovery.sweep()
        assert timed.container.fleet.heartbeat("worker", {}, {job.id: "worker"}).cancel == {job.id}
        timed.finish(running)

    def test_a_redrive_that_was_not_told_before_the_late_end_of_the_attempt(
        self, timed: Timed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = timed.submit(max_retries=0)
        (running,) = timed.start("slow")
        ended = timed.record_end(running, failed=True)
        assert ended is not None
        with monkeypatch.context() as patched:
            patched.setattr(timed.container.engine, "enqueue", _crash)
            timed.container.jobs.redrive(ALICE, job.id)
        for _ in range(4):
            timed.travel(10)
            timed.container.fleet.heartbeat("slow", {}, {job.id: "slow"})
        timed.container.recovery.sweep()
        assert not timed.tell_end(ended, "slow")
        assert [each.id for each in timed.claim("next")] == [job.id]
        assert timed.event_types()[-1] == ("job:status:updated", "pending")
        assert timed.container.engine.counts("all")["failed"] == 1
        timed.travel(LEASE_S)
        timed.run_all()
        assert audit(timed.container) == []

    @pytest.mark.parametrize("paused", [True, False])
    def test_a_pause_that_was_not_told(self, timed: Timed, paused: bool) -> None:
        container = timed.container
        if not paused:
            container.queue_store.set_paused(ALICE.tenant_id, "q", paused=True, by=ALICE.user_id, at=timed.clock.now())
            container.recovery.sweep()
        container.queue_store.set_paused(ALICE.tenant_id, "q", paused=paused, by=ALICE.user_id, at=timed.clock.now())
        container.recovery.sweep()
        assert container.engine.paused_lanes() == ({lane(ALICE.tenant_id, "q")} if paused else set())
        assert timed.event_types()[-1][0] == "queue:updated"

    def test_a_deletion_that_was_not_told(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        job = timed.submit()
        timed.finish(timed.start()[0])
        with monkeypatch.context() as patched:
            patched.setattr(timed.container.engine, "forget", _crash)
            timed.container.jobs.act(ALICE, Action.DELETE, [job.id])
        assert audit(timed.container) != []
        timed.travel(TOMBSTONE_S + 1)
        timed.container.recovery.sweep()
        assert timed.container.db.tombstones.count_documents({}) == 0
        assert timed.event_types()[-1][0] == "job:deleted"

    def test_an_open_record_that_redis_does_not_know(self, timed: Timed) -> None:
        container = timed.container
        jobs = [timed.submit() for _ in range(3)]
        container.redis.zrem(container.keys.ready(f"{ALICE.tenant_id}/default"), jobs[1].id)
        for scope in ("all", f"t:{ALICE.tenant_id}", f"o:{ALICE.user_id}"):
            for field in ("pending", "submitted"):
                container.redis.hincrby(container.keys.counts(scope), field, -1)
        timed.container.recovery.sweep()
        assert len(timed.job(jobs[1]).id) == 24
        timed.travel(31)
        assert timed.container.recovery.sweep() == 1
        assert [job.id for job in timed.claim()] == sorted(job.id for job in jobs)

    def test_records_that_cannot_be_read_are_set_aside(self, timed: Timed) -> None:
        job = timed.submit()
        timed.container.db.jobs.update_one({}, {"$set": {"status": "nonsense"}})
        timed.travel(31)
        timed.container.recovery.sweep()
        assert timed.container.redis.llen(timed.container.keys.quarantine) == 1
        timed.container.db.jobs.update_one({}, {"$set": {"status": "pending"}})
        assert [claimed.id for claimed in timed.claim()] == [job.id]

    def test_the_walk_goes_round(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chalicelib.services.census.CHECKED_PER_SWEEP", 2)
        jobs = sorted(timed.submit().id for _ in range(4))
        cursors = []
        for _ in range(4):
            timed.container.census.check_page()
            cursors.append(timed.container.meta.cursor())
        assert cursors == [jobs[1], jobs[3], None, jobs[1]]


class TestRinging:
    def test_what_nobody_looks_after_rings(self, timed: Timed) -> None:
        timed.submit()
        timed.container.redis.delete(timed.container.keys.ringing)
        timed.bells.rung.clear()
        timed.container.waker.check()
        assert [event for _, event in timed.bells.rung if event["source"] == "doorbell"] != []

    def test_a_lost_claim_that_went_back_rings(self, timed: Timed) -> None:
        timed.submit()
        timed.claim("dead")
        timed.travel(LEASE_S)
        timed.container.redis.delete(timed.container.keys.ringing)
        timed.bells.rung.clear()
        assert timed.container.recovery.recover_lost() == 1
        assert [event["source"] for _, event in timed.bells.rung] == ["doorbell"]

    def test_a_closed_queue_rings(self, timed: Timed) -> None:
        timed.container.redis.delete(timed.container.keys.epoch)
        assert timed.container.waker.check()
        with pytest.raises(QueueClosed):
            timed.container.recovery.catch_up()
        timed.container.recovery.sweep()

    def test_a_bell_that_fails_is_no_error(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(timed.bells, "invoke_async", _crash)
        timed.container.waker.wake_worker()


def test_a_taker_that_dies_leaves_it_to_the_next(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    job = timed.submit()
    timed.start("dead")
    timed.travel(LEASE_S)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "settle", _crash)
        with pytest.raises(CrashError):
            timed.container.recovery.recover_lost()
    assert timed.status(job) is JobStatus.RETRYING
    timed.travel(LEASE_S)
    timed.container.recovery.recover_lost()
    assert timed.job(job).retry_count == 1, "the loss is recorded once"
    timed.run_all()


def test_a_cancelled_job_that_a_worker_held_is_settled_after_the_worker_died(timed: Timed) -> None:
    job = timed.submit()
    timed.claim("dead")
    timed.container.jobs.cancel(ALICE, job.id)
    timed.travel(LEASE_S)
    timed.container.recovery.catch_up()
    assert timed.event_types()[-1] == ("job:cancelled", "")
    settled = timed.container.engine.settle([Settlement(timed.job(job), "dead", moved(job, JobStatus.PENDING))])
    assert settled == [False]
