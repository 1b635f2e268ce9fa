"""A whole container whose time stands still until a test moves it, with a worker done by hand."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus, NewJob, Outcome
from chalicelib.domain.lifecycle import AttemptResult, ended, started
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.domain.principals import Principal, Role
from chalicelib.queue.engine import Settlement
from chalicelib.queue.events import EventId
from tests.container import Container
from tests.jobs import InvocationLog, an_error, prepare
from tests.support import ManualClock

POOLS: Final = (DEFAULT_POOL, "heavy")
ALICE: Final = Principal("a" * 24, "1" * 24, Role.MEMBER)


class Timed:
    """Moves the clock of Python and Redis together."""

    def __init__(self, container: Container) -> None:
        assert isinstance(container.clock, ManualClock)
        self.container = container
        self.clock = container.clock
        self.invocations: InvocationLog = prepare(container)
        self.travel(0)

    def travel(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds)
        self.container.scripts.now_ms = self.clock.now_ms()

    def submit(self, **fields: Any) -> Job:
        return self.container.jobs.submit(ALICE, [NewJob(**{"name": "a job", **fields})], "trace")[0].job

    def job(self, job: Job) -> Job:
        """The job as recorded."""
        return self.container.job_store.get(job.id)

    def status(self, job: Job) -> JobStatus:
        return self.job(job).status

    def claim(self, token: str = "token", want: int = 10, pool: str = DEFAULT_POOL) -> list[Job]:
        """Claim, and load what was claimed."""
        return self.container.job_store.get_many(self.container.engine.claim(token, want, pool=pool).ids)[0]

    def record_start(self, job: Job, token: str = "token") -> Job | None:
        """Write that a claimed job runs; ``None`` when another was faster."""
        running = started(job, token, token, self.clock.now())
        return self.container.job_store.advance([(job.rev, running)])[0]

    def tell_start(self, running: Job) -> bool:
        assert running.lease is not None
        events = moved(running, JobStatus.PENDING)
        return self.container.engine.started([running], [running.lease.token], [events])[0]

    def start(self, token: str = "token", pool: str = DEFAULT_POOL) -> list[Job]:
        """Claim and begin what is ready, as a worker does; the lease of what others moved on runs out."""
        claimed = [job for job in self.claim(token, pool=pool) if job.status is JobStatus.PENDING]
        begun = [running for job in claimed if (running := self.record_start(job, token))]
        for running in begun:
            self.tell_start(running)
        return begun

    def ended(self, running: Job, *, failed: bool = False) -> Job:
        """The record of a running job that ends now: well, or to be tried again, or given up."""
        result = AttemptResult(Outcome.COMPLETED, self.clock.now(), result="1")
        if failed:
            result = AttemptResult(Outcome.FAILED, self.clock.now(), error=an_error())
        base_s = self.container.settings.retry_backoff_base_s
        return ended(running, result, progress=None, base_s=base_s, random=0.5)

    def record_end(self, running: Job, *, failed: bool = False) -> Job | None:
        return self.container.job_store.advance([(running.rev, self.ended(running, failed=failed))])[0]

    def tell_end(self, after: Job, token: str = "token") -> bool:
        counter = "retries" if after.status is JobStatus.RETRYING else ""
        events = moved(after, JobStatus.RUNNING)
        return self.container.engine.settle([Settlement(after, token, events, counter)])[0]

    def finish(self, running: Job, *, failed: bool = False) -> Job:
        """End a running job in both stores."""
        assert running.lease is not None
        after = self.record_end(running, failed=failed)
        assert after is not None
        assert self.tell_end(after, running.lease.token)
        return after

    def conclude(self, running: Job, *, failed: bool = False) -> Job:
        """End a running job in both stores, and do what follows its end."""
        after = self.finish(running, failed=failed)
        self.container.dispatcher.dispatch([after])
        return after

    def run_all(self) -> None:
        """Work until nothing is open, letting time pass where jobs wait."""
        for _ in range(60):
            self.container.sweeper.sweep()
            for running in [running for pool in POOLS for running in self.start(pool=pool)]:
                self.finish(running)
            if self.container.db.jobs.count_documents({"open": True}) == 0:
                return
            self.travel(30)
        raise AssertionError(f"still open: {list(self.container.db.jobs.find({'open': True}))}")

    def work(self, at_once: int = 500) -> int:
        """Run all that is ready to its end, many jobs in one write; return how many."""
        engine, store, done = self.container.engine, self.container.job_store, 0
        while jobs := self.claim("token", at_once):
            starts = [(job.rev, started(job, "token", "token", self.clock.now())) for job in jobs]
            running = [job for job in store.advance(starts) if job is not None]
            engine.started(running, ["token"] * len(running), [moved(job, JobStatus.PENDING) for job in running])
            ends = [job for job in store.advance([(job.rev, self.ended(job)) for job in running]) if job is not None]
            assert len(ends) == len(running)
            engine.settle([Settlement(job, "token", moved(job, JobStatus.RUNNING)) for job in ends])
            self.container.dispatcher.dispatch(ends)
            done += len(ends)
        return done

    def event_types(self) -> list[tuple[str, str]]:
        """(type, new status or "") of every event, oldest first."""
        import orjson

        entries = self.container.event_log.read(EventId(0, 0), 10_000)
        events = [orjson.loads(entry.message) for entry in entries]
        return [(event["type"], event["data"].get("newStatus", "")) for event in events]
