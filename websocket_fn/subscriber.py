"""A Redis pub/sub client under asyncio that survives restarts of the server.

Written directly on ``hiredis``: it delivers all messages of one read together, so that they can be sent together; see
docs/decisions/051-subscriber.md.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, cast

import hiredis
from redis.connection import parse_url
from redis.exceptions import RedisError

#: Silence after which a PING is sent, and after which the connection is closed.
PING_S: Final = 3.0
DEAD_S: Final = 8.0
CONNECT_S: Final = 2.0
MIN_BACKOFF_S: Final = 0.05
MAX_BACKOFF_S: Final = 1.0

Messages = list[tuple[bytes, bytes]]
OnMessages = Callable[[Messages], None]


class _Link(asyncio.Protocol):
    """One connection. ``ready`` is done when every channel is subscribed, ``closed`` when it has ended."""

    def __init__(self, commands: Sequence[bytes], channels: int, on_messages: OnMessages) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._commands = commands
        self._missing = channels
        self._on_messages = on_messages
        self._reader = hiredis.Reader()
        self._transport: asyncio.Transport | None = None
        self._received_at = loop.time()
        self._held: Messages | None = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(b"".join(self._commands))

    def data_received(self, data: bytes) -> None:
        self._received_at = self._loop.time()
        self._reader.feed(data)
        messages: Messages = []
        while (reply := self._reader.gets()) is not False:
            self._take(reply, messages)
        if self._held is not None:
            self._held += messages
        elif messages:
            self._on_messages(messages)

    def _take(self, reply: Any, messages: Messages) -> None:
        if isinstance(reply, list):
            if reply[0] == b"message":
                messages.append((reply[1], reply[2]))
            elif reply[0] == b"subscribe":
                self._subscribed()
        elif isinstance(reply, Exception):  # LOADING, NOAUTH, …
            self._fail(ConnectionError(str(reply)))

    def _subscribed(self) -> None:
        self._missing -= 1
        if self._missing == 0 and not self.ready.done():
            self._transport_or_die().pause_reading()
            self.ready.set_result(None)

    def _transport_or_die(self) -> asyncio.Transport:
        return cast(asyncio.Transport, self._transport)

    def _fail(self, error: Exception) -> None:
        if not self.ready.done():
            self.ready.set_exception(error)
        self.abort()

    def resume(self) -> None:
        """Start delivering messages."""
        held, self._held = self._held, None
        if held:
            self._on_messages(held)
        if not self.closed.done():
            self._received_at = self._loop.time()
            self._transport_or_die().resume_reading()

    def check(self) -> None:
        """Send a PING after silence, close the connection after more of it."""
        silent_s = self._loop.time() - self._received_at
        if silent_s > DEAD_S:
            self.abort()
        elif silent_s > PING_S:
            self._transport_or_die().write(_command(b"PING"))

    def abort(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed by the server"))
        if not self.closed.done():
            self.closed.set_result(None)


class Subscriber:
    """Stays subscribed to ``channels``.

    ``on_messages`` gets (channel, payload) in order. ``on_subscribed`` runs after each (re-)subscription before any
    message is delivered; there the owner determines what it missed. If Redis fails meanwhile, the connection is
    opened again.
    """

    def __init__(
        self,
        url: str,
        channels: Sequence[str],
        on_messages: OnMessages,
        on_subscribed: Callable[[], Awaitable[None]],
    ) -> None:
        self._where: dict[str, Any] = dict(parse_url(url))  # type: ignore[no-untyped-call]
        self._channels = [channel.encode() for channel in channels]
        self._on_messages = on_messages
        self._on_subscribed = on_subscribed

    async def run(self) -> None:
        """Run until cancelled."""
        backoff_s = MIN_BACKOFF_S
        while True:
            link: _Link | None = None
            try:
                link = await self._connect()
                await self._on_subscribed()
                link.resume()
                backoff_s = MIN_BACKOFF_S
                await self._watch(link)
            except (OSError, TimeoutError, RedisError):
                pass  # retried below
            finally:
                if link is not None:
                    link.abort()
            await asyncio.sleep(backoff_s)
            backoff_s = min(backoff_s * 2, MAX_BACKOFF_S)

    async def _connect(self) -> _Link:
        where = self._where
        commands = [_command(b"SUBSCRIBE", *self._channels)]
        if where.get("password"):
            user = [where["username"].encode()] if where.get("username") else []
            commands.insert(0, _command(b"AUTH", *user, where["password"].encode()))
        tls = ssl.create_default_context() if "connection_class" in where and "path" not in where else None
        loop = asyncio.get_running_loop()

        def make() -> _Link:
            return _Link(commands, len(self._channels), self._on_messages)

        async with asyncio.timeout(CONNECT_S):
            if "path" in where:
                _, link = await loop.create_unix_connection(make, where["path"])
            else:
                host, port = where.get("host", "localhost"), where.get("port", 6379)
                _, link = await loop.create_connection(make, host, port, ssl=tls)
            try:
                await link.ready
            except BaseException:
                link.abort()
                raise
        return link

    @staticmethod
    async def _watch(link: _Link) -> None:
        while not link.closed.done():
            await asyncio.wait([link.closed], timeout=1.0)
            if not link.closed.done():
                link.check()


def _command(*parts: bytes) -> bytes:
    return bytes(hiredis.pack_command(cast(Any, parts)))
