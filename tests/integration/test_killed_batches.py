"""Calls that submit large batches and die at each kind of write; the sweep, or the client's next call, does the rest.

Small batches that die at every single step: ``test_batches``.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.domain.batches import MAX_MEMBERS, Callback
from chalicelib.domain.clock import SystemClock
from chalicelib.domain.jobs import NewJob
from chalicelib.domain.schedules import JobTemplate
from chalicelib.services.batches import NewBatch
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from tests.audit import audit
from tests.crash import dying, points
from tests.timed import ALICE
from tests.world import World

LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
pytestmark = [pytest.mark.integration, pytest.mark.skipif(not LONG, reason="takes minutes: QUEUECRAFT_TESTS=all")]
#: Two pages. QUEUECRAFT_MEMBERS asks for up to 10,000.
MEMBERS = min(MAX_MEMBERS, int(os.environ.get("QUEUECRAFT_MEMBERS") or 600))
CALLBACKS = {Callback.ON_COMPLETE: JobTemplate("after all"), Callback.ON_SUCCESS: JobTemplate("after success")}


@pytest.mark.parametrize("again", [False, True], ids=["nobody calls again", "the client calls again"])
def test_a_call_that_dies_at_each_write(settings: Settings, again: bool) -> None:
    world = World(replace(settings, lease_ms=60_000, rate_limit_max_requests=0, max_active_jobs_per_user=0))
    hand, container = world.healthy, world.healthy.container
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()
    jobs = [NewJob(f"job {n}") for n in range(MEMBERS)]

    def mend() -> Counter[str]:
        """Let time pass, sweep and work until nothing is open; return the callbacks so far."""
        world.clock.at = max(world.clock.at, SystemClock().now())
        for _ in range(30):
            hand.travel(130)
            container.sweeper.sweep()
            if not hand.work() and not container.db.jobs.count_documents({"open": True}, limit=1):
                break
        assert audit(container) == []
        found = container.db.jobs.find({"name": {"$in": [job.name for job in CALLBACKS.values()]}})
        return Counter(job["name"] for job in found)

    whole = world.process(None)
    before = Counter(whole.calls)
    whole.container.batches.create(ALICE, NewBatch("a batch", jobs, CALLBACKS, "whole"), "trace")
    calls = whole.calls - before
    total = mend()
    assert total == {"after all": 1, "after success": 1}
    for n, point in enumerate(points(calls, 1)):
        new, process = NewBatch("a batch", jobs, CALLBACKS, f"key {n}"), world.process(point)
        with dying():
            process.container.batches.create(ALICE, new, "trace")
        process.dead.set()
        if again:
            hand.travel(1)
            container.batches.create(ALICE, new, "trace")
        now = mend()
        made, total = now - total, now
        batches = list(container.db.batches.find({"status": {"$ne": "undone"}}))
        assert {each["status"] for each in batches} == {"completed"}, point
        assert made in ({}, {"after all": 1, "after success": 1}), point
        assert made or not again, point
        assert container.db.jobs.count_documents({"batch": {"$exists": True}}) == MEMBERS * len(batches), point
        while world.others:
            world.others.pop().close()
    container.mongo.drop_database(settings.mongodb_database)
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()
