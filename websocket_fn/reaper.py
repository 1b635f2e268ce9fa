"""Periodic checks of a manager: ended sessions, silent connections, unattended work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from chalicelib.domain.connections import Connection
from chalicelib.errors import InvalidToken, QueueCraftError
from chalicelib.queue.shards import Shard
from websocket_fn.fanout import Fanout
from websocket_fn.inbox import ShardInbox

if TYPE_CHECKING:
    from websocket_fn.container import ManagerContainer


class Reaper:
    """Each method runs until cancelled; a failure is logged, and the next run tries again."""

    def __init__(
        self,
        container: ManagerContainer,
        shard: Shard,
        fanout: Fanout,
        inbox: ShardInbox,
        sessions_s: float,
        lapsed_s: float,
    ) -> None:
        self._container = container
        self._shard = shard
        self._fanout = fanout
        self._inbox = inbox
        self._sessions_s = sessions_s
        self._lapsed_s = lapsed_s
        self._seen_ms = container.clock.now_ms()

    async def sessions(self) -> None:
        """Close connections whose session or API key has ended: log-out, new password or role, expiry, revocation."""
        while True:
            await asyncio.sleep(self._sessions_s)
            connections = [socket.connection for socket in self._fanout.sockets.values()]
            for connection, end in await self._in_thread(self._ended, connections) or ():
                self._fanout.leave(connection.id)
                await self._in_thread(self._cut, connection.id, end)

    async def lapsed(self) -> None:
        """Record which connections accepted frames; remove those without a sign of life for 11 minutes."""
        while True:
            await asyncio.sleep(self._lapsed_s)
            since, self._seen_ms = self._seen_ms, self._container.clock.now_ms()
            alive = [socket.id for socket in self._fanout.sockets.values() if socket.sent_ms >= since]
            await self._in_thread(self._shard.touch, alive, self._seen_ms)
            for connection_id in await self._in_thread(self._shard.lapsed, self._seen_ms) or ():
                if (socket := self._fanout.sockets.get(connection_id)) is not None:
                    self._inbox.gone(socket)

    async def recovery(self, every_s: float) -> None:
        """Wake a worker for work that no worker attends to."""
        while True:
            await asyncio.sleep(every_s)
            await self._in_thread(self._container.waker.check)

    def _ended(self, connections: list[Connection]) -> list[tuple[Connection, InvalidToken]]:
        from chalicelib.services.connections import principal_of  # noqa: PLC0415 - brings pymongo and jwt

        ends = self._container.authentication.ends([principal_of(connection) for connection in connections])
        return [(connection, end) for connection, end in zip(connections, ends, strict=True) if end is not None]

    def _cut(self, connection_id: str, end: InvalidToken) -> None:
        frame = orjson.dumps({"type": "error", "code": end.code, "error": end.message})
        self._container.connections.cut(connection_id, frame)

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        try:
            return await asyncio.to_thread(work, *args)
        except Exception as error:
            level = self._container.log.warning if isinstance(error, QueueCraftError) else self._container.log.error
            level("a periodic check failed", event="check_failed", error=repr(error))
            return None
