"""Events and answers of the REST API, as pure functions."""

import base64
import json
from typing import Any

import orjson
import pytest

from infra.local.deployed.model import GatewayResponse, Route
from infra.local.http.http1 import Request
from infra.local.rest import responses
from infra.local.rest.events import Call, proxy_event
from infra.local.rest.routes import RouteTable


def request(**changes: Any) -> Call:
    """Return a plain GET with changes."""
    values: dict[str, Any] = {
        "path": "/jobs/a%20b",
        "query": "x=1&x=2&y=",
        "headers": (("Host", "127.0.0.1:2000"), ("X-Twice", "a"), ("X-Twice", "b"), ("User-Agent", "curl")),
        "body": b"",
        "request_id": "request-1",
        "trace_id": "Root=1",
        "time": 1_800_000_000.5,
    }
    values |= changes
    headers = list(values.pop("headers"))
    lookup = {name.lower(): value for name, value in headers}
    made = Request("GET", values["path"], headers, lookup, values.pop("body"))
    return Call(request=made, **values)


def event_of(made: Call, path: str = "/jobs/{id}", binary_types: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the event of a request to one route."""
    match = RouteTable([Route(path, frozenset({"GET"}))]).find(made.path)
    assert match is not None
    return proxy_event(made, match, stage="api", binary_types=frozenset(binary_types))


def test_an_event_has_single_and_multiple_values() -> None:
    event = event_of(request())
    assert event["headers"]["X-Twice"] == "b"
    assert event["multiValueHeaders"]["X-Twice"] == ["a", "b"]
    assert event["queryStringParameters"] == {"x": "2", "y": ""}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""]}


def test_the_path_stays_encoded_and_its_parameters_are_decoded() -> None:
    event = event_of(request())
    assert (event["path"], event["resource"]) == ("/jobs/a%20b", "/jobs/{id}")
    assert event["pathParameters"] == {"id": "a b"}


def test_absent_parts_are_null() -> None:
    event = event_of(request(path="/jobs", query=""), "/jobs")
    for name in ("pathParameters", "queryStringParameters", "multiValueQueryStringParameters", "body"):
        assert event[name] is None
    assert event["isBase64Encoded"] is False


def test_the_context_has_route_and_caller() -> None:
    context = event_of(request())["requestContext"]
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["identity"]["userAgent"] == "curl"
    assert (context["requestId"], context["stage"], context["path"]) == ("request-1", "api", "/api/jobs/a%20b")
    assert context["requestTime"] == "15/Jan/2027:08:00:00 +0000"
    assert context["requestTimeEpoch"] == 1_800_000_000_500
    assert context["resourcePath"] == "/jobs/{id}"


def test_the_forwarding_header_grows() -> None:
    event = event_of(request(headers=(("X-Forwarded-For", "10.0.0.1"),)))
    assert event["headers"]["X-Forwarded-For"] == "10.0.0.1, 127.0.0.1"


def test_a_binary_body_is_base64_and_a_text_body_is_text() -> None:
    binary = request(body=b"\xff\x00", headers=(("Content-Type", "image/png; q=1"),))
    event = event_of(binary, binary_types=("image/png",))
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\xff\x00", True)
    text = request(body="ü".encode(), headers=(("Content-Type", "text/plain"),))
    assert event_of(text, binary_types=("image/png",))["body"] == "ü"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", "/"),
        ("/jobs", "/jobs"),
        ("/jobs/", "/jobs"),
        ("/jobs/stats", "/jobs/stats"),
        ("/jobs/1", "/jobs/{id}"),
        ("/jobs/1/log", "/jobs/{id}/log"),
        ("/jobs/stats/log", "/jobs/{id}/log"),
        ("/files/a/b", "/files/{path+}"),
        ("/nothing", None),
        ("/jobs/1/2/3", None),
        ("/jobs//log", None),
    ],
)
def test_a_literal_segment_wins_over_a_parameter(path: str, found: str | None) -> None:
    paths = ["/", "/jobs", "/jobs/stats", "/jobs/{id}", "/jobs/{id}/log", "/files/{path+}"]
    match = RouteTable(Route(path, frozenset({"GET"})) for path in paths).find(path)
    assert (match.route.path if match else None) == found


def test_a_functions_answer_becomes_a_response() -> None:
    answer = {
        "statusCode": 201,
        "headers": {"Content-Type": "text/plain", "X-Flag": True, "Connection": "close"},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        "body": "made",
    }
    response = responses.from_function(orjson.dumps(answer))
    assert (response.status, response.body) == (201, b"made")
    assert response.headers.getall("Set-Cookie") == ["a=1", "b=2"]
    assert response.headers["X-Flag"] == "true"
    assert "Connection" not in response.headers


def test_no_header_of_an_answer_is_renamed_and_no_request_id_added() -> None:
    answer = {"statusCode": 401, "headers": {"WWW-Authenticate": "Bearer"}, "body": ""}
    response = responses.from_function(orjson.dumps(answer))
    assert dict(response.headers) == {"WWW-Authenticate": "Bearer", "Content-Type": "application/json"}


def test_a_base64_answer_is_decoded() -> None:
    answer = {"statusCode": 200, "body": base64.b64encode(b"\x00\xff").decode(), "isBase64Encoded": True}
    assert responses.from_function(orjson.dumps(answer)).body == b"\x00\xff"


@pytest.mark.parametrize(
    "payload",
    [
        b"null",
        b'"text"',
        b"{",
        b'{"statusCode": "many"}',
        b'{"statusCode": 200, "body": {"no": "string"}}',
        b'{"statusCode": 200, "body": "!", "isBase64Encoded": true}',
        b'{"statusCode": 200, "headers": {"A": "b\\r\\nInjected: yes"}}',
    ],
)
def test_an_answer_that_is_none_is_malformed(payload: bytes) -> None:
    with pytest.raises(responses.MalformedProxyResponseError):
        responses.from_function(payload)


def test_gateway_responses_are_shaped_by_the_template() -> None:
    configured = {
        "MISSING_AUTHENTICATION_TOKEN": GatewayResponse(
            404, {"X-Trace-Id": "context.requestId", "X-Static": "'yes'"}, '{"traceId": "$context.requestId"}'
        ),
        "DEFAULT_5XX": GatewayResponse(None, {}, '{"error": $context.error.messageString}'),
    }
    missing = responses.from_gateway("MISSING_AUTHENTICATION_TOKEN", "id-1", configured, {})
    assert (missing.status, missing.headers["X-Trace-Id"], missing.headers["X-Static"]) == (404, "id-1", "yes")
    assert json.loads(missing.body) == {"traceId": "id-1"}
    timeout = responses.from_gateway("INTEGRATION_TIMEOUT", "id-1", configured, {"Access-Control-Allow-Origin": "*"})
    assert (timeout.status, json.loads(timeout.body)) == (504, {"error": "Endpoint request timed out"})
    assert timeout.headers["Access-Control-Allow-Origin"] == "*"


def test_without_a_template_the_answers_are_awss() -> None:
    missing = responses.from_gateway("MISSING_AUTHENTICATION_TOKEN", "id-1", {}, {})
    assert (missing.status, json.loads(missing.body)) == (403, {"message": "Missing Authentication Token"})
