"""WebSocket connections: who listens, and to whose events. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

from chalicelib.domain.principals import Principal, Scope


@dataclass(frozen=True, slots=True)
class Connection:
    """One open WebSocket and the session that opened it. Times are epoch milliseconds."""

    id: str
    caller: Principal
    #: Whose events it gets; never wider than the caller's role reads.
    scope: Scope
    opened_ms: int
    #: The session's token by id, the version of the user's sessions then, and when the token expires.
    token_id: str
    session_version: int
    session_ends_ms: int

    def listening_to(self, scope: Scope) -> Connection:
        """The same connection with another scope."""
        return replace(self, scope=scope)


def shard_of(connection_id: str, shards: int) -> int:
    """Which of ``shards`` connection managers serves a connection."""
    return crc32(connection_id.encode()) % shards
