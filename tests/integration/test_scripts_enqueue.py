"""``intend``, ``missing``, ``enqueue``: how jobs come in."""

from __future__ import annotations

import orjson
import pytest

from chalicelib.domain.events import created, moved
from chalicelib.domain.jobs import JobStatus, to_ms
from chalicelib.queue.intents import Intent, What, found
from chalicelib.queue.keys import lane
from tests.desk import NOW_MS, OWNER, TENANT, Desk


def test_a_new_job_comes_in_counted_told_and_licensed_once(desk: Desk) -> None:
    job = desk.job()
    desk.license([job])
    assert desk.members(desk.keys.intents) == {f"{job.id}|new": NOW_MS}

    done = desk.enqueue(job)

    assert (done.added, done.ring, done.refused) == (1, True, ())
    assert desk.ready() == [job.id]
    assert desk.lanes() == {lane(TENANT, "default")}
    assert desk.members(desk.keys.intents) == {}
    for scope in ("all", f"t:{TENANT}", f"o:{OWNER}"):
        assert desk.counts(scope) == {"pending": 1, "submitted": 1}
    (message,) = desk.events()
    event = orjson.loads(message)
    assert (event["id"], event["type"], event["data"]["_id"]) == ("1-1", "job:created", job.id)


def test_a_repeated_enqueue_changes_nothing(desk: Desk) -> None:
    job = desk.job()
    desk.put(job)
    before = desk.dump()
    assert desk.enqueue(job).refused == (job.id,)
    assert desk.dump() == before


@pytest.mark.parametrize("how_far", ["claimed", "running", "completed"])
def test_a_late_enqueue_does_not_bring_a_job_back(desk: Desk, how_far: str) -> None:
    job = desk.job()
    desk.put(job)
    desk.claim()
    if how_far != "claimed":
        desk.start(job)
    if how_far == "completed":
        desk.settle(job, JobStatus.COMPLETED)
    before = desk.dump()
    assert desk.enqueue(job).added == 0
    assert desk.dump() == before


def test_a_job_without_licence_stays_out(desk: Desk) -> None:
    job = desk.job()
    before = desk.dump()
    assert desk.enqueue(job).refused == (job.id,)
    assert desk.dump() == before


def test_states_go_where_they_wait(desk: Desk) -> None:
    scheduled, retrying = desk.job(JobStatus.SCHEDULED, ready=5000), desk.job(JobStatus.RETRYING, ready=7000)
    running = desk.job(JobStatus.RUNNING)
    desk.put(scheduled, retrying, running)
    assert desk.members(desk.keys.scheduled) == {scheduled.id: NOW_MS + 5000}
    assert desk.members(desk.keys.retrying) == {retrying.id: NOW_MS + 7000}
    assert desk.members(desk.keys.leases) == {running.id: NOW_MS}, "nobody holds it, so it is to be recovered at once"
    assert desk.token(running) == f"-|r|{running.score}|{lane(TENANT, 'default')}"
    assert desk.counts() == {"scheduled": 1, "retrying": 1, "running": 1, "submitted": 3}
    assert desk.members(desk.keys.active(OWNER)) == {retrying.id: float("inf"), running.id: float("inf")}


def test_a_redriven_job_leaves_the_dlq_in_the_counts(desk: Desk) -> None:
    job = desk.job()
    desk.put(job)
    desk.claim()
    desk.settle(job, JobStatus.DLQ)
    again = job.with_(rev=4, redrives=1, entry="call")
    desk.engine.intend([Intent(job.id, What.REDRIVE, "call")])
    for _ in range(2):
        desk.engine.enqueue([again], [moved(again, JobStatus.DLQ)])
        assert desk.counts() == {"pending": 1, "submitted": 1, "failed": 1}


def test_a_job_that_was_redriven_before_its_end_was_told(desk: Desk) -> None:
    """Its lease ends with the redrive; the end that comes late changes nothing, and no count is off."""
    job = desk.job()
    desk.put(job)
    desk.claim()
    desk.start(job)
    again = job.with_(rev=4, redrives=1, entry="call")
    desk.engine.intend([Intent(job.id, What.REDRIVE, "call")])
    assert desk.enqueue(again).added == 1
    assert not desk.settle(job, JobStatus.DLQ)
    assert desk.counts() == {"pending": 1, "submitted": 1, "failed": 1}
    assert desk.ready() == [job.id] and desk.token(job) is None and desk.members(desk.keys.leases) == {}


def test_the_licence_of_another_redrive_is_none(desk: Desk) -> None:
    job = desk.job(rev=8, redrives=2, entry="other")
    desk.engine.intend([Intent(job.id, What.REDRIVE, "call")])
    assert desk.enqueue(job).refused == (job.id,)


class TestMissing:
    def test_only_jobs_that_are_nowhere_are_missing(self, desk: Desk) -> None:
        ready, waiting, leased, nowhere = desk.job(), desk.job(JobStatus.SCHEDULED, ready=9), desk.job(), desk.job()
        retrying = desk.job(JobStatus.RETRYING, ready=9)
        desk.put(leased)
        desk.claim()
        desk.put(ready, waiting, retrying)
        missing = desk.engine.missing([ready, waiting, retrying, leased, nowhere])
        assert missing.noted_ms == {nowhere.id: NOW_MS}
        assert desk.members(desk.keys.intents) == {found(nowhere).text: NOW_MS}

    def test_a_missing_job_comes_in_once(self, desk: Desk) -> None:
        job = desk.job()
        missing = desk.engine.missing([job])
        for added in (1, 0):
            assert desk.engine.enqueue([job], [[created(job)]], missing=missing).added == added
        assert desk.counts() == {"pending": 1, "submitted": 1}

    def test_a_job_that_came_in_meanwhile_does_not_come_in_again(self, desk: Desk) -> None:
        """Given a sweep that found a job missing, when its own call enqueues it and it ends, the sweep comes late."""
        job = desk.job()
        desk.license([job])
        missing = desk.engine.missing([job])
        desk.enqueue(job)
        desk.claim()
        desk.settle(job, JobStatus.COMPLETED)
        before = desk.dump()
        assert desk.engine.enqueue([job], [[created(job)]], missing=missing).added == 0
        assert desk.dump() == before

    def test_the_note_of_a_later_search_is_no_licence(self, desk: Desk) -> None:
        job = desk.job()
        old = desk.engine.missing([job])
        desk.put(job)
        desk.claim()
        desk.settle(job, JobStatus.COMPLETED)
        desk.at(1)
        desk.engine.missing([job])
        assert desk.engine.enqueue([job], [[created(job)]], missing=old).added == 0

    def test_a_found_job_takes_the_licence_of_its_own_call(self, desk: Desk) -> None:
        job = desk.job()
        desk.license([job])
        desk.engine.enqueue([job], [[created(job)]], missing=desk.engine.missing([job]))
        desk.claim()
        desk.settle(job, JobStatus.COMPLETED)
        assert desk.enqueue(job).added == 0
        assert desk.counts() == {"completed": 1, "done": 1, "submitted": 1}


class TestRinging:
    def test_a_listening_worker_is_rung_and_none_invoked(self, desk: Desk) -> None:
        desk.fleet.join("w1", 5)
        assert desk.fleet.listen("w1", 10)
        assert not desk.put(desk.job()).ring
        assert desk.bells("w1") == [b"w"]
        assert desk.members(desk.keys.waiting) == {}

    def test_a_promise_that_ran_out_is_not_believed(self, desk: Desk) -> None:
        desk.fleet.listen("w1", 10)
        desk.at(10_000)
        assert desk.put(desk.job()).ring
        assert desk.bells("w1") == []

    def test_a_worker_is_invoked_at_most_once_a_second(self, desk: Desk) -> None:
        assert desk.put(desk.job()).ring
        assert not desk.put(desk.job()).ring

    def test_nobody_is_invoked_into_a_full_fleet(self, desk: Desk) -> None:
        desk.fleet.join("w1", 5)
        desk.fleet.join("w2", 5)
        assert not desk.put(desk.job()).ring

    def test_more_jobs_than_listeners_invoke_one_more(self, desk: Desk) -> None:
        desk.fleet.join("w1", 1)
        desk.fleet.listen("w1", 10)
        assert desk.put(*desk.jobs(3)).ring
        assert desk.bells("w1") == [b"w"]

    def test_a_job_that_waits_rings_nobody(self, desk: Desk) -> None:
        assert not desk.put(desk.job(JobStatus.SCHEDULED, ready=9)).ring

    def test_a_running_job_that_nobody_holds_rings(self, desk: Desk) -> None:
        assert desk.put(desk.job(JobStatus.RUNNING)).ring


def test_scores_order_by_priority_then_by_ready_time(desk: Desk) -> None:
    late_high = desk.job(ready=500, priority=9)
    low, early, late = desk.job(priority=0), desk.job(ready=1), desk.job(ready=2)
    desk.put(low, late, early, late_high)
    assert desk.ready() == [late_high.id, early.id, late.id, low.id]
    assert desk.members(desk.keys.ready(lane(TENANT, "default")))[early.id] == (4 << 42) + to_ms(early.ready_at)
