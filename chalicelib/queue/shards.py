"""One shard of connections, for its manager: lease, inbox, registry, cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from chalicelib.domain.connections import Connection
from chalicelib.queue.connections import LIFE_MS, SILENT_MS, ConnectionRegistry, decode, from_fields
from chalicelib.queue.events import EventId
from chalicelib.queue.scripts import Scripts, chunks

if TYPE_CHECKING:
    from redis import Redis

_PAGE: Final = 500
_ZERO: Final = EventId(0, 0)


class Claim(IntEnum):
    """The result of claiming a shard."""

    NO_CONNECTIONS = -1
    HELD = 0
    TAKEN = 1


class Lease(Enum):
    """The result of renewing a lease."""

    LOST = 0
    HELD = 1
    #: It had expired or Redis lost it, and no other manager has it. The registry may be lost too.
    RETAKEN = 2


class Held(NamedTuple):
    """``connections``: number in Redis. ``successor``: whether another manager waits to take over."""

    lease: Lease
    connections: int = 0
    successor: bool = False


class NoteKind(Enum):
    OPEN = "open"
    CLOSE = "close"
    SUBSCRIBE = "subscribe"


class Note(NamedTuple):
    """A connect, disconnect or subscription of a connection.

    ``at`` is the last event that the client has; 0-0 if the events after it are lost.
    """

    kind: NoteKind
    at: EventId
    connection_id: str
    connection: Connection | None = None
    #: Of a subscription only.
    request_id: Any = None


class Shard:
    """The manager's side of one shard. Its methods block: call them from threads."""

    def __init__(self, redis: Redis, scripts: Scripts, number: int, *, shards: int, token: str, lease_ms: int) -> None:
        self._redis = redis
        self._shards = shards
        self._scripts = scripts
        self._keys = scripts.keys
        self._token = token
        self._lease_ms = lease_ms
        self.number = number
        self.wake_channel = self._keys.manager_wake_channel(number)

    def claim(self, *, wait: bool = False) -> Claim:
        """Claim the shard if it is free and has connections; ``wait`` asks its holder to hand it over."""
        answer = self._scripts.call(
            "shard_claim", given=self._given(), manager_token=self._token, lease_ms=self._lease_ms, wait=int(wait),
            wake_channel=self.wake_channel,
        )  # fmt: skip
        return Claim(answer)

    def _given(self) -> dict[str, str]:
        k, n = self._keys, self.number
        return {
            "manager": k.manager(n), "manager_next": k.manager_next(n), "manager_waking": k.manager_waking(n),
            "manager_cursor": k.manager_cursor(n), "connections": k.connections(n), "inbox": k.manager_inbox(n),
        }  # fmt: skip

    def hold(self, cursor: EventId, cursors: Mapping[str, EventId | None]) -> Held:
        """Renew the lease; store that events are delivered up to ``cursor``, except to connections in ``cursors``.

        There ``None`` means that the connection has caught up.
        """
        for ids in [*chunks([*cursors], 2)] or [()]:
            batch = self._scripts.batch("shard_hold", room=len(ids))
            for each in ids:
                batch.add(cursor=str(cursors[each] or ""))
            answer = batch.run_once(
                given={**self._given(), "connection": [self._keys.connection(each) for each in ids]},
                manager_token=self._token, lease_ms=self._lease_ms, delivered=str(cursor), life_ms=LIFE_MS,
            )  # fmt: skip
            if len(answer) == 1:
                return Held(Lease.LOST)
        return Held(Lease(answer[0]), answer[1], successor=answer[2] not in {b"", self._token.encode()})

    def pass_on(self) -> bool:
        """Hand the shard over to the manager that waits for it, or release it; return whether one waited."""
        given = self._given()
        answer = self._scripts.call("shard_pass", given=given, manager_token=self._token, lease_ms=self._lease_ms)
        return int(answer) == 1

    def leave(self) -> bool:
        """Release the shard; return ``False`` if it has connections and the manager should continue."""
        return bool(self._scripts.call("shard_leave", given=self._given(), manager_token=self._token))

    def cursor(self) -> EventId | None:
        """Return the last event that the previous manager delivered to all connections that did not lag."""
        text: Any = self._redis.get(self._keys.manager_cursor(self.number))
        return EventId.parse(text.decode()) if text else None

    def inbox(self, count: int = 1000) -> list[Note]:
        """Take up to ``count`` notes. Unreadable ones are dropped."""
        taken: Any = self._redis.lpop(self._keys.manager_inbox(self.number), count)
        return [note for text in taken or () if (note := _note(text))]

    def load(self, fallback: EventId) -> list[tuple[Connection, EventId]]:
        """Return every connection with the last event that it has: its own cursor, else ``fallback``."""
        ids: Any = self._redis.zrange(self._keys.connections(self.number), 0, -1)
        found: list[tuple[Connection, EventId]] = []
        for start in range(0, len(ids), _PAGE):
            pipeline = self._redis.pipeline(transaction=False)
            for raw in ids[start : start + _PAGE]:
                pipeline.hmget(self._keys.connection(raw.decode()), "about", "cursor")
            for about, cursor in pipeline.execute():
                if about:
                    found.append((decode(about), _id(cursor) if cursor else fallback))
        return found

    def forget(self, connection_ids: Sequence[str]) -> None:
        """Remove connections that ended without a disconnect."""
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.zrem(self._keys.connections(self.number), *connection_ids)
        for connection_id in connection_ids:
            pipeline.delete(self._keys.connection(connection_id))
        pipeline.execute()

    def restore(self, connections: Sequence[Connection]) -> None:
        """Register connections again that Redis lost, with a note about each."""
        pipeline = self._redis.pipeline(transaction=False)
        for connection in connections:
            pipeline.exists(self._keys.connection(connection.id))
        registry = ConnectionRegistry(self._redis, self._scripts, self._shards)
        for connection, known in zip(connections, pipeline.execute(), strict=True):
            if not known:
                registry.connect(connection)

    def touch(self, connection_ids: Sequence[str], now_ms: int) -> None:
        """Extend the life of connections that received a frame."""
        if connection_ids:
            lapses = dict.fromkeys(connection_ids, now_ms + SILENT_MS)
            self._redis.zadd(self._keys.connections(self.number), lapses, xx=True)

    def lapsed(self, now_ms: int, limit: int = 1000) -> list[str]:
        """Return the ids of connections that expired."""
        found: Any = self._redis.zrangebyscore(self._keys.connections(self.number), "-inf", now_ms, start=0, num=limit)
        return [raw.decode() for raw in found]


def _note(text: bytes) -> Note | None:
    try:
        kind, at, rest = text.split(b" ", 2)
        return _NOTES[NoteKind(kind.decode())](_id(at), rest)
    except (ValueError, KeyError, TypeError):
        return None


def _open_note(at: EventId, rest: bytes) -> Note:
    connection = decode(rest)
    return Note(NoteKind.OPEN, at, connection.id, connection)


def _subscribe_note(at: EventId, rest: bytes) -> Note:
    fields = orjson.loads(rest)
    connection = from_fields(fields["about"])
    return Note(NoteKind.SUBSCRIBE, at, connection.id, connection, fields["requestId"])


def _close_note(at: EventId, rest: bytes) -> Note:
    return Note(NoteKind.CLOSE, at, rest.decode())


_NOTES: Final = {
    NoteKind.OPEN: _open_note,
    NoteKind.CLOSE: _close_note,
    NoteKind.SUBSCRIBE: _subscribe_note,
}


def _id(text: bytes) -> EventId:
    return EventId.parse(text.decode()) or _ZERO
