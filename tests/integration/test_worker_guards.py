"""Tasks that misbehave: their jobs end properly, and neither slots nor other jobs are affected."""

from __future__ import annotations

import asyncio
import contextvars
import decimal
import json
import math
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, field_validator

from chalicelib.domain.jobs import Job, JobStatus, Outcome
from chalicelib.settings import Settings
from tests.worker_support import QUICK, Rig
from worker_fn import DoNotRetry, Retry, Snooze, TaskContext

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **{**QUICK, "max_active_jobs_per_user": 0, "retry_backoff_base_s": 0.01})


# --- endings -------------------------------------------------------------------------------------------------
class Bare(Retry):
    """Does not call the inherited constructor."""

    def __init__(self, status: int) -> None:
        self.status = status


class BareFinal(DoNotRetry):
    def __init__(self, status: int) -> None:
        self.status = status


class BareSnooze(Snooze):
    def __init__(self) -> None:
        pass


class ListedError(Exception):
    """Has ``errors`` like pydantic's exception, but a list."""

    errors = ["one"]  # noqa: RUF012


class Unspeakable(Exception):  # noqa: N818
    def __str__(self) -> str:
        raise SystemExit("in the middle of a text")


def spoilt(name: str, value: Any) -> Retry:
    error = Retry("later")
    setattr(error, name, value)
    return error


class Refusing(BaseModel):
    @field_validator("*", mode="before")
    @classmethod
    def check(cls, value: Any) -> Any:
        raise ListedError("refused")

    width: int = 1


class Leaving(Refusing):
    @field_validator("*", mode="before")
    @classmethod
    def check(cls, value: Any) -> Any:
        sys.exit("from a validator")


class Result:
    """Looks like a pydantic model."""

    def model_dump(self, **_: Any) -> Any:
        raise SystemExit("from a result")


ERRORS: list[tuple[Callable[[], BaseException], str]] = [
    (lambda: Retry("x", timedelta(milliseconds=1)), "Retry"),
    (lambda: Retry("x", kind=503), "503"),
    (lambda: DoNotRetry(kind=404), "404"),
    (lambda: DoNotRetry(kind=["x"]), "TypeError"),  # type: ignore[arg-type]
    (lambda: Retry("x", "soon"), "TypeError"),  # type: ignore[arg-type]
    (lambda: Snooze(math.nan), "ValueError"),
    (lambda: Bare(503), "Bare"),
    (lambda: BareFinal(404), "BareFinal"),
    (BareSnooze, "UnclearEnding"),
    (lambda: spoilt("delay_s", "soon"), "UnclearEnding"),
    (lambda: spoilt("kind", 4.5), "UnclearEnding"),
    (Unspeakable, "Unspeakable"),
    (lambda: SystemExit("bye"), "SystemExit"),
    (KeyboardInterrupt, "KeyboardInterrupt"),
    (GeneratorExit, "GeneratorExit"),
]


def test_every_exception_ends_the_attempt_and_frees_the_slot(rig: Rig) -> None:
    """More of them than slots, on threads and on the event loop; each attempt's failure is recorded."""

    @rig.task("sync")
    def sync(ctx: TaskContext, payload: dict[str, Any]) -> None:
        raise ERRORS[payload["n"]][0]()

    @rig.task("async")
    async def async_(ctx: TaskContext, payload: dict[str, Any]) -> None:
        raise ERRORS[payload["n"]][0]()

    @rig.task("refusing")
    def refusing(ctx: TaskContext, payload: Refusing) -> None: ...

    @rig.task("leaving")
    async def leaving(ctx: TaskContext, payload: Leaving) -> None: ...

    @rig.task("result")
    def result(ctx: TaskContext, payload: dict[str, Any]) -> Result:
        return Result()

    @rig.task("loop")
    async def loop(ctx: TaskContext, payload: dict[str, Any]) -> None:
        async def leave() -> None:
            sys.exit("beside the task's own coroutine")

        await asyncio.gather(leave())

    jobs: list[tuple[Job, str]] = []
    for n, (_, type_) in enumerate(ERRORS):
        jobs += [(rig.new(task, {"n": n}, max_retries=1), type_) for task in ("sync", "async")]
    jobs += [
        (rig.new("refusing", {"width": 1}), "ListedError"),
        (rig.new("leaving", {"width": 1}), "SystemExit"),
        (rig.new("result"), "UnclearEnding"),
        (rig.new("loop", max_retries=0), "SystemExit"),
    ]
    rig.enqueue([job for job, _ in jobs])
    rig.start()

    ended = [(rig.wait(job), type_) for job, type_ in jobs]
    assert [(job.status, job.error and job.error.type) for job, _ in ended] == [
        (JobStatus.DLQ, type_) for _, type_ in ended
    ]
    assert {a.outcome for job, _ in ended for a in job.attempts} == {Outcome.FAILED}


# --- contexts ------------------------------------------------------------------------------------------------
who: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")


class Marked(BaseModel):
    """Its validator sets a context variable, as a library might."""

    name: str

    @field_validator("name")
    @classmethod
    def mark(cls, value: str) -> str:
        assert who.get() == "nobody", f"a validator sees {who.get()}"
        who.set(value)
        return value


def test_context_variables_of_a_job_are_not_seen_by_others(rig: Rig) -> None:
    def look(payload: Marked) -> str:
        seen = who.get()
        who.set(f"{seen}, then {payload.name}")
        decimal.getcontext().prec = decimal.getcontext().prec + 1
        return f"{seen} {decimal.getcontext().prec}"

    @rig.task("sync")
    def sync(ctx: TaskContext, payload: Marked) -> str:
        return look(payload)

    @rig.task("async")
    async def async_(ctx: TaskContext, payload: Marked) -> str:
        await asyncio.sleep(0)
        return look(payload)

    jobs = [rig.new(task, {"name": f"{task}-{n}"}) for n in range(20) for task in ("sync", "async")]
    rig.enqueue(jobs)
    rig.start()

    expected = decimal.DefaultContext.prec + 1
    results = [rig.wait(job).result for job in jobs]
    assert results == [f'"{task}-{n} {expected}"' for n in range(20) for task in ("sync", "async")]


# --- coroutines of functions that do not look async ------------------------------------------------------------------
def test_a_coroutine_hidden_by_a_decorator_is_awaited(rig: Rig) -> None:
    stop = threading.Event()

    def hidden(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(ctx: TaskContext, payload: dict[str, Any]) -> Any:
            return function(ctx, payload)

        return wrapper

    async def work(ctx: TaskContext, payload: dict[str, Any]) -> str:
        await asyncio.sleep(0)
        return f"done {who.get()}"

    async def wait(ctx: TaskContext, payload: dict[str, Any]) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stop.set()

    rig.task("hidden")(hidden(work))
    rig.task("long")(hidden(wait))
    jobs = [rig.submit("hidden") for _ in range(12)]
    late = rig.submit("long", timeout_s=1, max_retries=0)
    rig.start()

    assert [rig.wait(job).result for job in jobs] == ['"done nobody"'] * 12
    ended = rig.wait(late)
    assert ended.error is not None and ended.error.type == "Timeout"
    assert stop.wait(10), "it was not cancelled"


# --- progress ------------------------------------------------------------------------------------------------
def test_reported_percentages_are_numbers_and_messages_are_text(rig: Rig) -> None:
    @rig.task("report")
    def report(ctx: TaskContext, payload: dict[str, Any]) -> list[Any]:
        seen: list[Any] = []
        for percent, message in [
            (10, None), (math.nan, 7), (math.inf, ""), (-(10**400), "x"), (True, b"b"), (decimal.Decimal("12.345"), "")
        ]:  # fmt: skip
            ctx.progress(percent, message)  # type: ignore[arg-type]
            progress = ctx.last_progress
            seen.append(progress and [progress.percent, progress.message])
        return seen

    @rig.task("wrong", retries=0)
    def wrong(ctx: TaskContext, payload: dict[str, Any]) -> None:
        ctx.progress("10")  # type: ignore[arg-type]

    good, bad = rig.submit("report"), rig.submit("wrong", max_retries=0)
    rig.start()
    assert rig.wait(good).result == '[[10.0,""],[10.0,"7"],[100.0,""],[0.0,"x"],[1.0,"b\'b\'"],[12.35,""]]'.replace(
        "12.35", str(round(12.345, 2))
    )
    error = rig.wait(bad).error
    assert error is not None and error.message == "percent must be a number, not str"


# --- state of the process -------------------------------------------------------------------------------------------
def test_folder_umask_and_environment_are_restored_after_a_task(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAYS", "1")
    monkeypatch.setenv("GOES", "1")

    def look() -> list[Any]:
        os.umask(umask := os.umask(0))
        return [str(Path.cwd()), umask, *(os.environ.get(name) for name in ("STAYS", "GOES", "COMES"))]

    @rig.task("change")
    def change(ctx: TaskContext, payload: dict[str, Any]) -> None:
        os.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        os.umask(0o007)
        os.environ |= {"STAYS": "2", "COMES": "secret"}
        del os.environ["GOES"]

    @rig.task("look")
    def look_around(ctx: TaskContext, payload: dict[str, Any]) -> list[Any]:
        return look()

    before = look()
    (tmp_path / "gone").mkdir()
    rig.submit("change")
    rig.run()
    after = rig.submit("look")
    rig.run()
    assert json.loads(rig.wait(after).result or "") == before
    (line,) = rig.lines("process_state_restored")
    assert line["changed"] == ["working directory", "umask", "COMES", "GOES", "STAYS"]


# --- tasks that a worker does not have -----------------------------------------------------------------------
def test_an_unknown_task_waits_for_a_worker_that_has_it(rig: Rig) -> None:
    job = rig.submit("new", max_retries=0)
    old = rig.start()
    waiting = rig.wait(job, JobStatus.RETRYING)
    assert waiting.error is not None
    assert (waiting.error.type, waiting.error.message) == ("UnknownTask", "this worker has no task named 'new'")
    assert (waiting.retry_count, waiting.attempts[-1].outcome) == (0, Outcome.SNOOZED)
    old.worker.stop()
    old.join()

    @rig.task("new")
    def new(ctx: TaskContext, payload: dict[str, Any]) -> str:
        return "here"

    rig.start()
    done = rig.wait(job)
    assert (done.status, done.result, done.error, done.retry_count) == (JobStatus.COMPLETED, '"here"', None, 0)
    rig.settled()
    assert rig.counts() == {"submitted": 1, "completed": 1, "done": 1}
