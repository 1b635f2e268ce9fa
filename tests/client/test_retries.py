"""Which calls are sent again, after how long, and which error is raised in the end."""

from __future__ import annotations

import pytest

from queuecraft_client import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    Forbidden,
    NotFound,
    RateLimited,
    ServerError,
    TooLarge,
    Unauthorized,
    UnexpectedAnswer,
)
from queuecraft_client._blocking import run
from queuecraft_client._io import Answer
from tests.client.fake_io import JOB_ID, LOST, NOT_SENT, FakeIo, bad, calls, job, ok


@pytest.mark.parametrize("trouble", [LOST, NOT_SENT, bad(502), bad(503), bad(504)])
def test_a_read_is_repeated(trouble: Answer | Exception) -> None:
    io = FakeIo(trouble, trouble, ok(job=job()))
    assert run(calls(io).jobs.get(JOB_ID)).id == JOB_ID
    assert io.lines() == [f"GET /job/{JOB_ID}"] * 3
    assert len(io.slept) == 2
    assert 0.125 <= io.slept[0] <= 0.25 <= io.slept[1] <= 0.5


def test_a_submission_is_repeated_under_one_key() -> None:
    io = FakeIo(LOST, bad(503, {"retry-after": "2"}), ok(201, job=job(), duplicate=False))
    run(calls(io).jobs.submit("resize", {"width": 3}))
    keys = {each.headers["Idempotency-Key"] for each in io.asked}
    assert len(io.asked) == 3
    assert len(keys) == 1
    assert io.slept[1] == 2


def test_each_submission_has_a_key_of_its_own_unless_one_is_given() -> None:
    io = FakeIo(*[ok(201, job=job())] * 3)
    jobs = calls(io).jobs
    run(jobs.submit("a"))
    run(jobs.submit("a"))
    run(jobs.submit("a", idempotency_key="order-1"))
    keys = [each.headers["Idempotency-Key"] for each in io.asked]
    assert len(set(keys)) == 3
    assert keys[2] == "order-1"
    assert "idempotencyKey" not in io.body()


@pytest.mark.parametrize("trouble", [LOST, bad(502), bad(503), bad(504)])
def test_what_may_have_been_done_is_not_done_twice(trouble: Answer | Exception) -> None:
    io = FakeIo(trouble)
    with pytest.raises((ConnectionFailed, ServerError)):
        run(calls(io).jobs.retry(JOB_ID))
    assert len(io.asked) == 1


def test_what_was_never_sent_is_sent_again_whatever_it_does() -> None:
    io = FakeIo(NOT_SENT, ok(job=job()))
    run(calls(io).jobs.retry(JOB_ID))
    assert len(io.asked) == 2


def test_a_rate_is_waited_for_as_long_as_the_answer_says() -> None:
    io = FakeIo(bad(429, {"retry-after": "7"}), ok(job=job()))
    run(calls(io).jobs.retry(JOB_ID))
    assert 7 <= io.slept[0] <= 7.5


@pytest.mark.parametrize("headers", [{}, {"retry-after": "3600"}, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}])
def test_a_limit_that_does_not_pass_soon_is_the_callers(headers: dict[str, str]) -> None:
    io = FakeIo(bad(429, headers, code="too_many_open_jobs"))
    with pytest.raises(RateLimited) as refused:
        run(calls(io).jobs.submit("a"))
    assert refused.value.retry_after == (3600 if headers.get("retry-after") == "3600" else None)
    assert refused.value.code == "too_many_open_jobs"
    assert io.slept == []


def test_retries_come_to_an_end() -> None:
    io = FakeIo(*[LOST] * 5)
    with pytest.raises(ConnectionFailed):
        run(calls(io).jobs.get(JOB_ID))
    assert len(io.asked) == 5

    io = FakeIo(LOST)
    with pytest.raises(ConnectionFailed):
        run(calls(io, retries=0).jobs.get(JOB_ID))


def test_a_deletion_whose_answer_was_lost_is_done() -> None:
    run(calls(FakeIo(LOST, bad(404))).jobs.delete(JOB_ID))
    with pytest.raises(NotFound):
        run(calls(FakeIo(NOT_SENT, bad(404))).jobs.delete(JOB_ID))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (413, TooLarge),
        (418, ApiError),
        (500, ServerError),
    ],
)
def test_a_refusal_is_raised_with_what_the_answer_says(status: int, kind: type[ApiError]) -> None:
    io = FakeIo(bad(status, code="a_code", traceId="t1", error="Not so"))
    with pytest.raises(ApiError) as refused:
        run(calls(io).jobs.get(JOB_ID))
    assert type(refused.value) is kind
    error = refused.value
    assert (error.status, error.code, error.message, error.trace_id) == (status, "a_code", "Not so", "t1")


def test_a_bad_request_names_the_field_and_a_conflict_the_job() -> None:
    io = FakeIo(bad(400, field="payload.width", error="Too wide", errors=[{"field": "payload.width", "message": "x"}]))
    with pytest.raises(BadRequest, match=r"payload\.width: Too wide") as refused:
        run(calls(io).jobs.submit("a"))
    assert refused.value.field == "payload.width"
    assert refused.value.errors == [{"field": "payload.width", "message": "x"}]

    with pytest.raises(Conflict) as taken:
        run(calls(FakeIo(bad(409, code="not_unique", jobId=JOB_ID))).jobs.submit("a"))
    assert taken.value.job_id == JOB_ID


@pytest.mark.parametrize(
    "answer",
    [Answer(200, {}, b"<html>"), Answer(302, {}, b"{}"), Answer(200, {}, b"[]"), ok(jobs=[]), ok(job=[]), ok(job={})],
)
def test_an_answer_of_something_else_is_said_to_be_one(answer: Answer) -> None:
    with pytest.raises(UnexpectedAnswer):
        run(calls(FakeIo(answer)).jobs.get(JOB_ID))


def test_an_error_page_of_a_proxy_is_an_error_of_the_server() -> None:
    with pytest.raises(ServerError, match="HTTP 500"):
        run(calls(FakeIo(Answer(500, {}, b"<html>"))).jobs.get(JOB_ID))
