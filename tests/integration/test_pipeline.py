"""The pipeline of every request: trace ids, errors, log lines, CORS, dependencies that are down."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from chalice.app import Chalice, NotFoundError, Response

import chalicelib.api.container as composition
from app import app
from chalicelib.api import pipeline
from chalicelib.api.call import Call
from chalicelib.api.routing import Auth, Route
from chalicelib.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    MisconfiguredError,
    NotFound,
    QueueClosed,
    QueueCraftError,
    RateLimited,
    TooLarge,
    TooManyActiveJobs,
    Unavailable,
)
from infra.local.databases import free_port
from tests.api_client import PASSWORD, Api, Person
from tests.container import Container
from tests.support import soon

pytestmark = pytest.mark.integration


def event(**changes: Any) -> dict[str, Any]:
    context = {"httpMethod": "GET", "resourcePath": "/thing", "identity": {"sourceIp": "203.0.113.7"}}
    return {
        "path": "/thing", "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": None,
        "stageVariables": None, "body": None, "isBase64Encoded": False, "requestContext": context, **changes,
    }  # fmt: skip


def serve(handler: Any, **changes: Any) -> tuple[int, Any, dict[str, Any]]:
    route = Route("GET", "/thing", "Test", handler, None, auth=Auth.NONE)
    response = pipeline.serve(route, event(**changes))
    return response.status_code, json.loads(response.body), response.headers


def raising(error: Exception) -> Any:
    def handler(call: Call) -> None:
        raise error

    return handler


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_sync_is_a_bare_number(api: Api) -> None:
    answer = api.get("/sync")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert abs(int(answer.text) - time.time() * 1000) < 5_000


def test_a_trace_id_is_kept(api: Api) -> None:
    assert api.get("/sync", headers={"X-Trace-Id": "trace-1"}).trace_id == "trace-1"
    assert api.get("/sync", headers={"x-trace-id": "trace-1"}).trace_id == "trace-1"
    assert api.get("/me", headers={"X-Trace-Id": "trace-1"}).json["traceId"] == "trace-1"


@pytest.mark.parametrize("given", [None, "", "a\r\nSet-Cookie: x=1", "x" * 129])
def test_a_trace_id_is_created(api: Api, given: str | None) -> None:
    made = api.get("/sync", headers={} if given is None else {"X-Trace-Id": given}).trace_id

    assert uuid.UUID(made).version == 4


def test_browsers_may_call_only_from_the_dashboard(api: Api) -> None:
    headers = api.get("/sync").headers

    assert headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert "X-Trace-Id" in headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (InvalidInput("No", "a.b"), 400, {"error": "No", "code": "invalid_input", "field": "a.b"}),
        (InvalidInput("No"), 400, {"error": "No", "code": "invalid_input"}),
        (Forbidden("No"), 403, {"error": "No", "code": "forbidden"}),
        (NotFound("No"), 404, {"error": "No", "code": "not_found"}),
        (Conflict("No"), 409, {"error": "No", "code": "conflict"}),
        (TooLarge("No"), 413, {"error": "No", "code": "too_large"}),
        (Unavailable("No"), 503, {"error": "No", "code": "unavailable"}),
        (QueueClosed("No"), 503, {"error": "No", "code": "queue_closed"}),
        (MisconfiguredError("SECRET_KEY"), 500, {"error": "Internal error", "code": "internal"}),
        (QueueCraftError("a detail"), 500, {"error": "Internal error", "code": "internal"}),
        (ValueError("a detail"), 500, {"error": "Internal error", "code": "internal"}),
        (RecursionError("a detail"), 500, {"error": "Internal error", "code": "internal"}),
    ],
)
def test_errors_become_responses(api: Api, error: Exception, status: int, body: dict[str, str]) -> None:
    got, answer, headers = serve(raising(error), headers={"X-Trace-Id": "t"})

    assert got == status
    assert answer == {"success": False, "traceId": "t", **body}
    assert headers["X-Trace-Id"] == "t"
    assert ("Retry-After" in headers) == (status == 503)


def test_the_rate_limit_has_the_documented_body(api: Api) -> None:
    message = "Maximum 10 job creation attempts per minute. Try again in 7 seconds."

    got, answer, headers = serve(raising(RateLimited(message, retry_after_s=7)))

    assert got == 429
    assert answer == {"success": False, "error": "Rate limit exceeded", "message": message, "retryAfter": 7}
    assert headers["Retry-After"] == "7"


def test_the_active_limit_has_the_documented_body(api: Api) -> None:
    message = "Rate limit exceeded. Maximum 5 active jobs allowed."

    got, answer, headers = serve(raising(TooManyActiveJobs(message)))

    assert got == 429
    assert answer == {"success": False, "error": message, "traceId": headers["X-Trace-Id"]}


def test_a_stack_trace_is_logged_and_not_sent(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    _, answer, headers = serve(raising(ValueError("a detail")))

    assert "detail" not in json.dumps(answer)
    assert "Traceback" not in json.dumps(answer)
    error, request = log_lines(capsys)
    assert (error["event"], error["traceId"]) == ("error", headers["X-Trace-Id"])
    assert "ValueError: a detail" in error["exception"]
    assert request["status"] == 500


def test_a_request_is_logged(api: Api, alice: Person, capsys: pytest.CaptureFixture[str]) -> None:
    answer = api.patch(f"/members/{alice.id}", {"role": "admin"}, by=alice)

    (line,) = log_lines(capsys)
    assert line["duration_ms"] > 0
    assert {name: line[name] for name in line if name not in {"timestamp", "duration_ms"}} == {
        "level": "INFO",
        "service": "queuecraft",
        "message": "PATCH /members/{id}",
        "event": "request",
        "method": "PATCH",
        "path": f"/members/{alice.id}",
        "status": 200,
        "traceId": answer.trace_id,
        "userId": alice.id,
    }


def test_passwords_and_tokens_are_in_no_log_line(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    new = {"username": "Ada", "email": "ada@example.com", "password": PASSWORD}
    api.post("/user/create", new)
    api.post("/user/create", new | {"email": "not an address"})
    token = api.post("/login", {"email": new["email"], "password": PASSWORD, "cookie": True}).json["jwt"]
    api.post("/login", {"email": new["email"], "password": PASSWORD + "!"})
    api.post("/login", raw='{"password":"' + PASSWORD, headers={"Content-Type": "application/json"})
    member = api.post("/members", {"username": "Bob", "email": "bob@example.com"}, by=token)
    api.post("/me/password", {"current_password": PASSWORD, "new_password": PASSWORD + "2"}, by=token)

    out = capsys.readouterr().out
    assert len(out.splitlines()) == 7
    for secret in (PASSWORD, token, member.json["password"], "$argon2"):
        assert secret not in out


def test_passwords_are_in_no_answer(api: Api, alice: Person) -> None:
    bad: dict[str, Any] = {"username": "", "email": "x", "password": PASSWORD, "extra": PASSWORD}
    for answer in (
        api.post("/user/create", bad),
        api.post("/login", {"email": alice.email, "password": PASSWORD + "!"}),
        api.post("/login", {"email": alice.email, "password": [PASSWORD]}),
        api.get("/me", by=alice),
        api.get("/members", by=alice),
    ):
        assert PASSWORD not in answer.text
        assert "argon2" not in answer.text


@pytest.mark.parametrize("raw", ["", "{", "[]", "nonsense", '{"email":', "[" * 100_000, '{"a":' * 2_000])
def test_a_bad_body_is_a_400(api: Api, raw: str) -> None:
    answer = api.post("/login", raw=raw, headers={"Content-Type": "application/json"})

    assert (answer.status, answer.json["code"]) == (400, "invalid_input")


def test_a_body_where_none_is_declared_is_refused(api: Api, alice: Person) -> None:
    assert api.post("/logout", {"x": 1}, by=alice).status == 400
    assert api.post("/logout", {}, by=alice).status == 200


def test_a_large_body_is_a_413(api: Api) -> None:
    body = {"email": "x" * 300_000, "password": PASSWORD}

    assert api.post("/login", body).status == 413


def test_an_unknown_query_parameter_is_a_400(api: Api, alice: Person) -> None:
    answer = api.get("/me", by=alice, query={"$where": "sleep(1000)"})

    assert (answer.status, answer.json["field"]) == (400, "$where")


def test_credentials_are_checked_before_the_body(api: Api) -> None:
    """Without credentials, nobody learns what a route accepts."""
    assert api.patch("/me", {"nonsense": 1}).status == 401
    assert api.patch("/members/nonsense", {"nonsense": 1}).status == 401


def test_an_unknown_method_is_an_error_in_our_format(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    context = {"httpMethod": "PUT", "resourcePath": "/sync"}

    answer = app(event(requestContext=context, headers={"X-Trace-Id": "t"}), None)

    assert answer["statusCode"] == 405
    assert answer["headers"]["X-Trace-Id"] == "t"
    assert answer["headers"]["Allow"] == "GET"
    assert json.loads(answer["body"]) == {
        "success": False, "error": "This method is not allowed here", "code": "method_not_allowed", "traceId": "t",
    }  # fmt: skip
    assert log_lines(capsys)[0]["status"] == 405


def test_a_plain_route_of_the_app_returns_its_own_response(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    own = Chalice("own", configure_logs=False)
    own.register_middleware(pipeline.tidy, "http")
    views: dict[str, Callable[[], Any]] = {
        "/plain": lambda: {"mine": True},
        "/text": lambda: Response("hello", {"Content-Type": "text/plain"}, 201),
        "/code": lambda: Response({"Code": "mine"}, status_code=400),
        "/none": lambda: _raise(NotFoundError("no such cat")),
        "/fails": lambda: _raise(ValueError("secret")),
    }
    for path, view in views.items():
        own.route(path, name=path)(view)

    def ask(path: str) -> tuple[int, Any, str]:
        context = {"httpMethod": "GET", "resourcePath": path}
        answer = own(event(requestContext=context, headers={"X-Trace-Id": "t"}), None)
        assert answer["headers"]["X-Trace-Id"] == "t"
        return answer["statusCode"], answer["body"], answer["headers"].get("Content-Type", "")

    assert ask("/plain") == (200, '{"mine":true}', "")
    assert ask("/text") == (201, "hello", "text/plain")
    assert ask("/code") == (400, '{"Code":"mine"}', "")
    status, body, _ = ask("/none")
    shape = {"success": False, "error": "no such cat", "code": "not_found", "traceId": "t"}
    assert (status, json.loads(body)) == (404, shape)
    status, body, _ = ask("/fails")
    assert (status, json.loads(body)["error"]) == (500, "Internal error")
    answered = [line for line in log_lines(capsys) if line.get("event") == "request"]
    assert [line["status"] for line in answered] == [200, 201, 400, 404, 500]


def _raise(error: Exception) -> None:
    raise error


def test_an_event_that_is_no_request_is_an_error_in_our_format(api: Api) -> None:
    answer = app({"requestContext": {}}, None)

    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["code"] == "internal"


# --- dependencies that are down ------------------------------------------------------------------------------------


@pytest.fixture
def broken(container: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The API with the address of a server that does not run."""
    made: list[Container] = []

    def bind(**settings: Any) -> Api:
        made.append(Container(replace(container.settings, **settings)))
        monkeypatch.setattr(composition, "get_container", lambda: made[-1])
        return Api(made[-1])

    yield bind
    for each in made:
        each.close()


def test_without_redis_log_in_answers_503_at_once(broken: Any, alice: Person) -> None:
    api = broken(redis_url=f"redis://127.0.0.1:{free_port()}/0")

    answer = soon(lambda: api.post("/login", {"email": alice.email, "password": PASSWORD}), 2)

    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert "127.0.0.1" not in answer.text
    assert api.get("/me", by=alice).status == 200


def test_without_mongodb_a_session_answers_503(broken: Any, alice: Person) -> None:
    api = broken(mongodb_uri=f"mongodb://127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=200")

    answer = soon(lambda: api.get("/me", by=alice), 5)

    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert "127.0.0.1" not in answer.text
    assert api.get("/sync").status == 200
