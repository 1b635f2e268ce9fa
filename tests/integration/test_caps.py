"""Caps in the scripts: how many jobs of a tenant run at once, whatever queues, limits and pools they have."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue.census import Census
from chalicelib.queue.lanes import CAP, lane
from chalicelib.queue.limit_instances import Block, Definition, LimitState, Why
from chalicelib.queue.rebuild import Place, Rebuild
from chalicelib.queue.shares import Share
from tests.crash import CrashError, crash
from tests.ready import numbers, parked
from tests.script_harness import NOW_MS, OWNER, TENANT, ScriptHarness

pytestmark = pytest.mark.integration
OTHER = "c" * 24


def put(harness: ScriptHarness, number: int, **changes: Any) -> list[Job]:
    jobs = harness.jobs(number, **changes)
    harness.put(*jobs)
    return jobs


def end(harness: ScriptHarness, job_id: str, token: str = "token") -> None:
    assert harness.settle(harness.job(id=job_id), JobStatus.COMPLETED, token)


def set_cap(harness: ScriptHarness, cap: int, tenant: str = TENANT) -> tuple[str, ...]:
    return harness.container.shares.put({tenant: Share(1, cap)})


def holders(harness: ScriptHarness, tenant: str = TENANT) -> set[str]:
    return set(harness.container.limit_scripts.holders(tenant, CAP, 5_000))


def calls(harness: ScriptHarness) -> int:
    """Commands that the server has run so far."""
    return sum(each["calls"] for each in harness.redis.info("commandstats").values())


class TestHowManyBegin:
    def test_a_cap_counts_all_jobs_of_a_tenant(self, harness: ScriptHarness) -> None:
        harness.container.limit_scripts.define([Definition("*", "api", concurrency=1)])
        set_cap(harness, 3)
        put(harness, 2, queue="q1")
        put(harness, 2, queue="q2", limits=("api",))
        put(harness, 2, pool="big")
        other = {job.id for job in put(harness, 5, tenant_id=OTHER)}
        got = [*harness.claim().ids, *harness.engine.claim("token", 10, pool="big").ids]
        assert other <= {*got}
        assert len(got) == 8
        assert holders(harness) == {*got} - other
        assert harness.claim().ids == []

    def test_who_ends_lets_the_next_begin(self, harness: ScriptHarness) -> None:
        set_cap(harness, 1)
        jobs = [put(harness, 1, queue=f"q{n}")[0].id for n in range(4)]
        began = []
        for n in range(4):
            (job_id,) = harness.claim(token=f"t{n}").ids
            assert harness.claim(token="none").ids == []
            end(harness, job_id, f"t{n}")
            began.append(job_id)
        assert began == jobs
        assert holders(harness) == set()

    def test_one_claim_takes_no_more_than_there_is_room(self, harness: ScriptHarness) -> None:
        set_cap(harness, 7)
        for n in range(5):
            put(harness, 3, queue=f"q{n}")
        assert len(harness.claim(100).ids) == 7
        assert Census(harness.redis, harness.container.scripts).differences() == []

    def test_a_job_that_is_handed_back_waits_in_its_lane(self, harness: ScriptHarness) -> None:
        set_cap(harness, 1)
        first, second = put(harness, 1)[0], put(harness, 1, queue="q", limits=("a",))[0]
        assert harness.claim().ids == [first.id]
        harness.settle(first, JobStatus.PENDING)
        assert set(numbers(harness.redis, harness.keys)) == {
            lane(TENANT, "default"), lane(TENANT, "q", limits=("a",)),
        }  # fmt: skip
        got = harness.claim().ids
        assert len(got) == 1
        end(harness, got[0])
        assert {*got, *harness.claim().ids} == {first.id, second.id}

    def test_a_lost_lease_holds_its_place_until_it_is_settled(self, harness: ScriptHarness) -> None:
        set_cap(harness, 1)
        job = put(harness, 2)[0]
        harness.claim()
        harness.at(60_000)
        assert harness.engine.take_over("rescue", 10) == {job.id: False}
        assert harness.claim().ids == []
        assert harness.settle(job, JobStatus.RETRYING, "rescue")
        assert len(harness.claim().ids) == 1

    def test_a_key_that_looks_like_a_cap_is_none(self, harness: ScriptHarness) -> None:
        set_cap(harness, 2)
        harness.container.limit_scripts.define([Definition("*", "k", keyed=True, concurrency=1)])
        jobs = put(harness, 2, limits=(f"k:x/{CAP}",))
        assert harness.claim().ids == [jobs[0].id]
        harness.settle(jobs[0], JobStatus.PENDING)
        assert harness.claim().ids == [jobs[0].id]


class TestChanges:
    def test_jobs_that_run_when_the_first_cap_is_set_count(self, harness: ScriptHarness) -> None:
        """More leases than one page."""
        for _ in range(3):
            put(harness, 900)
            put(harness, 100, tenant_id=OTHER)
        first = harness.claim(2_000).ids
        began = {job_id for job_id in first if f"/{TENANT}/" in (harness.token(harness.job(id=job_id)) or "")}
        assert len(began) > 1_100
        put(harness, 5)
        set_cap(harness, len(began) + 2)
        assert holders(harness) == began
        assert holders(harness, OTHER) == set()
        more = harness.claim(3_000, token="more").ids
        assert len([job_id for job_id in more if f"/{TENANT}/" in (harness.token(harness.job(id=job_id)) or "")]) == 2
        assert Census(harness.redis, harness.container.scripts).differences() == []

    def test_a_lower_cap_lets_the_running_jobs_end(self, harness: ScriptHarness) -> None:
        put(harness, 5)
        ids = harness.claim(3).ids
        set_cap(harness, 1)
        for job_id in ids:
            assert harness.claim(token="none").ids == []
            end(harness, job_id)
        assert len(harness.claim().ids) == 1

    @pytest.mark.parametrize("cap", [4, 0])
    def test_a_raise_lets_waiting_jobs_begin_and_wakes_workers(self, harness: ScriptHarness, cap: int) -> None:
        set_cap(harness, 1)
        put(harness, 5)
        put(harness, 5, pool="big", queue="q")
        for pool in ("default", "big"):
            harness.engine.claim("token", 5, pool=pool)
        harness.at(2_000)
        assert set(set_cap(harness, cap)) == {"default", "big"}
        got = sum(len(harness.engine.claim("t", 10, pool=pool).ids) for pool in ("default", "big"))
        assert got == (3 if cap else 9)

    def test_a_cap_that_is_lifted_leaves_no_lane_behind(self, harness: ScriptHarness) -> None:
        set_cap(harness, 1)
        jobs = {put(harness, 1, limits=(f"k:{n}",))[0].id for n in range(250)}
        began = {*harness.claim(500).ids}
        assert len(began) == 1
        assert len(parked(harness.redis, harness.keys)[f"{TENANT}/{CAP}"]) == 249
        set_cap(harness, 0)
        while found := harness.claim(500, token="t").ids:
            began |= {*found}
        assert began == jobs

    def test_a_cap_that_is_set_again_before_all_lanes_returned(self, harness: ScriptHarness) -> None:
        set_cap(harness, 1)
        jobs = {put(harness, 1, limits=(f"k:{n}",))[0].id for n in range(250)}
        (first,) = harness.claim(500).ids
        set_cap(harness, 0)
        set_cap(harness, 1)
        assert harness.claim(500, token="none").ids == []
        end(harness, first)
        ended = {first}
        for n in range(249):
            (job_id,) = harness.claim(500, token=f"t{n}").ids
            end(harness, job_id, f"t{n}")
            ended.add(job_id)
        assert ended == jobs

    def test_a_change_of_the_weight_alone_keeps_the_cap(self, harness: ScriptHarness) -> None:
        shares = harness.container.shares
        shares.put({TENANT: Share(1, 2)})
        shares.put({TENANT: Share(2.5, 2)})
        assert shares.of([TENANT, OTHER]) == {TENANT: Share(2.5, 2), OTHER: Share()}
        put(harness, 5)
        assert len(harness.claim().ids) == 2
        shares.put({TENANT: Share()})
        assert harness.redis.hget(harness.keys.costs, TENANT) is None

    def test_who_dies_before_the_leases_are_counted_sets_no_cap(
        self, harness: ScriptHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Then any number may run, and the next one who sets it counts them."""
        put(harness, 6)
        old = harness.claim(1).ids
        with monkeypatch.context() as patched:
            patched.setattr(harness.container.shares, "_count_leases", crash)
            with pytest.raises(CrashError):
                set_cap(harness, 2)
        assert harness.container.shares.of([TENANT]) == {TENANT: None}
        new = harness.claim(2, token="t").ids
        assert holders(harness) == {*new}
        set_cap(harness, 2)
        assert holders(harness) == {*old, *new}
        assert harness.claim().ids == []


class TestParkedLanes:
    def test_jobs_that_come_to_a_parked_lane_wake_nobody(self, harness: ScriptHarness) -> None:
        set_cap(harness, 1)
        put(harness, 2)
        harness.claim()
        assert not harness.fleet.needs_worker()
        harness.at(2_000)
        assert harness.put(harness.job()).wake == ()
        assert harness.fleet.listen("w1", 5)

    def test_a_lane_parked_at_a_limit_gives_the_place_to_the_next(self, harness: ScriptHarness) -> None:
        harness.container.limit_scripts.define([Definition("*", "a", concurrency=1)])
        set_cap(harness, 2)
        one, holder = put(harness, 1, queue="q0")[0], put(harness, 1, limits=("a",), queue="q1")[0]
        assert {*harness.claim().ids} == {one.id, holder.id}
        put(harness, 1, limits=("a",), queue="q2")
        free = put(harness, 1, queue="q3")[0]
        assert harness.claim().ids == []
        end(harness, one.id)
        assert harness.claim().ids == [free.id]

    def test_a_lane_that_was_emptied_gives_the_place_to_the_next(self, harness: ScriptHarness) -> None:
        set_cap(harness, 1)
        first, gone, last = (put(harness, 1, queue=f"q{n}")[0] for n in range(3))
        assert harness.claim().ids == [first.id]
        end(harness, first.id)
        harness.engine.withdraw([gone.with_(status=JobStatus.CANCELLED)], [[]])
        assert harness.claim().ids == [last.id]

    def test_a_lost_cap_lets_all_in(self, harness: ScriptHarness) -> None:
        """The sweep sets it again, and counts what runs."""
        set_cap(harness, 1)
        ids = {put(harness, 1, queue=f"q{n}")[0].id for n in range(4)}
        (first,) = harness.claim().ids
        harness.redis.delete(harness.keys.costs)
        end(harness, first)
        rest = harness.claim().ids
        assert {first, *rest} == ids
        set_cap(harness, 1)
        assert holders(harness) == {*rest}


def test_what_blocks_a_job_and_how_many_wait(harness: ScriptHarness) -> None:
    limits = harness.container.limit_scripts
    jobs = put(harness, 5)
    assert limits.blocked_by(jobs[0]) == []
    set_cap(harness, 2)
    assert limits.blocked_by(jobs[0]) == []
    harness.claim()
    assert limits.blocked_by(jobs[4]) == [Block(CAP, Why.FULL, 2, 2)]
    assert limits.states(TENANT, [CAP]) == [LimitState(CAP, 2, 3)]


def test_a_rebuild_restores_caps_and_who_holds_them(harness: ScriptHarness) -> None:
    rebuild = Rebuild(harness.container.redis, harness.container.scripts, "mine")
    assert rebuild.begin()
    rebuild.wipe([], [], {TENANT: Share(1, 1)})
    own, waiting = lane(TENANT, "default"), harness.jobs(2)
    rebuild.restore(
        [Place("r" * 24, TENANT, own, OWNER, "running", 5, NOW_MS + 9, "lease"),
         *(Place(job.id, TENANT, own, OWNER, "pending", job.score, NOW_MS, "-") for job in waiting)],
        limited=False,
    )  # fmt: skip
    rebuild.open(2)
    assert holders(harness) == {"r" * 24}
    assert harness.claim().ids == []
    end(harness, "r" * 24, "lease")
    assert harness.claim().ids == [waiting[0].id]


def test_tenants_without_a_cap_pay_nothing(harness: ScriptHarness) -> None:
    """The life of a job takes as many commands as without anybody's cap."""

    def life() -> int:
        before = calls(harness)
        (job,) = put(harness, 1)
        assert harness.claim(1).ids == [job.id]
        harness.start(job)
        end(harness, job.id)
        return calls(harness) - before

    life()
    alone = life()
    set_cap(harness, 1, OTHER)
    assert life() == alone
