"""Huey on a Redis list."""

from __future__ import annotations

from huey import RedisHuey

from bench.peers.client import REDIS_URL, TEXT, Peer, started

huey = RedisHuey("bench", url=REDIS_URL or "redis://127.0.0.1")


@huey.task()
def noop(number: int, text: str) -> None:
    """The job."""
    started(number)


class HueyPeer(Peer):
    def one(self, number: int) -> None:
        noop(number, TEXT)


PEER = HueyPeer()
