"""``claim``, ``started``, ``settle``, ``takeover``, ``heartbeat``, ``stop``: leases and their fence."""

from __future__ import annotations

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.queue.keys import lane
from tests.desk import NOW_MS, OWNER, TENANT, Desk

LEASE_MS = 15_000


class TestClaim:
    def test_a_claim_leases_in_order(self, desk: Desk) -> None:
        jobs = desk.jobs(3)
        desk.put(*reversed(jobs))
        claim = desk.claim(2)
        assert (claim.ids, claim.lanes_left) == ([jobs[0].id, jobs[1].id], 1)
        assert claim.next_due_ms == NOW_MS + LEASE_MS
        assert desk.members(desk.keys.leases) == dict.fromkeys(claim.ids, NOW_MS + LEASE_MS)
        assert desk.token(jobs[0]) == f"token|p|{jobs[0].score}|{lane(TENANT, 'default')}"
        assert desk.counts()["pending"] == 3, "claimed is still pending: no attempt was made"

    def test_a_repeated_claim_never_leases_a_job_twice(self, desk: Desk) -> None:
        desk.put(*desk.jobs(3))
        first, second = desk.claim(2), desk.claim(2)
        assert len({*first.ids, *second.ids}) == 3
        assert desk.claim().ids == []

    def test_an_empty_queue_tells_when_to_come_back(self, desk: Desk) -> None:
        assert desk.claim().next_due_ms is None
        desk.put(desk.job(JobStatus.SCHEDULED, ready=700), desk.job(JobStatus.RETRYING, ready=600))
        claim = desk.claim()
        assert (claim.ids, claim.next_due_ms, claim.lanes_left) == ([], NOW_MS + 600, 0)

    def test_lanes_take_turns(self, desk: Desk) -> None:
        """A tenant with a thousand jobs holds nobody up."""
        desk.put(*desk.jobs(50))
        other = desk.jobs(3, tenant_id="c" * 24)
        desk.put(*other)
        got = [desk.claim(1).ids[0] for _ in range(6)]
        assert [job.id for job in other] == [job_id for job_id in got if job_id in {job.id for job in other}]

    def test_a_batch_is_shared_between_lanes(self, desk: Desk) -> None:
        desk.put(*desk.jobs(50))
        other = desk.jobs(50, queue="other")
        desk.put(*other)
        assert sum(job_id in {job.id for job in other} for job_id in desk.claim(20).ids) == 10

    def test_an_id_that_is_leased_already_is_dropped_from_the_lane(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.redis.zadd(desk.keys.ready(lane(TENANT, "default")), {job.id: 1})
        desk.redis.zadd(desk.keys.lanes, {lane(TENANT, "default"): 0})
        assert desk.claim(token="other").ids == []
        assert (desk.token(job) or "").startswith("token|")
        assert desk.lanes() == set()

    def test_a_lane_without_jobs_leaves_the_rotation(self, desk: Desk) -> None:
        desk.redis.zadd(desk.keys.lanes, {"gone/gone": 0})
        desk.put(desk.job())
        assert len(desk.claim().ids) == 1
        assert desk.lanes() == set()


class TestStarted:
    def test_a_start_is_told_and_counted_once(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        assert desk.start(job)
        assert desk.counts() == {"running": 1, "submitted": 1}
        assert (desk.token(job) or "").startswith("token|r|")
        before = desk.dump()
        assert not desk.start(job), "a replay"
        assert not desk.start(job, "other"), "another's token"
        assert not desk.start(desk.job()), "nobody's"
        assert desk.dump() == before

    def test_a_token_that_begins_alike_is_another(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim(token="token-1")
        assert not desk.start(job, "token")


class TestSettle:
    @pytest.mark.parametrize("begun", [True, False])
    @pytest.mark.parametrize(
        ("status", "total"),
        [(JobStatus.COMPLETED, {"done": 1}), (JobStatus.DLQ, {"failed": 1}), (JobStatus.CANCELLED, {})],
    )
    def test_an_end(self, desk: Desk, status: JobStatus, total: dict[str, int], begun: bool) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        if begun:
            desk.start(job)
        assert desk.settle(job, status)
        assert desk.counts() == {status.value: 1, "submitted": 1, **total}
        assert desk.members(desk.keys.leases) == desk.members(desk.keys.active(OWNER)) == {}
        assert desk.token(job) is None
        before = desk.dump()
        assert not desk.settle(job, status)
        assert desk.dump() == before

    def test_an_attempt_that_will_be_repeated(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.start(job)
        later = desk.job(ready=5000).ready_at
        assert desk.settle(job, JobStatus.RETRYING, counter="retries", ready_at=later)
        assert desk.members(desk.keys.retrying) == {job.id: NOW_MS + 5000}
        assert desk.counts() == {"retrying": 1, "submitted": 1, "retries": 1}
        assert desk.members(desk.keys.active(OWNER)) == {job.id: float("inf")}, "still active"

    def test_a_job_that_was_not_begun_goes_back_to_its_place(self, desk: Desk) -> None:
        jobs = desk.jobs(3)
        desk.put(*jobs)
        desk.claim(1)
        assert desk.settle(jobs[0], JobStatus.PENDING)
        assert desk.ready() == [job.id for job in jobs]
        assert desk.counts() == {"pending": 3, "submitted": 3}

    def test_back_into_a_paused_lane_rings_nobody(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.engine.pause(TENANT, "default", paused=True, events=[])
        assert desk.settle(job, JobStatus.PENDING)
        assert desk.lanes() == set()
        assert desk.claim().ids == []

    def test_a_stale_token_changes_nothing(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.at(LEASE_MS)
        desk.engine.take_over("other", 10)
        before = desk.dump()
        assert not desk.settle(job, JobStatus.COMPLETED)
        assert desk.dump() == before

    def test_what_has_no_record_is_dropped_uncounted(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        assert desk.engine.drop([job.id, "never"], "token") == [True, False]
        assert desk.token(job) is None
        assert desk.counts() == {"pending": 1, "submitted": 1}

    def test_a_thousand_at_once(self, desk: Desk) -> None:
        desk.put(*desk.jobs(1000))
        claim = desk.claim(1000)
        assert len(claim.ids) == 1000
        assert desk.engine.drop(claim.ids * 9, "token").count(True) == 1000, "answers are not bounded by Lua's stack"


class TestTakeover:
    def test_only_leases_that_ran_out_are_taken(self, desk: Desk) -> None:
        early, late = desk.jobs(2)
        desk.put(early)
        desk.claim()
        desk.start(early)
        desk.at(1)
        desk.put(late)
        desk.claim()
        desk.at(LEASE_MS)
        assert desk.engine.take_over("other", 10) == {early.id: True}
        assert desk.engine.take_over("third", 10) == {}, "the taker has a lease now"
        desk.at(LEASE_MS + 1)
        assert desk.engine.take_over("other", 10) == {late.id: False}
        assert desk.members(desk.keys.leases)[early.id] == NOW_MS + 2 * LEASE_MS

    def test_the_taker_settles_and_the_old_holder_cannot(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.start(job)
        desk.at(LEASE_MS)
        desk.engine.take_over("other", 10)
        assert not desk.settle(job, JobStatus.COMPLETED, "token")
        assert desk.settle(job, JobStatus.RETRYING, "other")
        assert desk.counts() == {"retrying": 1, "submitted": 1}

    def test_a_lease_without_token_is_removed(self, desk: Desk) -> None:
        desk.redis.zadd(desk.keys.leases, {"torn": 1})
        assert desk.engine.take_over("other", 10) == {}
        assert desk.members(desk.keys.leases) == {}


class TestHeartbeat:
    def test_it_renews_what_is_held_and_tells_what_is_not(self, desk: Desk) -> None:
        held, lost = desk.jobs(2)
        desk.put(held, lost)
        desk.claim()
        desk.fleet.join("w1", 5)
        desk.at(LEASE_MS - 1)
        desk.engine.drop([lost.id], "token")
        heard = desk.fleet.heartbeat("w1", {"concurrency": 5}, {held.id: "token", lost.id: "token"})
        assert (heard.member, heard.lost, heard.cancel) == (True, frozenset({lost.id}), frozenset())
        assert desk.members(desk.keys.leases) == {held.id: NOW_MS + 2 * LEASE_MS - 1}
        assert desk.members(desk.keys.workers) == {"w1": NOW_MS + 2 * LEASE_MS - 1}
        (worker,) = desk.fleet.workers()
        assert (worker["id"], worker["slots"], worker["concurrency"]) == ("w1", 5, 5)

    def test_a_lease_that_was_taken_over_is_lost(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.at(LEASE_MS)
        desk.engine.take_over("other", 10)
        assert desk.fleet.heartbeat("w1", {}, {job.id: "token"}).lost == {job.id}
        assert desk.members(desk.keys.leases) == {job.id: NOW_MS + 2 * LEASE_MS}

    def test_a_worker_without_slots_is_no_member(self, desk: Desk) -> None:
        assert not desk.fleet.heartbeat("w1", {}, {}).member
        assert desk.members(desk.keys.workers) == {}


class TestStop:
    def test_the_holder_hears_of_it_by_bell_and_by_heartbeat(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        for _ in range(2):
            assert desk.engine.stop(job.id, "w1")
        assert desk.bells("w1") == [f"c{job.id}".encode()] * 2
        assert desk.fleet.heartbeat("w1", {}, {job.id: "token"}).cancel == {job.id}
        desk.settle(job, JobStatus.CANCELLED)
        assert desk.members(desk.keys.cancels) == {}

    def test_a_job_that_nobody_holds(self, desk: Desk) -> None:
        assert not desk.engine.stop(desk.job().id, "w1")
        assert desk.members(desk.keys.cancels) == {}
