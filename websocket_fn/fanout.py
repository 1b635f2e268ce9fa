"""Delivers each event to the sockets that may see it, in order and once.

A socket is live or lagging. It lags because it has just connected, resumes, drains slowly, or missed messages.
Lagging sockets are fed from the last events in memory or from the log (``replay``) until they have caught up, so that
replayed and live events cannot overtake each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

import orjson

from chalicelib.domain.connections import Connection
from chalicelib.queue.events import EventId, LogEntry
from websocket_fn.sockets import Audience, Socket

#: Events kept in memory for sockets that missed a few.
RECENT: Final = 4096


class Fanout:
    """All sockets of one shard. ``send`` is called with each socket that has something to send."""

    def __init__(self, send: Callable[[Socket], None]) -> None:
        self._send = send
        self._live = Audience()
        self.sockets: dict[str, Socket] = {}
        self.lagging: set[Socket] = set()
        self.cursor = EventId(0, 0)
        self.recent: deque[LogEntry] = deque(maxlen=RECENT)
        #: Set by the replay; wakes it.
        self.on_lag: Callable[[], None] = lambda: None
        self.delivered = 0

    # --- sockets ---------------------------------------------------------------------------------------------
    def join(self, connection: Connection, cursor: EventId) -> Socket:
        """Add a connection that has received everything up to ``cursor``; a known connection stays as it is."""
        socket = self.sockets.get(connection.id)
        if socket is None:
            socket = self.sockets[connection.id] = Socket(connection, cursor)
            self.catch_up(socket)
        return socket

    def leave(self, connection_id: str) -> Socket | None:
        """Remove a connection with its outbox."""
        socket = self.sockets.pop(connection_id, None)
        if socket is not None:
            self._live.discard(socket)
            self.lagging.discard(socket)
            socket.live = False
            socket.left = True
            socket.pending.clear()
        return socket

    def subscribe(self, connection: Connection, cursor: EventId, answer: bytes) -> None:
        """Restart a connection after ``cursor``, with a new scope, once ``answer`` is sent."""
        socket = self.join(connection, cursor)
        self._live.discard(socket)
        socket.live = False
        socket.forget_events()
        socket.connection, socket.cursor, socket.flight_seq = connection, cursor, 0
        socket.push((0, answer))
        self.catch_up(socket)
        self._send(socket)

    def catch_up(self, socket: Socket) -> None:
        """Make a socket live if it has everything; otherwise leave it to the replay."""
        if socket.cursor.epoch != self.cursor.epoch:
            self.resync(socket)
        elif socket.cursor.seq >= self.cursor.seq and not socket.full:
            self.lagging.discard(socket)
            socket.live = True
            self._live.add(socket)
        else:
            self.lagging.add(socket)
            self.on_lag()

    def resync(self, socket: Socket) -> None:
        """Tell a client that it lost events: it must read the state again and continue from here."""
        socket.forget_events()
        socket.cursor = self.cursor
        socket.push((0, resync_frame(self.cursor)))
        self.lagging.discard(socket)
        socket.live = True
        self._live.add(socket)
        self._send(socket)

    def progress(self, stuck_since: float, *, final: bool = False) -> tuple[EventId, dict[str, EventId]]:
        """Return the progress of delivery: of the shard, and of each socket that lags or has had a frame in flight
        since before ``stuck_since``.

        ``final``: of each socket that has anything undelivered.
        """
        epoch, least = self.cursor.epoch, self.cursor.seq
        own: dict[str, EventId] = {}
        for socket in self.sockets.values():
            unsent = socket.unsent()
            done = unsent - 1 if unsent else self.cursor.seq if socket.live else socket.cursor.seq
            stuck = socket.flight is not None and socket.flight_since < stuck_since
            if not socket.live or stuck or (final and unsent):
                own[socket.id] = EventId(epoch, done)
            else:
                least = min(least, done)
        return EventId(epoch, least), own

    # --- events ----------------------------------------------------------------------------------------------
    def accept(self, entry: LogEntry) -> None:
        """Deliver the next event; accept a duplicate, an event out of turn, and one of a new epoch."""
        cursor, found = self.cursor, entry.id
        if found.epoch == cursor.epoch:
            if found.seq <= cursor.seq:
                return
            if found.seq != cursor.seq + 1:
                self.skip_to(EventId(found.epoch, found.seq - 1))
        elif found.epoch < cursor.epoch:
            return
        else:
            self.reset(EventId(found.epoch, found.seq - 1))
        self.cursor = found
        self.recent.append(entry)
        self._deliver(entry)

    def skip_to(self, cursor: EventId) -> None:
        """Make all sockets lag, because events up to ``cursor`` were missed: they are read from the log."""
        for socket in self.sockets.values():
            if socket.live:
                socket.cursor = max(socket.cursor, self.cursor)
                self._fall_behind(socket)
        self.recent.clear()
        self.cursor = cursor
        self.on_lag()

    def reset(self, cursor: EventId) -> None:
        """Tell all clients that events were lost."""
        self.recent.clear()
        self.cursor = cursor
        for socket in list(self.sockets.values()):
            self.resync(socket)

    def _deliver(self, entry: LogEntry) -> None:
        item = (entry.id.seq, entry.message)
        for socket in self._live.of(entry.owner_id, entry.tenant_id):
            # a socket that joined with a later cursor has this event already
            if item[0] <= socket.cursor.seq:
                continue
            socket.push(item)
            self.delivered += 1
            if socket.full:
                socket.cursor = entry.id
                self._fall_behind(socket)
            self._send(socket)

    def _fall_behind(self, socket: Socket) -> None:
        self._live.discard(socket)
        socket.live = False
        self.lagging.add(socket)

    def deliver_late(self, entry: LogEntry, audience: Audience) -> None:
        """Deliver an event of the log to those of ``audience`` that lag behind it."""
        item = (entry.id.seq, entry.message)
        for socket in audience.of(entry.owner_id, entry.tenant_id):
            if socket.live or socket.full or item[0] <= socket.cursor.seq:
                continue
            socket.push(item)
            self.delivered += 1
            if socket.full:
                socket.cursor = entry.id
            self._send(socket)


def parse(payload: bytes) -> LogEntry:
    """Parse a message of the channel. Raises ``ValueError``, ``KeyError`` or ``TypeError`` if it is not an event."""
    fields = orjson.loads(payload)
    event_id, owner_id, tenant_id = fields["id"], fields["ownerId"], fields["tenantId"]
    if not (isinstance(event_id, str) and isinstance(owner_id, str) and isinstance(tenant_id, str)):
        raise TypeError("an id is not text")
    found = EventId.parse(event_id)
    if found is None:
        raise ValueError("no event id")
    return LogEntry(found, owner_id, tenant_id, payload)


def resync_frame(cursor: EventId) -> bytes:
    """Return the frame that makes a client read the state again; events after ``id`` follow."""
    return orjson.dumps({"type": "resync", "id": str(cursor), "data": {"lastEventId": str(cursor)}})


def subscribed_frame(request_id: Any, connection: Connection, cursor: EventId) -> bytes:
    """Return the answer to a subscription; events after ``lastEventId`` follow."""
    data = {"scope": connection.scope.value, "lastEventId": str(cursor)}
    return orjson.dumps({"type": "subscribe:ok", "requestId": request_id, "data": data})
