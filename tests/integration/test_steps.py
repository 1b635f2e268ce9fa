"""Each step interrupted: a process dies right before and after each call that changes a store, from the
submission of a job to its end, and the sweep repairs the rest.

The steps are the public methods of the stores and of the queue, found by running each scenario once; one that no
scenario reaches, and that is not listed here as harmless, fails the last test.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from redis.exceptions import ResponseError

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus, NewJob, Outcome
from chalicelib.domain.lifecycle import AttemptResult, ended
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.retry import Snooze
from chalicelib.domain.steps import StepEvent, StepKey, StepKind, StepRecord, StepStatus, event_wait, job_wait
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.unique import OnConflict, Unique
from chalicelib.queue.engine import Settlement
from chalicelib.services.job_actions import Action
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log
from tests.container import Container
from tests.crash import Point, dying, points, steps_of
from tests.jobs import a_job
from tests.support import wait_until
from tests.timed import ALICE, POOLS, Timed
from tests.world import FOLLOWERS, World
from worker_fn import TaskContext
from worker_fn.passing_on import PassingOn
from worker_fn.registration.registry import Registry
from worker_fn.worker import Worker

pytestmark = pytest.mark.integration

LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"

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
    "step_store.load", "step_store.page", "step_store.result",
    "step_store.first", "step_store.owners", "step_store.has_progressed", "step_events.count", "step_events.fresh",
    "step_events.of_job", "step_events.give_back",
}  # fmt: skip

#: Steps that are interrupted in ``test_batches`` and ``test_workflows``.
ELSEWHERE = ("batch_store.", "workflow_store.", "outbox_store.remove_all", "dependency_store.whole")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        rate_limit_max_requests=0,
        max_active_jobs_per_user=1_000,
        lease_ms=1_000,
        heartbeat_ms=200,
        worker_linger_s=0.0,
        retry_backoff_base_s=0.01,
    )


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    world = World(settings)
    world.healthy.container.rebuilder.ensure_open()
    yield world
    for other in world.others:
        other.close()
    container = world.healthy.container
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()


# --- scenarios: each prepares the world and returns what the process does when it dies -----------
Deed = Callable[[Container], Any]


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


def redriving_durable(world: World) -> Deed:
    """A job of which a step and an event are kept."""
    shop = world.healthy
    job = shop.submit(max_retries=0)
    _event(shop, job)
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
    _event(shop, jobs[1])
    waits = ((), (event_wait("e"),), (job_wait(child.id),))
    running = [shop.job(job) for job in jobs]
    ends = [suspended(job, shop.clock.now(), waits_for) for job, waits_for in zip(running, waits, strict=True)]

    def deed(container: Container) -> None:
        container.job_store.advance([(job.rev, after) for job, after in zip(running, ends, strict=True)])
        settled = [Settlement(after, "worker", moved(after, JobStatus.RUNNING)) for after in ends]
        container.engine.settle(settled)
        container.dispatcher.dispatch(ends)

    return deed


def waiting_job(world: World) -> Job:
    """A job that waits for an event, for long."""
    shop = world.healthy
    job = shop.submit()
    (running,) = shop.start("worker")
    after = suspended(running, shop.clock.now(), (event_wait("e"),))
    shop.container.job_store.advance([(running.rev, after)])
    shop.container.engine.settle([Settlement(after, "worker", moved(after, JobStatus.RUNNING))])
    return shop.job(job)


def sending(world: World) -> Deed:
    job = waiting_job(world)
    return lambda container: container.steps.send(ALICE, job.id, "e", {"by": "ada"})


def cancelling_waiting(world: World) -> Deed:
    job = waiting_job(world)
    return lambda container: container.jobs.cancel(ALICE, job.id)


def suspended(job: Job, at: datetime, waits_for: tuple[str, ...]) -> Job:
    """A running job as it is suspended for a minute."""
    result = AttemptResult(Outcome.WAITING, at, until=at + timedelta(seconds=60), waits_for=waits_for)
    return ended(job, result, progress=None, base_s=1.0, random=0.5)


def _event(shop: Timed, job: Job) -> None:
    shop.container.step_events.add(StepEvent(shop.container.ids.object_id(), job.id, "e", shop.clock.now(), "1"))


def _record(job: Job, name: str, status: StepStatus, kind: StepKind = StepKind.STEP, **fields: Any) -> StepRecord:
    at = job.updated_at
    return StepRecord(
        job.id, job.submission_id, StepKey(name, 1), kind, status, 1, "f", job.attempt, "t", at, at, **fields
    )


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


def hurrying(world: World) -> Deed:
    job = world.healthy.submit(delay_s=500.0)
    return lambda container: container.jobs.retry(ALICE, job.id)


def deleting(world: World) -> Deed:
    shop = world.healthy
    for _ in range(2):
        shop.submit()
    done = [shop.finish(running) for running in shop.start()]
    return lambda container: container.jobs.act(ALICE, Action.DELETE, [job.id for job in done])


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


def passing_on(world: World) -> Deed:
    """A worker of the pool `heavy` has claimed jobs whose task belongs to the default pool by now."""
    shop = world.healthy
    shop.container.catalogue.register([TaskSpec("moves", {"type": "object"})], pool="heavy", pools=POOLS)
    for _ in range(2):
        shop.submit(task="moves")
    claimed = shop.claim("of another pool", pool="heavy")
    assert len(claimed) == 2

    def deed(container: Container) -> None:
        leaving = PassingOn(container, "heavy", Log(container.settings.mongodb_database, "CRITICAL"))
        leaving.pass_on([(job, "default") for job in claimed], "of another pool")

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
    shop.container.catalogue.register([*[task.spec for task in registry.tasks.values()], *_specs(shop)])
    shop.clock.at = SystemClock().now()
    shop.travel(0)
    for task in ("well", "long", "badly", "puts_off"):
        world.followed(task=task, max_retries=1)
    waiting = world.followed(task="well")
    _event(shop, world.followed(task="durable", max_retries=1))

    def deed(container: Container) -> None:
        container.job_store.request_cancel(waiting.with_(status=JobStatus.RUNNING))
        ends = SystemClock().monotonic() + 20
        log = Log(container.settings.mongodb_database, "CRITICAL")
        Worker(container, registry.tasks, remaining_s=lambda: ends - SystemClock().monotonic(), log=log).run()

    return deed


def _specs(shop: Timed) -> list[Any]:
    from tests.jobs import TASKS

    return TASKS


DEEDS = [
    submitting,
    submitting_again,
    submitting_for_the_system,
    cancelling,
    redriving,
    redriving_durable,
    suspending,
    sending,
    cancelling_waiting,
    contending,
    succeeding,
    depending,
    unblocking,
    cancelling_blocked,
    hurrying,
    deleting,
    expiring,
    pausing,
    pausing_in_vain,
    passing_on,
    sweeping,
    rebuilding,
]


def interrupt_all(world: World, prepare: Callable[[World], Deed], *, real_time: bool, most: int) -> None:
    """Run the scenario once to its end, then once for each point at which its process may die."""
    whole = world.process(None, real_time=real_time)
    before = Counter(whole.calls)
    deed = prepare(world)
    deed(whole.container)
    calls = whole.calls - before
    World.reached |= set(calls)
    World.done.add(prepare.__name__)
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


@pytest.mark.parametrize("prepare", DEEDS, ids=lambda deed: deed.__name__)
def test_each_step_of(world: World, prepare: Callable[[World], Deed]) -> None:
    interrupt_all(world, prepare, real_time=False, most=3)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # threads of dead processes
def test_each_step_of_a_worker(world: World) -> None:
    interrupt_all(world, working, real_time=True, most=2 if LONG else 1)
    restless = {"wake-ups", "heartbeat", "maintenance"}  # they end with their next call
    wait_until(lambda: not [thread for thread in threading.enumerate() if thread.name in restless])


def test_an_accepted_job_is_never_lost(world: World) -> None:
    """Given a call that was answered, its job exists, whatever dies afterwards."""
    (made,) = world.healthy.container.jobs.submit(ALICE, [NewJob("n")], "t")
    assert isinstance(made.job, Job)
    world.clock.at += timedelta(seconds=1)
    world.mend("after the answer")
    assert world.healthy.status(made.job) is JobStatus.COMPLETED


def test_every_step_is_reached(world: World) -> None:
    """Runs last in this file: every step was reached above, or is listed as harmless."""
    if World.done != {deed.__name__ for deed in [*DEEDS, working]}:
        pytest.skip("not all of the tests above ran in this process")
    known = set(steps_of(world.healthy.container))
    others = ("fleet.", "job_logs.", *ELSEWHERE)
    missed = {step for step in known - World.reached - HARMLESS if not step.startswith(others)}
    assert not missed, f"steps without a scenario: {sorted(missed)}"
