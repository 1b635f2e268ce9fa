"""Due times of scheduled jobs, changed where they stand.

Plain commands, no script: each changes a score that is there and nothing else, so counts stay. A change that is lost or
comes late is made good by ``services.maintenance.promotion``, which goes by the record.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.domain.jobs import PARKED_UNTIL, Job, to_ms
from chalicelib.queue.keys import Keys
from chalicelib.queue.scripts import chunks

if TYPE_CHECKING:
    from redis import Redis


class DueTimes:
    """Changes due times of scheduled jobs, and tells which jobs are leased."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def postpone(self, jobs: Sequence[Job]) -> None:
        """Move scheduled jobs to the due times of their records, if these are later. Held-back ones stay."""
        for part in chunks(jobs, 2):
            self._redis.zadd(self._keys.scheduled, {job.id: to_ms(job.ready_at) for job in part}, xx=True, gt=True)

    def unpark(self, jobs: Sequence[Job]) -> None:
        """Move jobs that waited for the end of another one to the due times of their records, once."""
        parked = to_ms(PARKED_UNTIL)
        for part in chunks(jobs):
            scores: Any = self._redis.zmscore(self._keys.scheduled, [job.id for job in part])
            due = {job.id: to_ms(job.ready_at) for job, at in zip(part, scores, strict=True) if at == parked}
            if due:
                self._redis.zadd(self._keys.scheduled, due, xx=True, lt=True)

    def leased(self, ids: Collection[str]) -> set[str]:
        """Return those of ``ids`` that workers hold."""
        found: set[str] = set()
        for part in chunks(list(ids)):
            tokens: Any = self._redis.hmget(self._keys.tokens, list(part))
            found |= {job_id for job_id, token in zip(part, tokens, strict=True) if token}
        return found
