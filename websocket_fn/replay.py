"""Brings lagging sockets up to the live events: from memory if it reaches back far enough, otherwise from the log,
page by page.

One reader serves all lagging sockets: a thousand clients that reconnect cost one pass over the log. A full socket is
skipped until it has drained, and continues where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from redis.exceptions import RedisError

from chalicelib.queue.events import EventId, LogEntry
from websocket_fn.fanout import Fanout
from websocket_fn.sockets import Audience, Socket

PAGE: Final = 500
#: Wait after an error of Redis, or while the log has an epoch that the live events have not reached.
RETRY_S: Final = 0.1

Read = Callable[[EventId, int], list[LogEntry]]


class Replay:
    """Feeds the lagging sockets of ``fanout``. ``read`` returns a page of the log; it blocks."""

    def __init__(self, fanout: Fanout, read: Read) -> None:
        self._fanout = fanout
        self._read = read
        self._wanted = asyncio.Event()
        fanout.on_lag = self.wake
        self.pages = 0

    def wake(self) -> None:
        """Wake ``run``: there may be a socket to feed."""
        self._wanted.set()

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._eligible():
                self.from_memory()
                if rest := self._eligible():
                    await self._from_log(rest)

    def _eligible(self) -> list[Socket]:
        return [socket for socket in self._fanout.lagging if not socket.full]

    def from_memory(self) -> None:
        """Feed sockets that miss only events kept in memory, and make them live."""
        recent, cursor = self._fanout.recent, self._fanout.cursor
        oldest = recent[0].id.seq if recent else cursor.seq + 1
        near = [socket for socket in self._eligible() if socket.cursor.seq >= oldest - 1]
        if not near:
            return
        audience, least = Audience(near), min(socket.cursor.seq for socket in near)
        for entry in list(recent)[max(0, least + 1 - oldest) :]:
            self._fanout.deliver_late(entry, audience)
        self._advance(near, cursor)

    async def _from_log(self, sockets: list[Socket]) -> None:
        after = min(socket.cursor for socket in sockets)
        try:
            entries = await asyncio.to_thread(self._read, after, PAGE)
        except RedisError:
            await asyncio.sleep(RETRY_S)
            return
        self.pages += 1
        epoch = self._fanout.cursor.epoch
        if after.epoch != epoch:
            return  # the epoch has changed meanwhile: all sockets were sent resync
        # sockets that left, subscribed to an older cursor or were sent resync do not take part in this page
        here = [s for s in sockets if s in self._fanout.lagging and not s.full and s.cursor >= after]
        mine = [entry for entry in entries if entry.id.epoch == epoch]
        if not mine and entries:
            await asyncio.sleep(RETRY_S)  # a new epoch has begun; its first live event has not arrived yet
            return
        self._tell_lost(here, mine[0].id.seq if mine else self._fanout.cursor.seq + 1)
        here = [socket for socket in here if socket in self._fanout.lagging]
        if mine and here:
            audience = Audience(here)
            for entry in mine:
                self._fanout.deliver_late(entry, audience)
            self._advance(here, mine[-1].id)

    def _tell_lost(self, sockets: list[Socket], first: int) -> None:
        """Tell sockets that miss events from before ``first``, the start of the log, to resync."""
        for socket in sockets:
            if socket.cursor.seq + 1 < first:
                self._fanout.resync(socket)

    def _advance(self, sockets: list[Socket], cursor: EventId) -> None:
        for socket in sockets:
            if not socket.full:
                socket.cursor = max(socket.cursor, cursor)
                self._fanout.catch_up(socket)
