"""Health of the databases: whether they answer and accept writes, checked within about a second."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.queue.keys import Keys
    from chalicelib.store.meta import MetaStore

#: Longest time of one check, in seconds.
CHECK_S: Final = 0.8
HEALTH_TTL_S: Final = 60
#: Most workers that are counted.
MAX_WORKERS: Final = 1_000
#: The code in an answer of Redis.
REASON: Final = re.compile(r"\b(NOREPLICAS|MISCONF|BUSY|READONLY|OOM)\b")


@dataclass(frozen=True, slots=True)
class Check:
    """The check of one dependency: whether it works, and how long the check took, in ms.

    ``detail``: why it does not work, or a warning if it does.
    """

    ok: bool
    latency_ms: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """``workers``: number of live workers; 0 is healthy, since an enqueue invokes one. ``pools``: the same by pool."""

    mongodb: Check
    redis: Check
    workers: int
    pools: Mapping[str, int]

    @property
    def ok(self) -> bool:
        """Whether jobs can be accepted and run."""
        return self.mongodb.ok and self.redis.ok


class HealthService:
    """Checks both databases at once. ``redis`` must be a client whose own waits are shorter than ``CHECK_S``."""

    def __init__(self, meta: MetaStore, redis: Redis, keys: Keys, pools: Sequence[str]) -> None:
        self._pools = pools
        self._meta = meta
        self._redis = redis
        self._keys = keys

    def check(self) -> Health:
        """Check all dependencies. Raises nothing for one that is down."""
        with ThreadPoolExecutor(2) as pool:
            mongodb = pool.submit(_timed, self._mongodb)
            alive, redis = _timed(self._queue)
        by_pool = {pool: alive[pool] for pool in dict.fromkeys([*self._pools, *alive])}
        return Health(mongodb.result()[1], redis, alive.total(), by_pool)

    def _mongodb(self) -> tuple[Counter[str], str, str]:
        import pymongo  # noqa: PLC0415 - the clients load on first use

        # a write with majority acknowledgement, of an existing document, so that it needs no new disk space
        with pymongo.timeout(CHECK_S):
            self._meta.touch()
        return Counter(), "", ""

    def _queue(self) -> tuple[Counter[str], str, str]:
        from chalicelib.queue.fleet import pool_of_slots  # noqa: PLC0415 - the clients load on first use

        now_ms = int(time.time() * 1000)
        pipe = self._redis.pipeline(transaction=False)
        pipe.set(self._keys.health, now_ms, ex=HEALTH_TTL_S)
        pipe.exists(self._keys.epoch)
        pipe.zrangebyscore(self._keys.workers, now_ms, "+inf", start=0, num=MAX_WORKERS)
        pipe.hgetall(self._keys.slots)
        pipe.info("memory")
        _, is_open, workers, slots, memory = pipe.execute()
        alive = Counter(pool_of_slots(slots.get(worker, b"")) for worker in workers)
        return alive, "" if is_open else "the queue is being rebuilt", _eviction(memory.get("maxmemory_policy"))


def _eviction(policy: str | None) -> str:
    """Return a warning about ``maxmemory-policy``; ``None`` is a service that does not report it."""
    if policy in {None, "noeviction"}:
        return ""
    what = "limits, tickets and live connections" if str(policy).startswith("volatile") else "jobs of the queue"
    return f"maxmemory-policy is {policy}: short of memory, it drops {what}; set noeviction"


def _timed(check: Callable[[], tuple[Counter[str], str, str]]) -> tuple[Counter[str], Check]:
    from pymongo.errors import PyMongoError  # noqa: PLC0415
    from redis.exceptions import RedisError  # noqa: PLC0415

    begun = time.perf_counter()
    alive, trouble, remark = Counter[str](), "", ""
    try:
        alive, trouble, remark = check()
    except (PyMongoError, RedisError, OSError) as error:
        trouble = f"not reachable, or takes no writes ({_reason(error)})"
    return alive, Check(not trouble, round((time.perf_counter() - begun) * 1000, 2), trouble or remark)


def _reason(error: Exception) -> str:
    """Return the kind of an error and the server's code; not its text, which may contain host names."""
    words = REASON.search(str(error))
    return f"{type(error).__name__}: {words[1]}" if words else type(error).__name__
