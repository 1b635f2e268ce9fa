"""What a job costs Valkey and MongoDB from its submission to its end, by the size of batches: `python -m bench.scale`.

    python -m bench.scale [--jobs 500] [--alone 60] [--runs 3]

Jobs go through the calls that the API and a worker make, in the same order, but one step for all jobs after the other,
so that each step is read from the servers' own counters (`bench/_meters.py`). No task runs. Then a real worker runs
jobs that are submitted one after the other. A client listens to the events, as a connection manager does.
"""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any, Final

from bench import _results, _servers
from bench._life import KINDS, Life, registry
from bench._meters import Figures, Meters, Sent
from bench._worker import NoFunctions
from bench.container import Container
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from chalicelib.telemetry.logger import Log
from worker_fn.worker import Worker

SIZES: Final = (1, 10, 100)
#: Batches run before the measured ones: they open connections, load scripts and make indexes.
WARM_UP: Final = 3
#: Batches of a size that are measured at the least.
BATCHES: Final = 15
#: µs of Valkey's time that one ECPU is taken for; AWS says only that a simple GET or SET is one.
ECPU_US: Final = 3.0
LIMIT_S: Final = 60.0
#: Figures of a whole job whose range over the runs is saved.
SPREADS: Final = ("ecpu", "valkey_us", "mongodb_us")
#: Recorded commands that are sent at a time.
IN_FLIGHT: Final = 20
#: Connections that send a simple command at the same time.
CLIENTS: Final = 50
#: In the message of the event that a job has completed.
ENDED: Final = b'"job:completed"'


class Bench:
    """The parts of API and worker on servers of their own, and the meters of these servers."""

    def __init__(self, redis_url: str, mongodb_uri: str, log: Any, name: str = "scale") -> None:
        self.env = {
            "MONGODB_URI": mongodb_uri, "REDIS_URL": redis_url, "SECRET_KEY": "x" * 32, "MONGODB_DATABASE": name,
            "REDIS_NAMESPACE": name, "MAX_ACTIVE_JOBS_PER_USER": "0", "RATE_LIMIT_MAX_REQUESTS": "0",
            "LEASE_MS": "600000", "REDIS_JOB_EVENTS_CHANNEL": f"events-{name}",
        }  # fmt: skip
        self.log = Log("bench", "INFO", log)
        self.container = self._container(Settings.from_env(self.env))
        ensure_indexes(self.container.db)
        self.container.rebuilder.ensure_open()
        self.tasks = registry().tasks
        self.container.catalogue.register([task.spec for task in self.tasks.values()])
        self.container.limit_definitions.repair()
        self.meters = Meters(redis_url, mongodb_uri)

    def _container(self, settings: Settings) -> Container:
        container = Container(settings)
        container.__dict__ |= {"functions": NoFunctions(), "log": self.log}
        container.engine.on_wake = lambda pools: None
        return container

    def close(self) -> None:
        """Close all connections."""
        self.meters.close()
        self.container.close()

    # --- batches ---------------------------------------------------------------------------------------------
    def life(self, kind: str, size: int, batches: int) -> dict[str, Figures]:
        """Return what each step adds to the counters, for ``batches`` batches of ``size`` jobs.

        Valkey's time is that of the same commands, sent again with several in flight. One at a time, the server's
        caches are cold and it wakes up for each, which takes a multiple of the time and is not so under load.
        """
        meters, pattern = self.meters, self.container.keys.pattern
        Life(self.container, kind).run(size, WARM_UP, lambda name, work: work())
        kept = meters.kept(pattern)
        found: dict[str, Figures] = {}
        sent: dict[str, list[Sent]] = {}

        def metered(name: str, work: Callable[[], None]) -> None:
            meters.sent.clear()
            found[name] = meters.between(work)
            sent[name] = list(meters.sent)

        with meters.recording():
            Life(self.container, kind).run(size, batches, metered)
        meters.put_back(pattern, kept)
        for name, commands in sent.items():
            again = meters.replay(commands, IN_FLIGHT)
            found[name] |= {"alone_us": found[name]["valkey_us"], "valkey_us": again["valkey_us"]}
        return found

    # --- a real worker ---------------------------------------------------------------------------------------
    def alone(self, kind: str, count: int, listener: Listener) -> Figures:
        """Return what ``count`` jobs add, each submitted when the last one has ended, with one worker that waits."""
        mine = self._container(replace(self.container.settings, worker_linger_s=LIMIT_S))
        worker = Worker(mine, self.tasks, remaining_s=lambda: 900.0, log=self.log)
        thread = threading.Thread(target=worker.run, daemon=True)
        life = Life(self.container, kind)

        def one_by_one(jobs: int) -> None:
            for _ in range(jobs):
                batch = life.new(1)
                life.admit(batch)
                life.enqueue(batch)
                listener.await_end()

        thread.start()
        try:
            one_by_one(WARM_UP)
            with self.meters.recording():
                found = self.meters.between(lambda: one_by_one(count))
            return {**found, "alone_us": found["valkey_us"]}
        finally:
            worker.stop()
            thread.join(LIMIT_S)
            mine.close()


class Listener:
    """Receives every event, as a connection manager does."""

    def __init__(self, container: Container) -> None:
        self._pubsub = container.blocking_redis.pubsub()  # type: ignore[no-untyped-call]
        self._pubsub.subscribe(container.settings.job_events_channel)
        self._ends: SimpleQueue[None] = SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def _receive(self) -> None:
        while not self._stopped.is_set():
            message = self._pubsub.get_message(timeout=0.2)
            if message and message["type"] == "message" and ENDED in message["data"]:
                self._ends.put(None)

    def await_end(self) -> None:
        """Return when a job has ended. Raises ``queue.Empty``."""
        self._ends.get(timeout=LIMIT_S)

    def forget(self) -> None:
        """Forget the jobs that have ended so far."""
        with suppress(Empty):
            while True:
                self._ends.get(timeout=0.5)

    def close(self) -> None:
        """Stop receiving."""
        self._stopped.set()
        self._thread.join(LIMIT_S)
        self._pubsub.close()


# --- figures -------------------------------------------------------------------------------------------------
def ecpu(found: Figures) -> float:
    """Return the ECPUs of a step, all of whose scripts are alike: the larger of KB and time, at least 1 a command."""
    scripts = max(found["scripts"], found["valkey_us"] / ECPU_US, found["kb_in"] + found["kb_out"])
    return scripts + max(0.0, found["commands"] - found["scripts"])


def per_job(found: Figures, jobs: int) -> Figures:
    """Return the figures of a step for each job, with its ECPUs."""
    return {name: round(value / jobs, 3) for name, value in {**found, "ecpu": ecpu(found)}.items()}


def added(steps: Iterable[Figures]) -> Figures:
    """Return the sum of figures."""
    total: Figures = {}
    for step in steps:
        for name, value in step.items():
            total[name] = round(total.get(name, 0.0) + value, 3)
    return total


def medians(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure over runs."""
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}


def row(kind: str, size: int, runs: Sequence[Mapping[str, Figures]]) -> dict[str, Any]:
    """Return what is saved of the runs of one kind and size; ``size`` 0: by a worker, one after the other."""
    totals = [added(run.values()) for run in runs]
    return {
        "kind": kind,
        "size": size,
        "job": medians(totals),
        "spread": {name: _results.spread((total[name] for total in totals), 2) for name in SPREADS},
        "steps": {name: medians([run[name] for run in runs]) for name in runs[0]},
    }


def measure(bench: Bench, jobs: int, alone: int, least: int = BATCHES) -> dict[tuple[str, int], dict[str, Figures]]:
    """Measure each kind and size once: ``jobs`` jobs, and at least ``least`` batches."""
    found: dict[tuple[str, int], dict[str, Figures]] = {}
    listener = Listener(bench.container)
    try:
        for kind in KINDS:
            for size in SIZES:
                batches = max(least, jobs // size)
                steps = bench.life(kind, size, batches)
                found[kind, size] = {name: per_job(step, batches * size) for name, step in steps.items()}
            if kind != "short":
                listener.forget()
                found[kind, 0] = {"all": per_job(bench.alone(kind, alone, listener), alone)}
    finally:
        listener.close()
    return found


def storage(bench: Bench) -> Figures:
    """Return the bytes that an ended job takes in MongoDB: of its record, also compressed, and in the indexes."""
    bench.container.mongo.admin.command("fsync")
    stats = bench.container.db.command("collStats", "jobs")
    sizes = {"record": "size", "compressed": "storageSize", "indexes": "totalIndexSize"}
    return {name: round(stats[field] / max(1, stats["count"])) for name, field in sizes.items()}


def run(jobs: int, alone: int, runs: int) -> dict[str, Any]:
    """Measure on servers of our own; return what is saved."""
    found: list[dict[tuple[str, int], dict[str, Figures]]] = []
    simple: dict[str, list[Mapping[str, float]]] = {"alone": [], "many": []}
    with _servers.servers() as (mongo, valkey, folder), (folder / "log").open("w") as log:
        for number in range(runs):
            bench = Bench(valkey.uri, mongo.uri, log, f"scale{number}")
            try:
                found.append(measure(bench, jobs, alone))
                simple["alone"].append(bench.meters.simple_command(valkey.uri, 1, jobs))
                simple["many"].append(bench.meters.simple_command(valkey.uri, CLIENTS, max(1, jobs // 10)))
                stored = storage(bench)
            finally:
                bench.close()
    return {
        "jobs": jobs,
        "runs": runs,
        "ecpu_us": ECPU_US,
        "clients": CLIENTS,
        "get": {name: medians([dict(each) for each in many]) for name, many in simple.items()},
        "stored_bytes": stored,
        "rows": [row(kind, size, [each[kind, size] for each in found]) for kind, size in found[0]],
    }


def main() -> None:
    """Measure, print, save."""
    options = _servers.options(__doc__, jobs=500, alone=60, runs=3)
    found = run(options.jobs, options.alone, options.runs)
    for each in found["rows"]:
        job = each["job"]
        size = f"by {each['size']}" if each["size"] else "a worker, one by one"
        print(
            f"{each['kind']:7} {size:21} {job['commands']:5.2f} commands {job['valkey_us']:6.1f} µs "
            f"(one at a time {job['alone_us']:.0f}) "
            f"{job['ecpu']:6.1f} ECPU {job['kb_in'] + job['kb_out']:5.1f} KB   MongoDB {job['mongodb_ops']:5.2f} "
            f"operations {job['mongodb_us']:6.0f} µs"
        )
    print(f"GET: {found['get']}; stored: {found['stored_bytes']}")
    print(f"Saved {_results.save('scale', found)}")


if __name__ == "__main__":
    main()
