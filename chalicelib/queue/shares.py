"""The shares of tenants in Redis: their weights, where turns read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from chalicelib.queue.scripts import Scripts, chunks

if TYPE_CHECKING:
    from redis import Redis

#: The weight of a tenant without an entry.
USUAL_WEIGHT: Final = 1.0


class Shares:
    """Reads and sets the weights of tenants: their shares of slot time while several wait.

    Methods that set raise ``QueueClosed`` while Redis has lost the queue.
    """

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts
        self._key = scripts.keys.costs

    def of(self, tenants: Sequence[str]) -> dict[str, float | None]:
        """Return the weight of each tenant, ``None`` for one that cannot be read."""
        weights: dict[str, float | None] = {}
        for some in chunks(tenants):
            found: Any = self._redis.hmget(self._key, some)
            weights |= {tenant: _weight(text) for tenant, text in zip(some, found, strict=True)}
        return weights

    def put(self, weights: Mapping[str, float]) -> None:
        """Set weights; they hold from the next turn on."""
        batch = self._scripts.batch("weigh")
        for tenant, weight in weights.items():
            batch.add(tenant=tenant, weight="" if weight == USUAL_WEIGHT else weight)
        for answer in batch.run():
            self._scripts.marked(answer)


def _weight(text: bytes | None) -> float | None:
    if text is None:
        return USUAL_WEIGHT
    try:
        return float(text)
    except ValueError:
        return None
