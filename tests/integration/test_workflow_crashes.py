"""Workflows whose processes die: the sweep continues them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.nodes import MapSpec
from chalicelib.services.workflows import NewWorkflow
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from tests.container import Container
from tests.crash import dying, points
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
    world = World(replace(settings, lease_ms=1_000))
    shop, container = world.healthy, world.healthy.container
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()

    def deed(mortal: Container, key: str) -> None:
        hand = Timed(mortal)
        hand.clock, hand.container = world.clock, mortal
        made, _ = mortal.workflows.create(ALICE, NewWorkflow("w", NODES, key), "trace")
        for job in hand.claim("hand"):
            running = hand.record_start(job, "hand")
            if running is not None:
                hand.tell_start(running)
                end(hand, running, [1, 2] if running.id == made.job_id("a") else None)

    whole = world.process(None)
    before = Counter(whole.calls)
    deed(whole.container, "whole")
    calls = whole.calls - before
    finish(world)
    for n, point in enumerate(points(calls, 2)):
        process = world.process(point)
        with dying():
            deed(process.container, f"key {n}")
        process.dead.set()
        finish(world)
        while world.others:
            world.others.pop().close()
        for found in container.db.workflows.find():
            assert found["status"] in {"completed", "failed"}, point
        for job in container.db.jobs.find():
            done = [attempt["outcome"] for attempt in job["attempts"]].count("completed")
            assert done <= 1, point
            assert "outbox" not in job, point
    container.mongo.drop_database(settings.mongodb_database)
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()
    assert shop.clock.now() > SystemClock().now()


def finish(world: World) -> None:
    """Sweep and work until nothing is open; then both stores agree."""
    from tests.audit import audit

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
