"""Brings each event to the sockets that may see it, in order and once.

A socket is live, or it lags behind: because it has just come, because it resumes, because it drains slowly, or
because messages were missed. Those that lag are fed from the last events in memory or from the log (``replay``)
until they have caught up, so that a replay and live events cannot overtake each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

import orjson

from chalicelib.domain.connections import Connection
from chalicelib.queue.events import EventId, LogEntry
from websocket_fn.sockets import Audience, Socket

#: Events kept in memory for those who have just missed a few.
RECENT: Final = 4096


class Fanout:
    """All sockets of one shard. ``send`` is told of each socket that has something waiting."""

    def __init__(self, send: Callable[[Socket], None]) -> None:
        self._send = send
        self._live = Audience()
        self.sockets: dict[str, Socket] = {}
        self.lagging: set[Socket] = set()
        self.cursor = EventId(0, 0)
        self.recent: deque[LogEntry] = deque(maxlen=RECENT)
        #: Set by the replay: wakes it.
        self.on_lag: Callable[[], None] = lambda: None
        self.delivered = 0

    # --- sockets ---------------------------------------------------------------------------------------------
    def join(self, connection: Connection, cursor: EventId) -> Socket:
        """Add a connection that has everything up to ``cursor``; a known one stays as it is."""
        socket = self.sockets.get(connection.id)
        if socket is None:
            socket = self.sockets[connection.id] = Socket(connection, cursor)
            self.catch_up(socket)
        return socket

    def leave(self, connection_id: str) -> Socket | None:
        """Drop a connection and what waits for it."""
        socket = self.sockets.pop(connection_id, None)
        if socket is not None:
            self._live.discard(socket)
            self.lagging.discard(socket)
            socket.live = False
            socket.left = True
            socket.pending.clear()
        return socket

    def subscribe(self, connection: Connection, cursor: EventId, answer: bytes) -> None:
        """Start a connection anew after ``cursor``, with a new scope, once ``answer`` is sent."""
        socket = self.join(connection, cursor)
        self._live.discard(socket)
        socket.live = False
        socket.forget_events()
        socket.connection, socket.cursor, socket.flight_seq = connection, cursor, 0
        socket.push((0, answer))
        self.catch_up(socket)
        self._send(socket)

    def catch_up(self, socket: Socket) -> None:
        """Make a socket live if it has everything; else let the replay bring it up."""
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
        """Tell a client that events are lost to it: it reads the state anew and goes on from here."""
        socket.forget_events()
        socket.cursor = self.cursor
        socket.push((0, resync_frame(self.cursor)))
        self.lagging.discard(socket)
        socket.live = True
        self._live.add(socket)
        self._send(socket)

    def progress(self, stuck_since: float, *, final: bool = False) -> tuple[EventId, dict[str, EventId]]:
        """How far delivery has come: for all, and for each that lags or whose frame is stuck since then.

        ``final``: for each that has anything left.
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
        """Take the next event, whatever came before it: again, out of turn, or of a new epoch."""
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
        """Events up to ``cursor`` were missed: everyone lags behind and gets them from the log."""
        for socket in self.sockets.values():
            if socket.live:
                socket.cursor = max(socket.cursor, self.cursor)
                self._fall_behind(socket)
        self.recent.clear()
        self.cursor = cursor
        self.on_lag()

    def reset(self, cursor: EventId) -> None:
        """Events were lost for good: everyone is told."""
        self.recent.clear()
        self.cursor = cursor
        for socket in list(self.sockets.values()):
            self.resync(socket)

    def _deliver(self, entry: LogEntry) -> None:
        item = (entry.id.seq, entry.message)
        for socket in self._live.of(entry.owner_id, entry.tenant_id):
            # one that came with a later cursor has this one already
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
        """Give an event of the log to those of ``audience`` who lag behind it."""
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
    """A message of the channel. Raises ``ValueError``, ``KeyError`` or ``TypeError`` if it is not an event."""
    fields = orjson.loads(payload)
    found = EventId.parse(fields["id"])
    if found is None:
        raise ValueError("no event id")
    return LogEntry(found, fields["ownerId"], fields["tenantId"], payload)


def resync_frame(cursor: EventId) -> bytes:
    """Tells a client to read the state anew; events after ``id`` follow."""
    return orjson.dumps({"type": "resync", "id": str(cursor), "data": {"lastEventId": str(cursor)}})


def subscribed_frame(request_id: Any, connection: Connection, cursor: EventId) -> bytes:
    """The answer to a subscription: events after ``lastEventId`` follow."""
    data = {"scope": connection.scope.value, "lastEventId": str(cursor)}
    return orjson.dumps({"type": "subscribe:ok", "requestId": request_id, "data": data})
