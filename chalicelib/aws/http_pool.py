"""Keep-alive HTTP/1.1 connections to one host under asyncio, for many small requests.

Each connection has one request in flight. Completion is a callback, not a task, which makes it fast:
docs/decisions/050-connections-client.md has the measurements.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from chalicelib.aws.kept import NO_ANSWER

Done = Callable[[int], None]


class Answer:
    """Parses one response as it arrives. Bodies are skipped: only the status matters."""

    def __init__(self) -> None:
        self._buffer = b""
        self._left = -1  # remaining body bytes; -1: headers not read yet; -2: chunked
        self.status = NO_ANSWER
        self.keep = True

    def feed(self, data: bytes) -> bool:
        """Add received bytes; return whether the response is complete."""
        self._buffer += data
        if self._left == -1 and not self._read_head():
            return False
        if self._left == -2:
            return self._buffer.endswith(b"0\r\n\r\n")
        return len(self._buffer) >= self._left

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = self._buffer[:end].lower().split(b"\r\n")
        self._buffer = self._buffer[end + 4 :]
        self.status = int(head[0][9:12])
        self._left = 0
        for line in head[1:]:
            name, _, value = line.partition(b":")
            if name == b"content-length":
                self._left = int(value)
            elif name == b"transfer-encoding" and b"chunked" in value:
                self._left = -2
            elif name == b"connection" and b"close" in value:
                self.keep = False
        return True


class Channel(asyncio.Protocol):
    """One connection of the pool."""

    def __init__(self, pool: HttpPool) -> None:
        self._pool = pool
        self._transport: asyncio.Transport | None = None
        self._answer = Answer()
        self._done: Done | None = None
        self.started = 0.0

    def send(self, request: bytes, done: Done, now: float) -> None:
        """Send a complete request; ``done`` gets its status."""
        self._done, self._answer, self.started = done, Answer(), now
        cast(asyncio.Transport, self._transport).write(request)

    def abort(self) -> None:
        """Close the connection; a request in flight ends with NO_ANSWER."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def busy(self) -> bool:
        return self._done is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._done is None:  # unsolicited, such as a 408 on an idle connection
            self.abort()
            return
        try:
            complete = self._answer.feed(data)
        except ValueError:  # not HTTP
            self.abort()
            return
        if complete:
            self._finish(self._answer.status, keep=self._answer.keep)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._pool.lost(self)
        self._finish(NO_ANSWER, keep=False)

    def _finish(self, status: int, *, keep: bool) -> None:
        done, self._done = self._done, None
        if keep:
            self._pool.freed(self)
        else:
            self._pool.lost(self)
            if self._transport is not None:
                self._transport.close()
        if done is not None:
            done(status)


class HttpPool:
    """At most ``size`` connections to the host of ``url``. All methods run in the event loop's thread.

    ``on_free`` is called when a connection becomes free, so that the owner sends what is queued.
    """

    def __init__(self, url: str, *, size: int, timeout_s: float, on_free: Callable[[], None]) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._size = size
        self._timeout_s = timeout_s
        self._on_free = on_free
        self._free: list[Channel] = []
        self._channels: set[Channel] = set()
        self._opening = 0
        self._retry_at = 0.0
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """Whether no request is in flight."""
        return not any(channel.busy for channel in self._channels)

    def ready(self, wanted: int = 1) -> bool:
        """Return whether ``send`` can be called now; open further connections for ``wanted`` requests if it cannot."""
        if self._closed:
            return False
        if self._free:
            return True
        room = self._size - len(self._channels) - self._opening
        if room > 0 and asyncio.get_running_loop().time() >= self._retry_at:
            for _ in range(min(room, wanted - self._opening)):
                self._opening += 1
                task = asyncio.ensure_future(self._open())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return False

    def send(self, request: bytes, done: Done) -> None:
        """Send on a free connection. Call it only after ``ready()`` returned true."""
        self._free.pop().send(request, done, asyncio.get_running_loop().time())

    def expire(self) -> None:
        """Close the connections whose response is overdue. Call it about once a second."""
        before = asyncio.get_running_loop().time() - self._timeout_s
        for channel in [c for c in self._channels if c.busy and c.started < before]:
            channel.abort()

    async def close(self) -> None:
        """Close all connections; nothing can be sent afterwards."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for channel in list(self._channels):
            channel.abort()
        await asyncio.sleep(0)

    def freed(self, channel: Channel) -> None:
        self._free.append(channel)
        asyncio.get_running_loop().call_soon(self._on_free)

    def lost(self, channel: Channel) -> None:
        if channel not in self._channels:
            return
        self._channels.discard(channel)
        if channel in self._free:
            self._free.remove(channel)
        asyncio.get_running_loop().call_soon(self._on_free)  # there is room for another connection

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeout_s):
                _, channel = await loop.create_connection(
                    lambda: Channel(self), self._host, self._port, ssl=True if self._tls else None
                )
        except (OSError, TimeoutError):
            self._retry_at = loop.time() + 0.2
            loop.call_later(0.25, self._on_free)
        else:
            self._channels.add(channel)
            self._free.append(channel)
            self._on_free()
        finally:
            self._opening -= 1
