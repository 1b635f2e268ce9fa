"""``admit``: the sliding window and the limit of active jobs, in one step."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.errors import RateLimited, TooManyActiveJobs
from chalicelib.queue.limits import RESERVATION_MS
from tests.script_harness import NOW_MS, OWNER, TENANT, ScriptHarness


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    """Ten attempts a minute, five active jobs."""
    return {**env, "RATE_LIMIT_MAX_REQUESTS": "10", "RATE_LIMIT_WINDOW": "60000", "MAX_ACTIVE_JOBS_PER_USER": "5"}


def admit(harness: ScriptHarness, *ids: str, active: int = 0, owner: str = OWNER) -> None:
    harness.container.limits.admit(owner, TENANT, ids, active=active)


def test_an_admitted_job_is_reserved_and_gets_a_permit(harness: ScriptHarness) -> None:
    admit(harness, "x", "y", active=1)
    assert harness.members(harness.keys.intents) == {"x|new": NOW_MS, "y|new": NOW_MS}
    assert harness.members(harness.keys.active(OWNER)) == {"x": NOW_MS + RESERVATION_MS}


def test_a_repeated_call_counts_once(harness: ScriptHarness) -> None:
    ids = [f"j{n}" for n in range(5)]
    for _ in range(4):
        admit(harness, *ids, active=5)
    assert len(harness.members(harness.keys.rate(OWNER))) == len(harness.members(harness.keys.active(OWNER))) == 5


class TestWindow:
    def test_it_slides(self, harness: ScriptHarness) -> None:
        for n in range(10):
            harness.at(n * 1000)
            admit(harness, f"a{n}")
        harness.at(30_000)
        with pytest.raises(RateLimited) as refused:
            admit(harness, "b")
        assert refused.value.retry_after_s == 30
        harness.at(60_000)
        admit(harness, "b")
        with pytest.raises(RateLimited) as refused:
            admit(harness, "c")
        assert refused.value.retry_after_s == 1

    def test_all_of_a_batch_or_none(self, harness: ScriptHarness) -> None:
        admit(harness, *[f"a{n}" for n in range(8)])
        with pytest.raises(RateLimited):
            admit(harness, "b", "c", "d")
        admit(harness, "b", "c")

    def test_a_batch_over_the_limit_waits_for_a_whole_window(self, harness: ScriptHarness) -> None:
        with pytest.raises(RateLimited) as refused:
            admit(harness, *[f"a{n}" for n in range(11)])
        assert refused.value.retry_after_s == 60

    def test_a_refusal_is_counted_and_notes_no_intent(self, harness: ScriptHarness) -> None:
        admit(harness, *[f"a{n}" for n in range(10)])
        with pytest.raises(RateLimited):
            admit(harness, "b", active=1)
        assert harness.counts() == harness.counts(f"o:{OWNER}") == {"rate_hits": 1}
        assert "b|new" not in harness.members(harness.keys.intents)
        assert "b" not in harness.members(harness.keys.rate(OWNER))

    def test_users_have_windows_of_their_own(self, harness: ScriptHarness) -> None:
        admit(harness, *[f"a{n}" for n in range(10)])
        admit(harness, "b", owner="other")


class TestActive:
    def test_a_place_is_freed_by_the_end_of_a_job(self, harness: ScriptHarness) -> None:
        jobs = harness.jobs(5)
        admit(harness, *[job.id for job in jobs], active=5)
        harness.enqueue(*jobs)
        with pytest.raises(TooManyActiveJobs):
            admit(harness, "x", active=1)
        harness.claim(1)
        harness.settle(jobs[0], JobStatus.COMPLETED)
        admit(harness, "x", active=1)
        with pytest.raises(TooManyActiveJobs):
            admit(harness, "y", active=1)

    def test_a_reservation_expires_unless_the_job_is_enqueued(self, harness: ScriptHarness) -> None:
        jobs = harness.jobs(5)
        admit(harness, *[job.id for job in jobs], active=5)
        harness.enqueue(*jobs[:4])
        harness.at(RESERVATION_MS)
        admit(harness, "x", active=1)
        with pytest.raises(TooManyActiveJobs):
            admit(harness, "y", active=1)

    def test_admitting_an_active_job_again_does_not_let_its_place_expire(self, harness: ScriptHarness) -> None:
        jobs = harness.jobs(5)
        admit(harness, *[job.id for job in jobs], active=5)
        harness.enqueue(*jobs)
        admit(harness, jobs[0].id, active=1)
        harness.at(RESERVATION_MS)
        with pytest.raises(TooManyActiveJobs):
            admit(harness, "x", active=1)

    def test_scheduled_jobs_take_no_place(self, harness: ScriptHarness) -> None:
        admit(harness, *[f"a{n}" for n in range(9)], active=5)
        assert len(harness.members(harness.keys.active(OWNER))) == 5


@pytest.mark.parametrize("kind", ["window", "active"])
def test_parallel_calls_never_exceed_a_limit(harness: ScriptHarness, kind: str) -> None:
    limit, active = (10, 0) if kind == "window" else (5, 1)

    def attempt(n: int) -> bool:
        try:
            admit(harness, f"p{n}", active=active)
        except (RateLimited, TooManyActiveJobs):
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == limit


@pytest.mark.parametrize("off", ["RATE_LIMIT_MAX_REQUESTS", "MAX_ACTIVE_JOBS_PER_USER"])
def test_zero_switches_a_limit_off(make_harness: Callable[..., ScriptHarness], off: str) -> None:
    harness = make_harness(**{"RATE_LIMIT_MAX_REQUESTS": "100", "MAX_ACTIVE_JOBS_PER_USER": "100", off: "0"})
    admit(harness, *[f"a{n}" for n in range(100)], active=100)
    key = harness.keys.rate(OWNER) if off.startswith("RATE") else harness.keys.active(OWNER)
    assert not harness.redis.exists(key)
