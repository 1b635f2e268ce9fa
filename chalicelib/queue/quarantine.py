"""Quarantine for unreadable entries of Redis: they are set aside, logged and counted, and work continues."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import orjson

from chalicelib.domain.clock import Clock
from chalicelib.queue.keys import Keys

if TYPE_CHECKING:
    from redis import Redis

#: Entries kept, and for how long.
SIZE: Final = 1_000
TTL_S: Final = 7 * 24 * 3600


class Quarantine:
    """A list of the last ``SIZE`` ``{entry, why, at}``; the count ``quarantined`` of ``all`` only grows."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock, log_error: Callable[..., None]) -> None:
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._log_error = log_error

    def add(self, entry: str, why: str) -> None:
        """Set ``entry`` aside. The caller removes it from where it was."""
        entry = entry.encode(errors="backslashreplace").decode()
        self._log_error("set aside what cannot be read", event="quarantine", entry=entry[:100], why=why)
        item = orjson.dumps({"entry": entry[:1000], "why": why[:200], "at": self._clock.now_ms()})
        pipe = self._redis.pipeline()
        pipe.lpush(self._keys.quarantine, item)
        pipe.ltrim(self._keys.quarantine, 0, SIZE - 1)
        pipe.expire(self._keys.quarantine, TTL_S)
        pipe.hincrby(self._keys.counts("all"), "quarantined", 1)
        pipe.execute()
