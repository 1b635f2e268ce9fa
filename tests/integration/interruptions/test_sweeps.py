"""Sweeps, rebuilds and deletions by age, interrupted at each step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.tasks import TaskSpec
from chalicelib.telemetry.logger import Log
from tests.container import Container
from tests.crash import Point, dying
from tests.integration.interruptions.test_changes import cancelling, deleting
from tests.integration.interruptions.test_submissions import submitting
from tests.interruptions import Deed, interrupt_all
from tests.timed import ALICE, POOLS
from tests.world import World
from worker_fn.passing_on import PassingOn

pytestmark = pytest.mark.integration


def expiring(world: World) -> Deed:
    """Jobs of all ends whose time is over."""
    shop = world.healthy
    if not shop.container.tenant_store.names([ALICE.tenant_id]):
        shop.container.tenant_store.add(ALICE.tenant_id, "a tenant", world.clock.now())
    shop.submit(max_retries=0)
    shop.submit()
    failing, well = shop.start()
    shop.finish(failing, failed=True)
    shop.finish(well)
    shop.container.jobs.cancel(ALICE, shop.submit().id)
    shop.travel(92 * 86_400)

    def deed(container: Container) -> None:
        container.scripts.now_ms = world.clock.now_ms()
        container.sweeper.tidy()

    return deed


def passing_on(world: World) -> Deed:
    """A worker of the pool `heavy` has claimed jobs whose task belongs to the default pool by now."""
    shop = world.healthy
    shop.container.catalogue.register([TaskSpec("moves", {"type": "object"})], pool="heavy", pools=POOLS)
    for _ in range(2):
        shop.submit(task="moves")
    claimed = shop.claim("of another pool", pool="heavy")
    assert len(claimed) == 2

    def deed(container: Container) -> None:
        leaving = PassingOn(container, "heavy", Log("interrupted", "CRITICAL"))
        leaving.pass_on([(job, "default") for job in claimed], "of another pool")

    return deed


def holding(world: World) -> Deed:
    """A worker lets jobs of a paused task wait."""
    shop = world.healthy
    for _ in range(2):
        shop.submit()
    claimed = shop.claim("of the worker")
    assert len(claimed) == 2

    def deed(container: Container) -> None:
        PassingOn(container, "default", Log("interrupted", "CRITICAL")).hold(claimed, "of the worker")

    return deed


def sweeping(world: World) -> Deed:
    """Sweep after a lost worker, one that had only claimed, a due job, intents and a tombstone of dead calls."""
    shop = world.healthy
    for _ in range(2):
        world.followed(max_retries=0)
    shop.start("dead")
    world.followed()
    shop.finish(shop.start("not dispatched")[0])
    shop.submit()
    shop.claim("dead too")
    shop.submit(delay_s=1.0)
    for step, deed in (("engine.enqueue", submitting), ("engine.withdraw", cancelling), ("engine.forget", deleting)):
        process = world.process(Point(step, 1, after=False))
        with dying():
            deed(world)(process.container)
    shop.container.queue_store.set_paused(ALICE.tenant_id, "held", paused=True, by="x", at=world.clock.now())
    shop.travel(130)

    def deed_(container: Container) -> None:
        container.scripts.now_ms = world.clock.now_ms()
        container.sweeper.sweep()

    return deed_


def rebuilding(world: World) -> Deed:
    """Rebuild after Redis was emptied."""
    shop = world.healthy
    for _ in range(3):
        shop.submit()
    shop.submit(delay_s=50.0)
    shop.finish(shop.start("worker")[0])

    def deed(container: Container) -> None:
        redis, keys = shop.container.redis, shop.container.keys
        redis.delete(*redis.scan_iter(match=keys.prefix + "*", count=1000))
        container.rebuilder.ensure_open()
        container.rebuilder.raise_mark()

    return deed


DEEDS = [expiring, passing_on, holding, sweeping, rebuilding]


@pytest.mark.parametrize("prepare", DEEDS, ids=lambda deed: deed.__name__)
def test_each_step_of(world: World, prepare: Callable[[World], Deed]) -> None:
    interrupt_all(world, prepare)
