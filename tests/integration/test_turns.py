"""Whose turn it is: tenants share slots by time and weight, whatever queues, keys and jobs they have."""

from __future__ import annotations

import heapq
import os
from collections import Counter
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.events import created
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue.engine import Settlement
from chalicelib.queue.fleet import Retirement
from chalicelib.queue.intents import permit
from chalicelib.queue.shares import Share
from tests.script_harness import TENANT, ScriptHarness

pytestmark = pytest.mark.integration
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
OTHER, THIRD = "c" * 24, "d" * 24


def fill(harness: ScriptHarness, number: int, **changes: Any) -> list[Job]:
    jobs = [harness.job(ready=n, **changes) for n in range(number)]
    for start in range(0, number, 500):
        some = jobs[start : start + 500]
        harness.engine.intend([permit(job) for job in some])
        harness.engine.enqueue(some, [[created(job)] for job in some])
    return jobs


class Fleet:
    """Slots that run jobs of known lengths, one claim for each free slot, in simulated time."""

    def __init__(self, harness: ScriptHarness, slots: int) -> None:
        self.harness, self.slots = harness, slots
        self.now = 0.0
        #: When each running job ends.
        self.running: list[tuple[float, int, Job, str, float]] = []
        self.used: Counter[str] = Counter()
        self.began: list[str] = []
        self.jobs: dict[str, Job] = {}
        self._numbers = count()

    def add(self, jobs: list[Job]) -> None:
        self.jobs |= {job.id: job for job in jobs}

    def run(self, *, until_ms: float, length_ms: dict[str, float]) -> None:
        while self.now < until_ms:
            while len(self.running) < self.slots:
                token = f"t{next(self._numbers)}"
                ids = self.harness.engine.claim(token, self.slots - len(self.running)).ids
                if not ids:
                    break
                for job_id in ids:
                    job = self.jobs[job_id]
                    self.began.append(job.tenant_id)
                    took = length_ms[job.tenant_id]
                    heapq.heappush(self.running, (self.now + took, next(self._numbers), job, token, took))
            if not self.running:
                return
            self.now, _, job, token, took = heapq.heappop(self.running)
            self.harness.at(int(self.now))
            self.used[job.tenant_id] += took  # type: ignore[assignment]
            done = job.with_(status=JobStatus.COMPLETED)
            self.harness.engine.settle([Settlement(done, token, (), "", max(1, int(took)))])


def test_a_hundred_queues_take_no_more_turns_than_one(harness: ScriptHarness) -> None:
    """Ten jobs of a tenant begin within twice as many claims as there are slots, beside another's in 100 queues."""
    for queue in range(100):
        fill(harness, 1_000 if LONG else 50, queue=f"q{queue}")
    small = {job.id for job in fill(harness, 10, tenant_id=OTHER, queue="only")}
    slots = 10
    began = [job_id for n in range(2 * slots) for job_id in harness.claim(1, token=f"t{n}").ids]
    assert small <= set(began)


@pytest.mark.parametrize("weights", [{}, {OTHER: 3.0}])
def test_slot_time_is_shared_by_weight_and_not_by_jobs(harness: ScriptHarness, weights: dict[str, float]) -> None:
    """One tenant's jobs take a second, the other's a tenth of that."""
    harness.container.shares.put({tenant: Share(weight) for tenant, weight in weights.items()})
    fleet = Fleet(harness, slots=4)
    fleet.add(fill(harness, 400))
    fleet.add(fill(harness, 4_000, tenant_id=OTHER))
    fleet.run(until_ms=60_000, length_ms={TENANT: 1_000, OTHER: 100})
    share = fleet.used[OTHER] / sum(fleet.used.values())
    wanted = weights.get(OTHER, 1.0) / (1 + weights.get(OTHER, 1.0))
    assert share == pytest.approx(wanted, rel=0.1)


def test_jobs_of_a_millisecond_beside_jobs_of_a_second(harness: ScriptHarness) -> None:
    fleet = Fleet(harness, slots=2)
    fleet.add(fill(harness, 20))
    fleet.add(fill(harness, 8_000, tenant_id=OTHER))
    fleet.run(until_ms=6_000, length_ms={TENANT: 1_000, OTHER: 1})
    assert fleet.used[OTHER] / sum(fleet.used.values()) == pytest.approx(0.5, rel=0.1)


def test_who_comes_back_gets_no_time_that_it_left_unused(harness: ScriptHarness) -> None:
    """A tenant that was idle does not catch up on the turns that others had meanwhile."""
    fleet = Fleet(harness, slots=2)
    fleet.add(fill(harness, 2_000))
    fleet.run(until_ms=20_000, length_ms={TENANT: 100})
    fleet.add(fill(harness, 200, tenant_id=OTHER))
    began = len(fleet.began)
    fleet.run(until_ms=24_000, length_ms={TENANT: 100, OTHER: 100})
    late = Counter(fleet.began[began:])
    assert late[TENANT] == pytest.approx(late[OTHER], abs=4)


def test_a_lane_that_is_emptied_and_filled_again_does_not_take_every_turn(harness: ScriptHarness) -> None:
    long = {job.id for job in fill(harness, 300, queue="long")}
    began = []
    for n in range(200):
        harness.put(harness.job(queue="short"))
        began += harness.claim(1, token=f"t{n}").ids
    assert sum(job_id in long for job_id in began) >= 90


def test_a_group_that_leaves_stands_where_it_stood(harness: ScriptHarness) -> None:
    """A tenant cannot forget its turns by letting its queue run dry."""
    fill(harness, 300)
    began = []
    for n in range(200):
        fill(harness, 1, tenant_id=OTHER)
        fill(harness, 1, tenant_id=THIRD)
        began += harness.claim(1, token=f"t{n}").ids
    tenants = Counter(harness.redis.hget(harness.keys.tokens, job_id).decode().split("/")[1] for job_id in began)
    assert all(number == pytest.approx(67, abs=5) for number in tenants.values())


def test_tags_begin_anew_long_before_they_overflow(harness: ScriptHarness) -> None:
    fill(harness, 5)
    fill(harness, 5, tenant_id=OTHER)
    for tenant, tag in ((TENANT, 2**45 + 7), (OTHER, 2**45 + 9)):
        harness.redis.zadd(harness.keys.groups, {f"default/{tenant}": tag})
    harness.redis.zadd(harness.keys.absent, {"default/x": 2**45 + 100_000, "other/y": 2**46 + 5})
    assert harness.claim(1).ids
    tags = harness.members(harness.keys.groups)
    assert tags == {f"default/{TENANT}": 1600, f"default/{OTHER}": 2}
    assert harness.members(harness.keys.absent) == {"default/x": 99_993, "other/y": 2**46 + 5}


# --- pools ---------------------------------------------------------------------------------------------------------
def test_a_claim_serves_one_pool(harness: ScriptHarness) -> None:
    plain, big = harness.job(), harness.job(pool="big")
    harness.put(plain, big)
    assert harness.engine.claim("t", 10, pool="big").ids == [big.id]
    assert harness.engine.claim("t", 10).ids == [plain.id]
    assert harness.engine.claim("t", 10, pool="never-heard-of").ids == []


def test_a_pool_has_slots_of_its_own(harness: ScriptHarness) -> None:
    fleet = harness.fleet
    assert fleet.join("w1", 10) == 10
    assert fleet.join("w2", 4, "big") == 4
    assert fleet.join("w3", 10, "big") == 6
    assert {each["id"]: (each["pool"], each["slots"]) for each in fleet.workers()} == {
        "w1": ("default", 10), "w2": ("big", 4), "w3": ("big", 6),
    }  # fmt: skip


def test_jobs_wake_workers_of_their_pool(harness: ScriptHarness) -> None:
    assert harness.put(harness.job(pool="big")).wake == ("big",)
    assert harness.put(harness.job(pool="big")).wake == (), "one was invoked within the last second"
    assert harness.put(harness.job()).wake == ("default",)
    assert not harness.fleet.listen("w1", 5, "big")
    harness.engine.claim("t", 10, pool="big")
    assert harness.fleet.listen("w1", 5, "big")
    ears = harness.subscribe("w1")
    harness.put(harness.job())
    assert "w1" in harness.members(harness.keys.waiting)
    harness.at(2_000)
    harness.fleet.join("w1", 10, "big")
    assert harness.put(harness.job(pool="big")).wake == ()
    assert ears.wait(30) is not None
    assert "w1" not in harness.members(harness.keys.waiting)


def test_pools_with_ready_jobs_and_free_slots_need_a_worker(harness: ScriptHarness) -> None:
    harness.put(harness.job(pool="big"), harness.job(pool="small"))
    harness.at(2_000)
    assert set(harness.fleet.needs_worker()) == {"big", "small"}
    harness.at(4_000)
    harness.fleet.join("w1", 10, "big")
    assert harness.fleet.needs_worker() == ("small",)


def test_a_worker_retires_when_its_pool_is_empty(harness: ScriptHarness) -> None:
    harness.put(harness.job(pool="big"))
    harness.fleet.join("w1", 1)
    harness.fleet.join("w2", 1, "big")
    assert harness.fleet.retire("w2", pool="big") is Retirement.JOBS_READY
    assert harness.fleet.retire("w1") is Retirement.LEFT
