"""``join``, ``listen``, ``retire``, ``pulse``: slots of the fleet, and that no job waits unattended."""

from __future__ import annotations

from chalicelib.domain.jobs import JobStatus
from tests.desk import NOW_MS, TENANT, Desk

LEASE_MS = 15_000


class TestJoin:
    def test_slots_are_bounded_by_the_fleet(self, desk: Desk) -> None:
        assert [desk.fleet.join(f"w{n}", 4) for n in range(4)] == [4, 4, 2, 0]
        assert sum(worker["slots"] for worker in desk.fleet.workers()) == 10

    def test_joining_again_takes_no_second_share(self, desk: Desk) -> None:
        assert [desk.fleet.join("w1", 7) for _ in range(3)] == [7, 7, 7]
        assert desk.fleet.join("w2", 7) == 3

    def test_a_worker_may_give_slots_back(self, desk: Desk) -> None:
        desk.fleet.join("w1", 10)
        assert desk.fleet.join("w1", 2) == 2
        assert desk.fleet.join("w2", 10) == 8

    def test_slots_of_the_dead_lapse(self, desk: Desk) -> None:
        desk.fleet.join("w1", 10)
        desk.at(LEASE_MS - 1)
        assert desk.fleet.join("w2", 1) == 0
        desk.at(LEASE_MS)
        assert desk.fleet.join("w2", 10) == 10
        assert not desk.fleet.heartbeat("w1", {}, {}).member

    def test_whoever_joins_has_heard_the_bell(self, desk: Desk) -> None:
        assert desk.put(desk.job()).ring
        desk.fleet.join("w1", 5)
        assert desk.put(desk.job()).ring


class TestListen:
    def test_not_while_there_is_work(self, desk: Desk) -> None:
        desk.put(desk.job())
        assert not desk.fleet.listen("w1", 5)
        assert desk.members(desk.keys.waiting) == {}
        desk.claim()
        assert desk.fleet.listen("w1", 5)
        assert desk.members(desk.keys.waiting) == {"w1": NOW_MS + 5000}

    def test_old_promises_are_dropped(self, desk: Desk) -> None:
        desk.fleet.listen("w1", 1)
        desk.at(1000)
        desk.fleet.listen("w2", 1)
        assert set(desk.members(desk.keys.waiting)) == {"w2"}

    def test_paused_work_is_none(self, desk: Desk) -> None:
        desk.put(desk.job())
        desk.engine.pause(TENANT, "default", paused=True, events=[])
        assert desk.fleet.listen("w1", 5)

    def test_the_bell_wakes_who_waits(self, desk: Desk) -> None:
        desk.fleet.join("w1", 5)
        desk.fleet.listen("w1", 5)
        desk.put(desk.job())
        ring = desk.fleet.wait("w1", 1)
        assert ring is not None and ring.cancel is None
        desk.engine.stop(desk.claim().ids[0], "w1")
        ring = desk.fleet.wait("w1", 1)
        assert ring is not None and ring.cancel is not None
        assert desk.fleet.wait("w1", 0.02) is None


class TestRetire:
    def test_a_worker_goes_when_nothing_is_ready(self, desk: Desk) -> None:
        desk.fleet.join("w1", 5)
        desk.fleet.heartbeat("w1", {}, {})
        desk.fleet.listen("w1", 5)
        assert desk.fleet.retire("w1")
        assert desk.fleet.workers() == []
        assert desk.members(desk.keys.waiting) == {}
        assert desk.fleet.retire("w1"), "a replay"

    def test_not_while_work_is_ready_unless_it_must(self, desk: Desk) -> None:
        desk.fleet.join("w1", 5)
        desk.put(desk.job())
        assert not desk.fleet.retire("w1")
        assert [worker["slots"] for worker in desk.fleet.workers()] == [5]
        assert desk.fleet.retire("w1", force=True)

    def test_an_enqueue_after_it_rings_anew(self, desk: Desk) -> None:
        """However short ago somebody was rung, for that one may be who just left."""
        assert desk.put(desk.job()).ring
        desk.fleet.join("w1", 5)
        desk.claim()
        assert desk.fleet.retire("w1")
        assert desk.put(desk.job()).ring


class TestPulse:
    def test_nothing_waits(self, desk: Desk) -> None:
        desk.put(desk.job(JobStatus.SCHEDULED, ready=9))
        assert not desk.fleet.pulse()

    def test_ready_work_and_free_slots_ring_once_a_second(self, desk: Desk) -> None:
        desk.put(desk.job())
        desk.redis.delete(desk.keys.ringing)
        assert desk.fleet.pulse()
        assert not desk.fleet.pulse()

    def test_a_full_fleet_is_left_alone(self, desk: Desk) -> None:
        desk.put(desk.job())
        desk.fleet.join("w1", 10)
        assert not desk.fleet.pulse()

    def test_due_jobs_and_lost_leases_ring_when_no_worker_lives(self, desk: Desk) -> None:
        desk.put(desk.job(JobStatus.RETRYING, ready=9))
        desk.at(9)
        desk.fleet.join("w1", 1)
        assert not desk.fleet.pulse(), "a living worker looks after them"
        desk.fleet.retire("w1")
        assert desk.fleet.pulse()

    def test_a_dead_worker_counts_for_nothing(self, desk: Desk) -> None:
        desk.put(desk.job())
        desk.fleet.join("w1", 10)
        desk.claim()
        desk.redis.delete(desk.keys.ringing)
        desk.at(LEASE_MS)
        assert desk.fleet.pulse()
