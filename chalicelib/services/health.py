"""Health of the databases: whether they answer and accept writes, checked within about a second."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
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
    """``workers``: number of live workers; 0 is healthy, since an enqueue invokes one."""

    mongodb: Check
    redis: Check
    workers: int

    @property
    def ok(self) -> bool:
        """Whether jobs can be accepted and run."""
        return self.mongodb.ok and self.redis.ok


class HealthService:
    """Checks both databases at once. ``redis`` must be a client whose own waits are shorter than ``CHECK_S``."""

    def __init__(self, meta: MetaStore, redis: Redis, keys: Keys) -> None:
        self._meta = meta
        self._redis = redis
        self._keys = keys

    def check(self) -> Health:
        """Check all dependencies. Raises nothing for one that is down."""
        with ThreadPoolExecutor(2) as pool:
            mongodb = pool.submit(_timed, self._mongodb)
            workers, redis = _timed(self._queue)
        return Health(mongodb.result()[1], redis, workers)

    def _mongodb(self) -> tuple[int, str, str]:
        import pymongo  # noqa: PLC0415 - the clients load on first use

        # a write with majority acknowledgement, of an existing document, so that it needs no new disk space
        with pymongo.timeout(CHECK_S):
            self._meta.touch()
        return 0, "", ""

    def _queue(self) -> tuple[int, str, str]:
        now_ms = int(time.time() * 1000)
        pipe = self._redis.pipeline(transaction=False)
        pipe.set(self._keys.health, now_ms, ex=HEALTH_TTL_S)
        pipe.exists(self._keys.epoch)
        pipe.zcount(self._keys.workers, now_ms, "+inf")
        pipe.info("memory")
        _, is_open, workers, memory = pipe.execute()
        return workers, "" if is_open else "the queue is being rebuilt", _eviction(memory.get("maxmemory_policy"))


def _eviction(policy: str | None) -> str:
    """Return a warning about ``maxmemory-policy``; ``None`` is a service that does not report it."""
    if policy in {None, "noeviction"}:
        return ""
    what = "limits, tickets and live connections" if str(policy).startswith("volatile") else "jobs of the queue"
    return f"maxmemory-policy is {policy}: short of memory, it drops {what}; set noeviction"


def _timed(check: Callable[[], tuple[int, str, str]]) -> tuple[int, Check]:
    from pymongo.errors import PyMongoError  # noqa: PLC0415
    from redis.exceptions import RedisError  # noqa: PLC0415

    begun = time.perf_counter()
    number, trouble, remark = 0, "", ""
    try:
        number, trouble, remark = check()
    except (PyMongoError, RedisError, OSError) as error:
        trouble = f"not reachable, or takes no writes ({_reason(error)})"
    return number, Check(not trouble, round((time.perf_counter() - begun) * 1000, 2), trouble or remark)


def _reason(error: Exception) -> str:
    """Return the kind of an error and the server's code; not its text, which may contain host names."""
    words = REASON.search(str(error))
    return f"{type(error).__name__}: {words[1]}" if words else type(error).__name__
