"""Producers: they submit with idempotency keys, call again when no answer came, and cancel, redrive, delete."""

from __future__ import annotations

import contextlib
import random
import threading
from typing import Any

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.container import Container
from chalicelib.domain.accounts import Caller, Role
from chalicelib.domain.jobs import NewJob
from chalicelib.errors import QueueCraftError
from chalicelib.services.jobs import Action
from tests.chaos.world import World

CALLER = Caller("a" * 24, "1" * 24, Role.ADMIN)
AWAY = (QueueCraftError, PyMongoError, RedisError)


class People:
    """``accepted``: ids of jobs that a call answered for; ``deleted``: those that a delete answered for."""

    def __init__(self, world: World, seed: int, jobs: int, producers: int) -> None:
        self.accepted: set[str] = set()
        self.deleted: set[str] = set()
        self.maybe_deleted: set[str] = set()
        self.refused = 0
        self._lock = threading.Lock()
        self._left = jobs
        self._few = {"poison": 4, "hangs": 6}
        self.threads = [
            threading.Thread(
                target=self._produce, args=(world.container(), random.Random(seed * 100 + n), n), daemon=True
            )
            for n in range(producers)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def _take(self, wanted: int) -> int:
        with self._lock:
            got = min(wanted, self._left)
            self._left -= got
            return got

    def _produce(self, container: Container, chance: random.Random, number: int) -> None:
        batch = 0
        mine: list[str] = []
        while size := self._take(chance.choice([1, 5, 50, 100])):
            batch += 1
            news = [self._job(chance, f"p{number}-{batch}-{n}") for n in range(size)]
            ids = self._submit(container, news)
            mine += ids
            with self._lock:
                self.accepted |= set(ids)
            with contextlib.suppress(*AWAY):
                self._meddle(container, chance, mine)

    def _submit(self, container: Container, news: list[NewJob]) -> list[str]:
        """Call until there is an answer."""
        pause = threading.Event()
        while True:
            try:
                return [each.job.id for each in container.jobs.submit(CALLER, news, "trace")]
            except AWAY:
                self.refused += 1
                pause.wait(0.1)

    def _meddle(self, container: Container, chance: random.Random, mine: list[str]) -> None:
        some = chance.sample(mine, min(len(mine), 5))
        action = chance.choice([None, None, Action.CANCEL, Action.RETRY, Action.REDRIVE, Action.DELETE])
        if action is Action.DELETE:
            with self._lock:
                self.maybe_deleted |= set(some)
        if action is not None:
            changed = container.jobs.act(CALLER, action, some)
            if action is Action.DELETE:
                with self._lock:
                    self.deleted |= {job.id for job in changed.jobs}
        if chance.random() < 0.02:
            for paused in (True, False):
                container.queues.set_paused(CALLER, "side", paused=paused)

    def _job(self, chance: random.Random, name: str) -> NewJob:
        for task, left in self._few.items():
            if left and chance.random() < 0.002:
                self._few[task] = left - 1
                return self._new(name, task, {}, max_retries=1, timeout_s=1)
        kind: Any = chance.choices(
            [("noop", {}), ("slow", {"s": 0.05}), ("fails", {"times": chance.randrange(1, 4)}), ("hopeless", {}),
             ("snoozes", {})],
            [90, 4, 3, 1, 2],
        )[0]  # fmt: skip
        delay = chance.choice([None] * 19 + [0.5])
        return self._new(name, *kind, max_retries=3, delay_s=delay, queue=chance.choice(["default", "default", "side"]))

    @staticmethod
    def _new(name: str, task: str, payload: dict[str, Any], **fields: Any) -> NewJob:
        text = "{}" if not payload else str(payload).replace("'", '"')
        return NewJob(name, task=task, payload=text, idempotency_key=name, **fields)
