"""``intend``, ``missing``, ``enqueue``: intents, permits and new jobs."""

from __future__ import annotations

import orjson
import pytest

from chalicelib.domain.events import created, moved
from chalicelib.domain.jobs import JobStatus, to_ms
from chalicelib.queue.fleet import WakeUp
from chalicelib.queue.intents import Intent, IntentKind, recovery_permit
from chalicelib.queue.lanes import lane
from tests.ready import ready
from tests.script_harness import NOW_MS, OWNER, TENANT, ScriptHarness


def test_a_new_job_is_counted_and_published_and_its_permit_is_used_up(harness: ScriptHarness) -> None:
    job = harness.job()
    harness.permit([job])
    assert harness.members(harness.keys.intents) == {f"{job.id}|new": NOW_MS}

    done = harness.enqueue(job)

    assert (done.added, done.wake, done.refused) == (1, ("default",), ())
    assert harness.ready() == [job.id]
    assert harness.lanes() == {lane(TENANT, "default")}
    assert harness.members(harness.keys.intents) == {}
    for scope in ("all", f"t:{TENANT}", f"o:{OWNER}"):
        assert harness.counts(scope) == {"pending": 1, "submitted": 1}
    (message,) = harness.events()
    event = orjson.loads(message)
    assert (event["id"], event["type"], event["data"]["_id"]) == ("1-1", "job:created", job.id)


def test_a_repeated_enqueue_changes_nothing(harness: ScriptHarness) -> None:
    job = harness.job()
    harness.put(job)
    before = harness.dump()
    assert harness.enqueue(job).refused == (job.id,)
    assert harness.dump() == before


@pytest.mark.parametrize("how_far", ["claimed", "running", "completed"])
def test_a_late_enqueue_does_not_enqueue_an_ended_job(harness: ScriptHarness, how_far: str) -> None:
    job = harness.job()
    harness.put(job)
    harness.claim()
    if how_far != "claimed":
        harness.start(job)
    if how_far == "completed":
        harness.settle(job, JobStatus.COMPLETED)
    before = harness.dump()
    assert harness.enqueue(job).added == 0
    assert harness.dump() == before


def test_a_job_without_permit_is_not_enqueued(harness: ScriptHarness) -> None:
    job = harness.job()
    before = harness.dump()
    assert harness.enqueue(job).refused == (job.id,)
    assert harness.dump() == before


def test_each_state_is_stored_in_its_set(harness: ScriptHarness) -> None:
    scheduled, retrying = harness.job(JobStatus.SCHEDULED, ready=5000), harness.job(JobStatus.RETRYING, ready=7000)
    running = harness.job(JobStatus.RUNNING)
    harness.put(scheduled, retrying, running)
    assert harness.members(harness.keys.scheduled) == {scheduled.id: NOW_MS + 5000}
    assert harness.members(harness.keys.retrying) == {retrying.id: NOW_MS + 7000}
    assert harness.members(harness.keys.leases) == {running.id: NOW_MS}, "it has no holder, so it is recovered at once"
    assert harness.token(running) == f"-|r|{running.score}|0|{lane(TENANT, 'default')}"
    assert harness.counts() == {"scheduled": 1, "retrying": 1, "running": 1, "submitted": 3}
    assert harness.members(harness.keys.active(OWNER)) == {retrying.id: float("inf"), running.id: float("inf")}


def test_a_redriven_job_leaves_the_dlq_in_the_counts(harness: ScriptHarness) -> None:
    job = harness.job()
    harness.put(job)
    harness.claim()
    harness.settle(job, JobStatus.DLQ)
    again = job.with_(rev=4, redrives=1, submission_id="call")
    harness.engine.intend([Intent(job.id, IntentKind.REDRIVE, "call")])
    for _ in range(2):
        harness.engine.enqueue([again], [moved(again, JobStatus.DLQ)])
        assert harness.counts() == {"pending": 1, "submitted": 1, "failed": 1}


def test_a_job_that_was_redriven_before_its_end_was_settled(harness: ScriptHarness) -> None:
    """Its lease ends with the redrive; the late end changes nothing, and the counts are right."""
    job = harness.job()
    harness.put(job)
    harness.claim()
    harness.start(job)
    again = job.with_(rev=4, redrives=1, submission_id="call")
    harness.engine.intend([Intent(job.id, IntentKind.REDRIVE, "call")])
    assert harness.enqueue(again).added == 1
    assert not harness.settle(job, JobStatus.DLQ)
    assert harness.counts() == {"pending": 1, "submitted": 1, "failed": 1}
    assert harness.ready() == [job.id] and harness.token(job) is None and harness.members(harness.keys.leases) == {}


def test_the_permit_of_another_redrive_is_not_valid(harness: ScriptHarness) -> None:
    job = harness.job(rev=8, redrives=2, submission_id="other")
    harness.engine.intend([Intent(job.id, IntentKind.REDRIVE, "call")])
    assert harness.enqueue(job).refused == (job.id,)


class TestMissing:
    def test_only_jobs_that_are_in_no_set_are_missing(self, harness: ScriptHarness) -> None:
        ready, waiting, leased, nowhere = (
            harness.job(),
            harness.job(JobStatus.SCHEDULED, ready=9),
            harness.job(),
            harness.job(),
        )
        retrying = harness.job(JobStatus.RETRYING, ready=9)
        harness.put(leased)
        harness.claim()
        harness.put(ready, waiting, retrying)
        missing = harness.engine.missing([ready, waiting, retrying, leased, nowhere])
        assert missing.noted_ms == {nowhere.id: NOW_MS}
        assert harness.members(harness.keys.intents) == {recovery_permit(nowhere).text: NOW_MS}

    def test_a_missing_job_is_enqueued_once(self, harness: ScriptHarness) -> None:
        job = harness.job()
        missing = harness.engine.missing([job])
        for added in (1, 0):
            assert harness.engine.enqueue([job], [[created(job)]], missing=missing).added == added
        assert harness.counts() == {"pending": 1, "submitted": 1}

    def test_a_job_enqueued_meanwhile_is_not_enqueued_again(self, harness: ScriptHarness) -> None:
        """Given a sweep that found a job missing, when its own call enqueues it and it ends, the sweep is refused."""
        job = harness.job()
        harness.permit([job])
        missing = harness.engine.missing([job])
        harness.enqueue(job)
        harness.claim()
        harness.settle(job, JobStatus.COMPLETED)
        before = harness.dump()
        assert harness.engine.enqueue([job], [[created(job)]], missing=missing).added == 0
        assert harness.dump() == before

    def test_the_permit_of_a_later_search_is_not_valid(self, harness: ScriptHarness) -> None:
        job = harness.job()
        old = harness.engine.missing([job])
        harness.put(job)
        harness.claim()
        harness.settle(job, JobStatus.COMPLETED)
        harness.at(1)
        harness.engine.missing([job])
        assert harness.engine.enqueue([job], [[created(job)]], missing=old).added == 0

    def test_a_missing_job_uses_up_the_permit_of_its_own_call(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.permit([job])
        harness.engine.enqueue([job], [[created(job)]], missing=harness.engine.missing([job]))
        harness.claim()
        harness.settle(job, JobStatus.COMPLETED)
        assert harness.enqueue(job).added == 0
        assert harness.counts() == {"completed": 1, "done": 1, "submitted": 1}


class TestWake:
    def test_a_listening_worker_is_woken_and_none_invoked(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 5)
        wake_ups = harness.subscribe("w1")
        assert harness.fleet.listen("w1", 10)
        assert not harness.put(harness.job()).wake
        assert wake_ups.wait(30) == WakeUp()
        assert harness.members(harness.keys.waiting) == {}

    def test_a_worker_that_stopped_listening_is_not_counted(self, harness: ScriptHarness) -> None:
        wake_ups = harness.subscribe("w1")
        harness.fleet.listen("w1", 10)
        harness.at(10_000)
        assert harness.put(harness.job()).wake
        assert wake_ups.wait(0.02) is None

    def test_a_worker_is_invoked_at_most_once_a_second(self, harness: ScriptHarness) -> None:
        assert harness.put(harness.job()).wake
        assert not harness.put(harness.job()).wake

    def test_no_worker_is_invoked_when_the_fleet_is_full(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 5)
        harness.fleet.join("w2", 5)
        assert not harness.put(harness.job()).wake

    def test_more_jobs_than_listeners_invoke_one_more(self, harness: ScriptHarness) -> None:
        harness.fleet.join("w1", 1)
        wake_ups = harness.subscribe("w1")
        harness.fleet.listen("w1", 10)
        assert harness.put(*harness.jobs(3)).wake
        assert wake_ups.wait(30) == WakeUp()

    def test_a_job_that_is_not_due_wakes_no_worker(self, harness: ScriptHarness) -> None:
        assert not harness.put(harness.job(JobStatus.SCHEDULED, ready=9)).wake

    def test_a_running_job_without_a_lease_wakes_a_worker(self, harness: ScriptHarness) -> None:
        assert harness.put(harness.job(JobStatus.RUNNING)).wake


def test_scores_order_by_priority_then_by_ready_time(harness: ScriptHarness) -> None:
    late_high = harness.job(ready=500, priority=9)
    low, early, late = harness.job(priority=0), harness.job(ready=1), harness.job(ready=2)
    harness.put(low, late, early, late_high)
    assert harness.ready() == [late_high.id, early.id, late.id, low.id]
    places = ready(harness.redis, harness.keys)[lane(TENANT, "default")]
    assert places[early.id] == to_ms(early.ready_at)
    assert places[late_high.id] == to_ms(late_high.ready_at) - 240_000
