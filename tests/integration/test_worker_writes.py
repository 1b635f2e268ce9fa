"""Writes of an attempt and their order: starts, ends, log lines."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.job_logs import LogLine
from chalicelib.domain.jobs import AttemptRecord, Job, JobStatus, Outcome
from chalicelib.domain.retry import Retry
from chalicelib.settings import Settings
from tests.support import wait_until
from tests.worker_support import QUICK, Rig
from worker_fn import TaskContext
from worker_fn.attempt import Attempt
from worker_fn.commit import GroupCommit

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **QUICK)


def test_a_short_attempt_is_written_once_and_published_twice(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Job] = []
    advance = rig.container.job_store.advance

    def note(changes: Sequence[tuple[int, Job]]) -> list[Job | None]:
        written.extend(job for _, job in changes)
        return advance(changes)

    @rig.task("short")
    def short(ctx: TaskContext, payload: dict[str, Any]) -> None:
        time.sleep(0.02)

    monkeypatch.setattr("worker_fn.commit.WINDOW_S", 60.0)
    monkeypatch.setattr(rig.container.job_store, "advance", note)
    job = rig.submit("short")
    rig.run()
    assert [(each.rev, each.status) for each in written] == [(3, JobStatus.COMPLETED)]
    published = [e["data"]["newStatus"] for e in rig.events(job) if e["type"] == "job:status:updated"]
    assert published == ["running", "completed"]


def test_reports_of_an_attempt_are_written_before_its_end_on_both_paths(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start becomes due after the attempt ended, and before the group commit received the end."""
    advanced = threading.Event()
    advance, finished = rig.container.job_store.advance, GroupCommit.finished

    def note(changes: Sequence[tuple[int, Job]]) -> list[Job | None]:
        won = advance(changes)
        if changes:
            advanced.set()
        return won

    def late(commit: GroupCommit, attempt: Attempt) -> None:
        assert advanced.wait(30)
        finished(commit, attempt)

    @rig.task("talk")
    def talk(ctx: TaskContext, payload: dict[str, Any]) -> None:
        ctx.log("hello")

    monkeypatch.setattr("worker_fn.commit.WINDOW_S", 0.5)
    monkeypatch.setattr("worker_fn.reports.INTERVAL_S", 5.0)  # so that only ends have reports written
    monkeypatch.setattr(rig.container.job_store, "advance", note)
    monkeypatch.setattr(GroupCommit, "finished", late)
    jobs = [rig.submit("talk") for _ in range(2)]
    rig.run()
    for job in jobs:
        assert [(line.attempt, line.message) for line in rig.container.job_logs.read(job.id)] == [(1, "hello")]
        published = [event["type"] for event in rig.events(job)]
        assert published.index("job:log") < published.index("job:completed")


def test_an_end_waits_for_reports_that_are_being_written(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    writing = threading.Event()
    append = rig.container.job_logs.append

    def slowly(lines: Iterable[LogLine]) -> None:
        writing.set()
        time.sleep(0.5)  # far longer than the write of an end takes
        append(lines)

    @rig.task("talk")
    def talk(ctx: TaskContext, payload: dict[str, Any]) -> None:
        ctx.log("hello")
        assert writing.wait(30)

    monkeypatch.setattr(rig.container.job_logs, "append", slowly)
    job = rig.submit("talk")
    rig.run()
    published = [event["type"] for event in rig.events(job)]
    assert published.index("job:log") < published.index("job:completed")


def test_the_start_of_a_suspect_job_is_written_at_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt after a lost one runs only after its start is written, so the start does not wait for the window."""

    @rig.task("short")
    def short(ctx: TaskContext, payload: dict[str, Any]) -> None:
        return None

    monkeypatch.setattr("worker_fn.commit.WINDOW_S", 60.0)
    now = rig.container.clock.now()
    lost = AttemptRecord(1, "w-dead", now, now, Outcome.LOST)
    job = rig.submit("short", attempt=1, attempts=(lost,))
    rig.start()
    done = rig.wait(job)
    assert (done.status, done.rev) == (JobStatus.COMPLETED, 3)


@pytest.mark.parametrize(("lines", "retries"), [(700, 0), (400, 1)])
def test_a_log_is_trimmed_after_a_long_attempt_and_after_several(rig: Rig, lines: int, retries: int) -> None:
    @rig.task("talk", retries=retries)
    def talk(ctx: TaskContext, payload: dict[str, Any]) -> None:
        for n in range(lines):
            ctx.log(f"{ctx.attempt}:{n}")
            if n == lines // 2:
                time.sleep(0.3)  # the lines so far are written
        if ctx.attempt <= retries:
            raise Retry(delay_s=0)

    rig.start()
    job = rig.wait(rig.submit("talk", max_retries=retries))
    assert job.status is JobStatus.COMPLETED
    wait_until(lambda: rig.container.db.job_logs.count_documents({}) == 500, 30)
    kept = [line.message for line in rig.container.job_logs.read(job.id)]
    assert (len(kept), kept[-1]) == (500, f"{retries + 1}:{lines - 1}")
