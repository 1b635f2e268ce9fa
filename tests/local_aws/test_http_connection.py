"""A connection's limits of time and memory, and its answers, over real sockets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from infra.local.front import Front
from infra.local.http.connection import HttpConnection, Respond, Times
from infra.local.http.http1 import Request, Response

SHORT = Times(head_s=0.2, body_s=0.2, idle_s=0.2, unread_s=0.2)
LONG_S = 20.0


@dataclass
class Server:
    """A server of the test, and the requests that it got."""

    port: int = 0
    asked: list[Request] = field(default_factory=list)

    async def talk(self, *pieces: bytes, until_closed: bool = True) -> bytes:
        """Send, then read until the server closes the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read() if until_closed else reader.read(65536), LONG_S)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        return answer


@asynccontextmanager
async def serve(respond: Respond | None = None, times: Times = SHORT, limit: int = 1000) -> AsyncIterator[Server]:
    server = Server()

    def hello(request: Request) -> Response:
        server.asked.append(request)
        return Response.text(200, "hello")

    factory: Callable[[], asyncio.Protocol] = lambda: HttpConnection(respond or hello, limit, times=times)  # noqa: E731
    listening = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", b"408"),
        (b"GET / HT", b"408"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"408"),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", b"408"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", b"408"),
        (b"\x16\x03\x01\x02\x00", b"400"),
        (b"GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n", b"421"),
    ],
)
def test_a_request_that_does_not_end_or_is_none_is_answered(sent: bytes, status: bytes) -> None:
    async def ask() -> bytes:
        async with serve() as server:
            return await server.talk(sent)

    assert asyncio.run(ask()).startswith(b"HTTP/1.1 " + status)


def test_an_idle_connection_is_closed_after_its_answer() -> None:
    async def ask() -> bytes:
        async with serve() as server:
            return await server.talk(b"GET / HTTP/1.1\r\n\r\n")

    assert asyncio.run(ask()).endswith(b"hello")


def test_an_answer_may_take_longer_than_a_head() -> None:
    async def slow(_: Request) -> Response:
        await asyncio.sleep(3 * SHORT.head_s)
        return Response.text(200, "late")

    async def ask() -> bytes:
        async with serve(slow) as server:
            return await server.talk(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert asyncio.run(ask()).endswith(b"late")


def test_many_requests_at_once_are_answered_in_order() -> None:
    """They arrive faster than they are answered, and more than may wait."""

    async def number(request: Request) -> Response:
        await asyncio.sleep(0)
        return Response.text(200, request.target)

    async def ask() -> bytes:
        async with serve(number) as server:
            return await server.talk(*(f"GET /{n} HTTP/1.1\r\n\r\n".encode() for n in range(500)))

    answers = asyncio.run(ask())
    bodies = [answer.partition(b"HTTP/1.1")[0] for answer in answers.split(b"\r\n\r\n")[1:]]
    assert bodies == [f"/{n}".encode() for n in range(500)]


def test_a_client_that_does_not_read_is_answered_a_little_and_then_cut_off() -> None:
    answered = 0

    def large(_: Request) -> Response:
        nonlocal answered
        answered += 1
        return Response.text(200, "x" * 1_000_000)

    async def flood() -> None:
        async with serve(large) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1000)
            writer.write(b"GET / HTTP/1.1\r\n\r\n" * 2000)
            transport = writer.transport
            while not transport.is_closing():  # it notices the end when it writes
                writer.write(b"\r\n")
                await asyncio.sleep(0.02)
            assert not reader.at_eof()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    asyncio.run(asyncio.wait_for(flood(), LONG_S))
    assert 0 < answered < 100


def test_the_front_waits_for_a_head_no_longer_than_others() -> None:
    async def ask() -> bytes:
        def http() -> asyncio.Protocol:
            return HttpConnection(lambda _: Response.text(200, "http"), 1000, times=SHORT)

        front: Callable[[], asyncio.Protocol] = lambda: Front(http, http, lambda _: True, times=SHORT)  # noqa: E731
        listening = await asyncio.get_running_loop().create_server(front, "127.0.0.1", 0)
        async with listening:
            server = Server(listening.sockets[0].getsockname()[1])
            assert await server.talk(b"GET / HTTP/1.1\r\nHost: x") == b""
            assert (await server.talk(b"\x16\x03\x01\x02")).startswith(b"HTTP/1.1 400")
            return await server.talk(b"GET / HT", b"TP/1.1\r\nConnection: close\r\n\r\n")

    assert asyncio.run(ask()).endswith(b"http")
