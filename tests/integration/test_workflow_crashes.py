"""Workflows whose processes die: the sweep continues them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
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


def begin(world: World, mortal: Container, key: str) -> None:
    """Submit a workflow, run its first node, and make the jobs of its map."""
    hand = Timed(mortal)
    hand.clock, hand.container = world.clock, mortal
    made, _ = mortal.workflows.create(ALICE, NewWorkflow("w", NODES, key), "trace")
    work(hand, made.job_id("a"))


def end_map(world: World, mortal: Container, key: str) -> None:
    """Run the jobs of the map of a workflow that was begun, and so end the map."""
    hand = Timed(mortal)
    hand.clock, hand.container = world.clock, mortal
    work(hand, "")


def work(hand: Timed, list_id: str) -> None:
    """Run the jobs that may run now; one of them has a list as its result."""
    for job in hand.claim("hand"):
        running = hand.record_start(job, "hand")
        if running is not None:
            hand.tell_start(running)
            end(hand, running, [1, 2] if running.id == list_id else None)


@pytest.mark.parametrize("deed", [begin, end_map])
def test_a_process_that_dies_at_each_step(settings: Settings, deed: Callable[[World, Container, str], None]) -> None:
    """The sweep does the rest."""
    world = World(replace(settings, lease_ms=1_000))
    shop, container = world.healthy, world.healthy.container
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()

    whole = world.process(None)
    prepare(world, deed, "whole")
    before = Counter(whole.calls)
    deed(world, whole.container, "whole")
    calls = whole.calls - before
    finish(world)
    for n, point in enumerate(points(calls, 2)):
        prepare(world, deed, f"key {n}")
        process = world.process(point)
        with dying():
            deed(world, process.container, f"key {n}")
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


def prepare(world: World, deed: Callable[[World, Container, str], None], key: str) -> None:
    """Do what comes before a deed."""
    if deed is end_map:
        begin(world, world.healthy.container, key)


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
