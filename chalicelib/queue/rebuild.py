"""Putting the queue back into a Redis that lost it. Used by ``services.recovery`` alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.errors import QueueClosed
from chalicelib.queue.keys import lane
from chalicelib.queue.scripts import Arg, Scripts

if TYPE_CHECKING:
    from redis import Redis

#: How long a rebuild may be silent before another process takes its place.
LOCK_MS: Final = 15_000
FORGOTTEN_TTL_S: Final = 7_200
#: Grows with each change of what a rebuild puts into Redis; data of an older version is rebuilt once.
LAYOUT: Final = 2
_SCAN_COUNT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an open job belongs. ``at_ms``: due time, or end of lease; ``token``: of its lease when it runs."""

    job_id: str
    tenant_id: str
    queue: str
    owner_id: str
    state: str
    score: int
    at_ms: int
    token: str
    #: Whether a running job was asked to stop.
    stop: bool = False


class Rebuild:
    """One process at a time wipes, restores and opens; the lock's token fences a slow one."""

    def __init__(self, redis: Redis, scripts: Scripts, token: str) -> None:
        self._redis = redis
        self._scripts = scripts
        self._keys = scripts.keys
        self._token = token

    def begin(self) -> bool:
        """Take the lock; ``False`` while another process rebuilds."""
        return bool(self._redis.set(self._keys.rebuild, self._token, nx=True, px=LOCK_MS))

    def keep(self) -> None:
        """Renew the lock; raises ``QueueClosed`` when it was lost."""
        if self._redis.get(self._keys.rebuild) != self._token.encode():
            raise QueueClosed
        self._redis.pexpire(self._keys.rebuild, LOCK_MS)

    def abandon(self) -> None:
        """Give the lock back after a failure, so that the next try need not wait for it to expire."""
        if self._redis.get(self._keys.rebuild) == self._token.encode():
            self._redis.delete(self._keys.rebuild)

    def wipe(self, paused: Sequence[str]) -> None:
        """Close the queue and remove what is left of it, but the event log and the slots; ``paused``: lanes."""
        k = self._keys
        gone = [
            k.lanes, k.turn, k.paused, k.scheduled, k.retrying, k.leases, k.tokens, k.cancels, k.ringing, k.intents,
            k.forgotten, k.held,
        ]  # fmt: skip
        if not self._scripts.plain("close", [k.epoch, k.rebuild, *gone], [self._token]):
            raise QueueClosed
        for prefix in (k.ready_prefix, k.active_prefix, k.counts_prefix):
            self._unlink_all(prefix)
        if paused:
            self._redis.sadd(k.paused, *paused)

    def _unlink_all(self, prefix: str) -> None:
        """Only after data loss: walks this namespace's keys in steps, which no hot path ever does."""
        batch: list[bytes] = []
        for key in self._redis.scan_iter(match=prefix + "*", count=_SCAN_COUNT):
            batch.append(key)
            if len(batch) == _SCAN_COUNT:
                self._redis.unlink(*batch)
                self.keep()
                batch.clear()
        if batch:
            self._redis.unlink(*batch)

    def restore(self, places: Sequence[Place], *, limited: bool) -> int:
        """Put jobs where they belong and count them; how many were not there yet. Raises ``QueueClosed``."""
        k = self._keys
        keys = [
            k.counts_prefix, k.lanes, k.turn, k.paused, k.ready_prefix, k.scheduled, k.retrying, k.leases,
            k.tokens, k.active_prefix, k.rebuild, k.cancels,
        ]  # fmt: skip
        args: list[Arg] = [self._token]
        for p in places:
            args += (p.job_id, lane(p.tenant_id, p.queue), p.owner_id, p.tenant_id, p.state, p.score, p.at_ms, p.token)
            args += (int(limited), int(p.stop))
        restored = int(self._scripts.plain("restore", keys, args))
        if restored < 0:
            raise QueueClosed
        return restored

    def add_totals(self, totals: Iterable[tuple[str, str, Mapping[str, int]]]) -> None:
        """Add counts of ended jobs: (owner, tenant, field → number). Raises ``QueueClosed``."""
        for owner, tenant, fields in totals:
            args: list[Arg] = [self._token]
            for scope in (f"o:{owner}", f"t:{tenant}", "all"):
                for name, number in fields.items():
                    args += (scope, name, number)
            if not self._scripts.plain("recount", [self._keys.counts_prefix, self._keys.rebuild], args):
                raise QueueClosed

    def forget(self, ids: Sequence[str], now_ms: int) -> None:
        """Jobs whose deletion the restored counts know of."""
        if ids:
            self._redis.zadd(self._keys.forgotten, dict.fromkeys(ids, now_ms))
            self._redis.expire(self._keys.forgotten, FORGOTTEN_TTL_S)

    def open(self, epoch: int) -> None:
        """Open the queue under a new epoch. Raises ``QueueClosed`` when the lock was lost."""
        k = self._keys
        if not self._scripts.plain("open", [k.epoch, k.seq, k.rebuild, k.layout], [self._token, epoch, LAYOUT]):
            raise QueueClosed
        self._scripts.saw(epoch, 0)
