"""What goes wrong: one thing after another, by a seed."""

from __future__ import annotations

import contextlib
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.chaos.world import LEASE_MS, World


class Faults:
    """Makes a fault every ``every_s`` or so until stopped; ``trace`` tells what and when."""

    def __init__(self, world: World, seed: int, every_s: float) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.every_s = every_s
        self.trace: list[str] = []
        self.counts: Counter[str] = Counter()
        self._began = time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="faults", daemon=True)
        self._kinds: list[Callable[[], None]] = [
            self.kill_worker, self.kill_worker, self.stop_worker, self.stop_worker, self.restart_valkey,
            self.kill_valkey, self.empty_valkey, self.restart_mongo, self.step_mongo_down, self.cut, self.stall,
        ]  # fmt: skip

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Make no more; what was broken is whole on return."""
        self._stopping.set()
        self._thread.join(60)

    def _run(self) -> None:
        order: list[Callable[[], None]] = []
        while not self._stopping.wait(self.every_s * (0.5 + self.chance.random())):
            if not order:  # each kind comes round
                order = self.chance.sample(self._kinds, len(self._kinds))
            kind = order.pop()
            self.trace.append(f"{time.monotonic() - self._began:7.2f} s {kind.__name__}")
            self.counts[kind.__name__] += 1
            kind()

    def kill_worker(self) -> None:
        self.world.signal_one(self.world.pick(self.chance), signal.SIGKILL)

    def stop_worker(self) -> None:
        """Stop a worker for longer than its lease."""
        number = self.world.pick(self.chance)
        self.world.signal_one(number, signal.SIGSTOP)
        self._stopping.wait(LEASE_MS / 1000 * (1.2 + self.chance.random()))
        self.world.signal_one(number, signal.SIGCONT)

    def restart_valkey(self) -> None:
        self.world.valkey.restart()

    def kill_valkey(self) -> None:
        """Up to a second of writes may be gone afterwards."""
        self.world.valkey.kill()
        self.world.valkey.start()

    def empty_valkey(self) -> None:
        self.world.containers[0].redis.flushall()

    def restart_mongo(self) -> None:
        self.world.mongo.kill()
        self.world.mongo.start(60)

    def step_mongo_down(self) -> None:
        client: MongoClient[dict[str, Any]] = MongoClient(self.world.mongo.uri)
        with client, contextlib.suppress(PyMongoError):
            client.admin.command("replSetStepDown", 1, force=True)

    def cut(self) -> None:
        self.chance.choice([self.world.redis_proxy, self.world.mongo_proxy]).cut()

    def stall(self) -> None:
        """Half-open connections for a while, then they are reset."""
        proxy = self.chance.choice([self.world.redis_proxy, self.world.mongo_proxy])
        proxy.stall()
        self._stopping.wait(1 + 3 * self.chance.random())
        proxy.cut()
        proxy.flow()
