"""taskiq on a Redis list, or on a stream (`BENCH_TASKIQ=stream`), which acknowledges.

redis-py 8 has a socket timeout of 5 s by default, which ends the list broker's untimed wait: it is off here.
"""

from __future__ import annotations

import os

from taskiq_redis import ListQueueBroker, RedisStreamBroker

from bench.peers.client import REDIS_URL, TEXT, Peer, started

BROKER = RedisStreamBroker if os.environ.get("BENCH_TASKIQ") == "stream" else ListQueueBroker
broker = BROKER(REDIS_URL or "redis://127.0.0.1", socket_timeout=None)


@broker.task
async def noop(number: int, text: str) -> None:
    """The job."""
    started(number)


class Taskiq(Peer):
    async def open(self) -> None:
        await broker.startup()

    async def one(self, number: int) -> None:
        await noop.kiq(number, TEXT)

    async def close(self) -> None:
        await broker.shutdown()


PEER = Taskiq()
