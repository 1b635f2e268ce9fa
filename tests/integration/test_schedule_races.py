"""Ten processes race over many schedules; some are killed and some freeze: no fire is made twice, none is lost."""

from __future__ import annotations

import functools
import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.schedules import Overlap
from chalicelib.services.maintenance.schedule_runs import OVERDUE_S
from tests.audit import audit
from tests.container import Container
from tests.crash import DiedError
from tests.schedules import put
from tests.support import wait_until
from tests.timed import Timed

pytestmark = pytest.mark.integration
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
RACERS = 10
SCHEDULES, ROUNDS = (1_000, 5) if LONG else (60, 4)
INTERVAL_S = 60
#: The odds of a death, and of a freeze, before and after each step.
DIES, FREEZES = (0.01, 0.01) if LONG else (0.03, 0.03)
#: How many may be frozen at the same time: somebody has to work.
MOST_FROZEN = 6
STEPS = {
    "schedule_store": ("due", "advance"),
    "run_store": ("insert", "close", "open_of"),
    "job_store": ("insert",),
    "engine": ("intend", "enqueue"),
    "event_log": ("publish",),
}


class Race:
    """What the racers share: the time, the round, and who is frozen."""

    def __init__(self, timed: Timed) -> None:
        self.timed = timed
        self.round = 0
        self.over = False
        self.thaw = threading.Condition()
        self.frozen = 0
        self.done: Counter[str] = Counter()
        self.containers: list[Container] = []

    def next_round(self) -> None:
        """Let time pass; whoever froze before the last round thaws now, with what it knew then."""
        self.timed.travel(INTERVAL_S)
        for container in self.containers:
            container.scripts.now_ms = self.timed.clock.now_ms()
        with self.thaw:
            self.round += 1
            self.thaw.notify_all()

    def end(self) -> None:
        with self.thaw:
            self.over = True
            self.thaw.notify_all()

    def freeze(self) -> None:
        with self.thaw:
            if self.frozen >= MOST_FROZEN or self.over:
                return
            self.frozen += 1
            self.done["freezes"] += 1
            until = self.round + 2
            self.thaw.wait_for(lambda: self.over or self.round >= until, timeout=60)
            self.frozen -= 1


def race(shared: Race, seed: int) -> None:
    """Make what is due, process after process, until the race is over."""
    dice = random.Random(seed)
    while not shared.over:
        container = Container(shared.timed.container.settings, clock=shared.timed.clock)
        container.__dict__["functions"] = shared.timed.invocations
        container.scripts.now_ms = shared.timed.clock.now_ms()
        shared.containers.append(container)
        _watch(container, shared, dice)
        try:
            while not shared.over:
                container.firing.make_due()
        except DiedError:
            shared.done["deaths"] += 1
        finally:
            shared.containers.remove(container)
            container.close()


def _watch(container: Container, shared: Race, dice: random.Random) -> None:
    def chance() -> None:
        thrown = dice.random()
        if thrown < DIES:
            raise DiedError
        if thrown < DIES + FREEZES:
            shared.freeze()

    def watched(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            chance()
            answer = method(*args, **kwargs)
            chance()
            return answer

        return call

    for part, names in STEPS.items():
        thing = getattr(container, part)
        for name in names:
            setattr(thing, name, watched(getattr(thing, name)))


def test_no_fire_is_made_twice_and_none_is_lost(timed: Timed) -> None:
    container = timed.container
    began = timed.clock.at
    for n in range(SCHEDULES):
        put(container, f"s{n}", every_s=INTERVAL_S, overlap=Overlap.ALLOW)
    shared = Race(timed)
    threads = [threading.Thread(target=race, args=(shared, seed), daemon=True) for seed in range(RACERS)]
    for thread in threads:
        thread.start()
    for _ in range(ROUNDS):
        shared.next_round()
        wait_until(lambda: container.schedule_store.count_due(timed.clock.at + timedelta(seconds=1), 1) == 0, 300)
    shared.end()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    container.firing.make_due()
    timed.travel(61)
    container.firing.finish(OVERDUE_S)

    fires = [began + timedelta(seconds=INTERVAL_S * n) for n in range(1, ROUNDS + 1)]
    rows = Counter((row["schedule"], row["at"]) for row in container.db.schedule_runs.find({"at": {"$lte": fires[-1]}}))
    assert rows == Counter({(f"s{n}", at): 1 for n in range(SCHEDULES) for at in fires})
    made = Counter(job["schedule"] for job in container.db.jobs.find({}, {"schedule": 1}))
    assert made == Counter({f"s{n}": ROUNDS for n in range(SCHEDULES)}), "a job for each"
    assert container.db.schedule_runs.count_documents({"open": True}) == 0
    assert shared.done["deaths"] >= 5, shared.done
    assert shared.done["freezes"] >= 5, shared.done
    container.sweeper.sweep()
    assert audit(container) == []
