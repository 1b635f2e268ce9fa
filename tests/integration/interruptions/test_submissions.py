"""Submissions, interrupted at each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.jobs import NewJob
from chalicelib.domain.unique import OnConflict, Unique
from tests.container import Container
from tests.crash import Point, dying
from tests.interruptions import Deed, interrupt_all
from tests.jobs import a_job
from tests.timed import ALICE
from tests.world import FOLLOWERS, World

pytestmark = pytest.mark.integration


def submitting(world: World) -> Deed:
    news = [NewJob("now"), NewJob("later", delay_s=50.0), NewJob("keyed", idempotency_key=f"k{world.clock.now_ms()}")]
    return lambda container: container.jobs.submit(ALICE, news, "trace")


def submitting_again(world: World) -> Deed:
    """The first call died after its insertion; the client calls again with the same key."""
    key = f"again{world.clock.now_ms()}"
    first = world.process(Point("engine.enqueue", 1, after=False))
    with dying():
        first.container.jobs.submit(ALICE, [NewJob("keyed", idempotency_key=key)], "trace")
    return lambda container: container.jobs.submit(ALICE, [NewJob("keyed", idempotency_key=key)], "trace")


def submitting_for_the_system(world: World) -> Deed:
    """And again with the same id, as after a failure."""
    job = a_job(ALICE, at=world.clock.now(), followers=FOLLOWERS)

    def deed(container: Container) -> None:
        for _ in range(2):
            container.submitter.submit([job.with_(submission_id=container.submitter.new_submission_id())])

    return deed


def contending(world: World) -> Deed:
    """Submissions whose unique keys others hold: one waits, one runs, one has a successor, one should have lost it."""
    shop, key = world.healthy, f"{world.clock.now_ms()}"

    def new(name: str, on_conflict: OnConflict, n: int = 1, **fields: Any) -> NewJob:
        unique = Unique(f"{name} {key}", on_conflict=on_conflict)
        return NewJob(name, payload=f'{{"n":{n}}}', unique=unique, **fields)

    shop.container.jobs.submit(ALICE, [new(name, OnConflict.RUN_AFTER) for name in ("runs", "has one")], "trace")
    (stale,) = shop.container.jobs.submit(ALICE, [new("stale", OnConflict.KEEP)], "trace")
    for running in shop.start("worker"):
        if running.id == stale.job.id:
            shop.finish(running)
    slot = {"unique_key": stale.job.unique_key}
    shop.container.db.jobs.update_one({"_id": ObjectId(stale.job.id)}, {"$set": slot})
    waiting = [new("has one", OnConflict.RUN_AFTER), new("waits", OnConflict.KEEP)]
    waiting.append(new("debounced", OnConflict.PUSH_BACK, delay_s=50.0))
    shop.container.jobs.submit(ALICE, waiting, "trace")
    news = [
        new("runs", OnConflict.RUN_AFTER, 2),
        new("has one", OnConflict.RUN_AFTER, 2),
        new("waits", OnConflict.REPLACE, 2),
        new("debounced", OnConflict.PUSH_BACK, 2, delay_s=60.0),
        new("stale", OnConflict.KEEP, 2),
        new("waits", OnConflict.KEEP, 3, idempotency_key=f"u{key}"),
    ]
    return lambda container: container.jobs.submit(ALICE, news, "trace")


def depending(world: World) -> Deed:
    """Submissions that depend on jobs of which one is open, one ended well, one badly."""
    shop = world.healthy
    is_open, well = shop.submit(delay_s=500.0), shop.submit()
    (running,) = shop.start("worker")
    shop.finish(running)
    gone = shop.submit()
    shop.container.jobs.cancel(ALICE, gone.id)
    news = [
        NewJob("waits", depends_on=(is_open.id, well.id)),
        NewJob("runs", depends_on=(well.id,)),
        NewJob("is skipped", depends_on=(gone.id, well.id)),
        NewJob("in spite of it", depends_on=(gone.id, is_open.id), run_if=RunIf.ANY_FAILED),
    ]
    return lambda container: container.jobs.submit(ALICE, news, "trace")


DEEDS = [submitting, submitting_again, submitting_for_the_system, contending, depending]


@pytest.mark.parametrize("prepare", DEEDS, ids=lambda deed: deed.__name__)
def test_each_step_of(world: World, prepare: Callable[[World], Deed]) -> None:
    interrupt_all(world, prepare)
