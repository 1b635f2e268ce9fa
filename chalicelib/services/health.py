"""Whether what we depend on answers, found out within about a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pymongo.database import Database
    from redis import Redis

    from chalicelib.queue.keys import Keys

#: Longest time of one check, in seconds.
CHECK_S: Final = 0.8


@dataclass(frozen=True, slots=True)
class Check:
    """One dependency: whether it does its job, and how long it took to say so, in ms."""

    ok: bool
    latency_ms: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """``workers`` live ones; none is fine, since work wakes them."""

    mongodb: Check
    redis: Check
    workers: int

    @property
    def ok(self) -> bool:
        """Whether jobs can be taken in and run."""
        return self.mongodb.ok and self.redis.ok


class HealthService:
    """Checks both databases at once. ``redis`` must be a client whose own waits are shorter than ``CHECK_S``."""

    def __init__(self, db: Database[Any], redis: Redis, keys: Keys) -> None:
        self._db = db
        self._redis = redis
        self._keys = keys

    def check(self) -> Health:
        """Look at everything anew. Never raises for a dependency that is down."""
        with ThreadPoolExecutor(2) as pool:
            mongodb = pool.submit(_timed, self._mongodb)
            workers, redis = _timed(self._queue)
        return Health(mongodb.result()[1], redis, workers)

    def _mongodb(self) -> tuple[int, str]:
        import pymongo  # noqa: PLC0415 - the clients load on first use

        # a majority read, answered by a primary that a majority still follows
        with pymongo.timeout(CHECK_S):
            self._db.command("ping")
            self._db.meta.find_one({}, {"_id": 1})
        return 0, ""

    def _queue(self) -> tuple[int, str]:
        now_ms = int(time.time() * 1000)
        pipe = self._redis.pipeline(transaction=False)
        pipe.ping()
        pipe.exists(self._keys.epoch)
        pipe.zcount(self._keys.workers, now_ms, "+inf")
        _, is_open, workers = pipe.execute()
        return workers, "" if is_open else "the queue is being rebuilt"


def _timed(check: Callable[[], tuple[int, str]]) -> tuple[int, Check]:
    from pymongo.errors import PyMongoError  # noqa: PLC0415
    from redis.exceptions import RedisError  # noqa: PLC0415

    begun = time.perf_counter()
    number, detail = 0, ""
    try:
        number, detail = check()
    except (PyMongoError, RedisError, OSError) as error:
        detail = f"not reachable ({type(error).__name__})"
    return number, Check(not detail, round((time.perf_counter() - begun) * 1000, 2), detail)
