"""Workers of several pools: each runs its own jobs, and passes on those whose task has moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.lifecycle import cancelled
from chalicelib.domain.tasks import TaskSpec
from tests.support import wait_until
from tests.worker_support import Gate, Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration
POOLS = ("default", "heavy")
MOVED = TaskSpec("moved", {"type": "object"})


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    """Two pools are deployed, and workers notice everything soon."""
    quick = {
        "WORKER_LINGER_S": "0.05", "RETRY_BACKOFF_BASE_S": "0.05", "LEASE_MS": "3000", "HEARTBEAT_MS": "200",
        "RATE_LIMIT_MAX_REQUESTS": "0",
    }  # fmt: skip
    return {**env, **quick, "POOLS": '{"heavy": ["reports"]}'}


def functions(rig: Rig) -> list[tuple[str, dict[str, Any]]]:
    """What was invoked: the end of the function's name after `worker`, and the event."""
    worker = rig.container.settings.worker_function
    return [(name.removeprefix(worker), event) for name, event in rig.invocations.made]


def add(rig: Rig, name: str) -> None:
    @rig.task(name)
    def run(ctx: TaskContext, payload: dict[str, Any]) -> str:
        return name


def test_a_worker_runs_the_jobs_of_its_pool_alone(rig: Rig) -> None:
    add(rig, "any")
    heavy, plain = rig.submit("any", pool="heavy"), rig.submit("any")
    rig.run(pool="heavy")
    assert (rig.job(heavy).status, rig.job(plain).status) == (JobStatus.COMPLETED, JobStatus.PENDING)
    rig.run()
    assert rig.job(plain).status is JobStatus.COMPLETED


def test_a_busy_pool_holds_up_no_other(rig: Rig) -> None:
    add(rig, "any")
    gate = Gate(rig)
    held = [rig.submit("sync") for _ in range(rig.container.settings.job_fleet_concurrency)]
    rig.start()
    rig.start()
    for _ in held:
        assert gate.entered.acquire(timeout=20)
    behind, heavy = rig.submit("any"), rig.submit("any", pool="heavy")
    rig.run(pool="heavy")
    assert (rig.job(heavy).status, rig.job(behind).status) == (JobStatus.COMPLETED, JobStatus.PENDING)
    gate.open.set()


def test_the_heartbeat_of_a_worker_names_its_pool(rig: Rig) -> None:
    rig.container.settings = replace(rig.container.settings, worker_linger_s=20)
    rig.start(pool="heavy")
    (worker,) = wait_until(lambda: [each for each in rig.container.fleet.workers() if "lastSeen" in each])
    assert (worker["pool"], worker["concurrency"]) == ("heavy", rig.container.settings.job_concurrency)


def test_each_pool_is_woken_by_its_function(rig: Rig) -> None:
    rig.container.waker.wake_workers(["default", "heavy", "removed"])
    wake_up = {"source": "wake_up"}
    assert functions(rig) == [("", wake_up), ("-heavy", wake_up), ("", {**wake_up, "pool": "removed"})]


def test_a_worker_hands_over_to_one_of_its_pool(rig: Rig) -> None:
    gate = Gate(rig)
    job = rig.submit("sync", pool="heavy", timeout_s=30)
    running = rig.start(pool="heavy")
    assert gate.entered.acquire(timeout=20)
    running.worker.stop()
    running.join()
    assert ("-heavy", {"source": "handover"}) in functions(rig)
    assert rig.job(job).status is JobStatus.PENDING


# --- tasks that move


def test_jobs_follow_their_task_into_another_pool(rig: Rig) -> None:
    # Given a job of the default pool, whose task moved to the other one
    rig.container.catalogue.register([MOVED], pool="heavy", pools=POOLS)
    job = rig.submit("moved")
    # When a worker of the default pool claims it
    rig.run()
    # Then it waits in the other pool, as if it had never been claimed, and that pool is woken
    found = rig.job(job)
    assert (found.pool, found.status, found.rev, found.attempt) == ("heavy", JobStatus.PENDING, job.rev, 0)
    assert ("-heavy", {"source": "wake_up"}) in functions(rig)
    assert [line["jobs"] for line in rig.lines("passed_on")] == [[job.id]]
    assert not rig.container.engine.leases()
    assert rig.counts()["pending"] == 1
    # and runs there
    add(rig, "moved")
    rig.run(pool="heavy")
    assert rig.job(job).status is JobStatus.COMPLETED
    assert [event["type"] for event in rig.events(job)].count("job:created") == 1


def test_jobs_follow_their_task_back_into_the_default_pool(rig: Rig) -> None:
    rig.container.catalogue.register([MOVED], pools=POOLS)
    job = rig.submit("moved", pool="heavy")
    rig.run(pool="heavy")
    assert rig.job(job).pool == ""
    assert "pool" not in (rig.container.db.jobs.find_one() or {})
    add(rig, "moved")
    rig.run()
    assert rig.job(job).status is JobStatus.COMPLETED


def test_a_rebuild_brings_a_job_that_was_passed_on_back_to_its_new_pool(rig: Rig) -> None:
    rig.container.catalogue.register([MOVED], pool="heavy", pools=POOLS)
    job = rig.submit("moved")
    rig.run()
    rig.container.redis.delete(rig.container.keys.epoch)
    rig.container.rebuilder.ensure_open()
    add(rig, "moved")
    rig.run(pool="heavy")
    assert rig.job(job).status is JobStatus.COMPLETED


def test_a_worker_of_the_default_function_serves_a_pool_that_was_removed(rig: Rig) -> None:
    add(rig, "stays")
    rig.container.catalogue.register([MOVED], pool="heavy", pools=POOLS)
    known, moved = rig.submit("stays", pool="removed"), rig.submit("moved", pool="removed")
    rig.run(pool="removed")
    assert rig.job(known).status is JobStatus.COMPLETED, "the function of the default pool has the task"
    assert (rig.job(moved).pool, rig.job(moved).status) == ("heavy", JobStatus.PENDING)


@pytest.mark.parametrize("registered", [False, True], ids=["nowhere", "in a pool that is not deployed"])
def test_a_task_that_no_worker_has_waits(registered: bool, rig: Rig) -> None:
    if registered:
        rig.container.catalogue.register([MOVED], pool="other", pools=POOLS)
    job = rig.submit("moved")
    rig.start()
    waiting = rig.wait(job, JobStatus.RETRYING, JobStatus.PENDING)
    assert (waiting.pool, waiting.retry_count) == ("", 0)
    assert rig.lines("passed_on") == []


def test_a_job_that_is_cancelled_meanwhile_is_left_alone(rig: Rig) -> None:
    job = rig.submit("moved")
    ended = cancelled(job, rig.container.clock.now())
    rig.container.job_store.advance([(job.rev, ended)])
    assert rig.container.job_store.move(job, "heavy") is None
    assert rig.job(job).pool == ""


# --- maintenance


def test_only_the_default_pool_runs_all_of_maintenance(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[bool] = []
    sweep = rig.container.sweeper.sweep

    def noted(*, only_due: bool = False) -> int:
        swept.append(only_due)
        return sweep(only_due=only_due)

    monkeypatch.setattr(rig.container.sweeper, "sweep", noted)
    monkeypatch.setattr(rig.container.vitals, "report", lambda: swept.append(False))
    rig.run(pool="heavy")
    assert swept == [True]
    swept.clear()
    rig.run()
    assert swept == [False, False]


def test_a_retry_of_a_pool_waits_for_no_other_worker(rig: Rig) -> None:
    tried: list[int] = []

    @rig.task("fails_once", retries=1)
    def fails_once(ctx: TaskContext, payload: dict[str, Any]) -> None:
        tried.append(ctx.attempt)
        if ctx.attempt == 1:
            raise ValueError

    job = rig.submit("fails_once", pool="heavy", max_retries=1)
    rig.run(pool="heavy")
    assert (rig.job(job).status, tried) == (JobStatus.COMPLETED, [1, 2])
