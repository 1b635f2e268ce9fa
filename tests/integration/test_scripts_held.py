"""``reserve``, ``unhold`` and what ends active jobs: scheduled jobs that are due and wait for room."""

from __future__ import annotations

import pytest

from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.queue.limits import RESERVATION_MS
from tests.desk import NOW_MS, OWNER, Desk

LIMIT = 2


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, "MAX_ACTIVE_JOBS_PER_USER": str(LIMIT)}


def busy(desk: Desk, owner: str = OWNER) -> list[Job]:
    """Running jobs, as many as ``owner`` may have active."""
    jobs = desk.jobs(LIMIT, owner_id=owner)
    desk.put(*jobs)
    desk.claim(LIMIT)
    return jobs


def due(desk: Desk, number: int, **changes: str) -> list[Job]:
    """Scheduled jobs that are due by now."""
    jobs = [desk.job(JobStatus.SCHEDULED, ready=n - 100, **changes) for n in range(number)]
    desk.put(*jobs)
    return jobs


def hold(desk: Desk, jobs: list[Job]) -> list[bool]:
    return desk.engine.reserve(jobs, [to_ms(job.ready_at) for job in jobs])


def found_due(desk: Desk) -> list[str]:
    return list(desk.engine.due(NOW_MS, 100))


def test_jobs_without_room_do_not_stay_due(desk: Desk) -> None:
    busy(desk)
    later = due(desk, 3)

    assert hold(desk, later) == [False] * 3

    assert found_due(desk) == []
    next_due = desk.claim().next_due_ms
    assert next_due is None or next_due > NOW_MS, "no worker looks for them again and again"
    assert desk.counts()["scheduled"] == 3


def test_each_end_lets_one_fall_due_the_first_due_first(desk: Desk) -> None:
    running, later = busy(desk), due(desk, 3)
    told: list[int] = []
    desk.engine.on_room = lambda: told.append(1)
    hold(desk, later[::-1])

    desk.settle(running[0], JobStatus.COMPLETED)
    assert (found_due(desk), told) == ([later[0].id], [1])
    assert hold(desk, later[:1]) == [True], "its place is kept: a new job cannot take it"
    desk.settle(running[1], JobStatus.RETRYING, ready_at=desk.job(ready=5000).ready_at)
    assert found_due(desk) == [later[0].id], "a job that is to be tried again is active still"
    desk.settle(running[1], JobStatus.CANCELLED)


def test_others_are_not_held_back(desk: Desk) -> None:
    busy(desk)
    held, free = due(desk, 1), due(desk, 1, owner_id="c" * 24)

    assert hold(desk, [*held, *free]) == [False, True]
    assert found_due(desk) == [free[0].id]


def test_a_held_job_is_cancelled_or_promoted_like_others(desk: Desk) -> None:
    busy(desk)
    one, two = due(desk, 2)
    hold(desk, [one, two])

    assert desk.engine.withdraw([one.with_(status=JobStatus.CANCELLED, rev=2)], [[]]) == [True]
    assert desk.engine.promote([two.with_(status=JobStatus.PENDING, rev=2)], [to_ms(two.ready_at)], [[]]).added == 1
    assert desk.redis.zcard(desk.keys.held) == 0
    assert desk.redis.zcard(desk.keys.scheduled) == 0


def test_room_that_nobody_told_of_is_found(desk: Desk) -> None:
    """A reservation lapsed: its job never came."""
    others = [desk.job() for _ in range(LIMIT)]
    assert desk.engine.reserve(others) == [True] * LIMIT
    later = due(desk, 3)
    hold(desk, later)
    assert desk.engine.unhold("", 10, 100) == (0, "")

    desk.at(RESERVATION_MS)
    assert desk.engine.unhold("", 10, 100) == (LIMIT, "")
    assert found_due(desk) == [job.id for job in later[:LIMIT]]


def test_owners_are_looked_at_in_turn(desk: Desk) -> None:
    for owner in ("b" * 24, "c" * 24, "d" * 24):
        busy(desk, owner)
        hold(desk, due(desk, 1, owner_id=owner))

    assert desk.engine.unhold("", 2, 100) == (0, "c" * 24)
    assert desk.engine.unhold("c" * 24, 2, 100) == (0, "")


def test_a_repeated_call_changes_nothing(desk: Desk) -> None:
    busy(desk)
    later = due(desk, 2)
    hold(desk, later)
    before = desk.dump()

    assert hold(desk, later) == [False, False]
    assert desk.dump() == before
