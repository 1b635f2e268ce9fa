"""How many keys of limits one tenant may have jobs under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.jobs import Job
from chalicelib.domain.limits import keyed
from chalicelib.errors import TooManyLimitKeys
from chalicelib.queue.keys import Keys
from chalicelib.queue.lanes import lane
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from redis import Redis


class LimitRoom:
    """Counts lanes with ready jobs: each key has at least one, and they are what keys cost in Redis.

    Jobs that wait for their time are not counted before they are ready, and calls at the same moment may exceed the
    number together: it protects memory, and need not be exact.
    """

    def __init__(self, redis: Redis, keys: Keys, settings: Settings) -> None:
        self._redis = redis
        self._keys = keys
        self._most = settings.max_limit_keys_per_tenant

    def check(self, tenant_id: str, jobs: Sequence[Job]) -> None:
        """Raise ``TooManyLimitKeys`` if ``jobs`` of a tenant have more keys than it may add. Two reads at most."""
        lanes = {lane(tenant_id, job.queue, job.pool, job.limits) for job in jobs if job.limits and keyed(job.limits)}
        if not self._most or not lanes:
            return
        # 0 follows / in ASCII
        used = int(self._redis.zlexcount(self._keys.special, f"[{tenant_id}/", f"({tenant_id}0"))
        if used + len(lanes) <= self._most:
            return
        known = self._redis.hmget(self._keys.numbers, list(lanes))
        if used + sum(number is None for number in known) > self._most:
            raise TooManyLimitKeys(f"A tenant has ready jobs under at most {self._most} keys of limits.")
