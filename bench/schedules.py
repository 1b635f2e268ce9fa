"""Schedules that are all due at one time: how long until each has submitted its job, and until all jobs have run.

    python -m bench.schedules [--count 10000] [--runs 3]

The ticker waits for them and invokes a worker, which starts as a process of its own, makes the fires and runs the jobs.
"""

from __future__ import annotations

import json
import multiprocessing
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any

from bson import ObjectId

from bench import _results, _servers
from bench._worker import NoFunctions
from bench.container import Container
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.schedules import ScheduleSpec, Timing
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from worker_fn import TaskContext, handler
from worker_fn.container import WorkerContainer
from worker_fn.registration.registry import registry
from worker_fn.ticker import Ticker

OWNER = Principal("a" * 24, "b" * 24, Role.ADMIN)
#: Time for the ticker to start before they are due.
AHEAD_S = 3.0
INSERTED_AT_ONCE = 1_000
LIMIT_S = 120.0


@registry.task("scheduled_noop")
async def scheduled_noop(ctx: TaskContext, payload: dict[str, Any]) -> None:
    """Do nothing."""


def work(env: Mapping[str, str], event: dict[str, Any]) -> None:
    """Handle one invocation of the worker function."""
    container = WorkerContainer(Settings.from_env(env))
    container.__dict__["functions"] = NoFunctions()
    handler.__dict__["get_container"] = lambda: container
    handler.handle(event, None)


class Functions:
    """Replaces Lambda: an invocation of the worker is a new process."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.started: list[BaseProcess] = []

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        """Start a worker; further workers and tickers are not needed."""
        if payload.get("source") == "schedules" and not self.started:
            context = multiprocessing.get_context("spawn")
            process = context.Process(target=work, args=(self._env, payload), daemon=True)
            process.start()
            self.started.append(process)


def make(container: Container, count: int, at: datetime) -> None:
    """Insert so many schedules that are due at ``at``."""
    spec = ScheduleSpec(Timing(at=at), JobTemplate("scheduled", "scheduled_noop", "{}"))
    container.schedules.put(OWNER, "s0", spec)
    document: dict[str, Any] = container.db.schedules.find_one({"name": "s0"}) or {}
    for first in range(1, count, INSERTED_AT_ONCE):
        numbers = range(first, min(count, first + INSERTED_AT_ONCE))
        container.db.schedules.insert_many({**document, "_id": ObjectId(), "name": f"s{n}"} for n in numbers)


def until(container: Container, name: str, count: int, since: float) -> float:
    """Return the time from ``since`` until so many jobs are counted as ``name``, in seconds."""
    while container.engine.counts("all").get(name, 0) < count:
        if time.time() - since > LIMIT_S:
            raise SystemExit(f"{container.engine.counts('all')} after {LIMIT_S:.0f} s")
        time.sleep(0.01)
    return time.time() - since


def one_run(servers: _servers.Servers, name: str, count: int) -> tuple[float, float]:
    """Return the seconds from the due time until all are submitted, and until all are completed."""
    env = servers.environment(name, MAX_SUBMISSIONS_PER_MINUTE_PER_TENANT="0")
    container = Container(Settings.from_env(env))
    functions = container.__dict__["functions"] = Functions(env)
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()
    handler.register_tasks(container)
    # inserting takes about a second
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=AHEAD_S + count / 5_000)
    make(container, count, at)
    ticker = threading.Thread(target=Ticker(container, lambda: 900.0).run, daemon=True)
    ticker.start()
    try:
        submitted = until(container, "submitted", count, at.timestamp())
        completed = until(container, "done", count, at.timestamp())
    finally:
        for process in functions.started:
            process.terminate()
            process.join(30)
    ticker.join(30)
    runs = container.db.schedule_runs.count_documents({})
    if runs != count:
        raise SystemExit(f"{runs} runs of {count}")
    container.db.client.drop_database(name)
    container.close()
    return submitted, completed


def main() -> None:
    """Measure, print, save."""
    options = _servers.options(__doc__, count=10_000, runs=3)
    with _servers.servers(durable=True) as servers:
        found = [one_run(servers, f"run{n}", options.count) for n in range(options.runs)]
    result = {
        "schedules": options.count,
        "submitted_s": _results.spread((each[0] for each in found), 2),
        "completed_s": _results.spread((each[1] for each in found), 2),
    }
    print(json.dumps(result))
    print(f"Saved {_results.save('schedules', result)}")


if __name__ == "__main__":
    main()
