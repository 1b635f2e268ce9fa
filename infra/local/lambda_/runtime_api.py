"""The Lambda Runtime API of one execution environment, on a plain socket.

As on AWS, each environment has its own endpoint. Unlike there, other users of the machine can reach it, so its path
begins with a secret that only the environment's process knows. The only client is awslambdaric, whose requests are
few and regular, so a parser of forty lines serves it several times as fast as a general HTTP server.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import hmac
from typing import Protocol, cast

from infra.local.lambda_.model import MAX_PAYLOAD_BYTES

PREFIX = b"/2018-06-01/runtime/"
NEXT = PREFIX + b"invocation/next"
INIT_ERROR = PREFIX + b"init/error"
EVENT_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
INVOCATION = PREFIX + b"invocation/"
ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"OK"}'


REFUSED = b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
MAX_HEAD_BYTES = 64 * 1024
#: The maximum answer of a function, doubled, so that a larger one can be refused with an error.
MAX_BODY_BYTES = 2 * MAX_PAYLOAD_BYTES


class RuntimeApiOwner(Protocol):
    """Callbacks of a runtime to its execution environment."""

    def polled(self, runtime: "RuntimeConnection") -> bool:
        """Called when the runtime waits for an event; answer by `runtime.send_event`.

        Return False if it may not ask now.
        """

    def answered(self, request_id: str, body: bytes) -> None:
        """Called when the function returned `body`."""

    def failed(self, request_id: str, body: bytes) -> None:
        """Called when the function raised; `body` is the error object."""

    def init_failed(self, body: bytes) -> None:
        """Called when the handler could not be loaded; `body` is the error object."""


class RuntimeConnection(asyncio.Protocol):
    """One connection of a runtime, which polls and answers in turns."""

    def __init__(self, owner: RuntimeApiOwner, secret: str) -> None:
        self._owner = owner
        self._secret = f"/{secret}".encode()
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def close(self) -> None:
        """Close the connection; a runtime that polls then ends by itself."""
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
            path = self._path(head)
            if path is None:
                self._refuse()
                return
            size = _content_length(head)
            if not 0 <= size <= MAX_BODY_BYTES:
                self._refuse()
                return
            if len(self._buffer) < end + 4 + size:
                return
            body = bytes(self._buffer[end + 4 : end + 4 + size])
            del self._buffer[: end + 4 + size]
            self._dispatch(path, body)
        if self._buffer.find(b"\r\n\r\n") < 0 and len(self._buffer) > MAX_HEAD_BYTES:
            self._refuse()

    def _path(self, head: bytes) -> bytes | None:
        """Return the path below the secret; None without the secret."""
        _, _, target = head.partition(b" ")
        path, size = target.partition(b" ")[0], len(self._secret)
        return path[size:] if hmac.compare_digest(path[:size], self._secret) else None

    def _refuse(self) -> None:
        self._buffer.clear()
        if self._transport is not None:
            self._transport.write(REFUSED)
            self._transport.close()

    def _dispatch(self, path: bytes, body: bytes) -> None:
        if path == NEXT:
            if not self._owner.polled(self):
                self._refuse()
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
    """Return the length in a head; 0 if it has none, negative if it is not a number."""
    lowered = head.lower()
    start = lowered.find(b"\r\ncontent-length:")
    if start < 0:
        return 0
    length = lowered[start + 17 :].split(b"\r\n", 1)[0].strip()
    return int(length) if length.isdigit() else -1
