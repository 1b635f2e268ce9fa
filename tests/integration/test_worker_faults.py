"""Faults around a worker: no job is lost, none completes twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.jobs import Job, JobStatus, Outcome
from chalicelib.domain.lifecycle import lost_unstarted, started_and_ended
from chalicelib.domain.principals import Principal, Role
from chalicelib.queue.census import REPAIR_INTERVAL_S
from chalicelib.queue.fleet import Retirement
from chalicelib.queue.lanes import lane
from chalicelib.settings import Settings
from chalicelib.store.jobs import JobStore
from tests.ready import put_ready
from tests.support import wait_until
from tests.worker_support import OWNER, QUICK, TENANT, Gate, Rig
from worker_fn import TaskCancelled, TaskContext

pytestmark = pytest.mark.integration
OWNER_CALLER = Principal(OWNER, TENANT, Role.MEMBER)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **{**QUICK, "max_active_jobs_per_user": 0, "lease_ms": 1_000, "heartbeat_ms": 100})


@pytest.fixture
def gate(rig: Rig) -> Iterator[Gate]:
    gate = Gate(rig)
    yield gate
    gate.open.set()


@pytest.mark.parametrize(("task", "payload"), [("async", {}), ("sync", {"polite": True})])
def test_a_running_job_is_cancelled_at_once(rig: Rig, gate: Gate, task: str, payload: dict[str, Any]) -> None:
    job = rig.submit(task, payload)
    rig.start()
    gate.wait()
    rig.wait(job, JobStatus.RUNNING)
    rig.container.jobs.cancel(OWNER_CALLER, job.id)
    cancelled = rig.wait(job)
    assert (cancelled.status, cancelled.attempts[-1].outcome) == (JobStatus.CANCELLED, Outcome.CANCELLED)
    assert gate.left.acquire(timeout=5)
    assert isinstance(gate.raised[0], asyncio.CancelledError)
    rig.settled()
    assert rig.counts() == {"submitted": 1, "cancelled": 1}
    assert rig.events(job)[-1]["type"] == "job:cancelled"


def test_a_timed_out_attempt_is_fenced_and_its_late_result_dropped(rig: Rig, gate: Gate) -> None:
    job = rig.submit("async", timeout_s=1, max_retries=0)
    rig.start()
    dead = rig.wait(job)
    assert (dead.status, dead.attempts[-1].outcome) == (JobStatus.DLQ, Outcome.TIMED_OUT)
    assert dead.error is not None and dead.error.message == "timed out after 1 s"
    assert 900 <= dead.attempts[-1].run_ms < 30_000
    assert isinstance(gate.raised[0], asyncio.CancelledError)


def test_a_task_that_cannot_be_stopped_ends_its_worker(rig: Rig, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker_fn.worker.STUCK_GRACE_S", 0.1)
    job = rig.submit("sync", timeout_s=1, max_retries=0)
    departure = rig.start().join()
    assert rig.job(job).status is JobStatus.DLQ
    assert departure.stuck == 1
    assert "does not end" in departure.reason
    assert rig.invocations.made == [(rig.container.settings.worker_function, {"source": "handover"})]
    gate.open.set()
    assert gate.left.acquire(timeout=5)
    assert rig.job(job).status is JobStatus.DLQ  # its late result changes nothing


def test_a_stale_writer_changes_nothing(rig: Rig, gate: Gate) -> None:
    job = rig.submit("async", timeout_s=60)
    rig.start()
    gate.wait()
    rig.wait(job, JobStatus.RUNNING)
    rig.container.db.jobs.update_one(
        {"_id": ObjectId(job.id)}, {"$set": {"status": "dlq", "rev": 9}, "$unset": {"open": ""}}
    )
    gate.open.set()
    wait_until(lambda: rig.lines("stale"), what="the stale attempt in the log")
    assert (rig.job(job).status, rig.job(job).rev, rig.job(job).result) == (JobStatus.DLQ, 9, None)
    rig.settled()


def test_a_lost_lease_ends_the_attempt_and_the_job_is_run_again(rig: Rig, gate: Gate) -> None:
    job = rig.submit("async", timeout_s=60)
    rig.start()
    gate.wait()
    rig.wait(job, JobStatus.RUNNING)
    # another takes the job over, as if this worker had been suspended for longer than its lease
    keys = rig.container.keys
    wait_until(lambda: rig.counts().get("running") == 1, what="running in Redis")

    def is_lost() -> bool:
        if rig.job(job).attempts[0].outcome is Outcome.LOST:
            return True
        rig.container.redis.zadd(keys.leases, {job.id: 1}, xx=True)
        return rig.container.lease_rescue.run() == 1  # 0 when a heartbeat came in between

    wait_until(is_lost, what="the lease is taken over")
    gate.wait()  # the second attempt
    gate.open.set()
    done = rig.wait(job)
    assert [a.outcome for a in done.attempts] == [Outcome.LOST, Outcome.COMPLETED]
    assert done.retry_count == 1
    assert [line["jobId"] for line in rig.lines("lease_lost")] == [job.id]
    rig.settled()
    assert rig.counts() == {"submitted": 1, "completed": 1, "done": 1, "retries": 1}


def test_claims_of_a_dead_worker_are_run_by_another(rig: Rig, gate: Gate) -> None:
    gate.open.set()
    jobs = [rig.submit("async") for _ in range(3)]
    assert len(rig.container.engine.claim("a-dead-one", 10).ids) == 3
    wait_until(lambda: rig.container.engine.leases()[-1][1] < rig.container.clock.now_ms(), what="the leases run out")
    rig.start()
    for job in jobs:
        done = rig.wait(job)
        assert [a.outcome for a in done.attempts] == [Outcome.LOST, Outcome.COMPLETED]
        assert done.retry_count == 0  # its start is not recorded
    rig.settled()
    assert rig.counts() == {"submitted": 3, "completed": 3, "done": 3}


def test_jobs_that_do_not_fit_into_the_time_left_are_released_to_a_successor(rig: Rig, gate: Gate) -> None:
    left_s = 100.0
    job = rig.submit("async", timeout_s=60)
    running = rig.start(lambda: left_s)
    gate.wait()
    left_s = 65.0
    late = rig.submit("async", timeout_s=60)
    wait_until(lambda: rig.invocations.made, what="a successor")
    assert (rig.job(late).status, rig.job(late).attempt) == (JobStatus.PENDING, 0)
    assert running.thread.is_alive()  # the first one is still running here
    rig.start()
    gate.wait()
    gate.open.set()
    assert rig.wait(late).status is JobStatus.COMPLETED
    assert rig.wait(job).status is JobStatus.COMPLETED
    assert running.join().reason == "a job needs more time than is left"
    assert len(rig.invocations.made) == 1


def test_a_fresh_invocation_grants_a_long_job_all_its_time(rig: Rig, gate: Gate) -> None:
    gate.open.set()
    job = rig.submit("async", timeout_s=800)
    rig.start(20.0)
    assert rig.wait(job).status is JobStatus.COMPLETED


def test_a_worker_hands_over_before_its_time_is_over(rig: Rig) -> None:
    left = iter([100.0])
    departure = rig.run(lambda: next(left, 0.5))
    assert departure.reason == "the invocation's time is nearly over"
    assert rig.invocations.made == [(rig.container.settings.worker_function, {"source": "handover"})]
    assert rig.container.fleet.workers() == []


def test_a_stopped_worker_interrupts_running_jobs_and_they_run_again(rig: Rig, gate: Gate) -> None:
    jobs = [rig.submit("async", timeout_s=60) for _ in range(8)]
    running = rig.start()
    for _ in range(5):
        gate.wait()
    running.worker.stop()
    assert running.join().reason == "the process is being stopped"
    assert rig.container.engine.leases() == []
    outcomes = [[a.outcome for a in rig.job(job).attempts] for job in jobs]
    assert sorted(outcomes, key=len) == [[]] * 3 + [[Outcome.INTERRUPTED]] * 5
    gate.open.set()
    rig.start()
    done = [rig.wait(job) for job in jobs]
    assert {job.status for job in done} == {JobStatus.COMPLETED}
    assert {job.retry_count for job in done} == {0}


def test_a_worker_ends_when_the_fleet_is_full(rig: Rig) -> None:
    for n in range(2):
        assert rig.container.fleet.join(f"other-{n}", 5) == 5
    assert rig.run().reason == "the fleet is full"


def test_a_worker_that_finds_redis_empty_rebuilds_the_queue_first(rig: Rig, gate: Gate) -> None:
    gate.open.set()
    job = rig.submit("async")
    for key in list(rig.container.redis.scan_iter(match=rig.container.keys.prefix + "*")):
        rig.container.redis.delete(key)
    rig.run()
    assert rig.job(job).status is JobStatus.COMPLETED
    assert rig.counts() == {"submitted": 1, "completed": 1, "done": 1}


def test_a_worker_gets_slots_that_others_release(rig: Rig, gate: Gate) -> None:
    fleet = rig.container.fleet
    assert fleet.join("other", 8) == 8
    jobs = [rig.submit("async", timeout_s=60) for _ in range(5)]
    running = rig.start()
    for job in jobs[:2]:
        rig.wait(job, JobStatus.RUNNING)
    assert fleet.retire("other", force=True) is Retirement.LEFT
    for job in jobs:
        rig.wait(job, JobStatus.RUNNING)
    assert [worker["slots"] for worker in fleet.workers()] == [5]
    gate.open.set()
    running.join()


class Fussy(JobStore):
    """Refuses to write one job's end, as MongoDB would a record that is too large."""

    refused = ""

    def advance(self, changes: Sequence[tuple[int, Job]]) -> list[Job | None]:
        if any(job.id == self.refused and job.status is JobStatus.COMPLETED for _, job in changes):
            raise ValueError("cannot be encoded")
        return super().advance(changes)


def test_an_end_that_cannot_be_written_delays_no_other(rig: Rig, gate: Gate) -> None:
    gate.open.set()
    store = rig.container.__dict__["job_store"] = Fussy(rig.container.db)
    jobs = [rig.new("async", max_retries=0) for _ in range(4)]
    store.refused = jobs[1].id
    rig.enqueue(jobs)
    rig.start()
    for job in (jobs[0], jobs[2], jobs[3]):
        assert rig.wait(job).status is JobStatus.COMPLETED
    wait_until(lambda: rig.lines("write_failed"), what="the failure in the log")
    assert [line["jobId"] for line in rig.lines("write_failed")] == [jobs[1].id]


def test_an_end_that_cannot_be_computed_delays_no_other(rig: Rig, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: list[str] = []

    def fail(job: Job, *args: Any, **options: Any) -> Job:
        if job.id in broken and job.attempt == 0:
            raise RecursionError("in the middle of an ending")
        return started_and_ended(job, *args, **options)

    monkeypatch.setattr("worker_fn.commit.started_and_ended", fail)
    monkeypatch.setattr("worker_fn.commit.WINDOW_S", 5.0)  # so that starts are written with ends
    gate.open.set()
    jobs = [rig.new("async") for _ in range(4)]
    broken.append(jobs[0].id)
    rig.enqueue(jobs)
    rig.start()
    assert [rig.wait(job).status for job in jobs[1:]] == [JobStatus.COMPLETED] * 3
    wait_until(lambda: rig.container.lease_rescue.run() or rig.job(jobs[0]).attempts, what="its lease has run out")
    rig.start()
    assert rig.wait(jobs[0]).attempts[0].outcome is Outcome.LOST
    assert rig.job(jobs[0]).status is JobStatus.COMPLETED
    assert [line["jobId"] for line in rig.lines("write_failed")] == [jobs[0].id]


def test_unreadable_entries_are_quarantined_and_the_worker_continues(rig: Rig, gate: Gate) -> None:
    gate.open.set()
    broken, good = rig.new("async"), rig.new("async")
    rig.enqueue([broken, good])
    rig.container.db.jobs.update_one({"_id": ObjectId(broken.id)}, {"$set": {"attempts": "nonsense"}})
    # uncounted ids look like a loss of data: without this the sweep may rebuild the queue, which is closed meanwhile
    rig.container.redis.set(rig.container.keys.repaired, "1", ex=REPAIR_INTERVAL_S)
    for place, job_id in enumerate((b"\xff not an id", b"f" * 24), 1):
        put_ready(rig.container.redis, rig.container.keys, lane(TENANT, "default"), job_id, place)
    rig.start()
    assert rig.wait(good).status is JobStatus.COMPLETED
    wait_until(lambda: rig.container.redis.llen(rig.container.keys.quarantine) >= 3, what="three set aside")
    # each once: their leases ended too, also that of the id that is not UTF-8
    wait_until(lambda: rig.container.redis.zcard(rig.container.keys.leases) == 0, what="the leases to end")
    assert rig.container.engine.counts("all")["quarantined"] == 3


def test_a_job_cancelled_while_claimed_is_settled(rig: Rig, gate: Gate) -> None:
    job = rig.submit("async")
    rig.container.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": {"cancel_requested": True}})
    rig.start()
    cancelled = rig.wait(job)
    assert (cancelled.status, cancelled.attempt) == (JobStatus.CANCELLED, 0)
    rig.settled()
    assert rig.counts() == {"submitted": 1, "cancelled": 1}


def test_a_job_changed_while_leased_is_settled_as_recorded(rig: Rig, gate: Gate) -> None:
    job = rig.submit("async")
    change = {"$set": {"status": "cancelled", "rev": 2}, "$unset": {"open": ""}}
    rig.container.db.jobs.update_one({"_id": ObjectId(job.id)}, change)
    rig.run()
    assert rig.counts() == {"submitted": 1, "cancelled": 1}
    assert rig.events(job)[-1]["type"] == "job:cancelled"


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_code_around_an_attempt_is_left_when_its_job_is_cancelled(rig: Rig, gate: Gate, kind: str) -> None:
    left = []

    @rig.registry.around(everywhere=True)
    def note(ctx: TaskContext) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            left.append((ctx.task, type(error).__name__))
            raise

    job = rig.submit(kind, {"polite": True}, timeout_s=600)
    rig.start()
    gate.wait()
    rig.container.jobs.cancel(OWNER_CALLER, job.id)
    wait_until(lambda: left, 30, "the generator is left")
    assert rig.wait(job, JobStatus.CANCELLED)
    assert left == [(kind, "TaskCancelled" if kind == "sync" else "CancelledError")]


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("was_lost", [False, True])
def test_a_task_stops_when_its_job_is_cancelled_before_its_start_is_written(
    rig: Rig, gate: Gate, monkeypatch: pytest.MonkeyPatch, kind: str, was_lost: bool
) -> None:
    """Given a job whose last attempt was lost, its task waits for the start to be written, and does not begin."""
    cancelled = threading.Event()
    as_ever = JobStore.advance

    def late(store: JobStore, changes: Sequence[tuple[int, Job]]) -> Any:
        if any(after.status is JobStatus.RUNNING for _, after in changes):
            assert cancelled.wait(30)
        return as_ever(store, changes)

    monkeypatch.setattr(JobStore, "advance", late)
    job = rig.new(kind, {"polite": True}, timeout_s=600)
    if was_lost:
        job = lost_unstarted(job, "w-before", rig.container.clock.now())
    rig.enqueue([job])
    rig.start()
    if was_lost:
        wait_until(lambda: rig.container.redis.zscore(rig.container.keys.leases, job.id), 30, "the job is claimed")
    else:
        gate.wait()
    assert rig.container.jobs.cancel(OWNER_CALLER, job.id).status is JobStatus.CANCELLED
    cancelled.set()
    wait_until(lambda: rig.lines("stale"), 30, "the start is refused")
    if not was_lost:
        assert gate.left.acquire(timeout=30)
        assert isinstance(gate.raised[0], TaskCancelled if kind == "sync" else asyncio.CancelledError)
    rig.settled()
    assert not gate.entered.acquire(blocking=False)
    assert rig.counts() == {"submitted": 1, "cancelled": 1}
