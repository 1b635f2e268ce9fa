"""One worker on real servers: jobs run, end, fail, retry; each change is recorded, counted, published and logged."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel

from chalicelib.domain.jobs import Job, JobStatus, Outcome, Progress
from chalicelib.domain.retry import DoNotRetry, Retry, Snooze
from chalicelib.settings import Settings
from tests.support import wait_until
from tests.worker_support import QUICK, Rig
from worker_fn import TaskContext
from worker_fn.worker import Worker

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **QUICK)


def test_a_sync_job_is_completed_recorded_counted_published_and_logged(rig: Rig) -> None:
    @rig.task("double")
    def double(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
        return {"n": payload["n"] * 2, "attempt": ctx.attempt}

    job = rig.submit("double", {"n": 21})
    departure = rig.run()

    done = rig.job(job)
    assert (done.status, done.result, done.rev) == (JobStatus.COMPLETED, '{"n":42,"attempt":1}', 3)
    assert [a.outcome for a in done.attempts] == [Outcome.COMPLETED]
    assert done.finished_at is not None and done.lease is None
    assert rig.counts() == {"submitted": 1, "completed": 1, "done": 1}
    assert [(e["type"], e["data"].get("rev") or e["data"]["job"]["rev"]) for e in rig.events(job)] == [
        ("job:created", 1),
        ("job:status:updated", 2),
        ("job:status:updated", 3),
        ("job:completed", 3),
    ]
    assert [(line["event"], line["jobId"], line["traceId"]) for line in rig.lines() if "jobId" in line] == [
        ("start", job.id, job.trace_id),
        ("finish", job.id, job.trace_id),
    ]
    assert (departure.reason, departure.stuck) == ("no work", 0)
    assert rig.container.fleet.workers() == []


def test_the_start_of_a_job_longer_than_the_commit_window_is_published(rig: Rig) -> None:
    release = threading.Event()

    @rig.task("hold")
    def hold(ctx: TaskContext, payload: dict[str, Any]) -> None:
        assert release.wait(10)

    job = rig.submit("hold")
    rig.start()
    running = rig.wait(job, JobStatus.RUNNING)
    assert (running.rev, running.attempt, running.lease is not None) == (2, 1, True)
    wait_until(lambda: rig.counts().get("running") == 1)
    release.set()
    assert rig.wait(job).result == "null"
    rig.settled()
    assert rig.counts() == {"submitted": 1, "completed": 1, "done": 1}


def test_an_async_job_reports_progress_and_lines(rig: Rig) -> None:
    go_on = threading.Event()

    @rig.task("talk")
    async def talk(ctx: TaskContext, payload: dict[str, Any]) -> str:
        import asyncio

        ctx.progress(40, "on the way")
        ctx.log("one")
        ctx.log("two", level="warning")
        while not go_on.is_set():
            await asyncio.sleep(0.005)
        ctx.log("three")
        ctx.progress(90)
        return "said"

    job = rig.submit("talk")
    rig.start()
    wait_until(lambda: rig.job(job).progress == Progress(40, "on the way"), what="progress in the record")
    wait_until(lambda: len(rig.container.job_logs.read(job.id)) == 2, what="lines in the log")
    go_on.set()
    assert rig.wait(job).progress == Progress(90, "")
    rig.settled()

    lines = rig.container.job_logs.read(job.id)
    assert [(line.message, line.level, line.attempt) for line in lines] == [
        ("one", "info", 1),
        ("two", "warning", 1),
        ("three", "info", 1),
    ]
    assert [line.message for line in rig.container.job_logs.read(job.id, after=lines[0].seq, limit=1)] == ["two"]
    types = [e["type"] for e in rig.events(job)]
    assert "job:progress" in types
    assert types.index("job:log") < types.index("job:completed")
    published = [line for e in rig.events(job) if e["type"] == "job:log" for line in e["data"]["lines"]]
    assert [line["message"] for line in published] == ["one", "two", "three"]


def test_a_failing_job_is_retried_and_then_moved_to_the_dlq(rig: Rig) -> None:
    @rig.task("fail")
    def fail(ctx: TaskContext, payload: dict[str, Any]) -> None:
        raise ValueError(f"no luck with 'job' {ctx.attempt}")

    job = rig.submit("fail", max_retries=2)
    rig.start()
    dead = rig.wait(job)
    rig.settled()

    assert dead.status is JobStatus.DLQ
    assert (dead.attempt, dead.retry_count) == (3, 2)
    assert [a.outcome for a in dead.attempts] == [Outcome.FAILED] * 3
    assert dead.error is not None
    assert (dead.error.type, dead.error.message) == ("ValueError", "no luck with 'job' 3")
    assert len({a.error.group for a in dead.attempts if a.error}) == 1
    assert dead.error.traceback is not None
    assert "in fail" in dead.error.traceback and "pool.py" not in dead.error.traceback
    first, second, _ = dead.attempts
    assert first.ended_at is not None and second.ended_at is not None
    waits = [(b.started_at - a.ended_at).total_seconds() for a, b in [(first, second)] if a.ended_at]
    assert all(wait >= 0.044 for wait in waits)
    assert rig.counts() == {"submitted": 1, "dlq": 1, "failed": 1, "retries": 2}
    assert rig.events(job)[-1]["type"] == "job:movedToDLQ"
    assert [line["event"] for line in rig.lines() if line.get("jobId") == job.id] == [
        *["start", "fail", "retry"] * 2,
        *["start", "fail", "dlq"],
    ]


@pytest.mark.parametrize(
    ("error", "status", "retries"),
    [
        (DoNotRetry("hopeless"), JobStatus.DLQ, 0),
        (Retry("later", delay_s=3600), JobStatus.RETRYING, 1),
        (Snooze(3600), JobStatus.RETRYING, 0),
    ],
)
def test_a_task_may_choose_retry_or_failure(rig: Rig, error: Exception, status: JobStatus, retries: int) -> None:
    @rig.task("decide")
    def decide(ctx: TaskContext, payload: dict[str, Any]) -> None:
        raise error

    job = rig.submit("decide")
    rig.start()
    after = rig.wait(job, status)
    assert after.retry_count == retries
    if status is JobStatus.RETRYING:
        assert 3590 < (after.ready_at - after.updated_at).total_seconds() <= 3600
        wait_until(lambda: list(rig.container.engine.due(rig.container.clock.now_ms() + 3_600_000, 5)) == [job.id])


def test_a_snoozed_job_runs_again_without_using_a_retry(rig: Rig) -> None:
    @rig.task("twice")
    async def twice(ctx: TaskContext, payload: dict[str, Any]) -> int:
        if ctx.attempt == 1:
            raise Snooze(0.05)
        return ctx.attempt

    job = rig.submit("twice", max_retries=0)
    rig.start()
    done = rig.wait(job)
    assert (done.status, done.result, done.retry_count) == (JobStatus.COMPLETED, "2", 0)
    assert [a.outcome for a in done.attempts] == [Outcome.SNOOZED, Outcome.COMPLETED]


class Size(BaseModel):
    width: int


def test_payloads_are_checked_against_the_model(rig: Rig) -> None:
    seen: list[int] = []

    @rig.task("resize")
    def resize(ctx: TaskContext, payload: Size) -> None:
        seen.append(payload.width)

    good, bad = rig.submit("resize", {"width": 3}), rig.submit("resize", {"width": "secret"})
    rig.start()
    assert rig.wait(good).status is JobStatus.COMPLETED
    refused = rig.wait(bad)
    assert (seen, refused.status, refused.attempt) == ([3], JobStatus.DLQ, 1)
    assert refused.error is not None
    assert refused.error.type == "ValidationError"
    assert refused.error.message.startswith("width: ") and "secret" not in refused.error.message
    assert "secret" not in (refused.error.traceback or "")


def test_a_result_that_cannot_be_stored_is_a_final_failure(rig: Rig) -> None:
    @rig.task("big")
    def big(ctx: TaskContext, payload: dict[str, Any]) -> str:
        return "x" * 70_000

    @rig.task("odd")
    def odd(ctx: TaskContext, payload: dict[str, Any]) -> object:
        return object()

    @rig.task("nan")
    def nan(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
        return {"mean": [1.0, float("nan")]}

    jobs = [rig.submit(name) for name in ("big", "odd", "nan")]
    rig.start()
    errors = [job.error for job in map(rig.wait, jobs) if job.error]
    assert [error.type for error in errors] == ["ResultError"] * 3
    assert "result.mean.1 is nan" in errors[2].message
    assert {rig.job(job).status for job in jobs} == {JobStatus.DLQ}


def test_many_jobs_run_bounded_in_batches_and_each_once(rig: Rig) -> None:
    lock, running, most, ran = threading.Lock(), 0, 0, []

    @rig.task("count")
    def count(ctx: TaskContext, payload: dict[str, Any]) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            ran.append(ctx.job_id)
        with lock:
            running -= 1

    @rig.task("acount")
    async def acount(ctx: TaskContext, payload: dict[str, Any]) -> None:
        ran.append(ctx.job_id)

    jobs = [rig.new("count" if n % 3 else "acount") for n in range(1500)]
    rig.enqueue(jobs)
    rig.run()
    assert most <= rig.container.settings.job_concurrency
    assert sorted(ran) == sorted(job.id for job in jobs)
    assert rig.counts() == {"submitted": 1500, "completed": 1500, "done": 1500}
    assert all(rig.job(job).rev == 3 for job in jobs[::50])
    revs = [(e["data"].get("rev") or e["data"]["job"]["rev"]) for e in rig.events(jobs[700])]
    assert revs == [1, 2, 3, 3]
    assert rig.container.engine.leases() == []


def test_attempts_are_added_to_the_roll_ups(rig: Rig) -> None:
    @rig.task("ok")
    def ok(ctx: TaskContext, payload: dict[str, Any]) -> None:
        if ctx.name == "bad":
            raise DoNotRetry("bad")

    rig.enqueue([rig.new("ok"), rig.new("ok"), rig.new("ok", name="bad")])
    rig.run()
    found = list(rig.container.db.rollups.find({"span": "1m"}))
    sums = {name: sum(each.get(name, 0) for each in found) for name in ("started", "completed", "failed", "dlq")}
    assert sums == {"started": 3, "completed": 2, "failed": 1, "dlq": 1}
    assert sum(sum(each["run"].values()) for each in found) == 3
    assert {each["span"] for each in rig.container.db.rollups.find()} == {"1m", "15m", "2h", "1d"}


def test_ready_jobs_that_a_worker_does_not_claim_wake_another(rig: Rig) -> None:
    """Given more long jobs than slots, and no further enqueue, then the fleet's other slots are used too."""
    release = threading.Event()

    @rig.task("long")
    def long(ctx: TaskContext, payload: dict[str, Any]) -> None:
        release.wait(20)

    rig.enqueue([rig.new("long") for _ in range(8)])
    rig.start()
    wait_until(lambda: rig.container.engine.counts("all").get("running", 0) == 5)
    wait_until(lambda: [made for _, made in rig.invocations.made if made.get("source") == "wake_up"])
    release.set()
    wait_until(lambda: rig.container.engine.counts("all").get("completed", 0) == 8)


@pytest.fixture
def release(rig: Rig) -> Iterator[threading.Event]:
    """Ends jobs of the task ``hold``; those of ``short`` end at once."""
    event = threading.Event()

    @rig.task("hold")
    def hold(ctx: TaskContext, payload: dict[str, Any]) -> None:
        event.wait(60)

    @rig.task("short")
    def short(ctx: TaskContext, payload: dict[str, Any]) -> None:
        return None

    yield event
    event.set()


def test_a_wake_up_while_the_worker_begins_to_listen_is_not_lost(
    rig: Rig, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker listens again and is woken for the next job at once, not at its next claim."""
    woken = threading.Event()
    early: list[Job] = []

    fleet = rig.container.fleet
    begin_to_listen, wake = fleet.listen, Worker.woken

    def listen(worker_id: str, remaining_s: float, pool: str) -> bool:
        listens = begin_to_listen(worker_id, remaining_s, pool)
        if listens and not early:
            woken.clear()
            early.append(rig.submit("short"))
            assert woken.wait(30), "no wake-up"
        return listens

    def note(worker: Worker) -> None:
        wake(worker)
        woken.set()

    monkeypatch.setattr("worker_fn.worker.CHECK_S", 600.0)
    monkeypatch.setattr(fleet, "listen", listen)
    monkeypatch.setattr(Worker, "woken", note)
    rig.submit("hold")
    rig.start()
    wait_until(lambda: early, 30)
    rig.wait(early[0])
    rig.wait(rig.submit("short"))
    release.set()


def test_an_idle_worker_claims_only_when_it_is_woken(
    rig: Rig, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims: list[int] = []
    claim = rig.container.engine.claim

    def note(token: str, want: int, **more: Any) -> Any:
        claims.append(want)
        return claim(token, want, **more)

    monkeypatch.setattr("worker_fn.worker.CHECK_S", 600.0)
    monkeypatch.setattr(rig.container.engine, "claim", note)
    rig.submit("hold")
    rig.start()
    for _ in range(10):
        rig.wait(rig.submit("short"))
        wait_until(lambda: rig.container.redis.zcard(rig.container.keys.waiting), 30)
    release.set()
    assert 10 <= len(claims) <= 13, claims
