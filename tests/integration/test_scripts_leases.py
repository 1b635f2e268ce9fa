"""``claim``, ``started``, ``settle``, ``takeover``, ``heartbeat``, ``stop``: leases and fencing."""

from __future__ import annotations

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.queue.fleet import WakeUp
from chalicelib.queue.lanes import lane
from tests.ready import put_ready, rotate
from tests.script_harness import NOW_MS, OWNER, TENANT, ScriptHarness

LEASE_MS = 15_000


class TestClaim:
    def test_a_claim_leases_in_order(self, harness: ScriptHarness) -> None:
        jobs = harness.jobs(3)
        harness.put(*reversed(jobs))
        claim = harness.claim(2)
        assert (claim.ids, claim.groups_left) == ([jobs[0].id, jobs[1].id], 1)
        assert claim.next_due_ms == NOW_MS + LEASE_MS
        assert harness.members(harness.keys.leases) == dict.fromkeys(claim.ids, NOW_MS + LEASE_MS)
        assert harness.token(jobs[0]) == f"token|p|{jobs[0].score}|100|{lane(TENANT, 'default')}"
        assert harness.counts()["pending"] == 3, "claimed is still pending: no attempt was made"

    def test_a_repeated_claim_never_leases_a_job_twice(self, harness: ScriptHarness) -> None:
        harness.put(*harness.jobs(3))
        first, second = harness.claim(2), harness.claim(2)
        assert len({*first.ids, *second.ids}) == 3
        assert harness.claim().ids == []

    def test_an_empty_queue_returns_the_next_due_time(self, harness: ScriptHarness) -> None:
        assert harness.claim().next_due_ms is None
        harness.put(harness.job(JobStatus.SCHEDULED, ready=700), harness.job(JobStatus.RETRYING, ready=600))
        claim = harness.claim()
        assert (claim.ids, claim.next_due_ms, claim.groups_left) == ([], NOW_MS + 600, 0)

    def test_lanes_take_turns(self, harness: ScriptHarness) -> None:
        """A tenant with a thousand jobs delays no other."""
        harness.put(*harness.jobs(50))
        other = harness.jobs(3, tenant_id="c" * 24)
        harness.put(*other)
        got = [harness.claim(1).ids[0] for _ in range(6)]
        assert [job.id for job in other] == [job_id for job_id in got if job_id in {job.id for job in other}]

    def test_a_batch_is_shared_between_lanes(self, harness: ScriptHarness) -> None:
        harness.put(*harness.jobs(50))
        other = harness.jobs(50, queue="other")
        harness.put(*other)
        assert sum(job_id in {job.id for job in other} for job_id in harness.claim(20).ids) == 10

    def test_an_id_that_is_leased_already_is_dropped_from_the_lane(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        put_ready(harness.redis, harness.keys, lane(TENANT, "default"), job.id, 1)
        rotate(harness.redis, harness.keys, lane(TENANT, "default"))
        assert harness.claim(token="other").ids == []
        assert (harness.token(job) or "").startswith("token|")
        assert harness.lanes() == set()

    def test_a_lane_without_jobs_leaves_the_rotation(self, harness: ScriptHarness) -> None:
        rotate(harness.redis, harness.keys, lane(TENANT, "gone"))
        harness.put(harness.job())
        assert len(harness.claim().ids) == 1
        assert harness.lanes() == set()


class TestStarted:
    def test_a_start_is_published_and_counted_once(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        assert harness.start(job)
        assert harness.counts() == {"running": 1, "submitted": 1}
        assert (harness.token(job) or "").startswith("token|r|")
        before = harness.dump()
        assert not harness.start(job), "a replay"
        assert not harness.start(job, "other"), "another lease's token"
        assert not harness.start(harness.job()), "no lease's token"
        assert harness.dump() == before

    def test_a_token_with_the_same_prefix_is_stale(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim(token="token-1")
        assert not harness.start(job, "token")


class TestSettle:
    @pytest.mark.parametrize("begun", [True, False])
    @pytest.mark.parametrize(
        ("status", "total"),
        [(JobStatus.COMPLETED, {"done": 1}), (JobStatus.DLQ, {"failed": 1}), (JobStatus.CANCELLED, {})],
    )
    def test_an_end(self, harness: ScriptHarness, status: JobStatus, total: dict[str, int], begun: bool) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        if begun:
            harness.start(job)
        assert harness.settle(job, status)
        assert harness.counts() == {status.value: 1, "submitted": 1, **total}
        assert harness.members(harness.keys.leases) == harness.members(harness.keys.active(OWNER)) == {}
        assert harness.token(job) is None
        before = harness.dump()
        assert not harness.settle(job, status)
        assert harness.dump() == before

    def test_an_attempt_that_will_be_retried(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.start(job)
        later = harness.job(ready=5000).ready_at
        assert harness.settle(job, JobStatus.RETRYING, counter="retries", ready_at=later)
        assert harness.members(harness.keys.retrying) == {job.id: NOW_MS + 5000}
        assert harness.counts() == {"retrying": 1, "submitted": 1, "retries": 1}
        assert harness.members(harness.keys.active(OWNER)) == {job.id: float("inf")}, "still active"

    def test_a_job_that_did_not_start_returns_to_its_place(self, harness: ScriptHarness) -> None:
        jobs = harness.jobs(3)
        harness.put(*jobs)
        harness.claim(1)
        assert harness.settle(jobs[0], JobStatus.PENDING)
        assert harness.ready() == [job.id for job in jobs]
        assert harness.counts() == {"pending": 3, "submitted": 3}

    def test_a_job_released_into_a_paused_lane_wakes_no_worker(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.engine.pause(TENANT, "default", paused=True, events=[])
        assert harness.settle(job, JobStatus.PENDING)
        assert harness.claim().ids == []
        assert harness.lanes() == set()

    def test_a_stale_token_changes_nothing(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.at(LEASE_MS)
        harness.engine.take_over("other", 10)
        before = harness.dump()
        assert not harness.settle(job, JobStatus.COMPLETED)
        assert harness.dump() == before

    def test_an_id_without_record_is_dropped_and_not_counted(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        assert harness.engine.drop([job.id, "never"], "token") == [True, False]
        assert harness.token(job) is None
        assert harness.counts() == {"pending": 1, "submitted": 1}

    def test_a_thousand_at_once(self, harness: ScriptHarness) -> None:
        harness.put(*harness.jobs(1000))
        claim = harness.claim(1000)
        assert len(claim.ids) == 1000
        assert harness.engine.drop(claim.ids * 9, "token").count(True) == 1000, "answers are not bounded by Lua's stack"


class TestTakeover:
    def test_only_expired_leases_are_taken_over(self, harness: ScriptHarness) -> None:
        early, late = harness.jobs(2)
        harness.put(early)
        harness.claim()
        harness.start(early)
        harness.at(1)
        harness.put(late)
        harness.claim()
        harness.at(LEASE_MS)
        assert harness.engine.take_over("other", 10) == {early.id: True}
        assert harness.engine.take_over("third", 10) == {}, "it is leased under the new token"
        harness.at(LEASE_MS + 1)
        assert harness.engine.take_over("other", 10) == {late.id: False}
        assert harness.members(harness.keys.leases)[early.id] == NOW_MS + 2 * LEASE_MS

    def test_the_new_holder_settles_and_the_old_one_cannot(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.start(job)
        harness.at(LEASE_MS)
        harness.engine.take_over("other", 10)
        assert not harness.settle(job, JobStatus.COMPLETED, "token")
        assert harness.settle(job, JobStatus.RETRYING, "other")
        assert harness.counts() == {"retrying": 1, "submitted": 1}

    def test_a_lease_without_token_is_removed(self, harness: ScriptHarness) -> None:
        harness.redis.zadd(harness.keys.leases, {"torn": 1})
        assert harness.engine.take_over("other", 10) == {}
        assert harness.members(harness.keys.leases) == {}


class TestHeartbeat:
    def test_it_renews_held_leases_and_returns_lost_ones(self, harness: ScriptHarness) -> None:
        held, lost = harness.jobs(2)
        harness.put(held, lost)
        harness.claim()
        harness.fleet.join("w1", 5)
        harness.at(LEASE_MS - 1)
        harness.engine.drop([lost.id], "token")
        answer = harness.fleet.heartbeat("w1", {"concurrency": 5}, {held.id: "token", lost.id: "token"})
        assert (answer.member, answer.lost, answer.cancel) == (True, frozenset({lost.id}), frozenset())
        assert harness.members(harness.keys.leases) == {held.id: NOW_MS + 2 * LEASE_MS - 1}
        assert harness.members(harness.keys.workers) == {"w1": NOW_MS + 2 * LEASE_MS - 1}
        (worker,) = harness.fleet.workers()
        assert (worker["id"], worker["slots"], worker["concurrency"]) == ("w1", 5, 5)

    def test_a_lease_that_was_taken_over_is_lost(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.at(LEASE_MS)
        harness.engine.take_over("other", 10)
        assert harness.fleet.heartbeat("w1", {}, {job.id: "token"}).lost == {job.id}
        assert harness.members(harness.keys.leases) == {job.id: NOW_MS + 2 * LEASE_MS}

    def test_a_worker_without_slots_is_no_member(self, harness: ScriptHarness) -> None:
        assert not harness.fleet.heartbeat("w1", {}, {}).member
        assert harness.members(harness.keys.workers) == {}


class TestStop:
    def test_the_request_is_sent_at_once_and_with_the_heartbeat(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        wake_ups = harness.subscribe("w1")
        for _ in range(2):
            assert harness.engine.stop(job.id, "w1")
            assert wake_ups.wait(30) == WakeUp(cancel=job.id)
        assert harness.fleet.heartbeat("w1", {}, {job.id: "token"}).cancel == {job.id}
        harness.settle(job, JobStatus.CANCELLED)
        assert harness.members(harness.keys.cancels) == {}

    def test_a_job_without_lease_cannot_be_stopped(self, harness: ScriptHarness) -> None:
        assert not harness.engine.stop(harness.job().id, "w1")
        assert harness.members(harness.keys.cancels) == {}
