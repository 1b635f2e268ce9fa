"""``admit``: the sliding window and the limit of active jobs, in one step."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.errors import RateLimited, TooManyActiveJobs
from chalicelib.queue.limits import RESERVATION_MS
from tests.desk import NOW_MS, OWNER, TENANT, Desk


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    """Ten attempts a minute, five active jobs."""
    return {**env, "RATE_LIMIT_MAX_REQUESTS": "10", "RATE_LIMIT_WINDOW": "60000", "MAX_ACTIVE_JOBS_PER_USER": "5"}


def admit(desk: Desk, *ids: str, active: int = 0, owner: str = OWNER) -> None:
    desk.container.limits.admit(owner, TENANT, ids, active=active)


def test_an_admitted_job_is_reserved_and_licensed(desk: Desk) -> None:
    admit(desk, "x", "y", active=1)
    assert desk.members(desk.keys.intents) == {"x|new": NOW_MS, "y|new": NOW_MS}
    assert desk.members(desk.keys.active(OWNER)) == {"x": NOW_MS + RESERVATION_MS}


def test_a_repeated_call_counts_once(desk: Desk) -> None:
    ids = [f"j{n}" for n in range(5)]
    for _ in range(4):
        admit(desk, *ids, active=5)
    assert len(desk.members(desk.keys.rate(OWNER))) == len(desk.members(desk.keys.active(OWNER))) == 5


class TestWindow:
    def test_it_slides(self, desk: Desk) -> None:
        for n in range(10):
            desk.at(n * 1000)
            admit(desk, f"a{n}")
        desk.at(30_000)
        with pytest.raises(RateLimited) as refused:
            admit(desk, "b")
        assert refused.value.retry_after_s == 30
        desk.at(60_000)
        admit(desk, "b")
        with pytest.raises(RateLimited) as refused:
            admit(desk, "c")
        assert refused.value.retry_after_s == 1

    def test_all_of_a_batch_or_none(self, desk: Desk) -> None:
        admit(desk, *[f"a{n}" for n in range(8)])
        with pytest.raises(RateLimited):
            admit(desk, "b", "c", "d")
        admit(desk, "b", "c")

    def test_a_batch_over_the_limit_waits_for_a_whole_window(self, desk: Desk) -> None:
        with pytest.raises(RateLimited) as refused:
            admit(desk, *[f"a{n}" for n in range(11)])
        assert refused.value.retry_after_s == 60

    def test_a_refusal_is_counted_and_notes_nothing(self, desk: Desk) -> None:
        admit(desk, *[f"a{n}" for n in range(10)])
        with pytest.raises(RateLimited):
            admit(desk, "b", active=1)
        assert desk.counts() == desk.counts(f"o:{OWNER}") == {"rate_hits": 1}
        assert "b|new" not in desk.members(desk.keys.intents)
        assert "b" not in desk.members(desk.keys.rate(OWNER))

    def test_users_have_windows_of_their_own(self, desk: Desk) -> None:
        admit(desk, *[f"a{n}" for n in range(10)])
        admit(desk, "b", owner="other")


class TestActive:
    def test_a_place_is_freed_by_the_end_of_a_job(self, desk: Desk) -> None:
        jobs = desk.jobs(5)
        admit(desk, *[job.id for job in jobs], active=5)
        desk.enqueue(*jobs)
        with pytest.raises(TooManyActiveJobs):
            admit(desk, "x", active=1)
        desk.claim(1)
        desk.settle(jobs[0], JobStatus.COMPLETED)
        admit(desk, "x", active=1)
        with pytest.raises(TooManyActiveJobs):
            admit(desk, "y", active=1)

    def test_a_reservation_lapses_unless_the_job_comes_in(self, desk: Desk) -> None:
        jobs = desk.jobs(5)
        admit(desk, *[job.id for job in jobs], active=5)
        desk.enqueue(*jobs[:4])
        desk.at(RESERVATION_MS)
        admit(desk, "x", active=1)
        with pytest.raises(TooManyActiveJobs):
            admit(desk, "y", active=1)

    def test_admitting_an_active_job_again_does_not_let_its_place_lapse(self, desk: Desk) -> None:
        jobs = desk.jobs(5)
        admit(desk, *[job.id for job in jobs], active=5)
        desk.enqueue(*jobs)
        admit(desk, jobs[0].id, active=1)
        desk.at(RESERVATION_MS)
        with pytest.raises(TooManyActiveJobs):
            admit(desk, "x", active=1)

    def test_scheduled_jobs_take_no_place(self, desk: Desk) -> None:
        admit(desk, *[f"a{n}" for n in range(9)], active=5)
        assert len(desk.members(desk.keys.active(OWNER))) == 5


@pytest.mark.parametrize("kind", ["window", "active"])
def test_parallel_calls_never_exceed_a_limit(desk: Desk, kind: str) -> None:
    limit, active = (10, 0) if kind == "window" else (5, 1)

    def attempt(n: int) -> bool:
        try:
            admit(desk, f"p{n}", active=active)
        except (RateLimited, TooManyActiveJobs):
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == limit


@pytest.mark.parametrize("off", ["RATE_LIMIT_MAX_REQUESTS", "MAX_ACTIVE_JOBS_PER_USER"])
def test_zero_switches_a_limit_off(make_desk: Callable[..., Desk], off: str) -> None:
    desk = make_desk(**{"RATE_LIMIT_MAX_REQUESTS": "100", "MAX_ACTIVE_JOBS_PER_USER": "100", off: "0"})
    admit(desk, *[f"a{n}" for n in range(100)], active=100)
    key = desk.keys.rate(OWNER) if off.startswith("RATE") else desk.keys.active(OWNER)
    assert not desk.redis.exists(key)
