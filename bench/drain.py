"""Drain speed: no-op jobs with a durable record and events each: `python bench/drain.py [--jobs 20000] [--runs 3]`.

Starts its own MongoDB and Valkey (without persistence, as the peers' figures), fills the queue in bulk, lets worker
processes start and wait, then times them from the start signal until the last job is settled. Concurrency 5 each; logs
are on and go to a file. Three settings: one worker with async tasks, one with sync tasks, two with async tasks.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import _results, _servers
from bench._worker import NoFunctions
from bench.container import Container
from chalicelib import gc_tuning
from chalicelib.domain.events import created
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue.limit_instances import Definition
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from chalicelib.telemetry.logger import Log
from worker_fn.registration.registry import Registry
from worker_fn.worker import Worker

FILL_BATCH = 1_000
CONCURRENCY = 5
#: (kind of task, worker processes)
SETTINGS = (("async", 1), ("sync", 1), ("async", 2))
LIMIT_S = 120.0


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


def new_jobs(container: Container, kind: str, count: int, *, keyed: bool = False) -> list[Job]:
    """Jobs with a payload of a number and 64 characters; if ``keyed``, each under a key of its own of one limit."""
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
            limits=(f"key:{n}",) if keyed else (),
        )
        for n in range(count)
    ]


def fill(container: Container, jobs: Sequence[Job]) -> float:
    """Insert and enqueue; return the seconds it took."""
    began = time.perf_counter()
    for first in range(0, len(jobs), FILL_BATCH):
        batch = jobs[first : first + FILL_BATCH]
        container.limits.admit(batch[0].owner_id, batch[0].tenant_id, [job.id for job in batch], active=0)
        container.job_store.insert(batch)
        container.engine.enqueue(batch, [[created(job)] for job in batch])
    return time.perf_counter() - began


def container_of(env: Mapping[str, str]) -> Container:
    """Return a container without limits on submissions and without Lambda."""
    settings = Settings.from_env(env)
    container = Container(
        replace(
            settings, worker_linger_s=0.0, max_active_jobs_per_user=0, rate_limit_max_requests=0,
            job_concurrency=CONCURRENCY,
        )
    )  # fmt: skip
    container.__dict__["functions"] = NoFunctions()
    return container


def work(env: Mapping[str, str], log_path: Path, wire: Connection) -> None:
    """Run a worker process: report that it is ready, wait for the start signal, run until no job is left."""
    with log_path.open("a") as output:
        log = Log("bench", "INFO", output)
        container = container_of(env)
        container.rebuilder.ensure_open()
        worker = Worker(container, tasks().tasks, remaining_s=lambda: 900.0, log=log)
        gc_tuning.spare()  # as the worker function does at its start
        wire.send("ready")
        wire.recv()
        worker.run()
        container.close()


@contextmanager
def workers(env: Mapping[str, str], count: int, log_path: Path) -> Iterator[tuple[list[BaseProcess], list[Connection]]]:
    """Worker processes that wait for the start signal; those still running at the end are killed."""
    context = multiprocessing.get_context("spawn")
    processes: list[BaseProcess] = []
    wires: list[Connection] = []
    try:
        for _ in range(count):
            here, there = context.Pipe()
            process = context.Process(target=work, args=(env, log_path, there), daemon=True)
            process.start()
            processes.append(process)
            wires.append(here)
        for wire in wires:
            if not wire.poll(LIMIT_S):
                raise RuntimeError("a worker did not start")
            wire.recv()
        yield processes, wires
        for each in processes:
            each.join(LIMIT_S)
    finally:
        for each in processes:
            each.kill()
            each.join(5)


@dataclass(frozen=True, slots=True)
class Result:
    """Rates in jobs per second; CPU time of the drain in µs per job, by process; busy cores, and all cores."""

    fill: float
    drain: float
    cpu_us: dict[str, float]

    @property
    def cores_busy(self) -> float:
        """Return the number of busy cores, on average."""
        return sum(self.cpu_us.values()) * self.drain / 1e6


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def drain(container: Container, count: int, wires: Sequence[Connection]) -> float:
    """Send the start signal; return the seconds until all jobs are settled."""
    began = time.perf_counter()
    for wire in wires:
        wire.send("go")
    while container.engine.counts("all").get("done", 0) < count:
        if time.perf_counter() - began > LIMIT_S:
            raise RuntimeError("not all jobs were settled")
        time.sleep(0.01)
    return time.perf_counter() - began


def one_run(servers: _servers.Servers, name: str, kind: str, count: int, jobs: int, *, keyed: bool = False) -> Result:
    """Fill and drain once; if ``keyed``, jobs that fall under a limit of one, each with a key of its own."""
    env = servers.environment(name, LOG_LEVEL="INFO")
    container = container_of(env)
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()
    if keyed:
        container.limit_scripts.define([Definition("*", "key", keyed=True, concurrency=1)])
    fill_s = fill(container, new_jobs(container, kind, jobs, keyed=keyed))
    with workers(env, count, servers.folder / "worker.log") as (processes, wires):
        pids = {
            "mongod": [servers.mongo.pid or 0],
            "valkey": [servers.valkey.pid or 0],
            "workers": [p.pid or 0 for p in processes],
        }
        before = {what: sum(map(cpu_s, each)) for what, each in pids.items()}
        drain_s = drain(container, jobs, wires)
        cpu_us = {what: (sum(map(cpu_s, each)) - before[what]) / jobs * 1e6 for what, each in pids.items()}
    done = container.db.jobs.count_documents({"status": "completed", "rev": 3})
    if done != jobs:
        raise RuntimeError(f"{done} of {jobs} jobs are recorded as completed")
    container.db.client.drop_database(name)
    container.close()
    return Result(jobs / fill_s, jobs / drain_s, cpu_us)


def report(kind: str, count: int, results: Sequence[Result]) -> dict[str, Any]:
    """Print the runs of one setting; return their figures."""
    for result in results:
        cpu = ", ".join(f"{name} {us:.0f}" for name, us in result.cpu_us.items())
        print(
            f"{count} x {kind:5}  submit in bulk {result.fill:7,.0f}/s   drain {result.drain:7,.0f}/s"
            f"   CPU µs per job: {cpu}   cores busy {result.cores_busy:.2f}"
        )
    return {
        "kind": kind,
        "workers": count,
        "bulk_per_s": _results.spread((r.fill for r in results), 0),
        "drain_per_s": _results.spread((r.drain for r in results), 0),
        "cores_busy": _results.spread((r.cores_busy for r in results), 2),
        "cpu_us_per_job": {name: round(min(r.cpu_us[name] for r in results)) for name in results[0].cpu_us},
    }


def main() -> None:
    """Run the settings in turns, print and save."""
    options = _servers.options(__doc__, jobs=20_000, runs=3)
    results: dict[tuple[str, int], list[Result]] = {setting: [] for setting in SETTINGS}
    with _servers.servers() as servers:
        for run in range(options.runs):
            for kind, count in SETTINGS:
                name = f"bench-{kind}-{count}-{run}"
                results[kind, count].append(one_run(servers, name, kind, count, options.jobs))
    rows = [report(kind, count, runs) for (kind, count), runs in results.items()]
    _results.save("drain", {"jobs": options.jobs, "concurrency": CONCURRENCY, "settings": rows})


if __name__ == "__main__":
    main()
