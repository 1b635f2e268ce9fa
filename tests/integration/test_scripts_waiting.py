"""``promote``, ``withdraw``, ``forget``, ``pause``, ``publish``: jobs that wait, end unbegun or are deleted."""

from __future__ import annotations

import orjson

from chalicelib.domain.events import Event, EventType, deleted, moved
from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.queue.engine import Wait
from chalicelib.queue.intents import Intent, What
from chalicelib.queue.keys import lane
from tests.desk import NOW, NOW_MS, OWNER, TENANT, Desk


def promote(desk: Desk, job: Job, due: int) -> int:
    after = job.with_(status=JobStatus.PENDING, rev=job.rev + 1)
    return desk.engine.promote([after], [due], [moved(after, job.status)]).added


class TestPromote:
    def test_a_wait_that_is_over(self, desk: Desk) -> None:
        scheduled, retrying = desk.job(JobStatus.SCHEDULED, ready=10), desk.job(JobStatus.RETRYING, ready=20)
        desk.put(scheduled, retrying)
        assert desk.engine.due(NOW_MS + 15, 10) == {scheduled.id: NOW_MS + 10}
        assert promote(desk, scheduled, NOW_MS + 10) == 1
        assert promote(desk, retrying, NOW_MS + 20) == 1
        assert desk.ready() == [scheduled.id, retrying.id]
        assert desk.counts() == {"pending": 2, "submitted": 2}
        assert set(desk.members(desk.keys.active(OWNER))) == {scheduled.id, retrying.id}
        assert desk.engine.due(NOW_MS + 100, 10) == {}

    def test_a_replay_changes_nothing(self, desk: Desk) -> None:
        job = desk.job(JobStatus.SCHEDULED, ready=10)
        desk.put(job)
        promote(desk, job, NOW_MS + 10)
        before = desk.dump()
        assert promote(desk, job, NOW_MS + 10) == 0
        assert desk.dump() == before

    def test_a_late_call_does_not_cut_the_next_wait_short(self, desk: Desk) -> None:
        job = desk.job(JobStatus.RETRYING, ready=10)
        desk.put(job)
        promote(desk, job, NOW_MS + 10)
        desk.claim()
        desk.settle(job, JobStatus.RETRYING, ready_at=desk.job(ready=5000).ready_at)
        assert promote(desk, job, NOW_MS + 10) == 0
        assert desk.members(desk.keys.retrying) == {job.id: NOW_MS + 5000}

    def test_it_rings(self, desk: Desk) -> None:
        job = desk.job(JobStatus.SCHEDULED, ready=10)
        desk.put(job)
        assert desk.engine.promote([job], [NOW_MS + 10], [[]]).ring


class TestWithdraw:
    def cancel(self, desk: Desk, *jobs: Job) -> list[bool]:
        after = [job.with_(status=JobStatus.CANCELLED, rev=job.rev + 1) for job in jobs]
        return desk.engine.withdraw(after, [moved(new, old.status) for new, old in zip(after, jobs, strict=True)])

    def test_a_cancelled_job_leaves_its_place(self, desk: Desk) -> None:
        jobs = [desk.job(), desk.job(JobStatus.SCHEDULED, ready=9), desk.job(JobStatus.RETRYING, ready=9)]
        desk.put(*jobs)
        desk.note([Intent(job.id, What.CANCEL) for job in jobs])
        assert self.cancel(desk, *jobs) == [True] * 3
        assert desk.counts() == {"cancelled": 3, "submitted": 3}
        assert desk.ready() == [] and desk.lanes() == set()
        for key in (desk.keys.scheduled, desk.keys.retrying, desk.keys.intents, desk.keys.active(OWNER)):
            assert desk.members(key) == {}
        before = desk.dump()
        assert self.cancel(desk, *jobs) == [True] * 3
        assert desk.dump() == before, "a replay changes nothing"

    def test_a_leased_job_is_left_to_its_holder(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        before = desk.dump()
        assert self.cancel(desk, job) == [False]
        assert desk.dump() == before

    def test_a_lane_stays_for_the_others(self, desk: Desk) -> None:
        one, two = desk.jobs(2)
        desk.put(one, two)
        self.cancel(desk, one)
        assert desk.ready() == [two.id] and desk.lanes() == {lane(TENANT, "default")}

    def test_a_job_that_never_came_in_is_counted_and_does_not_come_in(self, desk: Desk) -> None:
        """Given a job whose call noted and recorded it, when it is cancelled before the call enqueues it."""
        job = desk.job()
        desk.license([job])
        self.cancel(desk, job)
        assert desk.counts() == {"cancelled": 1, "submitted": 1}
        assert desk.enqueue(job).added == 0
        assert desk.counts() == {"cancelled": 1, "submitted": 1}

    def test_a_redriven_job_that_never_came_in_is_counted(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.settle(job, JobStatus.DLQ)
        desk.note([Intent(job.id, What.REDRIVE, "call")])
        self.cancel(desk, job.with_(rev=4, redrives=1, entry="call"))
        assert desk.counts() == {"cancelled": 1, "submitted": 1, "failed": 1}


class TestForget:
    def test_a_deleted_job_leaves_the_counts_once(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.settle(job, JobStatus.COMPLETED)
        gone = job.with_(status=JobStatus.COMPLETED)
        assert desk.engine.forget([gone], [[deleted(gone)]]) == 1
        assert desk.counts() == {"submitted": 1, "done": 1}
        events = desk.events()
        assert desk.engine.forget([gone], [[deleted(gone)]]) == 0
        assert desk.counts() == {"submitted": 1, "done": 1}
        assert desk.events() == events

    def test_a_job_whose_end_was_not_told_goes_with_its_lease(self, desk: Desk) -> None:
        job = desk.job()
        desk.put(job)
        desk.claim()
        desk.start(job)
        gone = job.with_(status=JobStatus.COMPLETED, rev=3)
        desk.engine.forget([gone], [[]])
        assert not desk.settle(job, JobStatus.COMPLETED)
        assert desk.counts() == {"submitted": 1, "done": 1}
        assert desk.token(job) is None and desk.members(desk.keys.active(OWNER)) == {}

    def test_a_job_that_was_cancelled_and_still_waits(self, desk: Desk) -> None:
        jobs = [desk.job(), desk.job(JobStatus.SCHEDULED, ready=9), desk.job(JobStatus.RETRYING, ready=9)]
        desk.put(*jobs)
        never = desk.job()
        desk.license([never])
        gone = [job.with_(status=JobStatus.CANCELLED) for job in [*jobs, never]]
        assert desk.engine.forget(gone, [[]] * 4) == 4
        assert desk.counts() == {"submitted": 4}
        assert desk.ready() == [] and desk.lanes() == set() and desk.members(desk.keys.intents) == {}

    def test_it_is_remembered_for_an_hour(self, desk: Desk) -> None:
        gone, other = desk.job(JobStatus.COMPLETED), desk.job(JobStatus.COMPLETED)
        desk.engine.forget([gone], [[]])
        desk.at(3_600_000)
        desk.engine.forget([other], [[]])
        assert set(desk.members(desk.keys.forgotten)) == {other.id}


class TestPause:
    def pause(self, desk: Desk, *, paused: bool) -> tuple[bool, bool]:
        told = Event(EventType.QUEUE_UPDATED, TENANT, "", {"name": "default", "paused": paused}, NOW)
        return desk.engine.pause(TENANT, "default", paused=paused, events=[told])

    def test_a_paused_lane_is_not_served_until_it_is_resumed(self, desk: Desk) -> None:
        one, two = desk.jobs(2)
        desk.put(one)
        assert self.pause(desk, paused=True) == (True, False)
        desk.put(two)
        assert desk.claim().ids == []
        assert desk.engine.paused_lanes() == {lane(TENANT, "default")}
        assert desk.engine.waits(TENANT, ["default"]) == [Wait(2, True, to_ms(one.ready_at))]
        desk.redis.delete(desk.keys.ringing)
        assert self.pause(desk, paused=False) == (True, True)
        assert desk.claim().ids == [one.id, two.id]

    def test_a_replay_changes_nothing(self, desk: Desk) -> None:
        desk.put(desk.job())
        for paused in (True, False):
            self.pause(desk, paused=paused)
            before = desk.dump()
            assert self.pause(desk, paused=paused)[0] is False
            assert desk.dump() == before


def test_published_events_get_rising_ids_and_change_no_count(desk: Desk) -> None:
    event = Event(EventType.PROGRESS, TENANT, OWNER, {"percent": 5}, NOW)
    desk.container.event_log.publish([event, event])
    desk.container.event_log.publish([event])
    assert [orjson.loads(message)["id"] for message in desk.events()] == ["1-1", "1-2", "1-3"]
    assert desk.counts() == {}


def test_the_log_is_capped(desk: Desk) -> None:
    size = desk.container.settings.event_log_size
    event = Event(EventType.PROGRESS, TENANT, OWNER, {}, NOW)
    for _ in range(size // 1000 + 3):
        desk.container.event_log.publish([event] * 1000)
    assert size <= desk.redis.xlen(desk.keys.events) <= size + 200
