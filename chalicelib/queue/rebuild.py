"""Rebuilds the queue in Redis. Used only by ``services.rebuilder``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import QueueClosed
from chalicelib.queue.limit_instances import Definition
from chalicelib.queue.scripts import Scripts, chunks
from chalicelib.queue.shares import Share

if TYPE_CHECKING:
    from redis import Redis

#: How long a rebuild may go without renewing its lock before another process takes over.
LOCK_MS: Final = 15_000
FORGOTTEN_TTL_S: Final = 7_200
_SCAN_COUNT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an open job belongs. ``at_ms``: due time, or end of lease; ``token``: of its lease if it runs."""

    job_id: str
    tenant_id: str
    lane: str
    owner_id: str
    state: str
    score: int
    at_ms: int
    token: str
    #: Whether the cancellation of a running job was requested.
    stop: bool = False
    #: Whether it counts as an active job of its owner, if there is a limit of these.
    personal: bool = True


class Rebuild:
    """A rebuild by one process at a time: wipe, restore, open. The token of the lock fences a slow process."""

    def __init__(self, redis: Redis, scripts: Scripts, token: str) -> None:
        self._redis = redis
        self._scripts = scripts
        self._keys = scripts.keys
        self._token = token

    def begin(self) -> bool:
        """Take the lock; return ``False`` while another process rebuilds."""
        return bool(self._redis.set(self._keys.rebuild, self._token, nx=True, px=LOCK_MS))

    def extend_lock(self) -> None:
        """Renew the lock. Raises ``QueueClosed`` if it was lost."""
        if self._redis.get(self._keys.rebuild) != self._token.encode():
            raise QueueClosed
        self._redis.pexpire(self._keys.rebuild, LOCK_MS)

    def abandon(self) -> None:
        """Release the lock after a failure, so the next attempt does not wait for its expiry."""
        if self._redis.get(self._keys.rebuild) == self._token.encode():
            self._redis.delete(self._keys.rebuild)

    def wipe(
        self,
        paused: Sequence[str],
        definitions: Iterable[Definition] = (),
        shares: Mapping[str, Share] = MappingProxyType({}),
    ) -> None:
        """Close the queue and delete its keys except event log, slots and pools; then set what precedes the jobs.

        ``paused`` are paused queues as ``tenant/queue``; ``shares``: tenant → its share.
        """
        if not self._scripts.call("close", rebuild_token=self._token):
            raise QueueClosed
        self._unlink_by_owner()
        for queues in chunks(paused):
            self._redis.sadd(self._keys.paused, *queues)
        self._set(self._keys.limits, {each.field: each.text for each in definitions if each.text})
        self._set(self._keys.costs, {tenant: share.text for tenant, share in shares.items() if share.text})

    def _set(self, key: str, values: Mapping[str, Any]) -> None:
        for some in chunks(list(values.items()), 2):
            self._redis.hset(key, mapping=dict(some))

    def _unlink_by_owner(self) -> None:
        """Delete the keys of owners, by scanning the namespace in steps. Only for rebuilds."""
        dropped = tuple(prefix.encode() for prefix in self._keys.by_owner)
        batch: list[bytes] = []
        for n, key in enumerate(self._redis.scan_iter(match=self._keys.pattern, count=_SCAN_COUNT)):
            if key.startswith(dropped):
                batch.append(key)
            if n % _SCAN_COUNT == _SCAN_COUNT - 1:
                self.extend_lock()
            if len(batch) == _SCAN_COUNT:
                self._redis.unlink(*batch)
                batch.clear()
        if batch:
            self._redis.unlink(*batch)

    def restore(self, places: Sequence[Place], *, limited: bool) -> int:
        """Restore jobs and count them; return how many were not there yet. Raises ``QueueClosed``."""
        batch = self._scripts.batch("restore")
        for p in places:
            batch.add(
                p.owner_id, p.tenant_id, id=p.job_id, lane=p.lane, state=p.state, place=p.score,
                at_ms=p.at_ms, token=p.token, limited=int(limited and p.personal), stop=int(p.stop),
            )  # fmt: skip
        restored = [int(answer) for answer in batch.run(rebuild_token=self._token)]
        if any(number < 0 for number in restored):
            raise QueueClosed
        return sum(restored)

    def add_totals(self, totals: Iterable[tuple[str, str, Mapping[str, int]]]) -> None:
        """Add counts of ended jobs: (owner, tenant, field → number). Raises ``QueueClosed``."""
        for owner, tenant, fields in totals:
            batch = self._scripts.batch("recount")
            for name, number in fields.items():
                batch.add(owner, tenant, field=name, by=number)
            if not all(batch.run(rebuild_token=self._token)):
                raise QueueClosed

    def forget(self, ids: Sequence[str], now_ms: int) -> None:
        """Note ids of deleted jobs that the restored counts do not contain."""
        for some in chunks(ids, 2):
            self._redis.zadd(self._keys.forgotten, dict.fromkeys(some, now_ms))
            self._redis.expire(self._keys.forgotten, FORGOTTEN_TTL_S)

    def open(self, epoch: int) -> None:
        """Open the queue with a new epoch. Raises ``QueueClosed`` if the lock was lost."""
        if not self._scripts.call("open", rebuild_token=self._token, new_epoch=epoch):
            raise QueueClosed
        self._scripts.note_newest(epoch, 0)
