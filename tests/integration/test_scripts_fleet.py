"""``join``, ``listen``, ``retire``, ``needs_worker``: slots of the fleet, and wake-ups."""

from __future__ import annotations

from typing import Any

from redis.exceptions import RedisError

from chalicelib.domain.jobs import JobStatus
from chalicelib.queue.fleet import Retirement, WakeUp, WakeUps
from chalicelib.queue.limit_instances import Definition
from tests.script_harness import NOW_MS, TENANT, ScriptHarness
from tests.support import wait_until

LEASE_MS = 15_000


class TestJoin:
    def test_slots_are_bounded_by_the_fleet(self, harness: ScriptHarness) -> None:
        assert [harness.fleet.join(f"w{n}", 4) for n in range(4)] == [4, 4, 2, 0]
        assert sum(worker["slots"] for worker in harness.fleet.workers()) == 10

    def test_joining_again_takes_no_second_share(self, harness: ScriptHarness) -> None:
        assert [harness.fleet.join("w1", 7) for _ in range(3)] == [7, 7, 7]
        assert harness.fleet.join("w2", 7) == 3

    def test_a_worker_may_release_slots(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 10)
        assert harness.fleet.join("w1", 2) == 2
        assert harness.fleet.join("w2", 10) == 8

    def test_slots_of_dead_workers_expire(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 10)
        harness.at(LEASE_MS - 1)
        assert harness.fleet.join("w2", 1) == 0
        harness.at(LEASE_MS)
        assert harness.fleet.join("w2", 10) == 10
        assert not harness.fleet.heartbeat("w1", {}, {}).member

    def test_a_worker_that_joins_counts_as_the_invoked_one(self, harness: ScriptHarness) -> None:
        assert harness.put(harness.job()).wake
        harness.fleet.join("w1", 5)
        assert harness.put(harness.job()).wake


def woken(wake_ups: WakeUps) -> WakeUp | None:
    try:
        return wake_ups.wait(0.1)
    except RedisError:
        return None


class TestListen:
    def test_a_worker_cannot_listen_while_jobs_are_ready(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        assert not harness.fleet.listen("w1", 5)
        assert harness.members(harness.keys.waiting) == {}
        harness.claim()
        assert harness.fleet.listen("w1", 5)
        assert harness.members(harness.keys.waiting) == {"w1": NOW_MS + 5000}

    def test_workers_that_stopped_listening_are_dropped(self, harness: ScriptHarness) -> None:
        harness.fleet.listen("w1", 1)
        harness.at(1000)
        harness.fleet.listen("w2", 1)
        assert set(harness.members(harness.keys.waiting)) == {"w2"}

    def test_jobs_of_paused_lanes_do_not_count_as_ready(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.engine.pause(TENANT, "default", paused=True, events=[])
        assert harness.claim().ids == []
        assert harness.fleet.listen("w1", 5)
        harness.put(harness.job())
        assert "w1" in harness.members(harness.keys.waiting), "not woken for what it must not claim"

    def test_a_listening_worker_is_woken(self, harness: ScriptHarness) -> None:
        wake_ups = harness.subscribe("w1")
        harness.fleet.join("w1", 5)
        harness.fleet.listen("w1", 5)
        job = harness.job()
        harness.put(job)
        assert wake_ups.wait(30) == WakeUp()
        harness.claim()
        harness.engine.stop(job.id, "w1")
        assert wake_ups.wait(30) == WakeUp(cancel=job.id)
        assert wake_ups.wait(0.02) is None

    def test_a_new_subscription_wakes(self, harness: ScriptHarness) -> None:
        """Messages before the subscription are lost, so the worker has to claim."""
        wake_ups = harness.subscribe("w1")
        harness.redis.client_kill_filter(_type="pubsub")
        assert wait_until(lambda: woken(wake_ups), what="the worker is woken") == WakeUp()
        harness.fleet.listen("w1", 5)
        harness.put(harness.job())
        assert wait_until(lambda: woken(wake_ups), what="the worker is woken") == WakeUp()

    def test_a_silent_server_is_pinged(self, harness: ScriptHarness) -> None:
        wake_ups = harness.subscribe("w1")
        assert wake_ups.wait(0.01) is None, "silent: a ping is sent"
        assert wake_ups.wait(30) is None, "the answer to the ping is no wake-up"
        assert wake_ups.wait(0.01) is None
        assert wake_ups.wait(30) is None, "the connection is the same: a new one would be a wake-up"


class TestRetire:
    def test_a_worker_retires_when_nothing_is_ready(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 5)
        harness.fleet.heartbeat("w1", {}, {})
        harness.fleet.listen("w1", 5)
        assert harness.fleet.retire("w1") is Retirement.LEFT
        assert harness.fleet.workers() == []
        assert harness.members(harness.keys.waiting) == {}
        assert harness.fleet.retire("w1") is Retirement.LEFT, "a replay"

    def test_a_worker_cannot_retire_while_jobs_are_ready_unless_forced(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 5)
        harness.put(harness.job())
        assert harness.fleet.retire("w1") is Retirement.JOBS_READY
        assert [worker["slots"] for worker in harness.fleet.workers()] == [5]
        assert harness.fleet.retire("w1", force=True) is Retirement.LEFT

    def test_an_enqueue_after_it_invokes_another(self, harness: ScriptHarness) -> None:
        """Even if a worker was invoked just now: it may be the one that retired."""
        assert harness.put(harness.job()).wake
        harness.fleet.join("w1", 5)
        harness.claim()
        assert harness.fleet.retire("w1") is Retirement.LEFT
        assert harness.put(harness.job()).wake


class TestWhoWaits:
    """Of idle workers, so many stay as are needed for what is due soon."""

    def join(self, harness: ScriptHarness, *workers: str, pool: str = "default") -> None:
        for worker in workers:
            assert harness.fleet.join(worker, 1, pool) == 1
            assert harness.fleet.listen(worker, 600, pool)

    def wait_for_token(self, harness: ScriptHarness, **changes: Any) -> None:
        """Leave a job that its rate allows to begin in 3 s."""
        harness.container.limit_scripts.define([Definition("*", "r", interval_ms=3_000)])
        harness.put(*harness.jobs(2, limits=("r",), **changes))
        assert len(harness.engine.claim("token", 5, pool=changes.get("pool", "default")).ids) == 1

    def test_one_waits_for_a_token(self, harness: ScriptHarness) -> None:
        self.wait_for_token(harness)
        self.join(harness, "w1", "w2", "w3")
        answers = [harness.fleet.retire(worker, soon_s=5) for worker in ("w1", "w2", "w3")]
        assert answers == [Retirement.LEFT, Retirement.LEFT, Retirement.DUE_SOON]
        assert set(harness.members(harness.keys.waiting)) == {"w3"}
        assert harness.fleet.retire("w3", soon_s=2) is Retirement.LEFT, "due later"

    def test_a_worker_without_free_slots_is_not_counted(self, harness: ScriptHarness) -> None:
        self.wait_for_token(harness)
        self.join(harness, "idle", "busy")
        harness.fleet.listen("busy", 0)
        assert harness.fleet.retire("idle", soon_s=5) is Retirement.DUE_SOON

    def test_a_dead_worker_is_not_counted(self, harness: ScriptHarness) -> None:
        self.wait_for_token(harness)
        self.join(harness, "w1", "dead")
        harness.redis.zadd(harness.keys.workers, {"dead": NOW_MS})
        assert harness.fleet.retire("w1", soon_s=5) is Retirement.DUE_SOON

    def test_a_token_of_another_pool_is_no_reason(self, harness: ScriptHarness) -> None:
        self.wait_for_token(harness, pool="big")
        self.join(harness, "w1")
        self.join(harness, "b1", "b2", pool="big")
        assert harness.fleet.retire("w1", soon_s=5) is Retirement.LEFT
        assert harness.fleet.retire("b1", pool="big", soon_s=5) is Retirement.LEFT
        assert harness.fleet.retire("b2", pool="big", soon_s=5) is Retirement.DUE_SOON

    def test_one_waits_for_each_job_that_is_due(self, harness: ScriptHarness) -> None:
        harness.put(harness.job(JobStatus.SCHEDULED, ready=2_000), harness.job(JobStatus.RETRYING, ready=3_000))
        self.join(harness, "w1", "w2", "w3")
        answers = [harness.fleet.retire(worker, soon_s=5) for worker in ("w1", "w2", "w3")]
        assert answers == [Retirement.LEFT, Retirement.DUE_SOON, Retirement.DUE_SOON]
        assert harness.fleet.retire("w2") is Retirement.LEFT


class TestNeedsWorker:
    def test_an_empty_queue_needs_none(self, harness: ScriptHarness) -> None:
        harness.put(harness.job(JobStatus.SCHEDULED, ready=9))
        assert not harness.fleet.needs_worker()

    def test_ready_work_and_free_slots_wake_a_worker_once_a_second(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.redis.delete(harness.keys.waking)
        assert harness.fleet.needs_worker()
        assert not harness.fleet.needs_worker()

    def test_a_full_fleet_needs_none(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.fleet.join("w1", 10)
        assert not harness.fleet.needs_worker()

    def test_due_jobs_and_lost_leases_wake_a_worker_when_none_lives(self, harness: ScriptHarness) -> None:
        harness.put(harness.job(JobStatus.RETRYING, ready=9))
        harness.at(9)
        harness.fleet.join("w1", 1)
        assert not harness.fleet.needs_worker(), "a live worker recovers them"
        harness.fleet.retire("w1")
        assert harness.fleet.needs_worker()

    def test_slots_of_a_dead_worker_do_not_count(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        harness.fleet.join("w1", 10)
        harness.claim()
        harness.redis.delete(harness.keys.waking)
        harness.at(LEASE_MS)
        assert harness.fleet.needs_worker()
