"""``promote``, ``withdraw``, ``forget``, ``pause``, ``publish``: waiting, cancelled and deleted jobs."""

from __future__ import annotations

import orjson

from chalicelib.domain.events import Event, EventType, deleted, moved
from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.domain.pauses import PausedBy
from chalicelib.queue.answers import Wait
from chalicelib.queue.intents import Intent, IntentKind
from chalicelib.queue.lanes import lane, queue_of
from tests.script_harness import NOW, NOW_MS, OWNER, TENANT, ScriptHarness


def promote(harness: ScriptHarness, job: Job, due: int) -> int:
    after = job.with_(status=JobStatus.PENDING, rev=job.rev + 1)
    return harness.engine.promote([after], [due], [moved(after, job.status)]).added


class TestPromote:
    def test_a_due_job_becomes_pending(self, harness: ScriptHarness) -> None:
        scheduled, retrying = harness.job(JobStatus.SCHEDULED, ready=10), harness.job(JobStatus.RETRYING, ready=20)
        harness.put(scheduled, retrying)
        assert harness.engine.due(NOW_MS + 15, 10) == {scheduled.id: NOW_MS + 10}
        assert promote(harness, scheduled, NOW_MS + 10) == 1
        assert promote(harness, retrying, NOW_MS + 20) == 1
        assert harness.ready() == [scheduled.id, retrying.id]
        assert harness.counts() == {"pending": 2, "submitted": 2}
        assert set(harness.members(harness.keys.active(OWNER))) == {scheduled.id, retrying.id}
        assert harness.engine.due(NOW_MS + 100, 10) == {}

    def test_a_replay_changes_nothing(self, harness: ScriptHarness) -> None:
        job = harness.job(JobStatus.SCHEDULED, ready=10)
        harness.put(job)
        promote(harness, job, NOW_MS + 10)
        before = harness.dump()
        assert promote(harness, job, NOW_MS + 10) == 0
        assert harness.dump() == before

    def test_a_late_call_does_not_end_the_next_wait(self, harness: ScriptHarness) -> None:
        job = harness.job(JobStatus.RETRYING, ready=10)
        harness.put(job)
        promote(harness, job, NOW_MS + 10)
        harness.claim()
        harness.settle(job, JobStatus.RETRYING, ready_at=harness.job(ready=5000).ready_at)
        assert promote(harness, job, NOW_MS + 10) == 0
        assert harness.members(harness.keys.retrying) == {job.id: NOW_MS + 5000}

    def test_it_wakes_a_worker(self, harness: ScriptHarness) -> None:
        job = harness.job(JobStatus.SCHEDULED, ready=10)
        harness.put(job)
        assert harness.engine.promote([job], [NOW_MS + 10], [[]]).wake


class TestWithdraw:
    def cancel(self, harness: ScriptHarness, *jobs: Job) -> list[bool]:
        after = [job.with_(status=JobStatus.CANCELLED, rev=job.rev + 1) for job in jobs]
        return harness.engine.withdraw(after, [moved(new, old.status) for new, old in zip(after, jobs, strict=True)])

    def test_a_cancelled_job_is_removed_from_its_lane(self, harness: ScriptHarness) -> None:
        jobs = [harness.job(), harness.job(JobStatus.SCHEDULED, ready=9), harness.job(JobStatus.RETRYING, ready=9)]
        harness.put(*jobs)
        harness.note([Intent(job.id, IntentKind.CANCEL) for job in jobs])
        assert self.cancel(harness, *jobs) == [True] * 3
        assert harness.counts() == {"cancelled": 3, "submitted": 3}
        assert harness.ready() == []
        for key in (harness.keys.scheduled, harness.keys.retrying, harness.keys.intents, harness.keys.active(OWNER)):
            assert harness.members(key) == {}
        before = harness.dump()
        assert self.cancel(harness, *jobs) == [True] * 3
        assert harness.dump() == before, "a replay changes nothing"

    def test_a_leased_job_is_left_to_its_holder(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        before = harness.dump()
        assert self.cancel(harness, job) == [False]
        assert harness.dump() == before

    def test_a_lane_with_other_jobs_stays_in_the_rotation(self, harness: ScriptHarness) -> None:
        one, two = harness.jobs(2)
        harness.put(one, two)
        self.cancel(harness, one)
        assert harness.ready() == [two.id] and harness.lanes() == {lane(TENANT, "default")}

    def test_a_job_cancelled_before_its_enqueue_is_counted_and_not_enqueued(self, harness: ScriptHarness) -> None:
        """Given a job that is recorded and not enqueued yet, when it is cancelled."""
        job = harness.job()
        harness.permit([job])
        self.cancel(harness, job)
        assert harness.counts() == {"cancelled": 1, "submitted": 1}
        assert harness.enqueue(job).added == 0
        assert harness.counts() == {"cancelled": 1, "submitted": 1}

    def test_a_redriven_job_cancelled_before_its_enqueue_is_counted(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.settle(job, JobStatus.DLQ)
        harness.note([Intent(job.id, IntentKind.REDRIVE, "call")])
        self.cancel(harness, job.with_(rev=4, redrives=1, submission_id="call"))
        assert harness.counts() == {"cancelled": 1, "submitted": 1, "failed": 1}


class TestForget:
    def test_a_deleted_job_is_removed_from_the_counts_once(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.settle(job, JobStatus.COMPLETED)
        gone = job.with_(status=JobStatus.COMPLETED)
        assert harness.engine.forget([gone], [[deleted(gone)]]) == 1
        assert harness.counts() == {"submitted": 1, "done": 1}
        events = harness.events()
        assert harness.engine.forget([gone], [[deleted(gone)]]) == 0
        assert harness.counts() == {"submitted": 1, "done": 1}
        assert harness.events() == events

    def test_a_job_whose_end_was_not_settled_is_removed_with_its_lease(self, harness: ScriptHarness) -> None:
        job = harness.job()
        harness.put(job)
        harness.claim()
        harness.start(job)
        gone = job.with_(status=JobStatus.COMPLETED, rev=3)
        harness.engine.forget([gone], [[]])
        assert not harness.settle(job, JobStatus.COMPLETED)
        assert harness.counts() == {"submitted": 1, "done": 1}
        assert harness.token(job) is None and harness.members(harness.keys.active(OWNER)) == {}

    def test_a_job_that_was_cancelled_and_still_waits(self, harness: ScriptHarness) -> None:
        jobs = [harness.job(), harness.job(JobStatus.SCHEDULED, ready=9), harness.job(JobStatus.RETRYING, ready=9)]
        harness.put(*jobs)
        never = harness.job()
        harness.permit([never])
        gone = [job.with_(status=JobStatus.CANCELLED) for job in [*jobs, never]]
        assert harness.engine.forget(gone, [[]] * 4) == 4
        assert harness.counts() == {"submitted": 4}
        assert harness.ready() == [] and harness.members(harness.keys.intents) == {}

    def test_its_id_is_kept_for_an_hour(self, harness: ScriptHarness) -> None:
        gone, other = harness.job(JobStatus.COMPLETED), harness.job(JobStatus.COMPLETED)
        harness.engine.forget([gone], [[]])
        harness.at(3_600_000)
        harness.engine.forget([other], [[]])
        assert set(harness.members(harness.keys.forgotten)) == {other.id}


class TestPause:
    def pause(self, harness: ScriptHarness, *, paused: bool) -> tuple[bool, tuple[str, ...]]:
        event = Event(EventType.QUEUE_UPDATED, TENANT, "", {"name": "default", "paused": paused}, NOW)
        return harness.engine.pause(TENANT, "default", paused=paused, events=[event])

    def test_a_paused_lane_is_not_served_until_it_is_resumed(self, harness: ScriptHarness) -> None:
        one, two = harness.jobs(2)
        harness.put(one)
        assert self.pause(harness, paused=True) == (True, ())
        harness.put(two)
        assert harness.claim().ids == []
        assert harness.engine.paused_lanes() == {queue_of(TENANT, "default")}
        assert harness.engine.waits(TENANT, ["default"]) == [Wait(2, PausedBy.QUEUE, to_ms(one.ready_at))]
        harness.redis.delete(harness.keys.waking)
        assert self.pause(harness, paused=False) == (True, ("default",))
        assert harness.claim().ids == [one.id, two.id]

    def test_a_replay_changes_nothing(self, harness: ScriptHarness) -> None:
        harness.put(harness.job())
        for paused in (True, False):
            self.pause(harness, paused=paused)
            before = harness.dump()
            assert self.pause(harness, paused=paused)[0] is False
            assert harness.dump() == before


def test_published_events_get_rising_ids_and_change_no_count(harness: ScriptHarness) -> None:
    event = Event(EventType.PROGRESS, TENANT, OWNER, {"percent": 5}, NOW)
    harness.container.event_log.publish([event, event])
    harness.container.event_log.publish([event])
    assert [orjson.loads(message)["id"] for message in harness.events()] == ["1-1", "1-2", "1-3"]
    assert harness.counts() == {}


def test_the_log_is_capped(harness: ScriptHarness) -> None:
    size = harness.container.settings.event_log_size
    event = Event(EventType.PROGRESS, TENANT, OWNER, {}, NOW)
    for _ in range(size // 1000 + 3):
        harness.container.event_log.publish([event] * 1000)
    assert size <= harness.redis.xlen(harness.keys.events) <= size + 200
