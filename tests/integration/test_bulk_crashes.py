"""Bulk operations whose worker dies: another attempt continues, and changes no job twice."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.filters import JobFilter, Whose, visibility
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.operations import PAGE, Operation, OperationKind
from chalicelib.services import bulk
from chalicelib.services.bulk import Reached
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.container import Container
from tests.crash import dying, points
from tests.interruptions import HARMLESS, calls_of
from tests.jobs import a_job, put
from tests.support import wait_until
from tests.timed import ALICE
from tests.worker_processes import ENV, Workers
from tests.worker_support import Rig
from tests.world import World

pytestmark = pytest.mark.integration
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
JOBS = 3


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    quick = replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0, lease_ms=1_000)
    with World.opened(replace(quick, heartbeat_ms=200, retry_backoff_base_s=0.01)) as world:
        yield world


def dead(world: World) -> None:
    """Jobs in the DLQ."""
    shop = world.healthy
    for _ in range(JOBS):
        shop.submit(max_retries=0)
    fail_all(world)


def waiting(world: World) -> None:
    """Scheduled jobs."""
    for _ in range(JOBS):
        world.healthy.submit(delay_s=100_000.0)


def ended(world: World) -> None:
    """Cancelled jobs."""
    waiting(world)
    for job in world.healthy.container.db.jobs.find():
        world.healthy.container.jobs.cancel(ALICE, str(job["_id"]))


def fail_all(world: World) -> None:
    """Let each job that is ready run, and fail for good."""
    shop = world.healthy
    while running := shop.start():
        for job in running:
            shop.finish(job, failed=True)


def begin(world: World, kind: OperationKind) -> str:
    """Record an operation on all jobs."""
    shop = world.healthy
    shop.travel(1)
    operation_id = shop.container.ids.object_id()
    operation = Operation(
        id=operation_id, kind=kind, tenant_id=ALICE.tenant_id, owner_id=ALICE.user_id, name="All",
        whose=Whose(), wanted=JobFilter(before_id=operation_id), created_at=shop.clock.now(), trace_id="trace",
    )  # fmt: skip
    shop.container.operation_store.insert(operation)
    shop.travel(1)
    return operation.id


def work(container: Container, operation_id: str) -> Reached:
    """Do what an attempt of the operation's job does."""
    operation = container.operation_store.get(operation_id)
    assert operation is not None
    reached, more = Reached.of(operation), True
    while more:
        step = container.bulk_work.step(operation, ALICE, visibility(ALICE, Whose(), to_change=True), reached)
        assert not step.failed, step.failed
        reached, more = step.reached, step.more
    return reached


def all_redriven(container: Container) -> bool:
    """Each job was redriven, and once."""
    return [job["redrives"] for job in container.db.jobs.find()] == [1] * JOBS


def all_cancelled(container: Container) -> bool:
    return [job["status"] for job in container.db.jobs.find()] == ["cancelled"] * JOBS


def all_gone(container: Container) -> bool:
    return container.db.jobs.count_documents({}) == 0


def all_replayed(container: Container) -> bool:
    """Each job was replayed, and once."""
    found = list(container.db.jobs.find())
    origins = sorted(str(job["_id"]) for job in found if "replay_of" not in job)
    return sorted(str(job["replay_of"]) for job in found if "replay_of" in job) == origins and len(origins) == JOBS


@pytest.mark.parametrize(
    ("kind", "prepare", "done"),
    [
        (OperationKind.REDRIVE, dead, all_redriven),
        (OperationKind.REPLAY, ended, all_replayed),
        *([(OperationKind.CANCEL, waiting, all_cancelled), (OperationKind.DELETE, ended, all_gone)] if LONG else []),
    ],
)
def test_an_attempt_that_dies_at_each_step(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    kind: OperationKind,
    prepare: Callable[[World], None],
    done: Callable[[Container], bool],
) -> None:
    """Then the next one continues; redriven jobs that failed again meanwhile are not redriven again."""
    monkeypatch.setattr(bulk, "PAGE", 2)

    def deed(world: World) -> Callable[[Container], Any]:
        prepare(world)
        operation_id = begin(world, kind)
        return lambda container: work(container, operation_id)

    calls = calls_of(world, deed)
    assert done(world.healthy.container)
    for point in points(calls, 2 if LONG else 1):
        if point.step in HARMLESS:
            continue
        world.end_others()
        world.clear()
        prepare(world)
        operation_id = begin(world, kind)
        process = world.process(point)
        with dying():
            work(process.container, operation_id)
        process.dead.set()
        world.healthy.travel(130)
        world.healthy.container.sweeper.sweep()
        fail_all(world)
        reached = work(world.healthy.container, operation_id)
        assert (reached.changed, reached.failed) == (JOBS, 0), point
        assert done(world.healthy.container), point


def test_an_attempt_that_was_taken_for_dead_redrives_nothing_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read the jobs, and changes them after the other attempt did, and they failed again."""
    dead(world)
    operation_id, container = begin(world, OperationKind.REDRIVE), world.healthy.container
    late = world.process(None).container
    read = late.job_search.ids

    def slow(*args: Any) -> list[str]:
        found = read(*args)
        if found:
            work(container, operation_id)
            fail_all(world)
        return found

    monkeypatch.setattr(late.job_search, "ids", slow)
    with pytest.raises(AssertionError, match="has changed"):
        work(late, operation_id)
    assert all_redriven(container)


class TestWithProcesses:
    """Workers that are killed."""

    @pytest.fixture
    def settings(self, env: dict[str, str]) -> Settings:
        env |= ENV
        return Settings.from_env(env)

    @pytest.fixture
    def workers(self, settings: Settings, env: dict[str, str]) -> Iterator[Workers]:
        workers = Workers(env)
        yield workers
        workers.stop()

    def test_an_operation_survives_its_worker(self, api: Api, alice: Person, rig: Rig, workers: Workers) -> None:
        number, container = PAGE + 100, api.container
        now = container.clock.now() - timedelta(hours=1)
        put(container, [a_job(alice.principal, at=now, status=JobStatus.COMPLETED) for _ in range(number)])
        started = api.post("/operations", {"action": "delete", "filter": {}}, by=alice).json["operation"]
        job_id = {"_id": ObjectId(started["_id"])}
        process = workers.start()
        wait_until(lambda: (container.db.operations.find_one(job_id) or {}).get("reached"), 30, "a step has begun")
        process.kill()
        process.wait(10)
        workers.run_until_ended(rig, [container.job_store.get(started["_id"])])
        found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
        assert found["outcome"] == {"changed": number, "failed": 0, "truncated": False}
        assert container.db.jobs.count_documents({}) == 1
        assert container.job_store.get(started["_id"]).attempts[0].outcome != "completed"
