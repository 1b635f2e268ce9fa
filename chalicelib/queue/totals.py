"""Totals that only grow: jobs submitted, done and failed, retries, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.queue.keys import Keys

if TYPE_CHECKING:
    from redis import Redis

#: Fields of the counts that are totals; the others are jobs per state.
TOTALS: Final = ("submitted", "done", "failed", "retries", "rate_hits")


class Totals:
    """Resets totals; the engine's scripts add to them."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def reset(self, scopes: Sequence[str]) -> None:
        """Set the totals of ``scopes`` to 0, each in one step."""
        pipe = self._redis.pipeline(transaction=False)
        for scope in scopes:
            pipe.hdel(self._keys.counts(scope), *TOTALS)
        pipe.execute()
