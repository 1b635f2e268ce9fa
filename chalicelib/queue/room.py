"""Whether tenants may have further jobs and queues, by the counts of the queue. For jobs that no person submits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.jobs import OPEN
from chalicelib.queue.keys import Keys
from chalicelib.queue.scripts import text
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.queue.quotas import Quotas

_OPEN: Final = sorted(status.value for status in OPEN)


@dataclass(slots=True)
class Room:
    """What a tenant has, and may have; a limit of 0 is none."""

    open_limit: int
    queues_limit: int
    open_jobs: int = 0
    queues: set[str] = field(default_factory=set)

    @property
    def has_jobs_left(self) -> bool:
        """Whether it may have another open job."""
        return not self.open_limit or self.open_jobs < self.open_limit

    def has_queue(self, queue: str) -> bool:
        """Return whether it may have an open job in ``queue``."""
        return not self.queues_limit or queue in self.queues or len(self.queues) < self.queues_limit

    def take(self, queue: str) -> None:
        """Count a job."""
        self.open_jobs += 1
        self.queues.add(queue)


class TenantRoom:
    """Reads what tenants have. Several processes may so exceed a limit by the jobs of one step each."""

    def __init__(self, redis: Redis, keys: Keys, quotas: Quotas, settings: Settings) -> None:
        self._redis = redis
        self._quotas = quotas
        self._keys = keys
        self._open_limit = settings.max_open_jobs_per_tenant
        self._queues_limit = settings.max_queues_per_tenant

    def of(self, tenants: Collection[str]) -> dict[str, Room]:
        """Return the room of tenants, in two round trips."""
        names = list(dict.fromkeys(tenants))
        quotas = self._quotas.of(names)
        pipe = self._redis.pipeline(transaction=False)
        for tenant in names:
            pipe.hmget(self._keys.counts(f"t:{tenant}"), _OPEN)
            pipe.hkeys(self._keys.counts(f"q:{tenant}"))
        answers: Any = pipe.execute()
        return {
            tenant: Room(
                quotas[tenant].open_jobs if tenant in quotas else self._open_limit,
                self._queues_limit,
                sum(max(0, int(count or 0)) for count in counts),
                {text(queue) for queue in queues},
            )
            for tenant, counts, queues in zip(names, answers[::2], answers[1::2], strict=True)
        }
