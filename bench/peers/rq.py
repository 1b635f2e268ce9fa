"""RQ. Jobs are kept as hashes with their results' default lifetime; `enqueue_many` submits in bulk."""

from __future__ import annotations

from collections.abc import Sequence

from redis import Redis
from rq import Queue

from bench.peers.client import REDIS_URL, TEXT, Peer, started


def noop(number: int, text: str) -> None:
    """The job."""
    started(number)


class Rq(Peer):
    def open(self) -> None:
        self._queue = Queue("bench", connection=Redis.from_url(REDIS_URL))

    def one(self, number: int) -> None:
        self._queue.enqueue(noop, number, TEXT)

    def many(self, numbers: Sequence[int]) -> None:
        self._queue.enqueue_many([Queue.prepare_data(noop, (number, TEXT)) for number in numbers])


PEER = Rq()
