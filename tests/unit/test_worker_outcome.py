"""How an attempt's end changes its job."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from chalicelib.domain import events
from chalicelib.domain.jobs import AttemptRecord, Job, JobError, JobStatus, Lease, Outcome, Progress
from chalicelib.domain.lifecycle import AttemptResult, ended, started, started_and_ended
from chalicelib.domain.retry import DoNotRetry, Retry, Snooze
from worker_fn.context import TaskCancelled
from worker_fn.execution import (
    MAX_DELAY_S,
    MAX_MESSAGE_BYTES,
    MAX_TRACEBACK_BYTES,
    describe,
    interrupted,
    raised,
    returned,
    timed_out,
    unknown_task,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = NOW + timedelta(seconds=2)
END = NOW + timedelta(seconds=5)


def pending(**changes: Any) -> Job:
    job = Job(
        id="1" * 24, tenant_id="a" * 24, owner_id="b" * 24, name="n", status=JobStatus.PENDING, rev=4, ready_at=NOW,
        created_at=NOW, updated_at=NOW, trace_id="t",
    )  # fmt: skip
    return job.with_(**changes)


def after(ending: AttemptResult, **changes: Any) -> Job:
    running = started(pending(**changes), "token", "w", START)
    return ended(running, ending, progress=None, base_s=5.0, random=0.5)


def test_a_begun_job_runs_under_its_lease() -> None:
    job = started(pending(attempt=2), "token", "w", START)
    assert (job.status, job.rev, job.attempt, job.lease) == (JobStatus.RUNNING, 5, 3, Lease("token", "w"))
    assert job.attempts == (AttemptRecord(3, "w", START, wait_ms=2000),)


def test_a_completed_job_has_its_result_and_no_lease() -> None:
    job = after(returned({"a": 1}, END), error=JobError("E", "m"))
    assert (job.status, job.result, job.rev, job.lease, job.error) == (JobStatus.COMPLETED, '{"a":1}', 6, None, None)
    assert job.attempts[0].run_ms == 3000
    assert job.finished_at == END


@pytest.mark.parametrize(("retry_count", "wait_s"), [(0, 5), (1, 10), (2, 20)])
def test_a_failure_waits_longer_each_time(retry_count: int, wait_s: float) -> None:
    job = after(raised(ValueError("x"), END), retry_count=retry_count)
    assert (job.status, job.retry_count) == (JobStatus.RETRYING, retry_count + 1)
    assert job.ready_at == END + timedelta(seconds=wait_s)
    assert job.error is not None and job.error.type == "ValueError"


@pytest.mark.parametrize(
    ("ending", "status", "outcome", "retries"),
    [
        (raised(ValueError(), END), JobStatus.DLQ, Outcome.FAILED, 3),
        (raised(DoNotRetry("no"), END), JobStatus.DLQ, Outcome.FAILED, 3),
        (timed_out(9, END), JobStatus.DLQ, Outcome.TIMED_OUT, 3),
        (raised(Snooze(60), END), JobStatus.RETRYING, Outcome.SNOOZED, 3),
        (interrupted(END), JobStatus.RETRYING, Outcome.INTERRUPTED, 3),
        (raised(TaskCancelled(), END), JobStatus.CANCELLED, Outcome.CANCELLED, 3),
        (raised(asyncio.CancelledError(), END), JobStatus.DLQ, Outcome.FAILED, 3),
    ],
)
def test_a_job_without_retries_left(ending: AttemptResult, status: JobStatus, outcome: Outcome, retries: int) -> None:
    job = after(ending, retry_count=3)
    assert (job.status, job.attempts[-1].outcome, job.retry_count) == (status, outcome, retries)
    assert (job.finished_at is not None) is (status is not JobStatus.RETRYING)


def test_a_delay_that_a_task_asks_for_is_bounded() -> None:
    assert after(raised(Retry("later", 7.5), END)).ready_at == END + timedelta(seconds=7.5)
    assert raised(Snooze(1e12), END).delay_s == MAX_DELAY_S
    assert raised(Retry("x", -4), END).delay_s == 0


@pytest.mark.parametrize("ending", [returned(1, END), raised(ValueError("x"), END), raised(Snooze(5), END)])
def test_one_write_for_both_ends_gives_the_same_job_and_events(ending: AttemptResult) -> None:
    before = pending(attempt=1, attempts=(AttemptRecord(1, "v", NOW, NOW, Outcome.LOST),), error=JobError("E", "old"))
    at_once = started_and_ended(before, "w", START, ending, progress=Progress(50), base_s=5.0, random=0.2)
    running = started(before, "token", "w", START)
    one_by_one = ended(running, ending, progress=Progress(50), base_s=5.0, random=0.2)
    assert at_once == one_by_one
    assert events.ran(before, at_once) == [
        *events.moved(running, JobStatus.PENDING),
        *events.moved(one_by_one, JobStatus.RUNNING),
    ]


class Refused(DoNotRetry):
    """An exception that has a name of its own."""


def caused(error: Exception) -> Exception:
    error.__cause__ = OSError("away")
    return error


@pytest.mark.parametrize(
    ("error", "type_"),
    [
        (Retry("later"), "Retry"),
        (DoNotRetry("never"), "DoNotRetry"),
        (caused(Retry("later")), "OSError"),
        (caused(DoNotRetry("never")), "OSError"),
        (caused(Retry("later", kind="HTTP 503")), "HTTP 503"),
        (DoNotRetry("never", kind="HTTP 404"), "HTTP 404"),
        (caused(Refused("never")), "Refused"),
        (caused(ValueError("wrong")), "ValueError"),
    ],
)
def test_a_recorded_error_is_the_cause_not_the_request_to_retry(error: Exception, type_: str) -> None:
    found = raised(error, END).error
    assert found is not None
    assert (found.type, found.message) == (type_, str(error))


class Answer(BaseModel):
    n: int


def test_results_are_written_as_json() -> None:
    assert returned(Answer(n=1), END).result == '{"n":1}'
    assert returned({2, 1}, END).result == "[1,2]"
    assert returned(None, END).result == "null"
    assert returned(object(), END).error is not None
    big = returned("x" * 65_536, END)
    assert (big.final, big.error and big.error.type) == (True, "ResultError")


class Measure(BaseModel):
    value: float


@dataclass
class Pair:
    left: Any
    right: Any = None


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (math.nan, "result is nan"),
        ({"a": [1, {"b": math.inf}]}, "result.a.1.b is inf"),
        ({1, -math.inf}, "is -inf"),
        ({math.nan: 1}, "a key of result is nan"),
        ({"x": {1: "a", "1": "b"}}, "two keys of result.x are both written as '1'"),
        ({None: 1, "null": 2}, "two keys of result are both written as 'null'"),
        (Measure(value=math.nan), "result.value is nan"),
        (Pair(1, (math.inf,)), "result.right.0 is inf"),
        ({"n": 2**64}, "64-bit"),
        ([None, object()], "serializable: object"),
    ],
)
def test_values_outside_json_are_no_results(result: Any, why: str) -> None:
    ending = returned(result, END)
    assert ending.error is not None
    assert (ending.final, ending.error.type) == (True, "ResultError")
    assert why in ending.error.message


def test_values_inside_json_are_written_with_any_keys() -> None:
    assert returned({1: None, False: "x", NOW: {2.5: "null"}}, END).result == (
        '{"1":null,"false":"x","2026-01-01T00:00:00+00:00":{"2.5":"null"}}'
    )
    assert returned([Pair(None, {3: Measure(value=1)})], END).result == ('[{"left":null,"right":{"3":{"value":1.0}}}]')
    nested: list[Any] = []
    nested.append(nested)
    assert returned(nested, END).error is not None


def test_errors_are_bounded_and_begin_in_the_task() -> None:
    def deep(n: int) -> None:
        if n == 0:
            raise ValueError("é" * 2000 + "\ud800")
        deep(n - 1)

    try:
        deep(900)
    except ValueError as error:
        found = describe(error)
    assert found.type == "ValueError"
    assert len(found.message.encode()) <= MAX_MESSAGE_BYTES
    assert found.traceback is not None
    assert len(found.traceback.encode()) <= MAX_TRACEBACK_BYTES


def test_an_error_without_a_text_is_described() -> None:
    class Mute(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise RuntimeError

    assert describe(Mute()).message == "<Mute without a text>"


def test_tracebacks_name_files_from_the_root_of_the_code_on() -> None:
    try:
        raise ValueError("x")
    except ValueError as error:
        found = describe(error)

    assert found.traceback is not None
    assert 'File "tests/unit/test_worker_outcome.py"' in found.traceback


def waits_for(job: Job, patience_s: float) -> tuple[list[float], Job]:
    """Return the waits of ``job`` until a worker gives it up, and the job after that."""
    waits: list[float] = []
    at = NOW
    while True:
        ending = unknown_task(job, at, patience_s)
        job = started_and_ended(job, "w", at, ending, progress=None, base_s=5.0, random=0.5)
        if job.status is JobStatus.DLQ:
            return waits, job
        waits.append((job.ready_at - at).total_seconds())
        at = job.ready_at
        job = job.with_(status=JobStatus.PENDING)


def test_a_job_of_an_unknown_task_waits_longer_each_time_and_then_fails() -> None:
    waits, job = waits_for(pending(task="new"), 900)
    assert waits[:8] == [1, 1, 2, 4, 8, 16, 32, 60]
    assert sum(waits) == 900
    assert (job.retry_count, job.error and job.error.type) == (0, "UnknownTask")

    redriven, _ = waits_for(job.with_(status=JobStatus.PENDING), 900)
    assert redriven == waits
    assert waits_for(pending(task="new"), 0)[0] == []
    many, _ = waits_for(pending(task="new"), 24 * 3600)
    assert len(many) < 50  # all of them are in the history, which shows since when it waits


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    pin: int = 0


@pytest.mark.parametrize(
    "payload",
    [
        {"pet": {"kind": "dog"}, "pin": "hunter2"},
        {"pet": {"kind": "cat", "lives": "hunter2"}},
        {"pet": {"kind": "hunter2"}},
        {"pet": "hunter2", "pin": "hunter2 [type=x, hunter2"},
    ],
)
def test_no_value_of_a_refused_payload_is_in_an_error(payload: dict[str, Any]) -> None:
    def refuse() -> None:
        Owner.model_validate(payload)

    def behind() -> None:
        try:
            refuse()
        except ValueError as error:
            raise RuntimeError("no owner") from error

    def beside() -> None:
        try:
            refuse()
        except ValueError as error:
            raise ExceptionGroup("several", [error]) from None

    for task in (refuse, behind, beside):
        with pytest.raises(Exception) as caught:
            task()
        error = describe(caught.value)
        assert "hunter2" not in error.message + (error.traceback or "")
        assert "Owner" in (error.traceback or ""), "the traceback names what was refused"
