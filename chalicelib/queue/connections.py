"""Connections of WebSocket clients in Redis, as the handlers see them: register, touch, subscribe, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from chalicelib.domain.connections import Connection, shard_of
from chalicelib.domain.principals import Principal, Role, Scope, grant_data, grant_of
from chalicelib.errors import TooManyConnections
from chalicelib.queue.events import EventId
from chalicelib.queue.scripts import Scripts, chunks

if TYPE_CHECKING:
    from redis import Redis

#: API Gateway closes a connection after 2 hours; its record is kept a little longer.
LIFE_MS: Final = 130 * 60 * 1000
#: API Gateway closes a connection that is silent for 10 minutes.
SILENT_MS: Final = 11 * 60 * 1000
#: How long an invoked manager may take to claim its shard before another is invoked.
WAKING_MS: Final = 3_000


class Touched(NamedTuple):
    """A connection that sent a message. ``wake_needed``: its shard has no manager, invoke one."""

    connection: Connection
    wake_needed: bool


class ConnectionRegistry:
    """Records of open connections. Each expires if no disconnect is received."""

    def __init__(self, redis: Redis, scripts: Scripts, shards: int) -> None:
        self._redis = redis
        self._scripts = scripts
        self._keys = scripts.keys
        self._shards = shards

    def shard(self, connection_id: str) -> int:
        """Return the shard that serves a connection."""
        return shard_of(connection_id, self._shards)

    def connect(
        self, connection: Connection, after: EventId | None = None, *, per_user: int = 0, per_tenant: int = 0
    ) -> bool:
        """Register a connection that has every event up to ``after`` (``None``: up to now).

        Returns whether to invoke a manager. Raises ``TooManyConnections`` when its user or tenant is at the limit;
        0 is no limit.
        """
        user, tenant = connection.principal.user_id, connection.principal.tenant_id
        full = {-1: self._keys.connections_of(user), -2: self._keys.connections_of(tenant)}

        def connect() -> int:
            answer = self._scripts.call(
                "connect", given={**self._given(connection.id), "of_user": full[-1], "of_tenant": full[-2]},
                id=connection.id, silent_ms=SILENT_MS, about=encode(connection), per_user=per_user,
                per_tenant=per_tenant, after=str(after or ""), waking_ms=WAKING_MS, **self._note(connection.id),
            )  # fmt: skip
            return int(answer)

        answer = connect()
        while answer < 0:
            if not self._forget_gone(full[answer]):
                raise TooManyConnections("Too many open connections; close some of them")
            answer = connect()
        return answer == 1

    def _forget_gone(self, key: str) -> int:
        """Remove expired connections from the set of a user or tenant; return how many."""
        known: Any = list(self._redis.smembers(key))
        pipeline = self._redis.pipeline(transaction=False)
        for raw in known:
            pipeline.exists(self._keys.connection(raw.decode()))
        gone = [raw for raw, exists in zip(known, pipeline.execute(), strict=True) if not exists]
        for some in chunks(gone):
            self._redis.srem(key, *some)
        return len(gone)

    def _given(self, connection_id: str) -> dict[str, str]:
        """Return the keys of a connection and of its shard."""
        k, shard = self._keys, self.shard(connection_id)
        return {
            "connections": k.connections(shard), "connection": k.connection(connection_id),
            "inbox": k.manager_inbox(shard), "manager": k.manager(shard),
            "manager_waking": k.manager_waking(shard),
        }  # fmt: skip

    def _note(self, connection_id: str) -> dict[str, Any]:
        """Return the arguments of scripts that add a note for the manager."""
        return {"wake_channel": self._keys.manager_wake_channel(self.shard(connection_id)), "life_ms": LIFE_MS}

    def disconnect(self, connection_id: str) -> bool:
        """Remove a connection; return whether it existed."""
        given, note = self._given(connection_id), self._note(connection_id)
        return bool(self._scripts.call("disconnect", given=given, id=connection_id, **note))

    def touch(self, connection_id: str) -> Touched | None:
        """Extend the life of a connection; return ``None`` if it does not exist."""
        answer = self._scripts.call(
            "touch", given=self._given(connection_id), id=connection_id, silent_ms=SILENT_MS, waking_ms=WAKING_MS,
            **self._note(connection_id),
        )  # fmt: skip
        return Touched(decode(answer[1]), bool(answer[0])) if answer else None

    def newest(self) -> EventId | None:
        """Return the id of the newest event, ``None`` while the queue is closed."""
        return _event_id(*self._redis.mget(self._keys.epoch, self._keys.seq))

    def progress(self, connection_id: str) -> tuple[EventId | None, EventId | None]:
        """Return the newest event, and the last one that the connection's manager delivered; ``None`` if unknown."""
        k = self._keys
        answers: list[Any] = self._redis.mget(k.epoch, k.seq, k.manager_cursor(self.shard(connection_id)))
        epoch, seq, cursor = answers
        return _event_id(epoch, seq), EventId.parse(cursor.decode()) if cursor else None

    def subscribe(self, connection: Connection, after: EventId | None, request_id: Any = None) -> bool:
        """Ask the manager to continue after an event (``None``: from now) with ``connection.scope``.

        The manager answers with ``request_id``. Returns whether to invoke a manager.
        """
        about = encode(connection)
        wake_needed = self._scripts.call(
            "subscribe", given=self._given(connection.id), about=about, after=str(after or ""), waking_ms=WAKING_MS,
            request=orjson.dumps({"about": orjson.Fragment(about), "requestId": request_id}),
            **self._note(connection.id),
        )  # fmt: skip
        return int(wake_needed) == 1

    def unattended(self) -> list[int]:
        """Return the shards that have connections and no manager."""
        pipeline = self._redis.pipeline(transaction=False)
        for shard in range(self._shards):
            pipeline.exists(self._keys.connections(shard))
            pipeline.exists(self._keys.manager(shard))
        answers = pipeline.execute()
        return [n for n in range(self._shards) if answers[2 * n] and not answers[2 * n + 1]]

    def may_wake(self, shard: int) -> bool:
        """Return whether to invoke a manager of ``shard``: not if one was invoked in the last ``WAKING_MS``."""
        return bool(self._redis.set(self._keys.manager_waking(shard), b"1", nx=True, px=WAKING_MS))


def _event_id(epoch: Any, seq: Any) -> EventId | None:
    return EventId(int(epoch), int(seq or 0)) if epoch else None


def encode(connection: Connection) -> bytes:
    """Encode a connection as JSON."""
    principal = connection.principal
    return orjson.dumps(
        {
            "id": connection.id,
            "user": principal.user_id,
            "tenant": principal.tenant_id,
            "role": principal.role,
            "email": principal.email,
            "scope": connection.scope,
            "opened": connection.opened_ms,
            "token": connection.token_id,
            "version": connection.session_version,
            "ends": connection.session_ends_ms,
            **({"key": grant_data(principal.key)} if principal.key else {}),
        }
    )


def decode(text: bytes) -> Connection:
    """Decode a connection from JSON. Raises ``ValueError`` or ``KeyError`` if it is not valid."""
    return from_fields(orjson.loads(text))


def from_fields(fields: dict[str, Any]) -> Connection:
    """Return the connection that a decoded JSON object describes."""
    principal = Principal(fields["user"], fields["tenant"], Role(fields["role"]), fields["email"])
    if (key := grant_of(fields.get("key"))) is not None:
        principal = Principal.service(principal.user_id, principal.tenant_id, principal.role, principal.email, key)
    return Connection(
        id=fields["id"],
        principal=principal,
        scope=Scope(fields["scope"]),
        opened_ms=fields["opened"],
        token_id=fields["token"],
        session_version=fields["version"],
        session_ends_ms=fields["ends"],
    )
