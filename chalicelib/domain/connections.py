"""WebSocket connections, and the events that each one receives. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

from chalicelib.domain.principals import Principal, Scope


@dataclass(frozen=True, slots=True)
class Connection:
    """One open WebSocket and the session or API key that opened it. Times are epoch milliseconds."""

    id: str
    principal: Principal
    #: Whose events it receives; never wider than the caller's role may read.
    scope: Scope
    opened_ms: int
    #: The id of the session's token, the version of the user's sessions at that time, and when the token expires. For
    #: an API key: its id, 0, and when it expires.
    token_id: str
    session_version: int
    session_ends_ms: int

    def listening_to(self, scope: Scope) -> Connection:
        """Return this connection with another scope."""
        return replace(self, scope=scope)


def shard_of(connection_id: str, shards: int) -> int:
    """Return which of ``shards`` connection managers serves the connection."""
    return crc32(connection_id.encode()) % shards
