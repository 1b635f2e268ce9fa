"""The shard's inbox: connects, disconnects and subscriptions, and the registry of connections in Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from redis.exceptions import RedisError

from chalicelib.queue.events import EventId
from chalicelib.queue.shards import Note, NoteKind, Shard
from websocket_fn.fanout import Fanout, subscribed_frame
from websocket_fn.sockets import Socket

BATCH: Final = 1000
RETRY_S: Final = 0.1


class ShardInbox:
    """Applies the shard's notes.

    ``on_join`` gets the id of each connection that joins, and the cursor that Redis holds for it.
    """

    def __init__(self, shard: Shard, fanout: Fanout, on_join: Callable[[str, EventId], None]) -> None:
        self._shard = shard
        self._fanout = fanout
        self._on_join = on_join
        self._wake_up = asyncio.Event()
        self._wake_up.set()
        self._gone: list[str] = []
        self._stopping = False

    def stop(self) -> None:
        """Stop reading notes. ``run`` returns when those already read are applied."""
        self._stopping = True
        self.wake()

    def wake(self) -> None:
        """Wake ``run``: there may be notes."""
        self._wake_up.set()

    def gone(self, socket: Socket) -> None:
        """Remove a client that disconnected without ``$disconnect``."""
        self._fanout.leave(socket.id)
        self._gone.append(socket.id)
        self.wake()

    async def run(self) -> None:
        """Run until ``stop``. Must not be cancelled before: a note that was read must be applied."""
        while not self._stopping:
            await self._wake_up.wait()
            self._wake_up.clear()
            try:
                await self._forget()
                await self._read()
            except RedisError:
                await asyncio.sleep(RETRY_S)
                self._wake_up.set()

    async def _forget(self) -> None:
        gone = list(self._gone)
        if gone:
            await asyncio.to_thread(self._shard.forget, gone)
            del self._gone[: len(gone)]

    async def _read(self) -> None:
        while not self._stopping and (notes := await asyncio.to_thread(self._shard.inbox, BATCH)):
            for note in notes:
                self.take(note)

    def take(self, note: Note) -> None:
        """Apply a note."""
        if note.kind is NoteKind.CLOSE or note.connection is None:
            self._fanout.leave(note.connection_id)
            return
        self._on_join(note.connection_id, note.at)
        if note.kind is NoteKind.OPEN:
            self._fanout.join(note.connection, note.at)
        else:
            known = note.at.epoch == self._fanout.cursor.epoch
            answer = subscribed_frame(note.request_id, note.connection, note.at if known else self._fanout.cursor)
            self._fanout.subscribe(note.connection, note.at, answer)

    def restore(self) -> None:
        """Write connections that the registry lost into it again. Blocks."""
        self._shard.restore([socket.connection for socket in list(self._fanout.sockets.values())])
