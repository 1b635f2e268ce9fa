"""Removes from Redis what is kept of persons and tenants whose data are deleted, and who have no jobs any more.

What no script would look for again: counts, averages, rates, definitions, events. Keys with a TTL are left to it: none
lives longer than an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.queue.keys import Keys

#: Entries of the event log that are read at once.
PAGE: Final = 500


class Erasure:
    """Each call may be repeated. Raises ``RedisError``."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis: Any = redis
        self._keys = keys

    def erase(self, owners: Sequence[str], tenant_id: str | None) -> None:
        """Remove what is kept of owners, and of a tenant if one is given."""
        keys = self._keys
        gone = [keys.counts(f"o:{owner}") for owner in owners] + [keys.active(owner) for owner in owners]
        if tenant_id is not None:
            gone += [keys.counts(f"{scope}:{tenant_id}") for scope in "tqs"]
        if gone:
            self._redis.unlink(*gone)
        for subject in (*owners, *([tenant_id] if tenant_id else [])):
            self._fields(subject)
            self._events(subject)

    def _fields(self, subject: str) -> None:
        match, keys = f"*{subject}*", self._keys
        for name in (keys.costs, keys.limits, keys.quotas):
            if found := [field for field, _ in self._redis.hscan_iter(name, match=match)]:
                self._redis.hdel(name, *found)
        for name in (keys.rates, keys.absent, keys.timed):
            if found := [member for member, _ in self._redis.zscan_iter(name, match=match)]:
                self._redis.zrem(name, *found)
        if found := list(self._redis.sscan_iter(keys.paused, match=match)):
            self._redis.srem(keys.paused, *found)

    def _events(self, subject: str) -> None:
        text, start = subject.encode(), "-"
        while page := self._redis.xrange(self._keys.events, min=start, count=PAGE):
            if found := [event_id for event_id, fields in page if any(text in value for value in fields.values())]:
                self._redis.xdel(self._keys.events, *found)
            start = f"({page[-1][0].decode()}"
