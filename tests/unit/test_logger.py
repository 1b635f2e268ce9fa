"""Log lines: their fields, what is never logged, and that threads do not mix."""

from __future__ import annotations

import io
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.telemetry.logger import REDACTED, JobEvent, Log, get_log


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(stream: io.StringIO) -> Log:
    return Log(f"test-{uuid.uuid4()}", stream=stream)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def job(number: int = 1) -> Job:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Job(
        id=f"{number:024x}", tenant_id="t" * 24, owner_id="o" * 24, name="resize", status=JobStatus.RUNNING, rev=2,
        ready_at=now, created_at=now, updated_at=now, trace_id=f"trace-{number}", attempt=1,
    )  # fmt: skip


def test_a_line(log: Log, stream: io.StringIO) -> None:
    log.info("100 % of {x}", event="request", status=200, traceId="t", userId=None)

    (line,) = lines(stream)
    stamp = datetime.fromisoformat(line.pop("timestamp"))
    assert abs((datetime.now(UTC) - stamp).total_seconds()) < 60
    assert line.pop("service").startswith("test-")
    assert line == {
        "level": "INFO", "message": "100 % of {x}", "event": "request", "status": 200, "traceId": "t",
    }  # fmt: skip


def test_levels(log: Log, stream: io.StringIO) -> None:
    log.debug("off", event="x")
    log.warning("on", event="x")
    log.error("on", event="x")

    assert [line["level"] for line in lines(stream)] == ["WARNING", "ERROR"]


@pytest.mark.parametrize("event", list(JobEvent))
def test_a_line_about_a_job(log: Log, stream: io.StringIO, event: JobEvent) -> None:
    log.job(event, job(), workerId="w")

    (line,) = lines(stream)
    assert line["event"] == event.value
    assert line["jobId"] == f"{1:024x}"
    assert line["traceId"] == "trace-1"
    assert line["userId"] == "o" * 24
    assert line["workerId"] == "w"
    assert line["level"] == ("WARNING" if event in {"fail", "dlq"} else "INFO")


def test_secrets_are_left_out(log: Log, stream: io.StringIO) -> None:
    log.info(
        "x",
        event="x",
        password="hunter2",
        newPassword="hunter2",
        password_hash="hunter2",
        headers={"Authorization": "hunter2", "Cookie": "hunter2", "X-CSRF-Token": "hunter2", "Accept": "*/*"},
        jwt="hunter2",
    )

    assert "hunter2" not in stream.getvalue()
    assert lines(stream)[0]["headers"] == {
        "Authorization": REDACTED, "Cookie": REDACTED, "X-CSRF-Token": REDACTED, "Accept": "*/*",
    }  # fmt: skip


def test_a_traceback_is_in_the_line(log: Log, stream: io.StringIO) -> None:
    try:
        raise ValueError("boom")
    except ValueError:
        log.error("failed", event="x", exc_info=True)

    (line,) = lines(stream)
    assert "ValueError: boom" in line["exception"]


def test_values_of_any_kind(log: Log, stream: io.StringIO) -> None:
    log.info("x", event="x", a=object(), b={1: {2}}, c=datetime(2026, 1, 1, tzinfo=UTC), d=float("nan"))

    assert lines(stream)[0]["c"].startswith("2026-01-01")


def test_values_that_json_cannot_hold(log: Log, stream: io.StringIO) -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value in ("half \ud800", 2**70, endless):
        log.info("x", event="x", value=value)
        log.jobs([(JobEvent.FAIL, job(), {"error": value})])

    found = lines(stream)
    assert len(found) == 6
    assert found[0]["value"] == "half \ud800"
    assert found[2]["value"] == str(2**70)
    assert {line["jobId"] for line in found[1::2]} == {f"{1:024x}"}


def test_many_lines_about_jobs_are_like_single_ones(log: Log, stream: io.StringIO) -> None:
    log.job(JobEvent.RETRY, job(), delay_ms=5)
    log.jobs([(JobEvent.RETRY, job(), {"delay_ms": 5})])
    log.jobs([])

    one, another = ({**line, "timestamp": ""} for line in lines(stream))
    assert one == another


def test_jobs_at_once_do_not_mix(log: Log, stream: io.StringIO) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.job(JobEvent.START, job(n), only=n), range(400)))

    found = lines(stream)
    assert len(found) == 400
    assert all(line["jobId"] == f"{line['only']:024x}" and line["traceId"] == f"trace-{line['only']}" for line in found)


def test_a_service_has_one_log() -> None:
    assert get_log("one-service") is get_log("one-service")
