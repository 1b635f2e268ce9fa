"""Ends of jobs for which others wait, interrupted at each step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.unique import OnConflict, Unique
from chalicelib.queue.engine import Settlement
from tests.container import Container
from tests.interruptions import Deed, interrupt_all
from tests.timed import ALICE
from tests.world import World

pytestmark = pytest.mark.integration


def succeeding(world: World) -> Deed:
    """A process ends a job behind which another one waits."""
    shop = world.healthy
    unique = Unique(f"{world.clock.now_ms()}", on_conflict=OnConflict.RUN_AFTER)
    shop.submit(unique=unique)
    (running,) = shop.start("worker")
    shop.submit(unique=unique)
    after = shop.ended(running)

    def deed(container: Container) -> None:
        container.job_store.advance([(running.rev, after)])
        container.engine.settle([Settlement(after, "worker", moved(after, JobStatus.RUNNING))])
        container.dispatcher.dispatch([after])

    return deed


def unblocking(world: World) -> Deed:
    """A process ends jobs on which others depend: some may run, some are skipped, and so are those behind them."""
    shop = world.healthy
    first = shop.submit(max_retries=0)
    (running,) = shop.start("worker")
    waits = world.followed(depends_on=(first.id,), run_if=RunIf.ANY_FAILED)
    is_skipped = world.followed(depends_on=(first.id,))
    world.followed(depends_on=(is_skipped.id,))
    world.followed(depends_on=(is_skipped.id, waits.id), run_if=RunIf.ALL_DONE)
    cancelled = shop.submit(delay_s=500.0)
    world.followed(depends_on=(cancelled.id,), run_if=RunIf.ALL_DONE, delay_s=50.0)
    after = shop.ended(running, failed=True)

    def deed(container: Container) -> None:
        (written,) = container.job_store.advance([(running.rev, after)])
        assert written is not None
        container.engine.settle([Settlement(written, "worker", moved(written, JobStatus.RUNNING))])
        container.dispatcher.dispatch([written])
        container.jobs.cancel(ALICE, cancelled.id)

    return deed


def cancelling_blocked(world: World) -> Deed:
    shop = world.healthy
    first = shop.submit(delay_s=500.0)
    second = world.followed(depends_on=(first.id,))
    world.followed(depends_on=(second.id,))
    return lambda container: container.jobs.cancel(ALICE, second.id)


DEEDS = [succeeding, unblocking, cancelling_blocked]


@pytest.mark.parametrize("prepare", DEEDS, ids=lambda deed: deed.__name__)
def test_each_step_of(world: World, prepare: Callable[[World], Deed]) -> None:
    interrupt_all(world, prepare)
