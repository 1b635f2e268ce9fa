"""What a step of a durable task costs: the time from one step's call to the next, for steps that do nothing.

    python -m bench.steps [--count 1000] [--runs 3]

Jobs take steps one after the other, sync and async; another takes them at once (`ctx.map`), a last one replays them.
"""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from bench import _results, _servers
from bench._worker import NoFunctions
from bench.container import Container
from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from worker_fn import TaskContext
from worker_fn.registration.registry import Registry
from worker_fn.worker import Worker

OWNER = Principal("a" * 24, "b" * 24, Role.ADMIN)
LIMIT_S = 600.0


def nothing() -> None:
    """Do nothing."""


def one_by_one(registry: Registry, times: dict[str, list[float]]) -> None:
    """Add tasks that note in ``times`` how long each step took, in ms."""

    @registry.task("sync", timeout_s=600)
    def sync(ctx: TaskContext, payload: dict[str, Any]) -> None:
        for _ in range(payload["count"]):
            began = time.perf_counter()
            ctx.step("n", nothing)
            times["sync"].append((time.perf_counter() - began) * 1000)

    @registry.task("async", timeout_s=600)
    async def run(ctx: TaskContext, payload: dict[str, Any]) -> None:
        async def step() -> None:
            """Do nothing."""

        for _ in range(payload["count"]):
            began = time.perf_counter()
            await ctx.step("n", step)
            times["async"].append((time.perf_counter() - began) * 1000)


def together(registry: Registry, times: dict[str, list[float]]) -> None:
    """Add tasks that note in ``times`` how long all took, divided by their number, in ms."""

    @registry.task("at_once", timeout_s=600)
    async def at_once(ctx: TaskContext, payload: dict[str, Any]) -> None:
        async def step(n: int) -> int:
            return n

        began = time.perf_counter()
        await ctx.map("n", step, range(payload["count"]), concurrency=100)
        times["at_once"].append((time.perf_counter() - began) * 1000 / payload["count"])

    @registry.task("replay", retries=1, timeout_s=600)
    async def replay(ctx: TaskContext, payload: dict[str, Any]) -> None:
        async def step(n: int) -> int:
            return n

        began = time.perf_counter()
        await ctx.map("n", step, range(payload["count"]), concurrency=100)
        if ctx.attempt == 1:
            raise ValueError("replay")
        times["replay"].append((time.perf_counter() - began) * 1000 / payload["count"])


def one_run(servers: _servers.Servers, name: str, count: int) -> dict[str, list[float]]:
    """Run a job of each task; return the times."""
    env = servers.environment(name, RETRY_BACKOFF_BASE_S="0.05", WORKER_LINGER_S="0.5")
    times: dict[str, list[float]] = {"sync": [], "async": [], "at_once": [], "replay": []}
    registry = Registry()
    one_by_one(registry, times)
    together(registry, times)
    container = Container(Settings.from_env(env))
    container.__dict__["functions"] = NoFunctions()
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()
    container.catalogue.register([task.spec for task in registry.tasks.values()])
    for task in times:
        new = NewJob(task, task, payload=json.dumps({"count": count}))
        job = container.jobs.submit(OWNER, [new], "bench")[0].job
        until = time.monotonic() + LIMIT_S
        while (found := container.job_store.get(job.id)).status.is_open:
            if time.monotonic() > until:
                raise SystemExit(f"{task} is {found.status} after {LIMIT_S:.0f} s")
            Worker(container, registry.tasks, remaining_s=lambda: LIMIT_S, log=container.log).run()
        check(found)
    container.db.client.drop_database(name)
    container.close()
    return times


def check(job: Job) -> None:
    """End the program unless the job completed."""
    if job.status is not JobStatus.COMPLETED:
        raise SystemExit(f"{job.task} is {job.status}: {job.error}")


def main() -> None:
    """Measure, print, save."""
    options = _servers.options(__doc__, count=1_000, runs=3)
    with _servers.servers(durable=True) as servers:
        runs = [one_run(servers, f"run{n}", options.count) for n in range(options.runs)]
    result: dict[str, Any] = {"steps": options.count}
    for name in ("sync", "async"):
        for share in (50, 95):
            found = (statistics.quantiles(run[name], n=100)[share - 1] for run in runs)
            result[f"{name}_p{share}_ms"] = _results.spread(found, 2)
    for name in ("at_once", "replay"):
        result[f"{name}_ms_a_step"] = _results.spread((run[name][0] for run in runs), 3)
    print(json.dumps(result))
    print(f"Saved {_results.save('steps', result)}")


if __name__ == "__main__":
    main()
