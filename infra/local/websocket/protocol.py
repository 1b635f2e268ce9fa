"""One WebSocket connection: bytes on one side, events of the gateway on the other.

The wire format is parsed by `websockets`' sans-I/O protocol; this module adds the limits of API Gateway.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol, cast

from websockets.exceptions import InvalidHandshake, InvalidMessage
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from infra.local.websocket.connections import now_ms
from infra.local.websocket.events import Client


@dataclass(frozen=True, slots=True)
class Limits:
    """Quotas of https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html"""

    frame_bytes: int = 32 * 1024
    message_bytes: int = 128 * 1024
    idle_s: float = 600.0
    duration_s: float = 7200.0
    #: unread data after which a client is disconnected
    unread_bytes: int = 2 * 1024 * 1024
    #: messages of one client that wait for the function, after which its socket is not read
    queued_messages: int = 100


class SocketOwner(Protocol):
    """Callbacks of a socket to the gateway."""

    limits: Limits

    async def connecting(self, socket: "Socket", request: Request) -> None:
        """Called for a handshake; answer by `accept` or `reject`."""

    async def received(self, socket: "Socket", message: str | bytes) -> None:
        """Called for a message; the next one is passed when this returns."""

    async def disconnected(self, socket: "Socket", code: int, reason: str) -> None:
        """Called when an accepted connection has ended and its messages are done."""


class Socket(asyncio.Protocol):
    """A client's connection. Its events are passed to the owner one after another, in order."""

    client: Client

    def __init__(self, owner: SocketOwner) -> None:
        limits = owner.limits
        self._owner = owner
        self._protocol = ServerProtocol(max_size=(limits.message_bytes, limits.frame_bytes))
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._is_text = True
        self._inbox: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._was_open = False
        self._opened_at = 0.0
        self.last_active_at = now_ms()

    # asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        self._process()

    def eof_received(self) -> bool:
        self._protocol.receive_eof()
        self._process()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._protocol.state is not State.CLOSED:
            self._protocol.receive_eof()
        if self._timer is not None:
            self._timer.cancel()
        self._run(self._finish())

    # the gateway

    @property
    def peer_ip(self) -> str:
        """Address of the client."""
        peer = self._transport.get_extra_info("peername") if self._transport else None
        return str(peer[0]) if peer else "127.0.0.1"

    def accept(self, request: Request) -> bool:
        """Complete the handshake; return False when the client has disconnected or its request is invalid."""
        if self._transport is None:
            return False
        response = self._protocol.accept(request)
        self._protocol.send_response(response)
        self._flush()
        self._was_open = self._protocol.state is State.OPEN
        if self._was_open:
            self._read(True)
            self._opened_at = asyncio.get_running_loop().time()
            self._arm_timer()
            self._run(self._deliver())
        return self._was_open

    def reject(self, status: int, headers: dict[str, str], body: str) -> None:
        """Refuse the handshake with an HTTP status."""
        response = self._protocol.reject(status, body)
        for name, value in headers.items():
            if name in response.headers:
                del response.headers[name]
            response.headers[name] = value
        self._protocol.send_response(response)
        self._flush()

    def send(self, message: bytes) -> bool:
        """Send a text message (binary, if it is not UTF-8); return False when the client has disconnected or is too
        slow.
        """
        if self._transport is None or self._protocol.state is not State.OPEN:
            return False
        if self._transport.get_write_buffer_size() > self._owner.limits.unread_bytes:
            self._transport.abort()
            return False
        opcode = Opcode.TEXT if _is_utf8(message) else Opcode.BINARY
        self._transport.write(_frame_head(opcode, len(message)) + message)
        self._touch()
        return True

    def close(self, code: int, reason: str) -> None:
        """Start the closing handshake; a client that does not answer is disconnected."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason)
            self._flush()
            self._set_timer(5.0, self._abort)

    # inside

    def _process(self) -> None:
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._read(False)  # nothing else is read until the handshake is answered
                self._run(self._owner.connecting(self, event))
            elif isinstance(event, Frame):
                self._frame(event)
        if isinstance(self._protocol.handshake_exc, InvalidHandshake | InvalidMessage):
            self._abort()
        self._flush()

    def _frame(self, frame: Frame) -> None:
        self._touch()
        if frame.opcode in {Opcode.TEXT, Opcode.BINARY}:
            self._is_text = frame.opcode is Opcode.TEXT
            self._parts = [bytes(frame.data)]
        elif frame.opcode is Opcode.CONT:
            if frame.data:  # unlimited empty frames would be an unlimited list of parts
                self._parts.append(bytes(frame.data))
        else:
            return
        if frame.fin:
            self._message(b"".join(self._parts))

    def _message(self, data: bytes) -> None:
        try:
            self._inbox.put_nowait(data.decode() if self._is_text else data)
        except UnicodeDecodeError:
            self._protocol.fail(CloseCode.INVALID_DATA, "invalid UTF-8")
            return
        if self._inbox.qsize() > self._owner.limits.queued_messages:
            self._read(False)

    async def _deliver(self) -> None:
        while True:
            message = await self._inbox.get()
            self._read(True)
            try:
                await self._owner.received(self, message)
            finally:
                self._inbox.task_done()

    def _read(self, wanted: bool) -> None:
        """Resume or pause reading from the socket."""
        if self._transport is None or self._transport.is_closing() or self._transport.is_reading() is wanted:
            return
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    async def _finish(self) -> None:
        """Wait for the messages before the last byte to be handled, then call the owner once."""
        if not self._was_open:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._inbox.join(), 30)
        closed = self._protocol.close_rcvd or self._protocol.close_sent
        code, reason = (closed.code, closed.reason) if closed else (1006, "")
        await self._owner.disconnected(self, code, reason)
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    def _flush(self) -> None:
        if self._transport is None:
            return
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.write_eof()
        if self._transport.get_write_buffer_size() > self._owner.limits.unread_bytes:
            self._transport.abort()  # answers to pings accumulate too
        if self._protocol.state is State.CLOSED:
            self._transport.close()
        elif self._protocol.close_expected():
            self._set_timer(5.0, self._abort)

    def _touch(self) -> None:
        self.last_active_at = now_ms()

    def _arm_timer(self) -> None:
        """Set the timer to the earlier of the two time limits."""
        limits = self._owner.limits
        idle_s = (now_ms() - self.last_active_at) / 1000
        age_s = asyncio.get_running_loop().time() - self._opened_at
        if idle_s >= limits.idle_s or age_s >= limits.duration_s:
            self.close(CloseCode.GOING_AWAY, "Going away")
            return
        self._set_timer(max(0.005, min(limits.idle_s - idle_s, limits.duration_s - age_s)), self._arm_timer)

    def _set_timer(self, delay_s: float, callback: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(delay_s, callback)

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._check)

    def _check(self, task: "asyncio.Task[None]") -> None:
        """Log an internal error and close: it must neither go unnoticed nor leave the client waiting."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._abort()
            context = {"message": "WebSocket connection failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


def _frame_head(opcode: Opcode, size: int) -> bytes:
    """Return the header of an unmasked, final frame (RFC 6455, 5.2)."""
    first = 0x80 | opcode
    if size < 126:
        return bytes((first, size))
    if size < 65536:
        return bytes((first, 126)) + size.to_bytes(2, "big")
    return bytes((first, 127)) + size.to_bytes(8, "big")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
