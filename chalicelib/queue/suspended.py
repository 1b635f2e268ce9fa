"""Waiting jobs in Redis: which are there, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.queue.keys import Keys
from chalicelib.queue.scripts import chunks, text

if TYPE_CHECKING:
    from redis import Redis


class SuspendedJobs:
    """Reads the set of waiting jobs. Scripts alone change it."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def due_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Return those of ``ids`` that are there: id → when they go on at the latest, in ms."""
        found: dict[str, int] = {}
        for part in chunks(ids):
            scores: Any = self._redis.zmscore(self._keys.suspended, list(part))
            found |= {job_id: int(at) for job_id, at in zip(part, scores, strict=True) if at is not None}
        return found

    def walk(self, cursor: int, count: int) -> tuple[int, dict[str, int]]:
        """Return about ``count`` waiting jobs, and the cursor of the next ones: 0 at the end."""
        page: Any = self._redis.zscan(self._keys.suspended, cursor=cursor, count=count)
        following, found = page
        return int(following), {text(job_id): int(at) for job_id, at in found}
