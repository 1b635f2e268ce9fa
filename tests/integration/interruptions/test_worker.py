"""A whole worker, interrupted at each step."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.retry import Snooze
from chalicelib.telemetry.logger import Log
from tests.container import Container
from tests.interruptions import Deed, interrupt_all, send_event
from tests.jobs import TASKS
from tests.support import wait_until
from tests.world import World
from worker_fn import TaskContext
from worker_fn.registration.registry import Registry
from worker_fn.worker import Worker

pytestmark = pytest.mark.integration


LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"


def tasks(world: World) -> Registry:
    registry, shop = Registry(), world.healthy

    @registry.task("well")
    def well(ctx: TaskContext, payload: Any) -> str:
        return "well"

    @registry.task("long")
    def long(ctx: TaskContext, payload: Any) -> str:
        """Run until its start and its progress are written, or its process is dead."""
        with suppress(AssertionError):
            wait_until(lambda: shop.container.job_store.get(ctx.job_id).status is JobStatus.RUNNING, world.patience_s)
            ctx.progress(50)
            ctx.log("half")
            wait_until(lambda: shop.container.job_store.get(ctx.job_id).progress, world.patience_s)
        return "well"

    @registry.task("badly")
    def badly(ctx: TaskContext, payload: Any) -> None:
        raise ValueError("badly")

    @registry.task("puts_off")
    async def puts_off(ctx: TaskContext, payload: Any) -> None:
        if ctx.attempt == 1:
            raise Snooze(0.01)

    @registry.task("durable")
    async def durable(ctx: TaskContext, payload: Any) -> Any:
        first = await ctx.step("a", lambda: "a")
        found = await ctx.wait_for_event("e")
        await ctx.sleep("s", 1.2)
        return [first, found]

    return registry


def working(world: World) -> Deed:
    """Run a whole worker with jobs that complete, fail, are snoozed, or are cancelled meanwhile."""
    shop, registry = world.healthy, tasks(world)
    shop.container.catalogue.register([*[task.spec for task in registry.tasks.values()], *TASKS])
    shop.clock.at = SystemClock().now()
    shop.travel(0)
    for task in ("well", "long", "badly", "puts_off"):
        world.followed(task=task, max_retries=1)
    waiting = world.followed(task="well")
    send_event(shop, world.followed(task="durable", max_retries=1))

    def deed(container: Container) -> None:
        container.job_store.request_cancel(waiting.with_(status=JobStatus.RUNNING))
        ends = SystemClock().monotonic() + 20
        log = Log("interrupted", "CRITICAL")
        Worker(container, registry.tasks, remaining_s=lambda: ends - SystemClock().monotonic(), log=log).run()

    return deed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # threads of dead processes
def test_each_step_of_a_worker(world: World) -> None:
    interrupt_all(world, working, real_time=True, most=2 if LONG else 1)
    restless = {"wake-ups", "heartbeat", "maintenance"}  # they end with their next call
    wait_until(lambda: not [thread for thread in threading.enumerate() if thread.name in restless])
