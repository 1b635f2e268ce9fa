"""Small parts of the worker: context, leases, attempts, recycling."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.jobs import MAX_LOG_LINES, AttemptRecord, Job, JobStatus, Outcome, Progress
from chalicelib.settings import Settings
from chalicelib.store.rollups import Increments, RollupStore
from chalicelib.telemetry.logger import Log
from tests.support import ManualClock
from worker_fn.attempt import Attempt
from worker_fn.context import Notes, TaskCancelled, TaskContext, cut
from worker_fn.execution import returned
from worker_fn.leases import LeaseTable
from worker_fn.recycle import Recycler
from worker_fn.rollups import RollupCounter

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def a_job(**changes: Any) -> Job:
    job = Job(
        id="1" * 24, tenant_id="a" * 24, owner_id="b" * 24, name="n", status=JobStatus.PENDING, rev=1, ready_at=NOW,
        created_at=NOW, updated_at=NOW, trace_id="t", tags=("x",),
    )  # fmt: skip
    return job.with_(**changes)


def a_context(said: list[int] | None = None) -> tuple[TaskContext, ManualClock]:
    clock, settings = ManualClock(), Settings("m", "r", "k" * 32)
    calls = said if said is not None else []
    return TaskContext(a_job(), clock=clock, settings=settings, deadline=10.0, on_report=lambda: calls.append(1)), clock


def test_a_context_tells_about_its_attempt() -> None:
    ctx, clock = a_context()
    assert (ctx.job_id, ctx.name, ctx.tags, ctx.attempt, ctx.trace_id) == ("1" * 24, "n", ("x",), 1, "t")
    assert ctx.retries_left == 3
    clock.advance(4)
    assert ctx.remaining_s == 6.0
    clock.advance(40)
    assert ctx.remaining_s == 0.0


def test_texts_of_a_task_are_bounded() -> None:
    said: list[int] = []
    ctx, _ = a_context(said)
    assert ctx.last_progress is None
    ctx.progress(140, "x" * 5000)
    ctx.progress(-3)
    ctx.log("y" * 5000)
    with pytest.raises(ValueError, match="level must be one of"):
        ctx.log("z", level="loud")
    progress, lines = ctx.notes.take()
    assert progress == Progress(0.0)
    assert [ctx.last_progress] == [progress]
    assert len(said) == 3
    assert [(line.seq, len(line.message.encode())) for line in lines] == [(1, 1024)]
    assert ctx.notes.take() == (None, [])


def test_only_the_last_lines_are_kept() -> None:
    notes = Notes(lambda: None)
    for n in range(MAX_LOG_LINES + 10):
        notes.add(NOW, "info", str(n))
    _, lines = notes.take()
    assert (len(lines), lines[0].seq, lines[-1].message) == (MAX_LOG_LINES, 11, "509")


def test_a_cancelled_task_raises_at_each_call() -> None:
    ctx, _ = a_context()
    assert not ctx.cancelled
    ctx.raise_if_cancelled()
    ctx.cancel()
    assert ctx.cancelled
    for call in (ctx.raise_if_cancelled, lambda: ctx.progress(1), lambda: ctx.log("x")):
        with pytest.raises(TaskCancelled):
            call()


def test_lines_of_the_logger_carry_the_job(caplog: pytest.LogCaptureFixture) -> None:
    ctx, _ = a_context()
    with caplog.at_level("INFO", "queuecraft.task"):
        ctx.logger.info("hello %s", "you", extra={"fields": {"size": 3}})
    fields = caplog.records[0].__dict__["fields"]
    assert fields == {
        "event": "task", "size": 3, "jobId": "1" * 24, "traceId": "t", "task": "simulated", "attempt": 1
    }  # fmt: skip


def test_cutting_keeps_characters_whole() -> None:
    assert cut("aé", 10) == "aé"
    assert cut("é" * 10, 10) == "ééé…"
    assert cut("\ud800", 10) == "?"


def test_the_first_end_of_a_run_counts() -> None:
    attempt = Attempt(a_job(), None, "token", "w", 1.0)
    first, second = returned(1, NOW), returned(2, NOW)
    assert attempt.end(first) and not attempt.end(second)
    assert attempt.result == first
    assert not attempt.lose()
    lost = Attempt(a_job(), None, "token", "w", 1.0)
    assert lost.lose() and not lost.lose()
    assert not lost.end(first)


def test_an_attempt_is_the_same_one_after_its_job_moved_on() -> None:
    attempt = Attempt(a_job(), None, "token", "w", 1.0)
    assert attempt.begun is None
    attempt.started_at = NOW
    attempt.job = a_job(status=JobStatus.DLQ, attempt=1)
    assert attempt.begun is not None
    assert (attempt.begun.status, attempt.begun.attempt) == (JobStatus.RUNNING, 1)


def test_a_job_that_was_lost_waits_for_its_start_to_be_written() -> None:
    assert Attempt(a_job(), None, "t", "w", 1.0).written is None
    lost = AttemptRecord(1, "w", NOW, NOW, Outcome.LOST)
    assert Attempt(a_job(attempts=(lost,)), None, "t", "w", 1.0).written is not None


def test_a_job_that_came_back_is_held_under_its_new_token() -> None:
    leases = LeaseTable()
    old = Attempt(a_job(), None, "old", "w", 1.0)
    leases.hold(["1" * 24, "2" * 24], "old")
    leases.attach([old])
    leases.hold(["1" * 24], "new")
    leases.attach([old])
    leases.remove([("1" * 24, "old"), ("2" * 24, "old")])
    assert leases.tokens() == {"1" * 24: "new"}
    assert leases.attempt("1" * 24) is None
    assert leases.attempt("1" * 24, "old") is None


def test_a_condemned_process_ends_and_passes_events_on() -> None:
    left = threading.Event()
    recycler = Recycler(left.set, exit_after_s=0.0)
    passed: list[dict[str, Any]] = []
    assert not recycler.pass_on({"source": "wake_up"}, passed.append)
    recycler.recycle()
    assert left.wait(5)
    assert recycler.pass_on({"source": "wake_up"}, passed.append)
    assert passed == [{"source": "wake_up"}]


class Flaky(RollupStore):
    """A store that fails at the first call."""

    def __init__(self) -> None:
        self.calls: list[list[Increments]] = []

    def add(self, increments: Iterable[Increments]) -> None:
        self.calls.append(list(increments))
        if len(self.calls) == 1:
            raise OSError("away")


def test_counts_outlive_a_store_that_is_away() -> None:
    store = Flaky()
    stats = RollupCounter(store, Log("stats-test", stream=io.StringIO()))
    done = AttemptRecord(1, "w", NOW, NOW, Outcome.COMPLETED, wait_ms=5, run_ms=9)
    failed = AttemptRecord(1, "w", NOW, NOW, Outcome.FAILED)
    stats.started(a_job(started_at=NOW, attempts=(done,)))
    stats.ended(a_job(status=JobStatus.COMPLETED, attempts=(done,)))
    stats.flush()
    stats.ended(a_job(status=JobStatus.RETRYING, attempts=(failed,)))
    stats.flush()
    stats.flush()
    assert len(store.calls) == 2
    (increments,) = store.calls[1]
    assert dict(increments.counts) == {"started": 1, "completed": 1, "failed": 1, "retried": 1}
    assert sum(increments.run.values()) == 2
