"""The REST gateway over sockets."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from infra.local.deployed.model import Deployment, Route
from infra.local.rest.gateway import RestGateway
from infra.local.testing import LocalStack
from tests.local_aws.conftest import Bench, type_of_run

pytestmark = pytest.mark.e2e


def ask(
    stack: LocalStack,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    port: int | None = None,
) -> tuple[http.client.HTTPResponse, bytes]:
    """Send one request on its own connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port or stack.port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_a_route_answers_through_chalice(stack: LocalStack) -> None:
    response, body = ask(stack, "GET", "/sync")
    assert response.status == 200
    assert int(body) > 1_700_000_000_000
    assert response.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_a_function_gets_the_whole_request(stack: LocalStack) -> None:
    headers = {"Content-Type": "application/json", "X-Trace-Id": "abc"}
    response, body = ask(stack, "POST", "/event?a=1&a=2&b=x;y|{z}", b'{"n": 1}', headers)
    event = json.loads(body)["event"]
    assert response.status == 200
    assert event["httpMethod"] == "POST"
    assert event["body"] == '{"n": 1}'
    assert event["headers"]["X-Trace-Id"] == "abc"
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["x;y|{z}"]}
    assert event["requestContext"]["path"] == "/v1/event"
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


def test_path_parameters_are_decoded(stack: LocalStack) -> None:
    _, body = ask(stack, "GET", "/echo/j%C3%BCrgen%20b?q=1")
    answer = json.loads(body)
    assert answer["uri_params"] == {"name": "jürgen b"}
    assert answer["query_params"] == {"q": "1"}


def test_binary_bodies_pass_in_both_directions(stack: LocalStack) -> None:
    content = bytes(range(256))
    _, body = ask(stack, "POST", "/event", content, {"Content-Type": "application/x-sample"})
    event = json.loads(body)["event"]
    assert event["isBase64Encoded"] is True
    response, answer = ask(stack, "GET", "/bytes", headers={"Accept": "application/octet-stream"})
    assert (response.headers["Content-Type"], answer) == ("application/octet-stream", content)


def test_a_header_may_have_several_values(stack: LocalStack) -> None:
    response, body = ask(stack, "GET", "/multi")
    assert body == b"plain"
    assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_a_preflight_is_answered_without_the_function(stack: LocalStack) -> None:
    response, body = ask(stack, "OPTIONS", "/echo/x")
    assert (response.status, body) == (200, b"")
    assert response.headers["Access-Control-Allow-Methods"] == "GET,POST,PUT,OPTIONS"
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("DELETE", "/sync"), ("HEAD", "/sync")])
def test_an_unknown_route_gets_the_templates_answer(stack: LocalStack, method: str, path: str) -> None:
    response, body = ask(stack, method, path, headers={"X-Trace-Id": "my-trace"})
    assert response.status == 404
    assert response.headers["X-Trace-Id"] == "my-trace"
    if method != "HEAD":
        assert json.loads(body) == {"success": False, "error": "Not found", "traceId": "my-trace"}


def test_a_gateways_answer_has_a_trace_id_of_its_own_when_none_was_given(stack: LocalStack) -> None:
    response, _ = ask(stack, "GET", "/nothing")
    assert len(response.headers["X-Trace-Id"]) == 36
    response, _ = ask(stack, "GET", "/nothing", headers={"X-Trace-Id": "with space"})
    assert len(response.headers["X-Trace-Id"]) == 36


def test_a_function_that_dies_is_a_502_and_the_next_request_is_answered(stack: LocalStack) -> None:
    response, body = ask(stack, "GET", "/exit")
    assert (response.status, json.loads(body)) == (502, {"message": "Internal server error"})
    assert response.headers["X-Trace-Id"]
    assert ask(stack, "GET", "/sync")[0].status == 200


def test_a_function_that_takes_longer_than_its_timeout_is_a_502(stack: LocalStack) -> None:
    assert ask(stack, "GET", "/slow/5")[0].status == 502


def test_a_body_above_ten_megabytes_is_a_413(stack: LocalStack) -> None:
    response, body = ask(stack, "POST", "/event", headers={"Content-Length": str(10 * 1024 * 1024 + 1)})
    assert (response.status, json.loads(body)) == (413, {"message": "Request Entity Too Large"})


def test_a_refused_body_may_be_sent_to_its_end(stack: LocalStack) -> None:
    response, _ = ask(stack, "POST", "/event", b"x" * 12_000_000, {"Content-Type": "text/plain"})
    assert response.status == 413
    assert response.headers["Connection"] == "close"


def test_a_body_that_is_too_large_as_an_event_is_a_413(stack: LocalStack) -> None:
    response, _ = ask(stack, "POST", "/event", b"x" * 7_000_000, {"Content-Type": "text/plain"})
    assert response.status == 413


def test_the_environment_of_a_function(stack: LocalStack) -> None:
    variables = json.loads(ask(stack, "GET", "/environment")[1])
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "APIHandler"
    assert variables["AWS_ENDPOINT_URL"] == stack.aws_url
    assert variables["MONGODB_URI"] == stack.mongodb_uri
    assert variables["REDIS_URL"] == stack.redis_url
    assert variables["LAMBDA_TASK_ROOT"] == str(stack.project)
    assert variables["FROM_STAGE"] == "local"
    assert len(variables["SECRET_KEY"]) == 64
    assert not [name for name in variables if name.startswith("PYTEST_")]


@asynccontextmanager
async def gateway(bench: Bench, timeout_s: float, handler: str = "jobs.record") -> AsyncIterator[str]:
    """A gateway in front of a warm function, and its address."""
    bench.service.deploy([bench.function(handler=handler, concurrency=1, warm=1)])
    assert await bench.service.wait_until_warm(10)
    rest = RestGateway(bench.service, timeout_s=timeout_s)
    rest.deploy(
        Deployment(
            functions=(),
            aliases={},
            api_function="Recorder",
            api_stage="api",
            routes=(Route("/", frozenset({"GET"})),),
            binary_types=frozenset(),
            gateway_responses={},
            websocket_routes={},
            schedules=(),
        )
    )
    server = await asyncio.get_running_loop().create_server(rest.connection, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def test_an_answer_that_takes_too_long_is_a_504(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        async with (
            gateway(bench, timeout_s=0.1, handler="jobs.slow") as url,
            aiohttp.ClientSession() as client,
            client.get(url) as response,
        ):
            assert response.status == 504
            assert (await response.json())["message"] == "Endpoint request timed out"

    run(test)


def test_requests_queue_for_a_function_at_its_limit(run: type_of_run) -> None:
    async def test(bench: Bench) -> None:
        async with gateway(bench, timeout_s=20) as url, aiohttp.ClientSession() as client:

            async def status(_: Any) -> int:
                async with client.get(url) as response:
                    return response.status

            # The answer of `record` is not a proxy response with a body, so each is a 200 without one.
            assert set(await asyncio.gather(*map(status, range(20)))) == {200}
            assert len(bench.service.pids()["Recorder"]) == 1

    run(test)


def test_heads_above_ten_kilobytes_are_a_431(stack: LocalStack) -> None:
    answer, _ = ask(stack, "GET", "/sync", headers={"X-Long": "x" * 10_000})
    assert answer.status == 200
    answer, body = ask(stack, "GET", "/sync", headers={"X-Long": "x" * 10_240})
    assert answer.status == 431 and b"10240 bytes" in body
