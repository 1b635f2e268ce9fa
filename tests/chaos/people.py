"""Producers: they submit with idempotency keys, call again when no answer came, and cancel, redrive, delete."""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections import Counter
from itertools import count
from typing import Any

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.jobs import NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.errors import QueueCraftError
from chalicelib.services.job_actions import Action
from tests.chaos.world import World
from tests.container import Container

CALLER = Principal("a" * 24, "1" * 24, Role.ADMIN)
#: The queue that is paused and resumed now and then.
PAUSED = "side"
AWAY = (QueueCraftError, PyMongoError, RedisError)
#: In which states jobs are looked for, to do something to them.
WANTED = {Action.RETRY: ["scheduled", "retrying"], Action.REDRIVE: ["dlq"]}
_TICK = threading.Event()


#: Parts in which the jobs are submitted, each at once, so that there are floods and lulls.
FLOODS = 10


class People:
    """``accepted``: ids of jobs that a call answered for; ``deleted``: those that a delete answered for."""

    def __init__(self, world: World, seed: int, jobs: int, over_s: float) -> None:
        self.accepted: set[str] = set()
        self.deleted: set[str] = set()
        self.maybe_deleted: set[str] = set()
        self.refused = 0
        self.calls: Counter[str] = Counter()
        self._world = world
        self._lock = threading.Lock()
        self._jobs = jobs
        self._left = jobs
        self._over_s = over_s
        self._began = 0.0
        self._bursts = count(1)
        self._few = {"poison": 6, "hangs": 6}
        self.threads = [
            threading.Thread(
                target=self._produce, args=(container, random.Random(f"{seed} people {n}"), n), daemon=True
            )
            for n, container in enumerate(world.producers)
        ]

    def start(self) -> None:
        self._began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait until all jobs are submitted; whether they are."""
        deadline = time.monotonic() + timeout_s
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)

    def _take(self, wanted: int) -> int:
        with self._lock:
            got = min(wanted, self._left)
            self._left -= got
            done = (self._jobs - self._left - got) * FLOODS // self._jobs
        _TICK.wait(max(0.0, self._began + self._over_s * done / FLOODS - time.monotonic()))
        return got

    def _produce(self, container: Container, chance: random.Random, number: int) -> None:
        batch = 0
        mine: list[str] = []
        while size := self._take(chance.choice([1, 5, 50, 100])):
            batch += 1
            mine += self.submit(container, [self._job(chance, f"p{number}-{batch}-{n}") for n in range(size)])
            with contextlib.suppress(*AWAY):
                self._meddle(container, chance, mine)
            if chance.random() < 0.02:
                self._hold_back(container, chance)

    def burst(self, chance: random.Random) -> int:
        """Long jobs, many more at once than there are slots."""
        number = next(self._bursts)
        news = [self._new(f"b{number}-{n}", "slow", {"s": 0.4}, max_retries=3) for n in range(60)]
        self.submit(chance.choice(self._world.producers), news)
        return len(news)

    def submit(self, container: Container, news: list[NewJob]) -> list[str]:
        """Call until there is an answer; return the ids."""
        while True:
            try:
                ids = [each.job.id for each in container.jobs.submit(CALLER, news, "trace")]
            except AWAY:
                with self._lock:
                    self.refused += 1
                _TICK.wait(0.1)
            else:
                with self._lock:
                    self.accepted |= set(ids)
                return ids

    def _meddle(self, container: Container, chance: random.Random, mine: list[str]) -> None:
        some = chance.sample(mine, min(len(mine), 5))
        action = chance.choice([None, None, Action.CANCEL, Action.RETRY, Action.REDRIVE, Action.DELETE])
        if action is Action.CANCEL:
            some = mine[-5:]  # most others have ended
        elif action in WANTED:
            match = {"status": {"$in": WANTED[action]}}
            some = [str(found["_id"]) for found in container.db.jobs.find(match, {"_id": 1}).limit(5)]
        if action is Action.DELETE:
            with self._lock:
                self.maybe_deleted |= set(some)
        if action is not None and some:
            changed = container.jobs.act(CALLER, action, some)
            with self._lock:
                self.calls[action.value] += changed.changed
                if action is Action.DELETE:
                    self.deleted |= {job.id for job in changed.jobs}

    def _hold_back(self, container: Container, chance: random.Random) -> None:
        """Pause a queue for a moment; whatever becomes of that call, let the queue go on until that has an answer."""
        with contextlib.suppress(*AWAY):
            container.queues.set_paused(CALLER, PAUSED, paused=True)
        _TICK.wait(chance.random() / 2)
        while True:
            try:
                container.queues.set_paused(CALLER, PAUSED, paused=False)
            except AWAY:
                _TICK.wait(0.1)
            else:
                break
        with self._lock:
            self.calls["pause"] += 1

    def _job(self, chance: random.Random, name: str) -> NewJob:
        for task, left in self._few.items():
            if left and chance.random() < 20 / self._jobs:
                self._few[task] = left - 1
                return self._new(name, task, {}, max_retries=1, timeout_s=1)
        kind: Any = chance.choices(
            [("noop", {}), ("slow", {"s": 0.05}), ("fails", {"times": chance.randrange(1, 4)}), ("hopeless", {}),
             ("snoozes", {})],
            [88, 5, 3, 2, 2],
        )[0]  # fmt: skip
        delay = chance.choice([None] * 19 + [0.5])
        return self._new(name, *kind, max_retries=3, delay_s=delay, queue=chance.choice(["default", "default", PAUSED]))

    @staticmethod
    def _new(name: str, task: str, payload: dict[str, Any], **fields: Any) -> NewJob:
        return NewJob(name, task=task, payload=json.dumps(payload), idempotency_key=name, **fields)
