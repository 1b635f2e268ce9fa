"""The lease of the ticker: one waits at a time. Two would do nothing twice, but cost twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.queue.keys import Keys

if TYPE_CHECKING:
    from redis import Redis

#: How long a lease lasts without being renewed.
LEASE_MS: Final = 10_000


class TickerLease:
    """A key that expires. Raises ``RedisError``."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._key = keys.ticker

    def take(self, token: str) -> bool:
        """Take or renew the lease under ``token``; return ``False`` if another holds it."""
        if self._redis.set(self._key, token, nx=True, px=LEASE_MS):
            return True
        if self._redis.get(self._key) != token.encode():
            return False
        # if it expired in between, another ticker may hold it now: then both tick until the next renewal
        return bool(self._redis.set(self._key, token, px=LEASE_MS))

    def leave(self, token: str) -> None:
        """Give the lease back."""
        if self._redis.get(self._key) == token.encode():
            self._redis.delete(self._key)

    def is_held(self) -> bool:
        """Return whether a ticker runs."""
        return bool(self._redis.exists(self._key))
