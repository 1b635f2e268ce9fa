"""What the client needs of the outside, twice: asynchronous, and blocking behind the same ``async`` methods.

A method of ``BlockingIo`` never suspends, so a coroutine that awaits nothing else runs to its end at one step
(``_blocking.run``). So each call is written once, in ``async`` form, and serves both clients.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import httpx2
import websockets.asyncio.client
import websockets.sync.client
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from queuecraft_client.errors import ConnectionFailed

#: Bytes of a frame from the server; it merges events into frames of at most 128 KB.
_MAX_FRAME = 4 * 1024 * 1024
_CLOSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it is sent, and how long its answer may take, in seconds."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_s: float = 30.0


class Answer(NamedTuple):
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Socket(Protocol):
    """An open WebSocket. Its methods raise ``ConnectionFailed`` when it is closed or lost."""

    async def send(self, text: str) -> None:
        """Send a frame."""

    async def receive(self, timeout_s: float) -> str | None:
        """Return the next frame, or ``None`` if none comes in time."""

    async def close(self) -> None:
        """Close it; never raises."""


class Event(Protocol):
    """Wakes a task or a thread."""

    async def wait(self, timeout_s: float) -> None:
        """Return when it is set, at once if it is already, or after ``timeout_s``."""

    def set(self) -> None:
        """Wake."""

    def clear(self) -> None:
        """Take back a ``set``."""


class Io(Protocol):
    """HTTP, WebSockets, time."""

    async def exchange(self, exchange: Exchange) -> Answer:
        """Send a request. Raises ``ConnectionFailed``."""

    async def open_socket(self, url: str, timeout_s: float) -> Socket:
        """Open a WebSocket. Raises ``ConnectionFailed``, also if the server refuses."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    def now(self) -> float:
        """Return seconds of a clock that is never set back."""

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Return a new lock."""

    def event(self) -> Event:
        """Return a new event."""

    async def close(self) -> None:
        """Close all connections."""


def _failed(error: Exception, asked: Exchange) -> ConnectionFailed:
    sent = not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
    why = str(error) or type(error).__name__
    return ConnectionFailed(f"{asked.method} {asked.url}: {why}", sent=sent)


def _options(asked: Exchange) -> dict[str, Any]:
    timeout = httpx2.Timeout(asked.timeout_s, connect=min(asked.timeout_s, 10.0))
    return {"params": asked.query or None, "headers": asked.headers, "content": asked.body, "timeout": timeout}


def _refused(error: Exception) -> ConnectionFailed:
    status = f" (HTTP {error.response.status_code})" if isinstance(error, InvalidStatus) else ""
    return ConnectionFailed(f"The WebSocket did not open{status}: {error or type(error).__name__}", sent=False)


def _lost(error: Exception) -> ConnectionFailed:
    return ConnectionFailed(f"The WebSocket was closed: {error or type(error).__name__}", sent=True)


# --- asynchronous -------------------------------------------------------------------------------------------------
class AsyncIo:
    """For asyncio."""

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._http = httpx2.AsyncClient(transport=transport)

    async def exchange(self, exchange: Exchange) -> Answer:
        try:
            answer = await self._http.request(exchange.method, exchange.url, **_options(exchange))
        except httpx2.TransportError as error:
            raise _failed(error, exchange) from error
        return Answer(answer.status_code, answer.headers, answer.content)

    async def open_socket(self, url: str, timeout_s: float) -> Socket:
        try:
            return _AsyncSocket(
                await websockets.asyncio.client.connect(
                    url, open_timeout=timeout_s, close_timeout=_CLOSE_S, ping_interval=None, max_size=_MAX_FRAME
                )
            )
        except (OSError, WebSocketException) as error:
            raise _refused(error) from error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def now(self) -> float:
        return time.monotonic()

    def lock(self) -> AbstractAsyncContextManager[None]:
        return asyncio.Lock()

    def event(self) -> Event:
        return _AsyncEvent()

    async def close(self) -> None:
        await self._http.aclose()


class _AsyncSocket:
    def __init__(self, socket: websockets.asyncio.client.ClientConnection) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        try:
            await self._socket.send(text)
        except (OSError, ConnectionClosed) as error:
            raise _lost(error) from error

    async def receive(self, timeout_s: float) -> str | None:
        try:
            async with asyncio.timeout(timeout_s):
                return await self._socket.recv(decode=True)
        except TimeoutError:
            return None
        except (OSError, ConnectionClosed) as error:
            raise _lost(error) from error

    async def close(self) -> None:
        await self._socket.close()


class _AsyncEvent:
    def __init__(self) -> None:
        self._event = asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._event.wait()

    def set(self) -> None:
        self._event.set()

    def clear(self) -> None:
        self._event.clear()


# --- blocking -----------------------------------------------------------------------------------------------------
class BlockingIo:
    """For threads: each method blocks where that of ``AsyncIo`` suspends."""

    def __init__(self, transport: httpx2.BaseTransport | None = None) -> None:
        self._http = httpx2.Client(transport=transport)

    async def exchange(self, exchange: Exchange) -> Answer:
        try:
            answer = self._http.request(exchange.method, exchange.url, **_options(exchange))
        except httpx2.TransportError as error:
            raise _failed(error, exchange) from error
        return Answer(answer.status_code, answer.headers, answer.content)

    async def open_socket(self, url: str, timeout_s: float) -> Socket:
        try:
            return _BlockingSocket(
                websockets.sync.client.connect(
                    url, open_timeout=timeout_s, close_timeout=_CLOSE_S, ping_interval=None, max_size=_MAX_FRAME
                )
            )
        except (OSError, WebSocketException) as error:
            raise _refused(error) from error

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def now(self) -> float:
        return time.monotonic()

    def lock(self) -> AbstractAsyncContextManager[None]:
        return _BlockingLock()

    def event(self) -> Event:
        return _BlockingEvent()

    async def close(self) -> None:
        self._http.close()


class _BlockingSocket:
    def __init__(self, opened: AbstractContextManager[websockets.sync.client.ClientConnection]) -> None:
        # closed by ``close``, not at the end of a block
        self._opened = opened
        self._socket = opened.__enter__()

    async def send(self, text: str) -> None:
        try:
            self._socket.send(text)
        except (OSError, ConnectionClosed) as error:
            raise _lost(error) from error

    async def receive(self, timeout_s: float) -> str | None:
        try:
            return self._socket.recv(timeout=timeout_s, decode=True)
        except TimeoutError:
            return None
        except (OSError, ConnectionClosed) as error:
            raise _lost(error) from error

    async def close(self) -> None:
        self._opened.__exit__(None, None, None)


class _BlockingLock:
    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


class _BlockingEvent:
    def __init__(self) -> None:
        self._event = threading.Event()

    async def wait(self, timeout_s: float) -> None:
        self._event.wait(timeout_s)

    def set(self) -> None:
        self._event.set()

    def clear(self) -> None:
        self._event.clear()
