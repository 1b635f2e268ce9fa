"""Dramatiq on Redis with its default middleware."""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from bench.peers.client import REDIS_URL, TEXT, Peer, started

dramatiq.set_broker(RedisBroker(url=REDIS_URL or "redis://127.0.0.1"))


@dramatiq.actor
def noop(number: int, text: str) -> None:
    """The job."""
    started(number)


class Dramatiq(Peer):
    def one(self, number: int) -> None:
        noop.send(number, TEXT)


PEER = Dramatiq()
