"""Drain speed of one worker process: no-op jobs with a durable record and events each.

    python bench/drain.py [--jobs 20000] [--runs 3] [--kind async|sync]

Starts its own MongoDB and Valkey (without persistence, as the peers' figures), fills the queue, then times one worker
in this process from its start until the last job is settled. Logs are on and go to a file.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from chalicelib.container import Container
from chalicelib.domain.events import created
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from chalicelib.telemetry.logger import Log
from infra.local.databases import MongoServer, ValkeyServer, free_port
from worker_fn import garbage
from worker_fn.drain import Worker
from worker_fn.registry import Registry

FILL_BATCH = 1_000


def tasks() -> Registry:
    """A no-op of each kind."""
    registry = Registry()

    @registry.task("sync")
    def sync(ctx: Any, payload: dict[str, Any]) -> None:
        return None

    @registry.task("async")
    async def async_(ctx: Any, payload: dict[str, Any]) -> None:
        return None

    return registry


def new_jobs(container: Container, kind: str, count: int) -> list[Job]:
    """Jobs with a payload of a number and 64 characters."""
    now = container.clock.now()
    return [
        Job(
            id=container.ids.object_id(),
            tenant_id="a" * 24,
            owner_id="b" * 24,
            name="bench",
            status=JobStatus.PENDING,
            rev=1,
            ready_at=now,
            created_at=now,
            updated_at=now,
            trace_id="00000000-0000-4000-8000-000000000000",
            task=kind,
            payload=f'{{"n":{n},"text":"{"x" * 64}"}}',
        )
        for n in range(count)
    ]


def fill(container: Container, jobs: Sequence[Job]) -> float:
    """Insert and enqueue; returns the seconds it took."""
    began = time.perf_counter()
    for first in range(0, len(jobs), FILL_BATCH):
        batch = jobs[first : first + FILL_BATCH]
        container.limits.admit(batch[0].owner_id, batch[0].tenant_id, [job.id for job in batch], active=0)
        container.job_store.insert(batch)
        container.engine.enqueue(batch, [[created(job)] for job in batch])
    return time.perf_counter() - began


def drain(container: Container, log: Log, count: int) -> float:
    """Run a worker until all is settled; returns the seconds from its start to the last settlement."""
    worker = Worker(container, tasks().tasks, remaining_s=lambda: 900.0, log=log)
    ended = threading.Event()
    finished_at = 0.0

    def watch() -> None:
        nonlocal finished_at
        while container.engine.counts("all").get("done", 0) < count:
            time.sleep(0.01)
        finished_at = time.perf_counter()
        ended.set()

    watcher = threading.Thread(target=watch, daemon=True)
    began = time.perf_counter()
    watcher.start()
    worker.run()
    if not ended.wait(60):
        raise RuntimeError("not all jobs were settled")
    return finished_at - began


@dataclass(frozen=True, slots=True)
class Result:
    """Rates in jobs per second; CPU time of the drain in µs per job, by process."""

    fill: float
    drain: float
    cpu_us: dict[str, float]


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def one_run(mongo: MongoServer, valkey: ValkeyServer, run: int, options: argparse.Namespace, log: Log) -> Result:
    """Fill and drain once."""
    env = {
        "MONGODB_URI": mongo.uri,
        "REDIS_URL": valkey.uri,
        "SECRET_KEY": "x" * 32,
        "MONGODB_DATABASE": f"bench{run}",
        "REDIS_NAMESPACE": f"bench{run}",
    }
    settings = replace(
        Settings.from_env(env), worker_linger_s=0.0, max_active_jobs_per_user=0, rate_limit_max_requests=0
    )
    container = Container(settings)
    ensure_indexes(container.db)
    container.keeper.ensure_open()
    fill_s = fill(container, new_jobs(container, options.kind, options.jobs))
    pids = {"worker": os.getpid(), "mongod": mongo.pid or 0, "valkey": valkey.pid or 0}
    before = {name: cpu_s(pid) for name, pid in pids.items()}
    drain_s = drain(container, log, options.jobs)
    done = container.db.jobs.count_documents({"status": "completed", "rev": 3})
    if done != options.jobs:
        raise RuntimeError(f"{done} of {options.jobs} jobs are recorded as completed")
    container.close()
    cpu_us = {name: (cpu_s(pid) - before[name]) / options.jobs * 1e6 for name, pid in pids.items()}
    return Result(options.jobs / fill_s, options.jobs / drain_s, cpu_us)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kind", choices=["sync", "async"], default="async")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as output:
        log = Log("bench", "INFO", output)
        mongo = MongoServer(Path(folder) / "mongo", free_port())
        valkey = ValkeyServer(Path(folder) / "valkey", free_port(), durable=False)
        mongo.start()
        valkey.start()
        garbage.spare()  # as the worker function does at its start
        try:
            results = [one_run(mongo, valkey, run, options, log) for run in range(options.runs)]
        finally:
            valkey.stop()
            mongo.stop()
    for result in results:
        cpu = ", ".join(f"{name} {us:.0f}" for name, us in result.cpu_us.items())
        print(f"submit in bulk {result.fill:7,.0f}/s   drain {result.drain:7,.0f}/s   CPU µs per job: {cpu}")
    median = statistics.median(result.drain for result in results)
    print(f"median of {options.runs}: drain {median:,.0f} {options.kind} jobs/s; concurrency 5, one worker process")


if __name__ == "__main__":
    main()
