"""Waiting for a job: by events, over lost connections, by polling, and until time is up."""

from __future__ import annotations

from typing import Any

import pytest

from queuecraft_client import JobCancelled, JobFailed, JobNotCompleted, JobSkipped, NotFound, WaitTimeout
from queuecraft_client._blocking import run
from queuecraft_client._io import Answer
from tests.client.fake_io import JOB_ID, LOST, NOT_SENT, SUBSCRIBED, TICKET, FakeIo, bad, calls, job, ok

PENDING, DONE = ok(job=job()), ok(job=job("completed", result={"n": 1}))
ENDED = {"type": "job:completed", "id": "1-2", "data": {"_id": JOB_ID, "status": "completed"}}
OTHER = {"type": "job:completed", "id": "1-1", "data": {"_id": "0" * 24, "status": "completed"}}
READ = f"GET /job/{JOB_ID}"


def moved(to: str) -> dict[str, Any]:
    return {"type": "job:status:updated", "id": "1-1", "data": {"jobId": JOB_ID, "newStatus": to}}


def test_a_job_that_has_ended_needs_no_connection() -> None:
    io = FakeIo(DONE)
    assert run(calls(io).wait(JOB_ID)).result == {"n": 1}
    assert io.lines() == [READ]


def test_an_event_ends_the_wait() -> None:
    frames = [SUBSCRIBED, OTHER, moved("running"), {"type": "batch", "events": [moved("completed"), ENDED]}]
    io = FakeIo(PENDING, TICKET, PENDING, DONE, sockets=[frames])
    run(calls(io).wait(JOB_ID))
    assert io.lines() == [READ, "POST /ws/ticket", READ, READ]
    [(url, socket)] = io.opened
    assert url == "ws://events?ticket=t%2F1"
    assert socket.sent == [{"action": "subscribe", "requestId": 1}]
    assert socket.closed


def test_an_end_before_the_subscription_is_seen() -> None:
    io = FakeIo(PENDING, TICKET, DONE, sockets=[[SUBSCRIBED]])
    run(calls(io).wait(JOB_ID))
    assert io.slept == []


def done_after_the_second_connection(io: FakeIo) -> Answer:
    return DONE if len(io.opened) == 2 else PENDING


def test_a_lost_connection_is_opened_again_and_the_job_read_after_that() -> None:
    io = FakeIo(PENDING, TICKET, PENDING, sockets=[[SUBSCRIBED, LOST], [SUBSCRIBED]])
    io.then = done_after_the_second_connection
    run(calls(io).wait(JOB_ID))
    assert all(socket.closed for _, socket in io.opened)
    assert 0.1 < io.time < 1


def test_a_gap_in_the_events_needs_a_look() -> None:
    io = FakeIo(PENDING, TICKET, PENDING, DONE, sockets=[[SUBSCRIBED, {"type": "resync", "id": "1-9", "data": {}}]])
    run(calls(io).wait(JOB_ID))
    assert io.script == []


@pytest.mark.parametrize(
    "socket", [NOT_SENT, [], [{"type": "error", "requestId": 1, "code": "throttled"}], ["no JSON"]]
)
def test_without_a_connection_the_job_is_polled(socket: Any) -> None:
    io = FakeIo(PENDING, TICKET, sockets=[socket])  # the next ones are refused
    io.then = lambda io: DONE if io.lines().count(READ) == 4 else PENDING
    run(calls(io).wait(JOB_ID))
    assert 0.1 <= io.slept[0] <= 0.2
    assert io.lines().count(READ) == 4


def test_where_the_api_names_no_address_the_job_is_polled_ever_less_often() -> None:
    io = FakeIo(PENDING, ok(ticket="t", url=""), *[PENDING] * 12, DONE)
    run(calls(io).wait(JOB_ID))
    assert io.lines().count("POST /ws/ticket") == 1
    assert io.slept[0] < 0.21
    assert 1.5 <= io.slept[-1] <= 3


def test_an_address_of_the_caller_is_taken() -> None:
    io = FakeIo(PENDING, TICKET, DONE, sockets=[[SUBSCRIBED]])
    run(calls(io, ws_url="wss://mine?stage=1").wait(JOB_ID))
    assert io.opened[0][0] == "wss://mine?stage=1&ticket=t%2F1"


def test_a_silent_connection_is_pinged_then_given_up() -> None:
    io = FakeIo(PENDING, TICKET, sockets=[[SUBSCRIBED, *[None] * 5], [SUBSCRIBED]])
    io.then = done_after_the_second_connection
    run(calls(io).wait(JOB_ID))
    first = io.opened[0][1]
    assert first.sent[1:] == [{"action": "ping"}]
    assert first.closed
    assert 30 <= io.time < 35


def test_outages_are_waited_for_but_not_by_the_first_look() -> None:
    outage = [bad(503)] * 5
    io = FakeIo(PENDING, TICKET, *outage, *outage, DONE, sockets=[[SUBSCRIBED, ENDED]])
    run(calls(io).wait(JOB_ID))
    assert io.script == []

    with pytest.raises(NotFound):
        run(calls(FakeIo(bad(404))).wait(JOB_ID))
    with pytest.raises(type(LOST)):
        run(calls(FakeIo(*[LOST] * 5)).wait(JOB_ID))


def test_a_job_that_is_deleted_meanwhile_is_not_found() -> None:
    deleted = {"type": "job:deleted", "id": "1-2", "data": {"jobId": JOB_ID, "rev": 3}}
    io = FakeIo(PENDING, TICKET, PENDING, bad(404), sockets=[[SUBSCRIBED, deleted]])
    with pytest.raises(NotFound):
        run(calls(io).wait(JOB_ID))


@pytest.mark.parametrize(("status", "kind"), [("dlq", JobFailed), ("cancelled", JobCancelled), ("skipped", JobSkipped)])
def test_another_end_is_an_error_with_the_job(status: str, kind: type[JobNotCompleted]) -> None:
    ended = job(status, error={"type": "KeyError", "message": "'x'", "traceback": "…"})
    with pytest.raises(kind, match="KeyError") as raised:
        run(calls(FakeIo(ok(job=ended))).wait(JOB_ID))
    assert raised.value.job.status == status
    assert raised.value.job.error is not None


def test_time_is_up() -> None:
    io = FakeIo(PENDING, ok(ticket="t", url=""), *[PENDING] * 100)
    with pytest.raises(WaitTimeout, match="pending") as raised:
        run(calls(io).wait(JOB_ID, timeout=20))
    assert isinstance(raised.value, TimeoutError)
    assert raised.value.last.id == JOB_ID
    assert 19 <= io.time <= 22


def test_a_connection_without_events_is_looked_behind_until_time_is_up() -> None:
    io = FakeIo(PENDING, TICKET, *[PENDING] * 9, sockets=[[SUBSCRIBED, *[None, "{}"] * 20]])
    with pytest.raises(WaitTimeout):
        run(calls(io).wait(JOB_ID, timeout=60))
    assert io.time == 60
    assert io.opened[0][1].closed
