"""One-time tickets in Redis, kept by digest: whoever reads Redis cannot use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.queue.keys import Keys

if TYPE_CHECKING:
    from redis import Redis


class TicketStore:
    """Keeps a text under a digest until it is taken or ``ttl_s`` has passed."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def put(self, digest: str, text: bytes, ttl_s: int) -> None:
        """Keep ``text``."""
        self._redis.set(self._keys.ticket(digest), text, ex=ttl_s)

    def take(self, digest: str) -> bytes | None:
        """What was kept; only the first of several takers gets it."""
        found: Any = self._redis.getdel(self._keys.ticket(digest))
        return bytes(found) if found is not None else None
