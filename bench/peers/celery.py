"""Celery on Redis; results are not asked for, so they are not stored."""

from __future__ import annotations

from celery import Celery

from bench.peers.client import REDIS_URL, TEXT, Peer, started

app = Celery("bench", broker=REDIS_URL or "redis://127.0.0.1")
app.conf.task_ignore_result = True
app.conf.broker_connection_retry_on_startup = True


@app.task(name="noop")
def noop(number: int, text: str) -> None:
    """The job."""
    started(number)


class CeleryPeer(Peer):
    def one(self, number: int) -> None:
        noop.delay(number, TEXT)


PEER = CeleryPeer()
