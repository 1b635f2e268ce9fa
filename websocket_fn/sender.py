"""Posts the outboxes of sockets: many at once, one post per socket, to keep its order.

An idle socket is posted to at once. What follows within ``MERGE_S``, or while the post is in flight, goes into one
frame. While all connections of the pool are busy, frames grow: under load there are fewer and larger posts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from chalicelib.aws.connections import GONE, OK, THROTTLED, TOO_LARGE, ConnectionsPool, Requests
from chalicelib.domain.clock import Clock, Ids
from websocket_fn.sockets import LOW_BYTES, Item, Socket, frame

#: Events of one connection within this time go into one frame.
MERGE_S: Final = 0.004
#: Maximum number of posts in flight.
POOL_SIZE: Final = 64
POST_TIMEOUT_S: Final = 10.0
#: ``@connections`` answers 410 for a client whose ``$connect`` has not returned yet.
GRACE_MS: Final = 5_000
GRACE_RETRY_S: Final = 0.05
MIN_BACKOFF_S: Final = 0.1
MAX_BACKOFF_S: Final = 5.0


class Sender:
    """Posts the outboxes. All methods run in the event loop's thread.

    ``on_gone`` gets sockets whose client has disconnected, ``on_room`` those that have drained, ``on_refused`` those
    whose frame was too large.
    """

    def __init__(
        self,
        requests: Requests,
        clock: Clock,
        ids: Ids,
        *,
        on_gone: Callable[[Socket], None],
        on_room: Callable[[Socket], None],
        on_refused: Callable[[Socket], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock = clock
        self._ids = ids
        self._on_gone = on_gone
        self._on_room = on_room
        self._on_refused = on_refused
        self._ready: deque[Socket] = deque()
        self._pumping = False
        self._last_items: list[Item] = []
        self._last_frame = b""
        self.pool = ConnectionsPool(requests, size=POOL_SIZE, timeout_s=POST_TIMEOUT_S, on_free=self._pump)
        self.posts = 0
        self.failures = 0

    def send(self, socket: Socket) -> None:
        """Schedule a post for ``socket``, which has something to send."""
        if socket.queued or socket.flight is not None:
            return
        socket.queued = True
        if socket.not_before > self._loop.time():
            self._loop.call_at(socket.not_before, self._due, socket)
        else:
            self._ready.append(socket)
            self._pump_soon()

    def _due(self, socket: Socket) -> None:
        self._ready.append(socket)
        self._pump_soon()

    def _pump_soon(self) -> None:
        # not at once: what the rest of this turn of the loop adds goes into the same frame
        if not self._pumping:
            self._pumping = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        self._pumping = False
        ready = self._ready
        while ready and self.pool.ready(len(ready)):
            socket = ready.popleft()
            socket.queued = False
            if not socket.left and socket.busy:
                self._post(socket)

    def _post(self, socket: Socket) -> None:
        now = self._loop.time()
        if socket.flight is None:
            items = socket.take()
            socket.flight = self._frame(items)
            socket.flight_seq = next((seq for seq, _ in items if seq), 0)
            socket.flight_since = now
        socket.not_before = now + MERGE_S
        self.posts += 1
        self.pool.post(socket.id, socket.flight, partial(self._done, socket))

    def _frame(self, items: list[Item]) -> bytes:
        # the same events go to many sockets: join them, and hash them for the signature, once
        if items != self._last_items:
            self._last_items, self._last_frame = items, frame(items)
        return self._last_frame

    def _done(self, socket: Socket, status: int) -> None:
        if socket.left:
            return
        if status == OK:
            self._delivered(socket)
        elif status == GONE:
            self._gone(socket)
        elif status == TOO_LARGE:
            socket.flight, socket.flight_seq = None, 0
            self._on_refused(socket)
        else:
            self.failures += 1
            socket.failures += 1
            slower = 2 if status == THROTTLED else 1
            wait_s = min(MIN_BACKOFF_S * slower * 2.0 ** min(socket.failures, 10), MAX_BACKOFF_S)
            self._again(socket, wait_s * (0.5 + self._ids.random()))

    def _delivered(self, socket: Socket) -> None:
        socket.flight, socket.flight_seq, socket.failures = None, 0, 0
        socket.sent_ms = self._clock.now_ms()
        if socket.full and socket.pending_bytes < LOW_BYTES:
            socket.full = False
            self._on_room(socket)
        if socket.pending:
            self.send(socket)

    def _gone(self, socket: Socket) -> None:
        if self._clock.now_ms() - socket.connection.opened_ms < GRACE_MS:
            self._again(socket, GRACE_RETRY_S)
        else:
            self._on_gone(socket)

    def _again(self, socket: Socket, wait_s: float) -> None:
        socket.queued = True
        self._loop.call_later(wait_s, self._due, socket)
