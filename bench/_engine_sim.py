"""Simulates one engine under a load, for `bench/scale_model.py`: jobs arrive at random, one thread serves commands."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from bench import _results

SEED: Final = 20261129
#: A write with majority and journal, the load of records, and what passes between a command and its answer besides
#: Valkey's time, in seconds.
WRITE_S, READ_S, TRIP_S = 0.002, 0.001, 0.0005
#: As in the worker: how long a start waits for its end, for how long it claims ahead, and the most of one claim.
WINDOW_S, AHEAD_S, MAX_CLAIM = 0.002, 0.05, 500
#: Jobs of one simulation.
JOBS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """A load: how jobs are submitted, how long they run."""

    name: str
    kind: str
    bulk: int
    run_s: float
    slots: int = 5


# --- costs ---------------------------------------------------------------------------------------------------
class Call(NamedTuple):
    """What one call costs."""

    #: Of Valkey's thread.
    busy_s: float
    #: By the µs that one is taken for (``ecpu_us``).
    ecpu: float
    #: As multiples of what a GET took here, all counted.
    ecpu_least: float


class Costs:
    """What a call for a number of jobs costs, between the measured sizes by a straight line."""

    def __init__(self, measured: Mapping[str, Any], kind: str) -> None:
        rows = {row["size"]: row["steps"] for row in measured["rows"] if row["kind"] == kind and row["size"]}
        get = measured["get"]["many"]
        #: What a command takes besides its execution when many clients send: reading, waking up, answering.
        self._around_us = max(0.0, get["valkey_us"] - get["command_us"])
        self._get_us, self._ecpu_us = max(get["valkey_us"], 0.01), measured["ecpu_us"]
        self._known: dict[tuple[str, int], Call] = {}
        self._steps = {
            step: [(size, {name: value * size for name, value in rows[size][step].items()}) for size in sorted(rows)]
            for step in rows[min(rows)]
        }

    @property
    def steps(self) -> list[str]:
        """Return the names of the steps."""
        return [*self._steps]

    def call(self, step: str, jobs: int) -> Call:
        """Return what one call costs."""
        known = self._known.get((step, jobs))
        if known is None:
            found = self._at(step, jobs)
            whole_us = found["valkey_us"] + found["commands"] * self._around_us
            floor = max(found["commands"], found["kb_in"] + found["kb_out"])
            ecpu, least = max(floor, found["valkey_us"] / self._ecpu_us), max(floor, whole_us / self._get_us)
            known = self._known[step, jobs] = Call(whole_us / 1e6, ecpu, least)
        return known

    def _at(self, step: str, jobs: int) -> Mapping[str, float]:
        points = self._steps[step]
        if jobs >= points[-1][0]:
            return {name: value * jobs / points[-1][0] for name, value in points[-1][1].items()}
        (n, low), (m, high) = next(pair for pair in itertools.pairwise(points) if jobs < pair[1][0])
        share = (jobs - n) / (m - n)
        return {name: low[name] + (high[name] - low[name]) * share for name in low}


# --- the simulation ------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Worker:
    slots: int
    ahead: int
    running: int = 0
    backlog: int = 0
    claiming: bool = False
    writing: bool = False
    starts: int = 0
    ends: int = 0

    def want(self) -> int:
        """Return how many jobs to claim, as the worker's fetcher does."""
        free = self.slots - self.running
        if self.claiming or (free == 0 and self.backlog > self.ahead // 2):
            return 0
        return max(0, min(free + self.ahead - self.backlog, MAX_CLAIM))


@dataclass(slots=True)
class Simulation:
    """Jobs that arrive at random, workers that run them, and the one thread that serves their commands in turn."""

    costs: Costs
    scenario: Scenario
    load: float
    seed: int = SEED
    jobs: int = JOBS
    now: float = 0.0
    busy_s: float = 0.0
    ecpu: float = 0.0
    ecpu_least: float = 0.0
    ended: int = 0
    claims: int = 0
    ready: int = 0
    waits: list[float] = field(default_factory=list)
    _free_at: float = 0.0
    _number: int = 0
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)

    def run(self) -> dict[str, float]:
        """Run until all jobs have ended; return what was counted."""
        dice, s = random.Random(self.seed), self.scenario
        ahead = min(int(s.slots * AHEAD_S / s.run_s), MAX_CLAIM) if s.run_s < AHEAD_S * s.slots else 0
        count = math.ceil(self.load * s.run_s * 1.3 / s.slots) + 1
        workers = deque(_Worker(s.slots, ahead) for _ in range(count))
        at = 0.0
        for _ in range(max(1, self.jobs // s.bulk)):
            at += dice.expovariate(self.load / s.bulk)
            self._after(at, lambda: self._submit(workers, dice))
        while self._events:
            self.now, _, happen = heapq.heappop(self._events)
            happen()
        self.waits.sort()
        return {
            "load": round(self.load),
            "busy": round(self.busy_s / self.now, 3),
            "ecpu_per_s": round(self.ecpu / self.now),
            "ecpu_per_job": round(self.ecpu / self.ended, 1),
            "ecpu_per_job_least": round(self.ecpu_least / self.ended, 1),
            "valkey_us_per_job": round(self.busy_s / self.ended * 1e6, 1),
            "jobs_per_claim": round(self.ended / self.claims, 1),
            "wait_p99_ms": round(_results.percentile(self.waits, 0.99) * 1000, 2),
        }

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (self.now + seconds, self._number, happen))

    def _call(self, step: str, jobs: int, then: Callable[[], None]) -> None:
        """Send a command; ``then`` happens when its answer is there."""
        call = self.costs.call(step, jobs)
        begins = max(self.now, self._free_at)
        self.waits.append(begins - self.now)
        self._free_at = begins + call.busy_s
        self.busy_s += call.busy_s
        self.ecpu += call.ecpu
        self.ecpu_least += call.ecpu_least
        self._after(self._free_at - self.now + TRIP_S, then)

    def _submit(self, workers: deque[_Worker], dice: random.Random) -> None:
        bulk = self.scenario.bulk

        def enqueued() -> None:
            self.ready += bulk
            for _ in range(len(workers)):
                if not self.ready:
                    break
                workers.rotate(-1)
                if not workers[0].claiming:
                    self._claim(workers[0], dice)

        self._call("admit", bulk, lambda: self._after(WRITE_S, lambda: self._call("enqueue", bulk, enqueued)))

    def _claim(self, worker: _Worker, dice: random.Random) -> None:
        jobs = min(worker.want(), self.ready)
        if jobs == 0:
            return
        worker.claiming = True
        self.ready -= jobs
        self.claims += 1

        def leased() -> None:
            worker.claiming = False
            worker.backlog += jobs
            self._begin(worker, dice)

        self._call("claim", jobs, lambda: self._after(READ_S, leased))

    def _begin(self, worker: _Worker, dice: random.Random) -> None:
        while worker.backlog and worker.running < worker.slots:
            worker.backlog -= 1
            worker.running += 1
            run_s = dice.uniform(0.5, 1.5) * self.scenario.run_s
            if "start" in self.costs.steps:
                self._after(WINDOW_S, lambda: self._write(worker, starts=1))
            self._after(run_s, lambda: self._end(worker, dice))
        self._claim(worker, dice)

    def _end(self, worker: _Worker, dice: random.Random) -> None:
        worker.running -= 1
        self.ended += 1
        self._write(worker, ends=1)
        self._begin(worker, dice)

    def _write(self, worker: _Worker, starts: int = 0, ends: int = 0) -> None:
        """Write to MongoDB, then to Valkey; what comes while a write is under way is written with the next one."""
        worker.starts += starts
        worker.ends += ends
        if worker.writing or not (worker.starts or worker.ends):
            return
        worker.writing = True
        began, done = worker.starts, worker.ends
        worker.starts = worker.ends = 0

        def written() -> None:
            worker.writing = False
            for step, jobs in (("start", began), ("settle", done)):
                if jobs:
                    self._call(step, jobs, lambda: None)
            self._write(worker)

        self._after(WRITE_S, written)
