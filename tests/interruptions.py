"""Processes that die right before and after each call that changes a store; the sweep must repair the rest.

The steps are the public methods of the stores and of the queue, found by running a scenario once to its end.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from chalicelib.domain.jobs import Job
from chalicelib.domain.steps import StepEvent
from tests.container import Container
from tests.crash import dying, points
from tests.timed import Timed
from tests.world import World

LONG: Final = os.environ.get("QUEUECRAFT_TESTS") == "all"
#: Of a step that is taken often, so many calls are interrupted; the first shows what a crash there leaves.
MOST: Final = 3 if LONG else 1
#: Steps that change nothing, or nothing that a crash could leave half done: reads, and keys that expire.
HARMLESS = {
    "engine.counts", "engine.counts_of", "engine.waits_in", "engine.layout", "engine.open_by_queue", "engine.waits",
    "limits.too_many_active", "key_store.find", "key_store.replace", "key_store.take_over",
    "engine.leases", "engine.drop", "event_log.first_id", "engine.release_held", "queue_store.restore_pause",
    "event_log.read", "event_log.publish", "fleet.workers", "fleet.needs_worker", "key_store.release", "job_logs.read",
    "job_store.get", "engine.discard_waiting", "event_log.scan", "meta.touch",
    "outbox_store.waiting", "retention_store.place_at", "unique_store.holders", "unique_store.waiting_for_others",
    "due_times.leased", "limits.give_back", "retention_store.delete_pages", "dependency_store.states",
    "dependency_store.known", "dependency_store.known_dependents", "dependency_store.dependents",
    "dependency_store.blocked", "dependency_store.needed", "engine.has_due", "queue_store.strict", "queue_store.state",
    "queue_store.wide_pauses", "queue_store.task_pauses", "engine.paused_tasks", "dependency_store.replays",
    "step_store.load", "step_store.page", "step_store.result",
    "step_store.first", "step_store.invoked", "step_store.owners", "step_store.has_progressed",
    "step_events.count", "step_events.fresh", "step_events.of_job", "step_events.give_back",
}  # fmt: skip

#: Steps that are interrupted in the tests of batches, workflows and bulk operations.
ELSEWHERE = ("batch_store.", "workflow_store.", "operation_store.", "outbox_store.remove_all", "dependency_store.whole")
#: What a process does when it dies. A scenario prepares the world for it.
Deed = Callable[[Container], Any]


def calls_of(world: World, prepare: Callable[[World], Deed], *, real_time: bool = False) -> Counter[str]:
    """Run a scenario to its end; return how often it took each step."""
    process = world.process(None, real_time=real_time)
    prepare(world)(process.container)
    return process.calls


def interrupt_all(world: World, prepare: Callable[[World], Deed], *, real_time: bool = False, most: int = MOST) -> None:
    """Run a scenario once to its end, then once for each point at which its process may die.

    Of a step that is taken often, the first ``most`` calls are interrupted.
    """
    calls = calls_of(world, prepare, real_time=real_time)
    world.mend("nowhere")
    world.patience_s = 0.5
    for point in points(calls, most):
        if point.step in HARMLESS or point.step.startswith(("fleet.", "job_logs.")):
            continue
        deed = prepare(world)
        process = world.process(point, real_time=real_time)
        with dying():
            deed(process.container)
        process.dead.set()
        world.mend(f"{point} of {prepare.__name__}")
        world.clear()


def send_event(shop: Timed, job: Job) -> None:
    """Record an event for which a durable job may wait."""
    shop.container.step_events.add(StepEvent(shop.container.ids.object_id(), job.id, "e", shop.clock.now(), "1"))
