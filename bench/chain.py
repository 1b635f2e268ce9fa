"""A chain of nodes beside plain jobs: what it costs that the queue, and not the tasks, begins what comes next.

    python -m bench.chain [--count 1000] [--runs 3]

*chain*: a workflow of which each node needs the one before. *by hand*: as many plain jobs, of which each submits the
next one. *wide*: a workflow of nodes without needs. *bulk*: as many plain jobs in one call. One worker, in a process of
its own, runs each of them from the call to the end of the last job.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench import _results, _servers
from bench._worker import make_container
from bench.container import Container
from chalicelib.domain.jobs import NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.workflows import NodeSpec
from chalicelib.services.workflows import NewWorkflow
from chalicelib.store.indexes import ensure_indexes
from worker_fn import TaskContext
from worker_fn.registration.registry import Registry
from worker_fn.worker import Worker

OWNER: Final = Principal("a" * 24, "b" * 24, Role.ADMIN)
LIMIT_S: Final = 600.0


def tasks_of(container: Container) -> Registry:
    """Return the tasks; one of them submits through ``container``."""
    registry = Registry()

    @registry.task("link")
    def link(ctx: TaskContext, payload: dict[str, Any]) -> None:
        """Submit the next job."""
        if payload.get("left"):
            container.jobs.submit(OWNER, [a_link(payload["left"] - 1)], "bench")

    return registry


def a_link(left: int) -> NewJob:
    """Return a job after which so many come."""
    return NewJob("link", task="link", payload=json.dumps({"left": left}))


def work() -> None:
    """Run a worker until it is ended."""
    with Path(os.devnull).open("w") as quiet:
        container = make_container(quiet)
        Worker(container, tasks_of(container).tasks, remaining_s=lambda: 900.0, log=container.log).run()


def chain(container: Container, count: int) -> None:
    """Start a workflow whose nodes run one after another."""
    nodes = [NodeSpec(f"n{n}", a_link(0), (f"n{n - 1}",) if n else ()) for n in range(count)]
    container.workflows.create(OWNER, NewWorkflow("chain", nodes), "bench")


def by_hand(container: Container, count: int) -> None:
    """Submit a job that submits the next one, and so on."""
    container.jobs.submit(OWNER, [a_link(count - 1)], "bench")


def wide(container: Container, count: int) -> None:
    """Start a workflow whose nodes run at once."""
    container.workflows.create(
        OWNER, NewWorkflow("wide", [NodeSpec(f"n{n}", a_link(0)) for n in range(count)]), "bench"
    )


def bulk(container: Container, count: int) -> None:
    """Submit plain jobs in one call."""
    container.jobs.submit(OWNER, [a_link(0) for _ in range(count)], "bench")


KINDS: Final[dict[str, Callable[[Container, int], None]]] = {
    "chain": chain, "by hand": by_hand, "wide": wide, "bulk": bulk,
}  # fmt: skip


def seconds(container: Container, kind: str, count: int) -> float:
    """Return the time from the call until so many more jobs have ended."""
    before, began = container.engine.counts("all").get("done", 0), time.monotonic()
    KINDS[kind](container, count)
    while container.engine.counts("all").get("done", 0) < before + count:
        if time.monotonic() - began > LIMIT_S:
            raise SystemExit(f"{kind}: {container.engine.counts('all')} after {LIMIT_S:.0f} s")
        time.sleep(0.005)
    return time.monotonic() - began


def measure(count: int, runs: int) -> dict[str, list[float]]:
    """Return the seconds of each run by kind; the kinds take turns."""
    with Path(os.devnull).open("w") as quiet:
        return _measure(make_container(quiet), count, runs)


def _measure(container: Container, count: int, runs: int) -> dict[str, list[float]]:
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()
    container.catalogue.register([task.spec for task in tasks_of(container).tasks.values()])
    process = multiprocessing.get_context("spawn").Process(target=work, daemon=True)
    process.start()
    try:
        for kind in KINDS:
            seconds(container, kind, min(count, 50))
        found = [{kind: seconds(container, kind, count) for kind in KINDS} for _ in range(runs)]
    finally:
        process.terminate()
        process.join(30)
        container.close()
    return {kind: [each[kind] for each in found] for kind in KINDS}


def main() -> None:
    """Measure, print, save."""
    options = _servers.options(__doc__, count=1_000, runs=3)
    with _servers.servers(durable=True) as servers:
        os.environ |= servers.environment(
            RATE_LIMIT_MAX_REQUESTS="0", MAX_ACTIVE_JOBS_PER_USER="0", WORKER_LINGER_S="600",
            MAX_SUBMISSIONS_PER_MINUTE_PER_TENANT="0",
        )  # fmt: skip
        found = measure(options.count, options.runs)
    result = {
        "jobs": options.count,
        "seconds": {kind: _results.spread(each, 2) for kind, each in found.items()},
        "chain_ratio": round(statistics.median(found["chain"]) / statistics.median(found["by hand"]), 2),
        "wide_ratio": round(statistics.median(found["wide"]) / statistics.median(found["bulk"]), 2),
    }
    print(json.dumps(result))
    print(f"Saved {_results.save('chain', result)}")


if __name__ == "__main__":
    main()
