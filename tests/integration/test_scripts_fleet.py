"""``join``, ``listen``, ``retire``, ``pulse``: slots of the fleet, and that no job waits unattended."""

from __future__ import annotations

from chalicelib.domain.jobs import JobStatus
from tests.script_harness import NOW_MS, TENANT, ScriptHarness

LEASE_MS = 15_000


class TestJoin:
    def test_slots_are_bounded_by_the_fleet(self, harness: ScriptHarness) -> None:
        assert [harness.fleet.join(f"w{n}", 4) for n in range(4)] == [4, 4, 2, 0]
        assert sum(worker["slots"] for worker in harness.fleet.workers()) == 10

    def test_joining_again_takes_no_second_share(self, harness: ScriptHarness) -> None:
        assert [harness.fleet.join("w1", 7) for _ in range(3)] == [7, 7, 7]
        assert harness.fleet.join("w2", 7) == 3

    def test_a_worker_may_give_slots_back(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 10)
        assert harness.fleet.join("w1", 2) == 2
        assert harness.fleet.join("w2", 10) == 8

    def test_slots_of_the_dead_lapse(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 10)
        harness.at(LEASE_MS - 1)
        assert harness.fleet.join("w2", 1) == 0
        harness.at(LEASE_MS)
        assert harness.fleet.join("w2", 10) == 10
        assert not harness.fleet.heartbeat("w1", {}, {}).member

    def test_whoever_joins_has_heard_the_bell(self, harness: ScriptHarness) -> None:
        assert harness.put(harness.job()).ring
        harness.fleet.join("w1", 5)
        assert harness.put(harness.job()).ring


class TestListen:
    def test_not_while_there_is_work(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        assert not harness.fleet.listen("w1", 5)
        assert harness.members(harness.keys.waiting) == {}
        harness.claim()
        assert harness.fleet.listen("w1", 5)
        assert harness.members(harness.keys.waiting) == {"w1": NOW_MS + 5000}

    def test_old_promises_are_dropped(self, harness: ScriptHarness) -> None:
        harness.fleet.listen("w1", 1)
        harness.at(1000)
        harness.fleet.listen("w2", 1)
        assert set(harness.members(harness.keys.waiting)) == {"w2"}

    def test_paused_work_is_none(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.engine.pause(TENANT, "default", paused=True, events=[])
        assert harness.fleet.listen("w1", 5)

    def test_the_bell_wakes_who_waits(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 5)
        harness.fleet.listen("w1", 5)
        harness.put(harness.job())
        ring = harness.fleet.wait("w1", 1)
        assert ring is not None and ring.cancel is None
        harness.engine.stop(harness.claim().ids[0], "w1")
        ring = harness.fleet.wait("w1", 1)
        assert ring is not None and ring.cancel is not None
        assert harness.fleet.wait("w1", 0.02) is None


class TestRetire:
    def test_a_worker_goes_when_nothing_is_ready(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 5)
        harness.fleet.heartbeat("w1", {}, {})
        harness.fleet.listen("w1", 5)
        assert harness.fleet.retire("w1")
        assert harness.fleet.workers() == []
        assert harness.members(harness.keys.waiting) == {}
        assert harness.fleet.retire("w1"), "a replay"

    def test_not_while_work_is_ready_unless_it_must(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 5)
        harness.put(harness.job())
        assert not harness.fleet.retire("w1")
        assert [worker["slots"] for worker in harness.fleet.workers()] == [5]
        assert harness.fleet.retire("w1", force=True)

    def test_an_enqueue_after_it_rings_anew(self, harness: ScriptHarness) -> None:
        """However short ago somebody was rung, for that one may be who just left."""
        assert harness.put(harness.job()).ring
        harness.fleet.join("w1", 5)
        harness.claim()
        assert harness.fleet.retire("w1")
        assert harness.put(harness.job()).ring


class TestPulse:
    def test_nothing_waits(self, harness: ScriptHarness) -> None:
        harness.put(harness.job(JobStatus.SCHEDULED, ready=9))
        assert not harness.fleet.pulse()

    def test_ready_work_and_free_slots_ring_once_a_second(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.redis.delete(harness.keys.ringing)
        assert harness.fleet.pulse()
        assert not harness.fleet.pulse()

    def test_a_full_fleet_is_left_alone(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.fleet.join("w1", 10)
        assert not harness.fleet.pulse()

    def test_due_jobs_and_lost_leases_ring_when_no_worker_lives(self, harness: ScriptHarness) -> None:
        harness.put(harness.job(JobStatus.RETRYING, ready=9))
        harness.at(9)
        harness.fleet.join("w1", 1)
        assert not harness.fleet.pulse(), "a living worker looks after them"
        harness.fleet.retire("w1")
        assert harness.fleet.pulse()

    def test_a_dead_worker_counts_for_nothing(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.fleet.join("w1", 10)
        harness.claim()
        harness.redis.delete(harness.keys.ringing)
        harness.at(LEASE_MS)
        assert harness.fleet.pulse()
