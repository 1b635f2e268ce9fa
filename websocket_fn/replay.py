"""Brings sockets that lag behind up to the live events: from memory if that reaches back far enough, else from
the log, page by page.

One reader serves all that lag: a thousand clients that come back after a break cost one pass over the log.
A socket that is full takes no part until it has drained; it goes on where it stopped.
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
#: Wait after Redis failed, or while the log has an epoch that the live events have not reached.
RETRY_S: Final = 0.1

Read = Callable[[EventId, int], list[LogEntry]]


class Replay:
    """Feeds the sockets of ``fanout`` that lag. ``read`` gives a page of the log; it blocks."""

    def __init__(self, fanout: Fanout, read: Read) -> None:
        self._fanout = fanout
        self._read = read
        self._wanted = asyncio.Event()
        fanout.on_lag = self.wake
        self.pages = 0

    def wake(self) -> None:
        """There is, or may be, a socket to feed."""
        self._wanted.set()

    async def run(self) -> None:
        """Until cancelled."""
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
        """Feed those who miss only events that are kept in memory, and make them live."""
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
            return  # the epoch changed meanwhile: all were told to start anew
        # those who left, subscribed anew to something older, or were told to start anew, are not of this page
        here = [s for s in sockets if s in self._fanout.lagging and not s.full and s.cursor >= after]
        mine = [entry for entry in entries if entry.id.epoch == epoch]
        if not mine and entries:
            await asyncio.sleep(RETRY_S)  # a new epoch has begun, its first live event is on its way
            return
        self._tell_lost(here, mine[0].id.seq if mine else self._fanout.cursor.seq + 1)
        here = [socket for socket in here if socket in self._fanout.lagging]
        if mine and here:
            audience = Audience(here)
            for entry in mine:
                self._fanout.deliver_late(entry, audience)
            self._advance(here, mine[-1].id)

    def _tell_lost(self, sockets: list[Socket], first: int) -> None:
        """The log begins at ``first``: who misses what was before it starts anew."""
        for socket in sockets:
            if socket.cursor.seq + 1 < first:
                self._fanout.resync(socket)

    def _advance(self, sockets: list[Socket], cursor: EventId) -> None:
        for socket in sockets:
            if not socket.full:
                socket.cursor = max(socket.cursor, cursor)
                self._fanout.catch_up(socket)
