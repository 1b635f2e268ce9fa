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
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import NewJob
from chalicelib.services.batches import NewBatch
from chalicelib.settings import Settings
from tests.audit import audit
from tests.crash import dying, points
from tests.interruptions import Deed, calls_of
from tests.timed import ALICE
from tests.world import World

LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
pytestmark = [pytest.mark.integration, pytest.mark.skipif(not LONG, reason="takes minutes: QUEUECRAFT_TESTS=all")]
#: Two pages. QUEUECRAFT_MEMBERS asks for up to 10,000.
MEMBERS = min(MAX_MEMBERS, int(os.environ.get("QUEUECRAFT_MEMBERS") or 600))
CALLBACKS = {Callback.ON_COMPLETE: JobTemplate("after all"), Callback.ON_SUCCESS: JobTemplate("after success")}


@pytest.mark.parametrize("again", [False, True], ids=["nobody calls again", "the client calls again"])
def test_a_call_that_dies_at_each_write(settings: Settings, again: bool) -> None:
    with World.opened(
        replace(settings, lease_ms=60_000, rate_limit_max_requests=0, max_active_jobs_per_user=0)
    ) as world:
        hand, container = world.healthy, world.healthy.container
        jobs = [NewJob(f"job {n}") for n in range(MEMBERS)]

        def call(_: World | None = None) -> Deed:
            return lambda container: container.batches.create(
                ALICE, NewBatch("a batch", jobs, CALLBACKS, "key"), "trace"
            )

        def mend() -> Counter[str]:
            """Let time pass, sweep and work until nothing is open; return the callbacks."""
            world.clock.at = max(world.clock.at, SystemClock().now())
            for _ in range(30):
                hand.travel(130)
                container.sweeper.sweep()
                if not hand.work() and not container.db.jobs.count_documents({"open": True}, limit=1):
                    break
            assert audit(container) == []
            found = container.db.jobs.find({"name": {"$in": [job.name for job in CALLBACKS.values()]}})
            return Counter(job["name"] for job in found)

        calls = calls_of(world, call)
        assert mend() == {"after all": 1, "after success": 1}
        for point in points(calls, 1):
            world.end_others()
            world.clear()
            process = world.process(point)
            with dying():
                call()(process.container)
            process.dead.set()
            if again:
                hand.travel(1)
                call()(container)
            made = mend()
            batches = list(container.db.batches.find({"status": {"$ne": "undone"}}))
            assert {each["status"] for each in batches} <= {"completed"}, point
            assert made == ({"after all": 1, "after success": 1} if batches else {}), point
            assert len(batches) == 1 or (not again and not batches), point
            assert container.db.jobs.count_documents({"batch": {"$exists": True}}) == MEMBERS * len(batches), point
