"""Recovery times after failures: `python -m bench.recovery [--times 10]`.

1. Workers are killed (-9): until each one's job is known to be lost, and until it runs in another worker. With the
   default lease, heartbeat and backoff, and with short ones.
2. Valkey is emptied (FLUSHALL) while 10,000 jobs wait: until all of them wait again.
3. The connection manager's subscription is cut: until an event published right after has reached all of 10 sockets.

Real processes and servers without Lambda: workers that run detect the failure.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench import _results, fanout
from bench._worker import make_container, registry
from bench.container import Container
from chalicelib.domain.jobs import NewJob, Outcome
from chalicelib.domain.principals import Principal, Role
from chalicelib.store.indexes import ensure_indexes
from infra.local import children
from infra.local.databases import MongoServer, ValkeyServer, free_port

CALLER = Principal("1" * 24, "a" * 24, Role.ADMIN)
DEFAULTS: dict[str, str] = {}
SHORT = {"LEASE_MS": "1500", "HEARTBEAT_MS": "300", "RETRY_BACKOFF_BASE_S": "0.05"}
WAITING = 10_000
BULK = 1_000
WAIT_S = 60.0


class World:
    """Servers, and worker processes on them."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        self.home = home
        self.starts = home / "starts"
        self.mongo = MongoServer(home / "mongo", free_port())
        self.valkey = ValkeyServer(home / "valkey", free_port(), durable=False)
        self.mongo.start()
        self.valkey.start()
        self.env = {
            "MONGODB_URI": self.mongo.uri,
            "REDIS_URL": self.valkey.uri,
            "SECRET_KEY": "x" * 32,
            "RATE_LIMIT_MAX_REQUESTS": "0",
            "MAX_ACTIVE_JOBS_PER_USER": "0",
            "WORKER_LINGER_S": "300",
            "JOB_FLEET_CONCURRENCY": "100",
            "BENCH_STARTS": str(self.starts),
            **settings,
        }
        self._log = (home / "producer.log").open("w")
        with patch.dict(os.environ, self.env):
            self.container: Container = make_container(self._log, home.name)
        ensure_indexes(self.container.db)
        self.container.rebuilder.ensure_open()
        self.container.catalogue.register([task.spec for task in registry.tasks.values()])
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_worker(self, slots: int) -> subprocess.Popen[bytes]:
        """Start a process with ``slots`` slots; return when it has joined."""
        before = self.container.redis.zcard(self.container.keys.workers)
        env = {**os.environ, **self.env, "JOB_CONCURRENCY": str(slots)}
        log = self.home / f"worker{len(self.workers)}.log"
        process = children.spawn([sys.executable, "-m", "bench._worker"], log=log, cwd=_results.ROOT, env=env)
        self.workers.append(process)
        until(lambda: self.container.redis.zcard(self.container.keys.workers) > before, "a worker in the fleet")
        return process

    def submit(self, count: int, queue: str = "default", first: int = 0) -> list[str]:
        """Submit jobs that never return."""
        ids: list[str] = []
        for start in range(first, first + count, BULK):
            numbers = range(start, min(start + BULK, first + count))
            news = [NewJob("bench", task="hold", queue=queue, payload=f'{{"n":{n}}}') for n in numbers]
            ids += [each.job.id for each in self.container.jobs.submit(CALLER, news, "bench")]
        return ids

    def runs(self) -> list[tuple[int, int, int]]:
        """Return (job's number, process, time in ns) of each start so far."""
        lines = self.starts.read_text().splitlines() if self.starts.exists() else []
        return [(int(n), int(pid), int(at)) for n, pid, at in (line.split() for line in lines)]

    def wait_runs(self, count: int) -> None:
        """Wait until ``count`` starts are recorded."""
        until(lambda: len(self.runs()) >= count, f"{count} starts")

    def close(self) -> None:
        """Stop everything."""
        for process in self.workers:
            process.kill()
            process.wait(timeout=10)
        self.container.close()
        self._log.close()
        self.valkey.stop()
        self.mongo.stop()


@contextmanager
def world(settings: Mapping[str, str]) -> Iterator[World]:
    """Yield a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="queuecraft-recovery-") as folder:
        made = World(Path(folder), settings)
        try:
            yield made
        finally:
            made.close()


def until(condition: Callable[[], bool], what: str, timeout_s: float = WAIT_S, poll_s: float = 0.002) -> None:
    """Wait for a condition. Raises ``TimeoutError``."""
    if not children.wait_until(condition, timeout_s=timeout_s, poll_s=poll_s):
        raise TimeoutError(f"{what}: not within {timeout_s:.0f} s")


def worker_killed(settings: Mapping[str, str], times: int) -> dict[str, Any]:
    """Kill workers with one job each, while another has free slots."""
    with world(settings) as w:
        victims = [w.start_worker(1) for _ in range(times)]
        ids: list[str] = []
        for number in range(times):
            ids += w.submit(1, first=number)
            w.wait_runs(number + 1)
        holders = {number: pid for number, pid, _ in w.runs()}
        w.start_worker(times)
        heartbeat_s = w.container.settings.heartbeat_ms / 1000
        killed: dict[int, float] = {}
        lost: dict[int, float] = {}
        chance = random.Random(times)

        def look() -> bool:
            """Record which jobs are known to be lost; return whether all run again."""
            missing = [ids[n] for n in killed if n not in lost]
            jobs, _ = w.container.job_store.get_many(missing)
            for job in jobs:
                if any(attempt.outcome is Outcome.LOST for attempt in job.attempts):
                    lost[ids.index(job.id)] = time.monotonic()
            return len(w.runs()) >= 2 * times

        by_pid = {process.pid: process for process in victims}
        for number, pid in holders.items():
            deadline = time.monotonic() + heartbeat_s * chance.uniform(0.2, 1.0) / 2
            by_pid[pid].kill()
            killed[number] = time.monotonic()
            while time.monotonic() < deadline:
                look()
                time.sleep(0.01)
        until(look, "all jobs run again", poll_s=0.01)
        again = {number: at / 1e9 for number, pid, at in w.runs() if pid != holders[number]}
        s = w.container.settings
        return {
            "settings": {"lease_ms": s.lease_ms, "heartbeat_ms": s.heartbeat_ms, "backoff_s": s.retry_backoff_base_s},
            "known_s": _results.latency([lost[n] - killed[n] for n in killed]),
            "runs_s": _results.latency([again[n] - killed[n] for n in killed]),
        }


def valkey_emptied(times: int) -> dict[str, Any]:
    """Empty Valkey repeatedly, with a worker and many waiting jobs."""
    with world(DEFAULTS) as w:
        ready = w.container.keys.ready
        w.container.queues.set_paused(CALLER, "held", paused=True)
        w.submit(WAITING, queue="held")
        w.start_worker(5)
        took = []
        chance = random.Random(times)
        redis, epoch = w.container.redis, w.container.keys.epoch
        for _ in range(times):
            time.sleep(chance.uniform(0.3, 1.3))
            began = time.monotonic()
            redis.flushall()
            until(lambda: bool(redis.exists(epoch)) and redis.zcard(ready) == WAITING, "the queue is whole")
            took.append((time.monotonic() - began) * 1000)
        return {"waiting": WAITING, "whole_ms": _results.latency(took, 0)}


def subscriber_cut(times: int) -> dict[str, Any]:
    """Cut the subscription, publish at once, wait for the event at every socket."""
    bench = fanout.Bench(10)
    try:
        bench.burst_ms()
        took = []
        for _ in range(times):
            time.sleep(0.3)
            cut: Any = bench.container.redis.client_kill_filter(_type="pubsub")
            if cut < 1:
                raise RuntimeError("there was no subscription to cut")
            took.append(bench.burst_ms())
        return {"sockets": 10, "flows_ms": _results.latency(took, 1)}
    finally:
        bench.close()


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10, help="repetitions of each")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    for name, settings in (("worker_killed", DEFAULTS), ("worker_killed_short", SHORT)):
        found[name] = worker_killed(settings, options.times)
        result = found[name]
        print(f"worker killed, {result['settings']}: known after (s): {_results.text(result['known_s'])};")
        print(f"  runs elsewhere after: {_results.text(result['runs_s'])}", flush=True)
    found["valkey_emptied"] = valkey_emptied(options.times)
    print(
        f"Valkey emptied, {WAITING:,} jobs: whole after (ms): {_results.text(found['valkey_emptied']['whole_ms'])}",
        flush=True,
    )
    found["subscriber_cut"] = subscriber_cut(max(20, options.times))
    print(f"subscription cut: events flow after (ms): {_results.text(found['subscriber_cut']['flows_ms'])}")
    print(f"Saved {_results.save('recovery', found)}")


if __name__ == "__main__":
    main()
