"""Credentials: a token, or a log-in that is repeated when the session ends."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import Any, cast

import pytest

from queuecraft_client import Client, Unauthorized, UnexpectedAnswer
from queuecraft_client._blocking import run
from queuecraft_client._io import Answer, Exchange
from queuecraft_client._session import Config
from tests.client.fake_io import JOB_ID, FakeIo, bad, calls, job, ok

ADA = {"token": None, "email": "ada@example.com", "password": "correct horse"}


def test_a_token_is_sent_as_bearer() -> None:
    io = FakeIo(ok(job=job()))
    run(calls(io).jobs.get(JOB_ID))
    assert io.asked[0].headers["Authorization"] == "Bearer secret"
    assert io.asked[0].headers["User-Agent"].startswith("queuecraft-client/")


def test_the_first_call_logs_in() -> None:
    io = FakeIo(ok(jwt="one"), ok(job=job()), ok(job=job()))
    jobs = calls(io, **ADA).jobs
    run(jobs.get(JOB_ID))
    run(jobs.get(JOB_ID))
    assert io.lines() == ["POST /login", f"GET /job/{JOB_ID}", f"GET /job/{JOB_ID}"]
    assert io.body(0) == {"email": "ada@example.com", "password": "correct horse"}
    assert "Authorization" not in io.asked[0].headers
    assert io.asked[2].headers["Authorization"] == "Bearer one"


def test_a_session_that_has_ended_is_begun_anew() -> None:
    io = FakeIo(ok(jwt="one"), bad(401, code="session_expired"), ok(jwt="two"), ok(job=job()))
    run(calls(io, **ADA).jobs.get(JOB_ID))
    assert io.lines()[2:] == ["POST /login", f"GET /job/{JOB_ID}"]
    assert io.asked[3].headers["Authorization"] == "Bearer two"


def test_a_session_is_begun_anew_once_a_call() -> None:
    io = FakeIo(ok(jwt="one"), bad(401), ok(jwt="two"), bad(401, code="account_removed"))
    with pytest.raises(Unauthorized) as refused:
        run(calls(io, **ADA).jobs.get(JOB_ID))
    assert refused.value.code == "account_removed"


def test_wrong_credentials_are_tried_once() -> None:
    io = FakeIo(bad(401, code="wrong_credentials"))
    with pytest.raises(Unauthorized):
        run(calls(io, **ADA).jobs.get(JOB_ID))
    assert io.lines() == ["POST /login"]


def test_a_token_that_has_expired_is_the_callers() -> None:
    with pytest.raises(Unauthorized):
        run(calls(FakeIo(bad(401))).jobs.get(JOB_ID))


def test_calls_at_the_same_time_share_one_log_in() -> None:
    class Slow(FakeIo):
        async def exchange(self, exchange: Exchange) -> Answer:
            await asyncio.sleep(0)
            return await super().exchange(exchange)

    io = Slow(ok(jwt="one"), *[ok(job=job())] * 5)

    async def scenario() -> None:
        jobs = calls(io, **ADA).jobs
        await asyncio.gather(*(jobs.get(JOB_ID) for _ in range(5)))

    asyncio.run(scenario())
    assert io.lines().count("POST /login") == 1


def test_a_log_in_of_something_else_is_said_to_be_one() -> None:
    with pytest.raises(UnexpectedAnswer):
        run(calls(FakeIo(ok()), **ADA).jobs.get(JOB_ID))


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"email": "a@b.c"},
        {"password": "x"},
        {"token": "t", "email": "a@b.c", "password": "x"},
        {"token": "t", "timeout": 0.0},
        {"token": "t", "retries": -1},
    ],
)
def test_what_does_not_fit_together_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"email|timeout"):
        Client("http://localhost", **config)


def test_an_address_is_of_http() -> None:
    with pytest.raises(ValueError, match="http"):
        Client("localhost:2000", token="t")


def test_secrets_are_not_shown() -> None:
    assert "horse" not in repr(Config("http://api", "a@b.c", "horse"))
    assert "horse" not in repr(Config("http://api", token="horse"))


class Propagate:
    """Takes the place of ``opentelemetry.propagate``."""

    def __init__(self, traceparent: str) -> None:
        self._traceparent = traceparent

    def inject(self, carrier: dict[str, str]) -> None:
        if not self._traceparent:
            raise RuntimeError("no propagator")
        carrier["traceparent"] = self._traceparent


def with_opentelemetry(monkeypatch: pytest.MonkeyPatch, traceparent: str) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", ModuleType("opentelemetry"))
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", ModuleType("opentelemetry.trace"))
    monkeypatch.setitem(sys.modules, "opentelemetry.propagate", cast(ModuleType, Propagate(traceparent)))


@pytest.mark.parametrize("traceparent", ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", ""])
def test_the_trace_of_a_caller_with_opentelemetry_is_sent(monkeypatch: pytest.MonkeyPatch, traceparent: str) -> None:
    with_opentelemetry(monkeypatch, traceparent)
    io = FakeIo(ok(job=job()))
    run(calls(io).jobs.get(JOB_ID))
    assert io.asked[0].headers.get("traceparent", "") == traceparent


def test_without_opentelemetry_no_trace_is_sent() -> None:
    io = FakeIo(ok(job=job()))
    run(calls(io).jobs.get(JOB_ID))
    assert "traceparent" not in io.asked[0].headers
    assert not any(name.startswith("opentelemetry") for name in sys.modules)
