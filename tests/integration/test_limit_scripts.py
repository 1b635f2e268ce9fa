"""Limits in the scripts: who is let begin, who waits where, and what frees him."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.pauses import PausedBy
from chalicelib.queue.answers import Wait
from chalicelib.queue.lanes import lane
from chalicelib.queue.limit_instances import Block, Definition, LimitState, Why
from chalicelib.queue.shares import Share
from tests.ready import numbers, parked
from tests.script_harness import NOW_MS, OWNER, TENANT, ScriptHarness

pytestmark = pytest.mark.integration
OTHER = "c" * 24


def end(harness: ScriptHarness, job_id: str, token: str = "token") -> None:
    harness.settle(harness.job(id=job_id), JobStatus.COMPLETED, token)


class TestConcurrency:
    def test_no_more_begin_than_may_run_at_once(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=2)])
        jobs = harness.put_new(5, "api")
        assert harness.claim().ids == [jobs[0].id, jobs[1].id]
        assert harness.claim().ids == []
        end(harness, jobs[0].id)
        assert harness.claim().ids == [jobs[2].id]
        assert limits.states(TENANT, ["api"]) == [LimitState("api", held=2, waiting=2)]
        assert set(limits.holders(TENANT, "api", 10)) == {jobs[1].id, jobs[2].id}

    def test_a_pool_without_free_slots_does_not_keep_a_place_from_another(
        self, harness: ScriptHarness, limits: Any
    ) -> None:
        limits.define([Definition("*", "api", concurrency=1)])
        first = harness.put_new(1, "api", queue="q")[0]
        harness.claim()
        harness.put_new(1, "api", pool="busy")
        other = harness.put_new(1, "api", pool="idle")[0]
        for pool in ("busy", "idle"):
            assert harness.engine.claim("t", 5, pool=pool).ids == []
        end(harness, first.id)
        assert harness.engine.claim("t", 5, pool="idle").ids == [other.id]

    def test_tenants_are_counted_apart_unless_the_limit_is_shared(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=1), Definition("*", "all", concurrency=1)])
        for name in ("api", "*all"):
            harness.put_new(1, name)
            harness.put_new(1, name, tenant_id=OTHER)
        assert len(harness.claim().ids) == 3
        assert [limits.states(tenant, ["*all"])[0][1:3] for tenant in (TENANT, OTHER)] == [(1, 1), (1, 1)]

    def test_a_tenants_own_definition_stands_before_that_for_all(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=1), Definition(TENANT, "api", concurrency=3)])
        harness.put_new(5, "api")
        harness.put_new(5, "api", tenant_id=OTHER)
        assert len(harness.claim().ids) == 4

    def test_each_key_is_counted_apart(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define(
            [Definition("*", "account", keyed=True, concurrency=1), Definition("*", "account", concurrency=3)]
        )
        for key in range(5):
            harness.put_new(2, "account", f"account:{key}")
        assert len(harness.claim().ids) == 3, "the limit without a key bounds all keys together"
        assert [each.held for each in limits.instances(TENANT, "account", 10)] == [1, 1, 1]
        assert limits.states(TENANT, ["account:", "account"])[0].held == 3

    def test_a_retry_and_a_hand_back_let_go(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=1)])
        one, two = harness.put_new(2, "api")
        harness.claim()
        harness.start(one)
        harness.settle(one, JobStatus.RETRYING)
        assert harness.claim().ids == [two.id]
        harness.settle(two, JobStatus.PENDING)
        assert limits.holders(TENANT, "api", 10) == []
        assert harness.claim().ids == [two.id]

    def test_a_taken_over_job_holds_until_its_end(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=1)])
        one, two = harness.put_new(2, "api")
        harness.claim()
        harness.at(20_000)
        assert set(harness.engine.take_over("rescue", 10)) == {one.id}
        assert harness.claim().ids == []
        harness.settle(one, JobStatus.PENDING, "rescue")
        assert harness.claim().ids == [one.id]
        assert two.id not in limits.holders(TENANT, "api", 10)

    def test_a_deleted_or_redriven_job_lets_go(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=1)])
        one, two, three = harness.put_new(3, "api")
        harness.claim()
        harness.engine.forget([one.with_(status=JobStatus.CANCELLED)], [[]])
        assert harness.claim().ids == [two.id]
        harness.put(two.with_(redrives=1))
        assert harness.claim(1).ids == [two.id] or three.id in harness.ready()
        assert len(limits.holders(TENANT, "api", 10)) == 1


class TestRate:
    def test_a_burst_then_one_for_each_interval(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", interval_ms=100, burst=2)])
        jobs = harness.put_new(6, "api")
        claim = harness.claim()
        assert (claim.ids, claim.next_token_ms) == ([jobs[0].id, jobs[1].id], NOW_MS + 100)
        harness.at(99)
        assert harness.claim().ids == []
        harness.at(100)
        assert harness.claim().ids == [jobs[2].id]
        harness.at(5_000)
        assert harness.claim().ids == [jobs[3].id, jobs[4].id], "no more than the burst, however long it rested"

    def test_what_is_handed_back_gives_its_token_back(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", interval_ms=100)])
        job = harness.put_new(2, "api")[0]
        harness.claim()
        harness.settle(job, JobStatus.PENDING)
        assert harness.claim().ids == [job.id]
        harness.start(job)
        harness.settle(job, JobStatus.PENDING)
        assert harness.claim().ids == [], "it began, so its token is used"

    def test_it_is_not_claimed_ahead(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", interval_ms=1, burst=10)])
        jobs = harness.put_new(5, "api")
        claim = harness.engine.claim("t", 5, free=2)
        assert (claim.ids, claim.is_cut) == ([jobs[0].id, jobs[1].id], True)
        assert harness.engine.claim("t", 5, free=0).ids == []

    def test_the_time_at_which_a_token_is_due_wakes_a_worker(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", interval_ms=100)])
        harness.put_new(2, "api")
        harness.claim()
        harness.claim()
        assert harness.fleet.listen("w1", 5), "parked jobs are no work"
        assert harness.engine.has_due(NOW_MS + 100)
        harness.at(100)
        harness.engine.kick_due()
        assert harness.members(harness.keys.waiting) == {}

    def test_a_reset_forgets_what_began(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", interval_ms=10_000)])
        jobs = harness.put_new(2, "api")
        assert [*harness.claim().ids, *harness.claim().ids] == [jobs[0].id]
        limits.reset(TENANT, "api")
        assert harness.claim().ids == [jobs[1].id]


class TestKicks:
    def test_an_end_wakes_a_worker_for_who_waits(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=1)])
        woken: list[str] = []
        harness.engine.on_wake = woken.extend
        one = harness.put_new(1, "api")[0]
        harness.claim()
        harness.put_new(1, "api", queue="other")
        harness.claim()
        harness.at(2_000)
        end(harness, one.id)
        assert woken == ["default"]
        harness.claim()
        harness.at(4_000)
        assert harness.put(harness.job(limits=("api",), queue="other")).wake == ("default",)

    def test_jobs_of_a_parked_lane_wake_nobody(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "api", concurrency=0)])
        harness.put_new(1, "api")
        harness.claim()
        harness.at(2_000)
        assert harness.put(harness.job(limits=("api",))).wake == ()
        assert harness.fleet.needs_worker() == ()
        assert harness.fleet.listen("w1", 5)

    @pytest.mark.parametrize(
        "change",
        [Definition("*", "api", concurrency=3), Definition("*", "api"), Definition(TENANT, "api", concurrency=9)],
    )
    def test_a_raised_or_deleted_limit_lets_begin(
        self, harness: ScriptHarness, limits: Any, change: Definition
    ) -> None:
        limits.define([Definition("*", "api", concurrency=1)])
        harness.put_new(3, "api")
        harness.claim()
        harness.claim()
        harness.at(2_000)
        assert limits.define([change]) == ("default",)
        assert len(harness.claim().ids) == 2

    def test_a_raise_for_all_reaches_every_tenant_and_key(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "account", keyed=True, paused=True)])
        for tenant in (TENANT, OTHER):
            for key in range(3):
                harness.put_new(1, f"account:{key}", tenant_id=tenant)
        assert harness.claim().ids == []
        limits.define([Definition("*", "account", keyed=True, concurrency=1)])
        assert len(harness.claim().ids) == 6

    def test_a_lane_parked_elsewhere_gives_its_place_to_the_next(self, harness: ScriptHarness, limits: Any) -> None:
        """Given two lanes that wait for ``a``, when the first is let in and ``b`` is full, then the second begins."""
        limits.define([Definition("*", "a", concurrency=1), Definition("*", "b", concurrency=1)])
        first = harness.put_new(1, "a", queue="q0")[0]
        harness.claim()
        harness.put_new(1, "a", "b", queue="q1")
        only_a = harness.put_new(1, "a", queue="q2")[0]
        harness.claim()
        holder = harness.put_new(1, "b", queue="q3")[0]
        assert harness.claim().ids == [holder.id]
        end(harness, first.id)
        assert harness.claim().ids == [only_a.id]

    def test_a_lane_let_in_that_was_emptied_gives_its_place_to_the_next(
        self, harness: ScriptHarness, limits: Any
    ) -> None:
        limits.define([Definition("*", "a", concurrency=1)])
        first = harness.put_new(1, "a", queue="q0")[0]
        harness.claim()
        gone = harness.put_new(1, "a", queue="q1")[0]
        last = harness.put_new(1, "a", queue="q2")[0]
        harness.claim()
        end(harness, first.id)
        harness.engine.withdraw([gone.with_(status=JobStatus.CANCELLED)], [[]])
        assert harness.claim().ids == [last.id]
        assert set(numbers(harness.redis, harness.keys)) == set()

    def test_many_emptied_lanes_do_not_end_the_line(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "a", concurrency=1)])
        first = harness.put_new(1, "a", queue="q")[0]
        harness.claim()
        gone = [harness.put_new(1, "a", f"k:{n}")[0] for n in range(250)]
        last = harness.put_new(1, "a", queue="last")[0]
        harness.claim()
        harness.engine.withdraw([job.with_(status=JobStatus.CANCELLED) for job in gone], [[]] * 250)
        end(harness, first.id)
        assert harness.claim(1).ids == [last.id]

    def test_tenants_take_turns_at_a_shared_instance(self, harness: ScriptHarness, limits: Any) -> None:
        """A tenant with many lanes there does not keep another waiting for all of them."""
        limits.define([Definition("*", "all", concurrency=1)])
        for key in range(50):
            harness.put_new(1, "*all", f"k:{key}")
        other = [job.id for job in harness.put_new(5, "*all", tenant_id=OTHER)]
        began = []
        for n in range(14):
            (job_id,) = harness.claim(1, token=f"t{n}").ids
            began.append(job_id)
            harness.claim(100, token="none")
            end(harness, job_id, f"t{n}")
        assert set(other) <= set(began)

    def test_a_lost_kick_is_repaired(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "a", concurrency=1)])
        one, two = harness.put_new(1, "a")[0], harness.put_new(1, "a", queue="q")[0]
        harness.claim()
        harness.redis.delete(harness.keys.holders)
        assert harness.claim().ids == []
        harness.at(2_000)
        assert limits.kick_parked("") == ("", ("default",))
        assert harness.claim().ids == [two.id] != [one.id]


class TestPausedQueues:
    def test_all_lanes_of_a_queue_wait_and_return(self, harness: ScriptHarness) -> None:
        jobs = {harness.put_new(1, f"key:{n}")[0].id for n in range(250)}
        harness.engine.pause(TENANT, "default", paused=True, events=[])
        assert harness.claim(500).ids == []
        assert len(parked(harness.redis, harness.keys)[f"{TENANT}/default\x04"]) == 250
        harness.engine.pause(TENANT, "default", paused=False, events=[])
        got: set[str] = set()
        while found := harness.claim(500).ids:
            got |= {*found}
        assert got == jobs

    def test_a_claim_meets_a_queue_that_is_paused_again(self, harness: ScriptHarness) -> None:
        jobs = {harness.put_new(1, f"key:{n}")[0].id for n in range(250)}
        for paused in (True, False, True):
            harness.engine.pause(TENANT, "default", paused=paused, events=[])
            if paused:
                assert harness.claim(500).ids == []
        harness.engine.pause(TENANT, "default", paused=False, events=[])
        assert {*harness.claim(500).ids, *harness.claim(500).ids, *harness.claim(500).ids} == jobs

    def test_ready_jobs_of_all_lanes_are_counted(self, harness: ScriptHarness) -> None:
        harness.put_new(2)
        harness.put_new(3, "a")
        harness.put_new(4, pool="big")
        (wait,) = harness.engine.waits(TENANT, ["default"])
        assert wait == Wait(9, PausedBy.NONE, NOW_MS, is_cut=False)


class TestStates:
    def test_why_a_job_waits(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([
            Definition("*", "full", concurrency=1), Definition("*", "rate", interval_ms=500),
            Definition("*", "off", paused=True, concurrency=7), Definition("*", "free", concurrency=9),
        ])  # fmt: skip
        harness.put_new(1, "free", "full", "rate")
        harness.claim()
        harness.engine.pause(TENANT, "default", paused=True, events=[])
        job = harness.job(limits=("free", "full", "off", "rate", "undefined"))
        assert limits.blocked_by(job) == [
            Block("", Why.PAUSED),
            Block("full", Why.FULL, 1, 1),
            Block("off", Why.PAUSED, 0, 7),
            Block("rate", Why.RATE, 1, None, NOW_MS + 500),
        ]

    def test_definitions_come_back_as_they_were_given(self, limits: Any) -> None:
        given = [
            Definition("*", "a", concurrency=3), Definition(TENANT, "a", keyed=True, interval_ms=333.25, burst=7),
            Definition("*", "b", concurrency=0, interval_ms=0.5, burst=2, paused=True),
        ]  # fmt: skip
        limits.define(given)
        assert sorted(limits.defined()) == sorted(given)
        limits.define([Definition(*each[:3]) for each in given])
        assert limits.defined() == []

    def test_instances_are_listed_in_order_and_by_pages(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define(
            [Definition("*", "k", keyed=True, concurrency=1), Definition("*", "s", keyed=True, concurrency=1)]
        )
        for key in ("b", "a", "c"):
            harness.put_new(2, f"k:{key}")
            harness.put_new(2, f"*s:{key}")
        harness.claim()
        harness.claim()
        assert limits.instances(TENANT, "k", 2) == [LimitState("k:a", 1, 1), LimitState("k:b", 1, 1)]
        assert limits.instances(TENANT, "*s", 9) == [LimitState(f"*s:{key}", 1, 1) for key in "abc"]


class TestCost:
    def calls(self, harness: ScriptHarness) -> int:
        """Commands that the server has run so far."""
        return sum(each["calls"] for each in harness.redis.info("commandstats").values())

    def test_jobs_behind_a_full_limit_are_not_looked_at(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "a", concurrency=1)])
        costs = []
        for number in (10, 1_000):
            harness.put_new(number, "a", f"k:{number}")
            harness.put_new(number, "a", queue=f"q{number}")
            harness.claim(1)
            harness.claim()
            before = self.calls(harness)
            harness.claim()
            costs.append(self.calls(harness) - before)
        assert costs[0] == costs[1]

    def test_a_claim_visits_a_bounded_number_of_lanes(self, harness: ScriptHarness, limits: Any) -> None:
        limits.define([Definition("*", "a", concurrency=0)])
        jobs = [harness.job(limits=("a", f"k:{n}")) for n in range(2_500)]
        harness.put(*jobs)
        lefts = [harness.claim().groups_left for _ in range(4)]
        assert lefts[0] == 1 and lefts[-1] == 0
        assert len(harness.lanes()) == 0
        assert len(parked(harness.redis, harness.keys)[f"{TENANT}/a"]) == 2_500


def test_a_rebuild_restores_limits_holders_and_parked_jobs(harness: ScriptHarness, limits: Any) -> None:
    from chalicelib.queue.rebuild import Place, Rebuild

    rebuild = Rebuild(harness.container.redis, harness.container.scripts, "mine")
    assert rebuild.begin()
    rebuild.wipe([], [Definition("*", "a", concurrency=1)], {TENANT: Share(2.5)})
    own = lane(TENANT, "default", "", ("a",))
    waiting = harness.jobs(2)
    rebuild.restore(
        [Place("r" * 24, TENANT, own, OWNER, "running", 5, NOW_MS + 9, "lease"),
         *(Place(job.id, TENANT, own, OWNER, "pending", job.score, NOW_MS, "-") for job in waiting)],
        limited=False,
    )  # fmt: skip
    rebuild.open(2)
    assert limits.holders(TENANT, "a", 9) == ["r" * 24]
    assert harness.redis.hget(harness.keys.costs, TENANT) == b"2.5"
    assert harness.claim().ids == []
    end(harness, "r" * 24, "lease")
    assert harness.claim().ids == [waiting[0].id]
