"""Ours: submitted through the service that the HTTP API calls, run by a worker as Lambda's handler makes one.

Each job is a record in MongoDB (majority, journaled) with events for every change; all log lines are written. Limits
per user are off. Workers are not invoked: they run already and linger when idle, as if just invoked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from bench.container import Container
from bench.peers.client import TEXT, Peer, started
from chalicelib import gc_tuning
from chalicelib.domain.jobs import NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from chalicelib.telemetry.logger import Log
from worker_fn.registration.registry import Registry
from worker_fn.worker import Worker

CALLER = Principal("1" * 24, "a" * 24, Role.ADMIN)
TRACE = "00000000-0000-4000-8000-000000000000"
#: An async function runs on the event loop, a plain one in a pool of threads.
TASK = os.environ.get("BENCH_QUEUECRAFT", "async")
registry = Registry()


@registry.task("async")
async def noop(ctx: Any, payload: dict[str, Any]) -> None:
    """The job."""
    started(payload["n"])


@registry.task("sync")
def noop_in_thread(ctx: Any, payload: dict[str, Any]) -> None:
    """The job."""
    started(payload["n"])


class NoFunctions:
    """Replaces Lambda."""

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        return None


def make_container() -> Container:
    """Return a container with settings from the environment, as a function does."""
    container = Container(Settings.from_env())
    container.__dict__["functions"] = NoFunctions()
    container.__dict__["log"] = Log("bench", "INFO", sys.stderr)
    return container


class QueueCraft(Peer):
    def open(self) -> None:
        self._container = make_container()
        self._container.rebuilder.ensure_open()
        gc_tuning.spare()  # as the API function does at its start

    def setup(self) -> None:
        ensure_indexes(self._container.db)
        self._container.catalogue.register([task.spec for task in registry.tasks.values()])

    def one(self, number: int) -> None:
        self.many((number,))

    def many(self, numbers: Sequence[int]) -> None:
        news = [NewJob("bench", task=TASK, payload=f'{{"n":{number},"text":"{TEXT}"}}') for number in numbers]
        self._container.jobs.submit(CALLER, news, TRACE)

    def close(self) -> None:
        self._container.close()


def work() -> None:
    """Run one worker until it is stopped."""
    container = make_container()
    worker = Worker(container, registry.tasks, remaining_s=lambda: 900.0, log=container.log)
    gc_tuning.spare()  # as the worker function does at its start
    worker.run()


PEER = QueueCraft()

if __name__ == "__main__":
    work()
