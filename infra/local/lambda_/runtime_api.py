"""The Lambda Runtime API of one execution environment, spoken straight on the socket.

As on AWS, each environment has an endpoint of its own. The only client is awslambdaric, whose requests are
few and regular, so a parser of forty lines serves it at several times the speed of a general HTTP server.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
from typing import Protocol, cast

PREFIX = b"/2018-06-01/runtime/"
NEXT = PREFIX + b"invocation/next"
INIT_ERROR = PREFIX + b"init/error"
EVENT_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
INVOCATION = PREFIX + b"invocation/"
ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"OK"}'


class RuntimeApiOwner(Protocol):
    """What an execution environment does with its runtime's calls."""

    def polled(self, runtime: "RuntimeConnection") -> None:
        """The runtime waits for an event; answer it by `runtime.send_event`."""

    def answered(self, request_id: str, body: bytes) -> None:
        """The function returned `body`."""

    def failed(self, request_id: str, body: bytes) -> None:
        """The function raised; `body` is the error object."""

    def init_failed(self, body: bytes) -> None:
        """The handler could not be loaded; `body` is the error object."""


class RuntimeConnection(asyncio.Protocol):
    """One connection of a runtime, over which it polls and answers in turns."""

    def __init__(self, owner: RuntimeApiOwner) -> None:
        self._owner = owner
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def close(self) -> None:
        """Hang up; a runtime that polls then ends by itself."""
        if self._transport is not None:
            self._transport.close()

    def send_event(self, headers: str, payload: bytes) -> None:
        """Answer the poll with an event; `headers` are whole lines."""
        if self._transport is not None:
            head = f"{EVENT_HEAD}{headers}Content-Length: {len(payload)}\r\n\r\n"
            self._transport.write(head.encode() + payload)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._buffer[:end])
            size = _content_length(head)
            if len(self._buffer) < end + 4 + size:
                return
            body = bytes(self._buffer[end + 4 : end + 4 + size])
            del self._buffer[: end + 4 + size]
            self._dispatch(head.split(b" ", 2)[1], body)

    def _dispatch(self, path: bytes, body: bytes) -> None:
        if path == NEXT:
            self._owner.polled(self)
            return
        if self._transport is not None:
            self._transport.write(ACCEPTED)
        if path == INIT_ERROR:
            self._owner.init_failed(body)
            return
        request_id, _, verb = path.removeprefix(INVOCATION).decode().partition("/")
        if verb == "response":
            self._owner.answered(request_id, body)
        elif verb == "error":
            self._owner.failed(request_id, body)


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(b"\r\ncontent-length:")
    if start < 0:
        return 0
    return int(lowered[start + 17 :].split(b"\r\n", 1)[0])
