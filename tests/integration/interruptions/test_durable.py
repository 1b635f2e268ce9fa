"""Suspensions, events and redrives of durable jobs, interrupted at each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Follower, Job, JobStatus, Outcome
from chalicelib.domain.lifecycle import AttemptResult, ended
from chalicelib.domain.steps import FOLLOWER_KIND, StepKey, StepKind, StepRecord, StepStatus, event_wait, job_wait
from chalicelib.queue.engine import Settlement
from tests.container import Container
from tests.interruptions import Deed, interrupt_all, send_event
from tests.jobs import a_job
from tests.timed import ALICE
from tests.world import World

pytestmark = pytest.mark.integration


def redriving_durable(world: World) -> Deed:
    """A job of which a step and an event are kept."""
    shop = world.healthy
    job = shop.submit(max_retries=0)
    send_event(shop, job)
    (running,) = shop.start()
    steps = shop.container.step_store
    done = _record(running, "a", StepStatus.COMPLETED, result="1", size=1)
    taken = shop.container.step_events.take(job.id, "e", running.submission_id, StepKey("e", 1))
    assert taken is not None
    got = _record(running, "e", StepStatus.COMPLETED, result="1", size=1, subject=taken.id, kind=StepKind.EVENT)
    steps.write([done, got])
    dead = shop.finish(running, failed=True)

    def deed(container: Container) -> None:
        again = container.jobs.retry(ALICE, dead.id)
        kept = [each.key.name for each in container.step_store.load(again.id, again.submission_id)]
        assert kept == ["a", "e"]
        assert container.step_events.take(again.id, "e", again.submission_id, StepKey("e", 2)) is None

    return deed


def suspending(world: World) -> Deed:
    """A process suspends jobs: one waits for a time, one for an event that was sent, one for a job that has ended."""
    shop = world.healthy
    child = shop.submit()
    shop.conclude(shop.start("child")[0])
    jobs = [shop.submit() for _ in range(3)]
    shop.start("worker")
    send_event(shop, jobs[1])
    waits = ((), (event_wait("e"),), (job_wait(child.id),))
    running = [shop.job(job) for job in jobs]
    ends = [suspended(job, shop.clock.now(), waits_for) for job, waits_for in zip(running, waits, strict=True)]

    def deed(container: Container) -> None:
        container.job_store.advance([(job.rev, after) for job, after in zip(running, ends, strict=True)])
        settled = [Settlement(after, "worker", moved(after, JobStatus.RUNNING)) for after in ends]
        container.engine.settle(settled)
        container.dispatcher.dispatch(ends)

    return deed


def waiting_job(world: World, waits_for: str = event_wait("e")) -> Job:
    """A job that waits for an event or another job, for long."""
    shop = world.healthy
    job = shop.submit()
    (running,) = shop.start("worker")
    after = suspended(running, shop.clock.now(), (waits_for,))
    shop.container.job_store.advance([(running.rev, after)])
    shop.container.engine.settle([Settlement(after, "worker", moved(after, JobStatus.RUNNING))])
    return shop.job(job)


def sending(world: World) -> Deed:
    job = waiting_job(world)
    return lambda container: container.steps.send(ALICE, job.id, "e", {"by": "ada"})


def cancelling_waiting(world: World) -> Deed:
    job = waiting_job(world)
    return lambda container: container.jobs.cancel(ALICE, job.id)


def cancelling_a_caller(world: World) -> Deed:
    """A job waits for one that it invoked, which waits for its time."""
    shop = world.healthy
    called = a_job(ALICE, at=shop.clock.now())
    caller = waiting_job(world, job_wait(called.id))
    called = called.with_(followers=(Follower(caller.id, FOLLOWER_KIND),))
    shop.container.submitter.submit([called.with_(submission_id=shop.container.submitter.new_submission_id())])
    shop.container.dependency_store.mark([caller.id])
    waits = _record(caller, "call", StepStatus.WAITING, kind=StepKind.INVOKE, subject=called.id)
    shop.container.step_store.write([waits])
    return lambda container: container.jobs.cancel(ALICE, caller.id)


def suspended(job: Job, at: datetime, waits_for: tuple[str, ...]) -> Job:
    """A running job as it is suspended for a minute."""
    result = AttemptResult(Outcome.WAITING, at, until=at + timedelta(seconds=60), waits_for=waits_for)
    return ended(job, result, progress=None, base_s=1.0, random=0.5)


def _record(job: Job, name: str, status: StepStatus, kind: StepKind = StepKind.STEP, **fields: Any) -> StepRecord:
    at = job.updated_at
    return StepRecord(
        job.id, job.submission_id, StepKey(name, 1), kind, status, 1, "f", job.attempt, "t", at, at, **fields
    )


DEEDS = [redriving_durable, suspending, sending, cancelling_waiting, cancelling_a_caller]


@pytest.mark.parametrize("prepare", DEEDS, ids=lambda deed: deed.__name__)
def test_each_step_of(world: World, prepare: Callable[[World], Deed]) -> None:
    interrupt_all(world, prepare)
