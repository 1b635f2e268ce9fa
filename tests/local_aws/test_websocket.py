"""The WebSocket gateway and `@connections` over sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from botocore.exceptions import ClientError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from infra.local.console import Console
from infra.local.lambda_.service import LambdaService
from infra.local.logs import Logs
from infra.local.testing import LocalStack
from infra.local.websocket.connections import Connections
from infra.local.websocket.gateway import WebSocketGateway
from infra.local.websocket.protocol import Limits
from tests.local_aws.conftest import eventually

pytestmark = pytest.mark.e2e


async def receive(client: ClientConnection) -> Any:
    """Return the next message, parsed if it is JSON."""
    message = await asyncio.wait_for(client.recv(), 10)
    return json.loads(message) if message[:1] in {"{", "["} else message


async def connection_id(client: ClientConnection) -> str:
    """Return the id that the gateway gave this client."""
    await client.send("event")
    return str((await receive(client))["requestContext"]["connectionId"])


def test_a_message_reaches_the_function_and_its_answer_comes_back(stack: LocalStack) -> None:
    async def test() -> None:
        async with connect(f"{stack.ws_url}/?token=t") as client:
            await client.send("hello")
            assert await receive(client) == "hello"
            await client.send("event")
            event = await receive(client)
            context = event["requestContext"]
            assert (context["routeKey"], context["eventType"], context["stage"]) == ("$default", "MESSAGE", "v1")
            assert event["body"] == "event"
            assert context["connectionId"].endswith("=")
            assert context["messageId"]
            assert context["connectedAt"] <= context["requestTimeEpoch"]

    asyncio.run(test())


def test_messages_of_a_client_arrive_in_order(stack: LocalStack) -> None:
    async def test() -> None:
        async with connect(stack.ws_url) as client:
            for number in range(20):
                await client.send(str(number))
            assert [await receive(client) for _ in range(20)] == [str(number) for number in range(20)]

    asyncio.run(test())


def test_connect_may_refuse_with_a_status(stack: LocalStack) -> None:
    async def test() -> None:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{stack.ws_url}/?refuse=401")
        assert refused.value.response.status_code == 401
        assert refused.value.response.headers["X-Why"] == "because"
        with pytest.raises(InvalidStatus) as split:
            await connect(f"{stack.ws_url}/?refuse=401&why=a%0D%0AX-Evil:%20b")
        assert split.value.response.status_code == 500 and "X-Evil" not in split.value.response.headers
        with pytest.raises(InvalidStatus) as failed:
            await connect(f"{stack.ws_url}/?fail=1")
        assert failed.value.response.status_code == 500

    asyncio.run(test())


def test_a_failing_message_handler_shows_and_the_connection_lives(stack: LocalStack) -> None:
    async def test() -> None:
        async with connect(stack.ws_url) as client:
            await client.send("fail")
            error = await receive(client)
            assert error["message"] == "Internal server error"
            assert error["connectionId"]
            await client.send("still here")
            assert await receive(client) == "still here"

    asyncio.run(test())


@pytest.mark.parametrize("frames", [["x" * 40_000], ["x" * 30_000] * 5])
def test_frames_and_messages_that_are_too_large_close_with_1009(stack: LocalStack, frames: list[str]) -> None:
    async def test() -> None:
        async with connect(stack.ws_url) as client:
            with pytest.raises(ConnectionClosed) as closed:
                await client.send(frames)
                await receive(client)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009

    asyncio.run(test())


def test_a_large_message_in_allowed_frames_passes(stack: LocalStack) -> None:
    async def test() -> None:
        async with connect(stack.ws_url) as client:
            await client.send(["y" * 30_000] * 4)
            assert len(await receive(client)) == 120_000

    asyncio.run(test())


def test_disconnect_tells_the_function_how_it_ended(stack: LocalStack) -> None:
    async def test() -> str:
        async with connect(stack.ws_url) as client:
            identifier = await connection_id(client)
            await client.close(4001, "enough")
        await eventually(lambda: f"disconnected {identifier} 4001" in stack.output)
        return identifier

    asyncio.run(test())


@pytest.mark.parametrize("base", ["aws_url", "websocket", "staged"])
def test_connections_can_be_posted_to_read_and_deleted(stack: LocalStack, base: str) -> None:
    http = f"http://127.0.0.1:{stack.ws_port}"
    endpoint = {"aws_url": stack.aws_url, "websocket": http, "staged": f"{http}/v1"}[base]

    async def test() -> None:
        async with connect(stack.ws_url, user_agent_header="tester") as client, aiohttp.ClientSession() as session:
            url = f"{endpoint}/@connections/{quote(await connection_id(client), safe='')}"
            async with session.post(url, data=b'{"a": 1}') as response:
                assert response.status == 200
            assert await receive(client) == {"a": 1}
            async with session.get(url) as response:
                assert (await response.json())["identity"]["userAgent"] == "tester"
            async with session.post(url, data=b"x" * (128 * 1024 + 1)) as response:
                assert response.status == 413
            async with session.delete(url) as response:
                assert response.status == 204
            with pytest.raises(ConnectionClosed):
                await receive(client)
            await client.wait_closed()
            async with session.post(url, data=b"late") as response:
                assert response.status == 410
                assert response.headers["x-amzn-ErrorType"] == "GoneException"

    asyncio.run(test())


def test_boto3_sees_a_gone_connection(stack: LocalStack) -> None:
    client = stack.aws_client("apigatewaymanagementapi")
    with pytest.raises(ClientError) as gone:
        client.post_to_connection(ConnectionId="nobody=", Data=b"x")
    assert gone.value.response["Error"]["Code"] == "GoneException"


def test_the_dashboards_port_serves_the_same_sockets(stack: LocalStack) -> None:
    async def test() -> None:
        async with connect(f"ws://127.0.0.1:{stack.ui_port}/ws") as client:
            await client.send("same")
            assert await receive(client) == "same"

    asyncio.run(test())


# Without functions, on a gateway with short limits


@asynccontextmanager
async def bare_gateway(limits: Limits, console: Console, logs: Logs) -> AsyncIterator[tuple[str, Connections]]:
    """A gateway that accepts every client and has no handler of messages."""
    connections = Connections()
    gateway = WebSocketGateway(LambdaService(logs, lambda: None), connections, "local", limits)
    gateway.deploy_routes({"$none": "Nobody"}, "api")
    server = await asyncio.get_running_loop().create_server(gateway.socket, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", connections
    console.flush()


@pytest.fixture
def bare(tmp_path: Any) -> Iterator[Callable[[Limits], Any]]:
    console = Console((tmp_path / "console").open("w"))
    logs = Logs(tmp_path / "logs", console)

    def make(limits: Limits) -> Any:
        return bare_gateway(limits, console, logs)

    yield make
    logs.close()
    console.close()


@pytest.mark.parametrize("limits", [Limits(idle_s=0.05), Limits(duration_s=0.05)])
def test_a_connection_ends_when_it_is_idle_or_old(bare: Callable[[Limits], Any], limits: Limits) -> None:
    async def test() -> None:
        async with bare(limits) as (url, _), connect(url) as client:
            with pytest.raises(ConnectionClosed) as closed:
                await receive(client)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001

    asyncio.run(test())


def test_a_client_that_does_not_read_is_disconnected_and_delays_no_other(bare: Callable[[Limits], Any]) -> None:
    async def test() -> None:
        async with (
            bare(Limits(unread_bytes=100_000)) as (url, connections),
            connect(url, max_queue=1) as lazy,
            connect(url) as keen,
        ):
            await eventually(lambda: len(connections) == 2)
            first, second = connections.all()
            lazy.transport.pause_reading()
            message = b"z" * 50_000
            assert any(not first.send(message) for _ in range(2000))
            assert second.send(b"quick")
            assert await receive(keen) == "quick"
            await eventually(lambda: len(connections) == 1)
            lazy.transport.abort()

    asyncio.run(test())


def test_a_thousand_posts_reach_a_thousand_sockets(bare: Callable[[Limits], Any]) -> None:
    async def test() -> None:
        async with bare(Limits()) as (url, connections):
            clients: list[ClientConnection] = []
            for _ in range(20):
                clients += await asyncio.gather(*(connect(url, compression=None) for _ in range(50)))
            await eventually(lambda: len(connections) == 1000)
            for peer in connections.all():
                assert peer.send(b'{"type":"job:created"}')
            for client in clients:
                assert (await receive(client))["type"] == "job:created"
            await asyncio.gather(*(client.close() for client in clients))

    asyncio.run(test())
