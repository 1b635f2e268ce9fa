"""``reserve``, ``release_held`` and the ends of active jobs: due jobs that the limit of active jobs holds back."""

from __future__ import annotations

import pytest

from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.queue.limits import RESERVATION_MS
from tests.script_harness import NOW_MS, OWNER, ScriptHarness

LIMIT = 2


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, "MAX_ACTIVE_JOBS_PER_USER": str(LIMIT)}


def busy(harness: ScriptHarness, owner: str = OWNER) -> list[Job]:
    """Running jobs, as many as ``owner`` may have active."""
    jobs = harness.jobs(LIMIT, owner_id=owner)
    harness.put(*jobs)
    harness.claim(LIMIT)
    return jobs


def due(harness: ScriptHarness, number: int, **changes: str) -> list[Job]:
    """Scheduled jobs that are due by now."""
    jobs = [harness.job(JobStatus.SCHEDULED, ready=n - 100, **changes) for n in range(number)]
    harness.put(*jobs)
    return jobs


def hold(harness: ScriptHarness, jobs: list[Job]) -> list[bool]:
    return harness.engine.reserve(jobs, [to_ms(job.ready_at) for job in jobs])


def found_due(harness: ScriptHarness) -> list[str]:
    return list(harness.engine.due(NOW_MS, 100))


def test_jobs_without_room_do_not_stay_due(harness: ScriptHarness) -> None:
    busy(harness)
    later = due(harness, 3)

    assert hold(harness, later) == [False] * 3

    assert found_due(harness) == []
    next_due = harness.claim().next_due_ms
    assert next_due is None or next_due > NOW_MS, "workers do not promote them again and again"
    assert harness.counts()["scheduled"] == 3


def test_each_end_makes_one_job_due_in_order_of_due_time(harness: ScriptHarness) -> None:
    running, later = busy(harness), due(harness, 3)
    calls: list[int] = []
    harness.engine.on_room = lambda: calls.append(1)
    hold(harness, later[::-1])

    harness.settle(running[0], JobStatus.COMPLETED)
    assert (found_due(harness), calls) == ([later[0].id], [1])
    assert hold(harness, later[:1]) == [True], "its place is reserved: a new job cannot take it"
    harness.settle(running[1], JobStatus.RETRYING, ready_at=harness.job(ready=5000).ready_at)
    assert found_due(harness) == [later[0].id], "a retrying job is still active"
    harness.settle(running[1], JobStatus.CANCELLED)


def test_others_are_not_held_back(harness: ScriptHarness) -> None:
    busy(harness)
    held, free = due(harness, 1), due(harness, 1, owner_id="c" * 24)

    assert hold(harness, [*held, *free]) == [False, True]
    assert found_due(harness) == [free[0].id]


def test_a_held_job_is_cancelled_or_promoted_like_others(harness: ScriptHarness) -> None:
    busy(harness)
    one, two = due(harness, 2)
    hold(harness, [one, two])

    assert harness.engine.withdraw([one.with_(status=JobStatus.CANCELLED, rev=2)], [[]]) == [True]
    assert harness.engine.promote([two.with_(status=JobStatus.PENDING, rev=2)], [to_ms(two.ready_at)], [[]]).added == 1
    assert harness.redis.zcard(harness.keys.held) == 0
    assert harness.redis.zcard(harness.keys.scheduled) == 0


def test_free_places_are_found_without_an_end(harness: ScriptHarness) -> None:
    """A reservation expired without its job."""
    others = [harness.job() for _ in range(LIMIT)]
    assert harness.engine.reserve(others) == [True] * LIMIT
    later = due(harness, 3)
    hold(harness, later)
    assert harness.engine.release_held("", 10, 100) == (0, "")

    harness.at(RESERVATION_MS)
    assert harness.engine.release_held("", 10, 100) == (LIMIT, "")
    assert found_due(harness) == [job.id for job in later[:LIMIT]]


def test_owners_are_checked_in_turn(harness: ScriptHarness) -> None:
    for owner in ("b" * 24, "c" * 24, "d" * 24):
        busy(harness, owner)
        hold(harness, due(harness, 1, owner_id=owner))

    assert harness.engine.release_held("", 2, 100) == (0, "c" * 24)
    assert harness.engine.release_held("c" * 24, 2, 100) == (0, "")


def test_a_repeated_call_changes_nothing(harness: ScriptHarness) -> None:
    busy(harness)
    later = due(harness, 2)
    hold(harness, later)
    before = harness.dump()

    assert hold(harness, later) == [False, False]
    assert harness.dump() == before
