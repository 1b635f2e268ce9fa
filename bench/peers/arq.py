"""ARQ: its worker polls, by default each half second."""

from __future__ import annotations

from typing import Any

from arq import create_pool
from arq.connections import RedisSettings

from bench.peers.client import REDIS_URL, TEXT, Peer, started

SETTINGS = RedisSettings.from_dsn(REDIS_URL or "redis://127.0.0.1")


async def noop(ctx: dict[str, Any], number: int, text: str) -> None:
    """The job."""
    started(number)


class WorkerSettings:
    """Read by `arq`."""

    functions = (noop,)
    redis_settings = SETTINGS
    max_jobs = 5


class Arq(Peer):
    async def open(self) -> None:
        self._pool = await create_pool(SETTINGS)

    async def one(self, number: int) -> None:
        await self._pool.enqueue_job("noop", number, TEXT)

    async def close(self) -> None:
        await self._pool.aclose()


PEER = Arq()
