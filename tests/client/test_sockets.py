"""The WebSockets of both clients, against a server on this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from queuecraft_client import ConnectionFailed
from queuecraft_client._blocking import run
from queuecraft_client._io import AsyncIo, BlockingIo, Io


def echo(socket: ServerConnection) -> None:
    """Send back what comes, until ``bye``."""
    for text in socket:
        if text == "bye":
            return
        socket.send(text)


def refuse(socket: ServerConnection, request: Request) -> Response | None:
    return socket.respond(HTTPStatus.UNAUTHORIZED, "no") if "ticket=bad" in request.path else None


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(echo, "127.0.0.1", 0, process_request=refuse) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join(10)


async def scenario(io: Io, port: int) -> None:
    """Send, hear an echo, hear nothing, lose the connection; be refused."""
    socket = await io.open_socket(f"ws://127.0.0.1:{port}/?ticket=good", 10)
    await socket.send("hello")
    assert await socket.receive(10) == "hello"
    assert await socket.receive(0.01) is None
    await socket.send("bye")
    with pytest.raises(ConnectionFailed, match="closed"):
        await socket.receive(10)
    with pytest.raises(ConnectionFailed, match="closed"):
        await socket.send("hello")
    await socket.close()
    await socket.close()
    with pytest.raises(ConnectionFailed, match="HTTP 401"):
        await io.open_socket(f"ws://127.0.0.1:{port}/?ticket=bad", 10)
    with pytest.raises(ConnectionFailed, match="did not open"):
        await io.open_socket("ws://127.0.0.1:1/", 10)
    with pytest.raises(ConnectionFailed, match="did not open"):
        await io.open_socket("no address", 10)
    before = io.now()
    await io.sleep(0.001)
    assert io.now() > before
    async with io.lock():
        pass
    await io.close()


def port_of(server: Server) -> int:
    address: Any = server.socket.getsockname()
    return int(address[1])


def test_of_the_blocking_client(server: Server) -> None:
    run(scenario(BlockingIo(), port_of(server)))


def test_of_the_asynchronous_client(server: Server) -> None:
    asyncio.run(scenario(AsyncIo(), port_of(server)))
