"""Finds single keys that Redis lost: evicted, or deleted by hand. The loss of all keys shows by the epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.jobs import OPEN

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.queue.scripts import Scripts

#: Counting the ready jobs of this many lanes takes Redis about 10 ms.
MAX_LANES: Final = 10_000
#: Minimum time between rebuilds, in case a rebuild does not repair the difference.
REPAIR_INTERVAL_S: Final = 600
#: Field of the counts of a scope: when they began, in ms; 0 if they were made from the records.
SINCE: Final = "since"


class Census:
    """Compares numbers that every script keeps equal."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts
        self._keys = scripts.keys

    def differences(self) -> list[str]:
        """Return the differences between the counts of open jobs and the jobs in Redis. Raises ``QueueClosed``."""
        (wrong,) = self._scripts.marked(self._scripts.call("census", lanes_limit=MAX_LANES))
        return [each.decode() for each in wrong]

    def since(self, scopes: Sequence[str]) -> list[int | None]:
        """Return when the counts of each scope began, in ms; ``None`` if it has none."""
        pipe = self._redis.pipeline(transaction=False)
        for scope in scopes:
            pipe.hmget(self._keys.counts(scope), SINCE, "submitted")
        answers: list[tuple[Any, Any]] = pipe.execute()
        return [_since(*answer) for answer in answers]

    def miscounted(self, tenants: Sequence[str]) -> list[str]:
        """Return the tenants whose counts of open jobs by queue differ from their counts by state."""
        pipe = self._redis.pipeline(transaction=True)
        for tenant in tenants:
            pipe.hmget(self._keys.counts(f"t:{tenant}"), *(status.value for status in sorted(OPEN)))
            pipe.hvals(self._keys.counts(f"q:{tenant}"))
        answers: list[list[Any]] = pipe.execute()
        sums = [sum(int(number or 0) for number in numbers) for numbers in answers]
        return [tenant for n, tenant in enumerate(tenants) if sums[2 * n] != sums[2 * n + 1]]

    def may_repair(self) -> bool:
        """Return whether the last repair was long enough ago, and note that one begins."""
        return bool(self._redis.set(self._keys.repaired, "1", nx=True, ex=REPAIR_INTERVAL_S))


def _since(began: bytes | None, submitted: bytes | None) -> int | None:
    if began is not None:
        return int(began)
    return None if submitted is None else 0  # counted by a version that did not store it
