"""``Client`` and ``AsyncClient``: the same calls, over HTTP."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from queuecraft_client import AsyncClient, Client, ConnectionFailed, RateLimited
from queuecraft_client._blocking import run
from tests.client.fake_io import JOB_ID, job


def api(asked: list[httpx2.Request]) -> Callable[[httpx2.Request], httpx2.Response]:
    """Return a server of one job, and of three in a list."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if request.url.path == "/v1/job":
            first = "cursor" not in request.url.params
            jobs = [job(), job()] if first else [job()]
            return httpx2.Response(200, json={"success": True, "jobs": jobs, "nextCursor": "c" if first else None})
        return httpx2.Response(200, json={"success": True, "job": job("completed", result=7)})

    return answer


def test_the_blocking_client() -> None:
    asked: list[httpx2.Request] = []
    with Client("http://api/v1/", token="secret", transport=httpx2.MockTransport(api(asked))) as client:
        assert client.jobs.submit("a", {"ü": 1}).id == JOB_ID
        assert client.wait(JOB_ID).result == 7
        assert len(list(client.jobs.list(q="a b"))) == 3
        client.jobs.list()  # nothing is asked before the first job is
    assert [f"{each.method} {each.url.raw_path.decode()}" for each in asked] == [
        "POST /v1/job/create",
        f"GET /v1/job/{JOB_ID}",
        "GET /v1/job?q=a+b&limit=200",
        "GET /v1/job?q=a+b&cursor=c&limit=200",
    ]
    assert json.loads(asked[0].content) == {"name": "a", "task": "a", "payload": {"ü": 1}}
    assert asked[0].headers["authorization"] == "Bearer secret"
    assert asked[0].headers["content-type"] == "application/json"


def test_the_asynchronous_client() -> None:
    asked: list[httpx2.Request] = []

    async def scenario() -> None:
        async with AsyncClient("http://api/v1", token="secret", transport=httpx2.MockTransport(api(asked))) as client:
            assert (await client.jobs.submit("a")).id == JOB_ID
            assert (await client.wait(JOB_ID)).result == 7
            assert len([each async for each in client.jobs.list()]) == 3

    asyncio.run(scenario())
    assert len(asked) == 4


def test_a_list_that_is_not_read_to_its_end_is_closed() -> None:
    with Client("http://api/v1", token="t", transport=httpx2.MockTransport(api([]))) as client:
        jobs = client.jobs.list()
        assert next(jobs).id == JOB_ID
        jobs.close()  # type: ignore[attr-defined]
        assert list(jobs) == []


@pytest.mark.parametrize(
    ("trouble", "sent"),
    [
        (httpx2.ConnectError("refused"), False),
        (httpx2.ConnectTimeout(""), False),
        (httpx2.ReadTimeout(""), True),
        (httpx2.RemoteProtocolError("gone"), True),
        (httpx2.WriteError("gone"), True),
    ],
)
def test_failures_tell_whether_the_call_was_sent(trouble: Exception, sent: bool) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise trouble

    with Client("http://api", token="t", retries=0, transport=httpx2.MockTransport(fail)) as client:
        with pytest.raises(ConnectionFailed, match=f"GET http://api/job/{JOB_ID}") as failed:
            client.jobs.get(JOB_ID)
        assert failed.value.sent is sent

    async def scenario() -> None:
        async with AsyncClient("http://api", token="t", retries=0, transport=httpx2.MockTransport(fail)) as other:
            with pytest.raises(ConnectionFailed) as lost:
                await other.jobs.get(JOB_ID)
            assert lost.value.sent is sent

    asyncio.run(scenario())


def test_each_answer_has_its_time() -> None:
    times = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        times.append(request.extensions["timeout"])
        return httpx2.Response(429, json={"error": "slow down"})

    client = Client("http://api", token="t", timeout=3, transport=httpx2.MockTransport(answer))
    with client, pytest.raises(RateLimited, match="slow down"):
        client.jobs.get(JOB_ID)
    assert times == [{"connect": 3, "read": 3, "write": 3, "pool": 3}]


def resources(client: Any) -> dict[str, Any]:
    return {name: each for name, each in vars(client).items() if not name.startswith("_")}


def signatures(of: Any) -> dict[str, str]:
    """Return the parameters of the calls; results of lists differ: Iterator and AsyncIterator."""
    found = inspect.getmembers(of, callable)
    return {name: str(inspect.signature(each)).partition(" ->")[0] for name, each in found if not name.startswith("_")}


def test_both_clients_have_the_same_calls() -> None:
    blocking, asynchronous = Client("http://api", token="t"), AsyncClient("http://api", token="t")
    assert resources(blocking).keys() == resources(asynchronous).keys()
    for name, resource in resources(blocking).items():
        assert signatures(resource) == signatures(resources(asynchronous)[name])
        assert inspect.getdoc(resource)
    for kind in (Client, AsyncClient):
        assert list(inspect.signature(kind).parameters)[:2] == ["url", "email"]
    assert signatures(blocking)["wait"] == signatures(asynchronous)["wait"]
    assert inspect.getdoc(Client.wait) == inspect.getdoc(AsyncClient.wait)
    blocking.close()
    asyncio.run(asynchronous.aclose())


def test_a_call_that_needs_an_event_loop_is_no_blocking_one() -> None:
    with pytest.raises(RuntimeError, match="event loop"):
        run(asyncio.sleep(0))
