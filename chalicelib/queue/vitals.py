"""Numbers about the whole queue, read in a few round trips independent of the number of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.queue.engine import Engine
from chalicelib.queue.keys import Keys
from chalicelib.queue.scripts import text

if TYPE_CHECKING:
    from redis import Redis

#: Maximum number of groups looked at, those that are next; of each, the lane that is next.
MAX_GROUPS: Final = 100
_TAG_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Vitals:
    """Counts; ages are in seconds."""

    #: Age of the job that has been ready for longest, 0 if none is ready.
    oldest_ready_s: float
    workers: int
    connections: int
    #: Shards with connections and without a connection manager.
    unattended_shards: int


class VitalSigns:
    """Reads ``Vitals`` from Redis."""

    def __init__(self, redis: Redis, keys: Keys, engine: Engine, shards: int) -> None:
        self._redis = redis
        self._engine = engine
        self._keys = keys
        self._shards = shards

    def read(self, now_ms: int) -> Vitals:
        """Return the numbers at ``now_ms``."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.zcount(self._keys.workers, now_ms, "+inf")
        for shard in range(self._shards):
            pipe.zcard(self._keys.connections(shard))
            pipe.exists(self._keys.manager(shard))
        workers, *shards = pipe.execute()
        connections, managers = shards[::2], shards[1::2]
        return Vitals(
            oldest_ready_s=self._oldest_ready_s(now_ms),
            workers=int(workers),
            connections=sum(connections),
            unattended_shards=sum(1 for n, held in zip(connections, managers, strict=True) if n and not held),
        )

    def _oldest_ready_s(self, now_ms: int) -> float:
        groups: Any = self._redis.zrange(self._keys.groups, 0, MAX_GROUPS - 1)
        pipe = self._redis.pipeline(transaction=False)
        for group in groups:
            pipe.zrangebylex(self._keys.lanes, b"[" + group + b"\0", b"(" + group + b"\1", start=0, num=1)
        members = [member for found in pipe.execute() for member in found]
        lanes = [text(member.partition(b"\0")[2][_TAG_BYTES:]) for member in members]
        since = [wait.since_ms for wait in self._engine.waits_in(lanes)]
        first = [at for at in since if at is not None]
        return max(0.0, (now_ms - min(first)) / 1000) if first else 0.0
