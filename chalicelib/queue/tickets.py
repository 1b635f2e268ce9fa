"""One-time tickets in Redis, stored by digest: they cannot be used by reading Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.queue.keys import Keys

if TYPE_CHECKING:
    from redis import Redis


class TicketStore:
    """Stores a text under a digest until it is taken or ``ttl_s`` has passed."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def put(self, digest: str, text: bytes, ttl_s: int) -> None:
        """Store ``text``."""
        self._redis.set(self._keys.ticket(digest), text, ex=ttl_s)

    def take(self, digest: str) -> bytes | None:
        """Return the text and delete it: only the first of several calls gets it."""
        found: Any = self._redis.getdel(self._keys.ticket(digest))
        return bytes(found) if found is not None else None
