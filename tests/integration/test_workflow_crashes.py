"""Workflows whose processes die: the sweep continues them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.nodes import MapSpec
from chalicelib.services.workflows import NewWorkflow
from chalicelib.settings import Settings
from tests.audit import audit
from tests.container import Container
from tests.crash import dying, points
from tests.interruptions import LONG, calls_of
from tests.timed import ALICE, Timed
from tests.workflows import end, node
from tests.world import World

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)


# --- crashes --------------------------------------------------------------------------------------------------
NODES = (
    node("a"),
    node("each", "a", payload={"x": {"$from": "item"}}, map=MapSpec("a.result")),
    node("last", "each", payload={"all": {"$from": "each.results"}}),
)


def test_a_process_that_dies_at_each_step(settings: Settings) -> None:
    """It submits a workflow, runs its first node and makes the jobs of its map; the sweep does the rest."""
    with World.opened(replace(settings, lease_ms=1_000)) as world:
        container = world.healthy.container

        def deed(mortal: Container) -> None:
            hand = Timed(mortal)
            hand.clock, hand.container = world.clock, mortal
            made, _ = mortal.workflows.create(ALICE, NewWorkflow("w", NODES, "key"), "trace")
            for job in hand.claim("hand"):
                running = hand.record_start(job, "hand")
                if running is not None:
                    hand.tell_start(running)
                    end(hand, running, [1, 2] if running.id == made.job_id("a") else None)

        calls = calls_of(world, lambda _: deed)
        finish(world)
        for point in points(calls, 2 if LONG else 1):
            world.end_others()
            world.clear()
            process = world.process(point)
            with dying():
                deed(process.container)
            process.dead.set()
            finish(world)
            for found in container.db.workflows.find():
                assert found["status"] in {"completed", "failed"}, point
            for job in container.db.jobs.find():
                done = [attempt["outcome"] for attempt in job["attempts"]].count("completed")
                assert done <= 1, point
                assert "outbox" not in job, point


def finish(world: World) -> None:
    """Sweep and work until nothing is open; then both stores agree."""
    shop = world.healthy
    world.clock.at = max(world.clock.at, SystemClock().now())
    for _ in range(30):
        shop.travel(130)
        shop.container.sweeper.sweep()
        for running in shop.start("healthy"):
            end(shop, running, [1, 2])
        if shop.container.db.jobs.count_documents({"open": True}) == 0:
            shop.travel(130)
            shop.container.sweeper.sweep()
            if shop.container.db.workflows.count_documents({"open": True}) == 0:
                break
    else:
        raise AssertionError(list(shop.container.db.jobs.find({"open": True})))
    assert audit(shop.container) == []
