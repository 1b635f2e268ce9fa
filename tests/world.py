"""One healthy process, and others that die at a step: the sweep repairs what crashes leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from bson import ObjectId
from pymongo import WriteConcern

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.jobs import Follower, Job, OutboxEntry
from chalicelib.domain.steps import FOLLOWER_KIND as INVOKED
from chalicelib.queue.events import EventId
from chalicelib.settings import Settings
from tests.audit import audit
from tests.container import Container
from tests.crash import Point, Process
from tests.support import ManualClock
from tests.timed import Timed

#: Steps that publish jobs, their first argument, to Redis: the records must be written before.
PUBLISHING = {"engine.enqueue", "engine.promote", "engine.started", "engine.settle", "engine.withdraw", "engine.forget",
              "engine.unblock"}  # fmt: skip

#: The kind of outbox entries that tests have, and what follows an end there.
KIND: Final = "test"
FOLLOWERS: Final = (Follower("one", KIND), Follower("two", KIND))
#: Collections that jobs do not fill.
KEPT: Final = {"limits", "meta", "tasks", "tenants", "users"}
ENDS: Final = (b"job:completed", b"job:movedToDLQ", b"job:cancelled", b"job:skipped")


class World:
    """A healthy process with the clock, and others that die."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = ManualClock(SystemClock().now())
        self.healthy = Timed(Container(settings, clock=self.clock))
        self.others: list[Container] = []
        #: How long a task waits for its process to write its reports; a dead process never does.
        self.patience_s = 20.0
        #: Changes published before MongoDB had them, and outbox entries handled before the end was published.
        self.ahead_of_records: list[str] = []
        self.healthy.container.dispatcher.handlers[KIND] = self.follow

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings) -> Iterator[World]:
        """Give a world with an open queue; leave nothing behind."""
        world = cls(settings)
        try:
            world.healthy.container.rebuilder.ensure_open()
            yield world
        finally:
            world.close()

    def follow(self, job: Job, entry: OutboxEntry) -> None:
        """Handle an entry of the outbox: count how often."""
        shop = self.healthy.container
        messages = [found.message for found in shop.event_log.read(EventId(0, 0), 10_000)]
        if not any(job.id.encode() in message and any(end in message for end in ENDS) for message in messages):
            self.ahead_of_records.append(f"{entry} of {job.id}")
        shop.db.followed.update_one({"_id": f"{job.id} {entry.id} {entry.series}"}, {"$inc": {"times": 1}}, upsert=True)

    def followed(self, **fields: Any) -> Job:
        """Submit a job with followers."""
        job = self.healthy.submit(**fields)
        followers = [{"id": each.id, "kind": each.kind} for each in FOLLOWERS]
        self.healthy.container.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": {"followers": followers}})
        return job

    def notice(self, step: str, args: tuple[Any, ...]) -> None:
        """Check that each job that a step is about to publish is recorded up to its revision, or deleted."""
        if step not in PUBLISHING:
            return
        jobs = {job.id: job for job in (getattr(each, "job", each) for each in args[0])}
        records = self.healthy.container.db.jobs.find({"_id": {"$in": [ObjectId(job_id) for job_id in jobs]}})
        for record in records:
            known = jobs[str(record["_id"])]
            if step == "engine.forget" or record["rev"] < known.rev:
                self.ahead_of_records.append(
                    f"{step} of rev {known.rev} while {record['status']} at rev {record['rev']}"
                )

    def process(self, dies_at: Point | None, *, real_time: bool = False) -> Process:
        """Return another process."""
        container = Container(self.settings, clock=SystemClock() if real_time else self.clock)
        container.__dict__["functions"] = self.healthy.invocations
        if not real_time:
            container.scripts.now_ms = self.clock.now_ms()
        container.dispatcher.handlers[KIND] = self.follow
        container.rebuilder.ensure_open()
        self.others.append(container)
        return Process(container, dies_at, notice=self.notice)

    def mend(self, what: str) -> None:
        """Let time pass, sweep, run a worker: then every job must have ended once, and both stores agree."""
        shop = self.healthy.container
        self.clock.at = max(self.clock.at, SystemClock().now())
        shop.redis.delete(shop.keys.rebuild)  # it expires by the server's clock
        self.healthy.travel(130)
        shop.sweeper.sweep()
        for name in shop.queue_store.paused_lanes():
            tenant, _, queue = name.partition("/")
            shop.queue_store.set_paused(tenant, queue, paused=False, by="x", at=self.clock.now())
        for _ in range(3):
            self.healthy.travel(130)
            self.healthy.container.sweeper.sweep()
        self.healthy.run_all()
        self.healthy.travel(130)
        shop.sweeper.sweep()
        assert not self.ahead_of_records, f"died {what}: {self.ahead_of_records}"
        wrong = audit(self.healthy.container)
        assert not wrong, f"died {what}:\n" + "\n".join(wrong)
        for job in self.healthy.container.db.jobs.find():
            ends = [attempt["outcome"] for attempt in job["attempts"]].count("completed")
            assert ends == (job["status"] == "completed"), f"died {what}: {job}"
            assert "outbox" not in job, f"died {what}: {job}"
            for follower in (each for each in job.get("followers", ()) if each["kind"] == INVOKED):
                caller = shop.db.jobs.find_one({"_id": ObjectId(follower["id"])})
                assert caller is not None
                assert (caller["status"] == "cancelled") == (job["status"] == "cancelled"), f"died {what}: {job}"
            for follower in (each for each in job.get("followers", ()) if each["kind"] == KIND):
                done = {"_id": f"{job['_id']} {follower['id']} {job['redrives']}"}
                assert shop.db.followed.find_one(done), f"died {what}: {job}"
        assert self.healthy.container.redis.zcard(self.healthy.container.keys.intents) == 0, what
        self.end_others()

    def end_others(self) -> None:
        """Close what processes that died had open."""
        while self.others:
            self.others.pop().close()

    def clear(self) -> None:
        """Forget all jobs, so that the next scenario is not checked with those of the scenarios before."""
        shop = self.healthy.container
        for name in set(shop.db.list_collection_names()) - KEPT - {"jobs"}:
            shop.db.get_collection(name, write_concern=WriteConcern(1)).delete_many({})
        shop.db.jobs.delete_many({})  # with majority, so that the rebuild reads none of what was deleted
        shop.redis.delete(*shop.redis.scan_iter(match=shop.keys.prefix + "*", count=1000))
        shop.rebuilder.ensure_open()

    def close(self) -> None:
        """Leave nothing behind."""
        self.end_others()
        container = self.healthy.container
        container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
        container.close()
