"""Changes that people make to jobs and queues, interrupted at each step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis.exceptions import ResponseError

from chalicelib.domain.principals import Principal, Role
from chalicelib.services.job_actions import Action
from tests.container import Container
from tests.interruptions import Deed, interrupt_all
from tests.timed import ALICE
from tests.world import World

pytestmark = pytest.mark.integration


def cancelling(world: World) -> Deed:
    shop = world.healthy
    running = shop.submit()
    shop.start("worker")
    jobs = [world.followed(), world.followed(delay_s=50.0), running]
    return lambda container: container.jobs.act(ALICE, Action.CANCEL, [job.id for job in jobs])


def redriving(world: World) -> Deed:
    shop = world.healthy
    shop.submit(max_retries=0)
    dead = [shop.finish(running, failed=True) for running in shop.start()]
    return lambda container: container.jobs.redrive(ALICE, dead[0].id, '{"fixed":1}')


def hurrying(world: World) -> Deed:
    job = world.healthy.submit(delay_s=500.0)
    return lambda container: container.jobs.retry(ALICE, job.id)


def deleting(world: World) -> Deed:
    shop = world.healthy
    for _ in range(2):
        shop.submit()
    done = [shop.finish(running) for running in shop.start()]
    return lambda container: container.jobs.act(ALICE, Action.DELETE, [job.id for job in done])


def pausing(world: World) -> Deed:
    world.healthy.submit()
    admin = Principal(ALICE.user_id, ALICE.tenant_id, Role.ADMIN)

    def deed(container: Container) -> None:
        container.queues.set_paused(admin, "default", paused=True)
        container.queues.set_paused(admin, "default", paused=False)
        for strict in (True, False):
            container.queues.set_strict(admin, "default", strict=strict)

    world.healthy.container.queue_store.set_paused(
        ALICE.tenant_id, "default", paused=False, by=ALICE.user_id, at=world.clock.now()
    )
    return deed


def pausing_in_vain(world: World) -> Deed:
    """Pause a queue while Redis refuses writes."""
    world.healthy.submit()
    admin, redis = Principal(ALICE.user_id, ALICE.tenant_id, Role.ADMIN), world.healthy.container.redis

    def deed(container: Container) -> None:
        redis.config_set("min-replicas-to-write", 1)
        try:
            with pytest.raises(ResponseError):
                container.queues.set_paused(admin, "default", paused=True)
        finally:
            redis.config_set("min-replicas-to-write", 0)
        assert container.queue_store.paused_lanes() == []

    return deed


DEEDS = [cancelling, redriving, hurrying, deleting, pausing, pausing_in_vain]


@pytest.mark.parametrize("prepare", DEEDS, ids=lambda deed: deed.__name__)
def test_each_step_of(world: World, prepare: Callable[[World], Deed]) -> None:
    interrupt_all(world, prepare)
