"""Whatever a WebSocket client sends: the connection continues or ends, and its memory stays bounded."""

import asyncio
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.http11 import Request

from infra.local.websocket.protocol import Limits, Socket

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
LIMITS = Limits(frame_bytes=200, message_bytes=400, unread_bytes=10_000, queued_messages=5)


class Transport(asyncio.Transport):
    """A socket whose peer reads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.unread = 0
        self.reading = True
        self.ended = False

    def write(self, data: Any) -> None:
        self.unread += len(data)

    def write_eof(self) -> None: ...

    def get_write_buffer_size(self) -> int:
        return self.unread

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def is_reading(self) -> bool:
        return self.reading

    def is_closing(self) -> bool:
        return self.ended

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def close(self) -> None:
        self.ended = True

    abort = close


class Owner:
    """A gateway that accepts every client and handles messages slowly."""

    limits = LIMITS

    def __init__(self) -> None:
        self.messages: list[str | bytes] = []
        self.open = asyncio.Event()

    async def connecting(self, socket: Socket, request: Request) -> None:
        socket.accept(request)

    async def received(self, socket: Socket, message: str | bytes) -> None:
        self.messages.append(message)
        await self.open.wait()

    async def disconnected(self, socket: Socket, code: int, reason: str) -> None: ...


def frame(opcode: int, payload: bytes, *, final: bool) -> bytes:
    """Return a masked frame with the mask 0."""
    size = bytes((0x80 | len(payload),)) if len(payload) < 126 else bytes((0xFE,)) + len(payload).to_bytes(2, "big")
    return bytes((opcode | (0x80 if final else 0),)) + size + b"\0\0\0\0" + payload


FRAMES = st.builds(frame, st.integers(0, 15), st.binary(max_size=250), final=st.booleans())


async def feed(pieces: list[bytes]) -> tuple[Socket, Transport, Owner]:
    owner, transport = Owner(), Transport()
    socket = Socket(cast(Any, owner))
    socket.connection_made(transport)
    socket.data_received(HANDSHAKE)
    await asyncio.sleep(0)
    for piece in pieces:
        if transport.reading and not transport.ended:
            socket.data_received(piece)
            await asyncio.sleep(0)
    return socket, transport, owner


def check(pieces: list[bytes]) -> None:
    async def run() -> None:
        failed: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
        socket, transport, owner = await feed(pieces)
        assert sum(len(part) for part in socket._parts) <= LIMITS.message_bytes
        assert socket._inbox.qsize() <= LIMITS.queued_messages + 1
        assert transport.ended or transport.unread <= LIMITS.unread_bytes
        assert len(owner.messages) <= 1
        socket.connection_lost(None)
        owner.open.set()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not failed, failed

    asyncio.run(run())


@given(st.lists(FRAMES | st.binary(max_size=30), max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_frames(pieces: list[bytes]) -> None:
    check(pieces)


def test_floods() -> None:
    check([frame(9, b"x" * 100, final=True)] * 1000)  # pings whose answers are not read
    check([frame(1, b"", final=False), *[frame(0, b"", final=False)] * 10_000])
    check([frame(1, b"x", final=False), *[frame(0, b"x", final=False)] * 1000])
    check([frame(1, b"{}", final=True)] * 1000)
