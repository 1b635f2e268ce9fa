"""Helpers for tests of the worker: submit jobs of tasks that a test defines, run workers beside it."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from chalicelib.domain.events import created
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.queue.events import EventId
from chalicelib.telemetry.logger import Log
from tests.container import Container
from tests.support import wait_until
from worker_fn import TaskContext
from worker_fn.registration.registry import Registry
from worker_fn.worker import Departure, Worker

#: Settings with which workers notice everything within a fraction of a second.
QUICK: dict[str, Any] = {
    "rate_limit_max_requests": 0,
    "worker_linger_s": 0.05,
    "retry_backoff_base_s": 0.05,
    "lease_ms": 3_000,
    "heartbeat_ms": 200,
}
TENANT = "a" * 24
OWNER = "b" * 24


class Invocations:
    """Takes the place of Lambda: notes who was invoked with what."""

    def __init__(self) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        self.made.append((name, payload))


@dataclass
class Running:
    """A worker on a thread of its own."""

    worker: Worker
    thread: threading.Thread
    departures: list[Departure] = field(default_factory=list)

    def join(self, timeout_s: float = 40.0) -> Departure:
        """Wait until it left."""
        self.thread.join(timeout_s)
        assert not self.thread.is_alive(), "the worker did not leave"
        return self.departures[0]


class Rig:
    """A container, a registry for the tasks of a test, and workers."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.registry = Registry()
        self.task = self.registry.task
        self.invocations = Invocations()
        self.output = io.StringIO()
        container.__dict__["functions"] = self.invocations
        container.__dict__["log"] = Log(container.settings.mongodb_database, "INFO", self.output)
        self._running: list[Running] = []

    # --- jobs ------------------------------------------------------------------------------------------------
    def new(self, task: str, payload: Any = None, **changes: Any) -> Job:
        """A job as a submission would make it."""
        now = self.container.clock.now()
        job = Job(
            id=self.container.ids.object_id(),
            tenant_id=TENANT,
            owner_id=OWNER,
            name=changes.pop("name", task),
            status=JobStatus.PENDING,
            rev=1,
            ready_at=now,
            created_at=now,
            updated_at=now,
            trace_id=self.container.ids.trace_id(),
            task=task,
            payload=orjson.dumps({} if payload is None else payload).decode(),
        )
        return job.with_(**changes)

    def submit(self, task: str, payload: Any = None, **changes: Any) -> Job:
        """Insert and enqueue one job."""
        job = self.new(task, payload, **changes)
        self.enqueue([job])
        return job

    def enqueue(self, jobs: list[Job]) -> None:
        """Insert and enqueue jobs."""
        ids = [job.id for job in jobs]
        self.container.limits.admit(OWNER, TENANT, ids, active=0)
        self.container.job_store.insert(jobs)
        self.container.engine.enqueue(jobs, [[created(job)] for job in jobs])

    def job(self, job: Job) -> Job:
        """The job as recorded now."""
        return self.container.job_store.get(job.id)

    def wait(self, job: Job, *statuses: JobStatus, timeout_s: float = 30.0) -> Job:
        """Wait until the job is in one of these states (by default: has ended)."""
        wanted = set(statuses) or set(TERMINAL)

        def reached() -> Job | None:
            found = self.job(job)
            return found if found.status in wanted else None

        found = wait_until(reached, timeout_s, f"job in {wanted}")
        assert found is not None
        return found

    def settled(self) -> None:
        """Wait until no lease is left."""
        wait_until(lambda: not self.container.engine.leases(), what="no lease left")

    def counts(self) -> dict[str, int]:
        """The gauges and totals that are not 0."""
        return {name: n for name, n in self.container.engine.counts("all").items() if n}

    def events(self, job: Job | None = None) -> list[dict[str, Any]]:
        """Events so far, of one job or all."""
        entries = self.container.event_log.read(EventId(0, 0), 10_000)
        found = [orjson.loads(entry.message) for entry in entries]
        return [e for e in found if job is None or job.id in {e["data"].get("_id"), e["data"].get("jobId")}]

    def lines(self, event: str | None = None) -> list[dict[str, Any]]:
        """Log lines so far."""
        lines = [orjson.loads(line) for line in self.output.getvalue().splitlines()]
        return [line for line in lines if event is None or line["event"] == event]

    # --- workers ---------------------------------------------------------------------------------------------
    def worker(
        self,
        remaining_s: Callable[[], float] | float = 900.0,
        container: Container | None = None,
        pool: str = DEFAULT_POOL,
    ) -> Worker:
        """A worker that does not run yet."""
        began = time.monotonic()

        def left_s() -> float:
            return remaining_s() if callable(remaining_s) else remaining_s - (time.monotonic() - began)

        c = container or self.container
        return Worker(c, self.registry.tasks, remaining_s=left_s, log=self.container.log, pool=pool)

    def start(
        self,
        remaining_s: Callable[[], float] | float = 900.0,
        container: Container | None = None,
        pool: str = DEFAULT_POOL,
    ) -> Running:
        """A worker that runs; it is stopped at the end of the test."""
        worker = self.worker(remaining_s, container, pool)
        departures: list[Departure] = []
        thread = threading.Thread(target=lambda: departures.append(worker.run()), daemon=True)
        running = Running(worker, thread, departures)
        self._running.append(running)
        thread.start()
        return running

    def run(self, remaining_s: Callable[[], float] | float = 900.0, pool: str = DEFAULT_POOL) -> Departure:
        """Run a worker here until it leaves."""
        return self.worker(remaining_s, pool=pool).run()

    def close(self) -> None:
        """Stop what still runs."""
        for running in self._running:
            running.worker.stop()
        for running in self._running:
            running.thread.join(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Gate:
    """A task that runs until let go; sync or async."""

    def __init__(self, rig: Rig) -> None:
        self.entered = threading.Semaphore(0)
        self.left = threading.Semaphore(0)
        self.open = threading.Event()
        self.raised: list[BaseException] = []

        @rig.task("sync", timeout_s=1)
        def sync(ctx: TaskContext, payload: dict[str, Any]) -> str:
            self.entered.release()
            try:
                while not self.open.wait(0.005):
                    if payload.get("polite"):
                        ctx.raise_if_cancelled()
            except BaseException as error:
                self.raised.append(error)
                raise
            finally:
                self.left.release()
            return "done"

        @rig.task("async", timeout_s=1)
        async def async_(ctx: TaskContext, payload: dict[str, Any]) -> str:
            self.entered.release()
            try:
                while not self.open.is_set():
                    await asyncio.sleep(0.005)
            except BaseException as error:
                self.raised.append(error)
                raise
            finally:
                self.left.release()
            return "done"

    def wait(self) -> None:
        assert self.entered.acquire(timeout=10)
