"""What the queue in Redis holds: counts, leases, and what waits. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.jobs import READY_MS_BITS, JobStatus
from chalicelib.domain.pauses import ALL_TENANTS, PausedBy, task_instance
from chalicelib.errors import QueueClosed
from chalicelib.queue.answers import Wait
from chalicelib.queue.census import SINCE
from chalicelib.queue.lanes import lane, queue_of
from chalicelib.queue.scripts import Scripts, text

if TYPE_CHECKING:
    from redis import Redis

#: Lanes with limits, or of other pools than the default one, whose jobs one call of ``waits`` counts.
WAITS_LANES: Final = 5_000
_SINCE: Final = SINCE.encode()


class Readings:
    """Reads the queue."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis = redis
        self._scripts = scripts
        self._keys = scripts.keys

    # --- counts ----------------------------------------------------------------------------------------------
    def layout(self) -> int:
        """Return the layout of the keys in Redis (``keys.LAYOUT``), 0 if unknown."""
        found: Any = self._redis.get(self._keys.layout)
        return int(found or 0)

    def counts(self, scope: str) -> dict[str, int]:
        """Return jobs per state and totals of ``o:<owner>``, ``t:<tenant>`` or ``all``; absent means 0.

        Raises ``QueueClosed`` while Redis has lost the queue.
        """
        return self.counts_of([scope])[0]

    def counts_of(self, scopes: Sequence[str]) -> list[dict[str, int]]:
        """Return ``counts`` of each scope, in one round trip."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.exists(self._keys.epoch)
        for scope in scopes:
            pipe.hgetall(self._keys.counts(scope))
        is_open, *found = pipe.execute()
        if not is_open:
            raise QueueClosed
        return [{name.decode(): int(n) for name, n in fields.items() if name != _SINCE} for fields in found]

    def leases(self, limit: int = 1000) -> list[tuple[str, int, str]]:
        """Return up to ``limit`` leases: (job id, end of lease in ms, token), the next to expire first."""
        ends_of: Any = self._redis.zrange(self._keys.leases, 0, limit - 1, withscores=True)
        if not ends_of:
            return []
        held: Any = self._redis.hmget(self._keys.tokens, [job_id for job_id, _ in ends_of])
        return [
            (text(job_id), int(ends), text(token or b"").partition("|")[0])
            for (job_id, ends), token in zip(ends_of, held, strict=True)
        ]

    # --- what waits ------------------------------------------------------------------------------------------
    def due(self, now_ms: int, limit: int) -> dict[str, int]:
        """Return due scheduled, retrying and waiting jobs, at most ``limit`` of each: id → due time in ms."""
        pipe = self._redis.pipeline(transaction=False)
        for key in (self._keys.retrying, self._keys.scheduled, self._keys.suspended):
            pipe.zrangebyscore(key, "-inf", now_ms, start=0, num=limit, withscores=True)
        return {text(each): int(at) for waiting in pipe.execute() for each, at in waiting}

    def has_due(self, until_ms: int) -> bool:
        """Return whether a job that waits becomes due by then, or a rate allows a parked one to begin."""
        pipe = self._redis.pipeline(transaction=False)
        for key in (self._keys.retrying, self._keys.scheduled, self._keys.suspended, self._keys.timed):
            pipe.zrangebyscore(key, "-inf", until_ms, start=0, num=1)
        return any(pipe.execute())

    def overdue_intents(self, before_ms: int, limit: int) -> list[bytes]:
        """Return up to ``limit`` intents noted before ``before_ms``, oldest first."""
        noted: Any = self._redis.zrangebyscore(self._keys.intents, "-inf", before_ms, start=0, num=limit)
        return list(noted)

    # --- queues ----------------------------------------------------------------------------------------------
    def waits(self, tenant_id: str, queues: Sequence[str]) -> list[Wait]:
        """Return the ready jobs of each queue of a tenant."""
        return self._waits([(queue_of(tenant_id, queue), lane(tenant_id, queue)) for queue in queues])

    def waits_in(self, lanes: Sequence[str]) -> list[Wait]:
        """Return the ready jobs of each lane."""
        return self._waits([(each, "") for each in lanes])

    def _waits(self, names: Sequence[tuple[str, str]]) -> list[Wait]:
        batch = self._scripts.batch("waits")
        for name, plain in names:
            batch.add(name=name, lane=plain)
        answers = batch.run(span=1 << READY_MS_BITS, lanes_limit=WAITS_LANES)
        numbers = [number for answer in answers for number in answer]
        return [
            Wait(int(ready), PausedBy(int(paused)), int(since) if since >= 0 else None, bool(is_cut))
            for ready, paused, since, is_cut in zip(*(numbers[n::4] for n in range(4)), strict=True)
        ]

    def open_by_queue(self, tenant_id: str) -> dict[str, dict[JobStatus, int]]:
        """Return the open jobs of a tenant per queue and state, without pending ones."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.hkeys(self._keys.counts(f"q:{tenant_id}"))
        pipe.hgetall(self._keys.counts(f"s:{tenant_id}"))
        names, states = pipe.execute()
        queues: dict[str, dict[JobStatus, int]] = {text(name): {} for name in names}
        for field, number in states.items():
            queue, _, state = text(field).partition("|")
            queues.setdefault(queue, {})[JobStatus(state)] = int(number)
        return queues

    def paused_tasks(self, tasks: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return which of these tasks, as (tenant, task), are paused, in their tenant or in all. One round trip."""
        asked = [(pair, scope) for pair in tasks for scope in (pair[0], ALL_TENANTS)]
        if not asked:
            return set()
        names = [queue_of(scope, task_instance(task)) for (_, task), scope in asked]
        held: Any = self._redis.smismember(self._keys.paused, names)
        return {pair for (pair, _), is_held in zip(asked, held, strict=True) if is_held}

    def paused_lanes(self) -> set[str]:
        """Return all pauses as ``tenant/queue``; those of tasks as ``tenant/~task.name``."""
        held: Any = self._redis.smembers(self._keys.paused)
        return {text(each) for each in held}
