"""Takes every connection of a process's pools."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from tests.container import Container


def fill(container: Container, for_s: float) -> int:
    """Hold all connections of ``container`` to both servers for a while; how many there were to take."""

    def hold_redis() -> None:
        container.redis.blpop(["nothing"], timeout=for_s)

    def hold_mongo() -> None:
        with container.db.nothing.watch(max_await_time_ms=int(for_s * 1000)) as stream:
            stream.try_next()

    most_redis: int = container.redis.connection_pool.max_connections
    most_mongo = int(container.mongo.options.pool_options.max_pool_size or 100)
    holders = [threading.Thread(target=_quietly(hold_redis), daemon=True) for _ in range(most_redis)]
    holders += [threading.Thread(target=_quietly(hold_mongo), daemon=True) for _ in range(most_mongo)]
    for holder in holders:
        holder.start()
    until = time.monotonic() + for_s + 10
    for holder in holders:
        holder.join(max(0.0, until - time.monotonic()))
    return len(holders)


def _quietly(hold: Callable[[], None]) -> Callable[[], None]:
    """The pool was full already, or the server went away."""

    def run() -> None:
        try:
            hold()
        except (RedisError, PyMongoError):
            return

    return run
