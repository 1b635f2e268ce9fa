"""Tasks that block the event loop: their neighbours, and the jobs that wait behind them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.settings import Settings
from tests.support import wait_until
from tests.worker_support import QUICK, Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **{**QUICK, "max_active_jobs_per_user": 0, "retry_backoff_base_s": 0.01})


class Blocker:
    """An async task that blocks the event loop until released, and one that waits as it should."""

    def __init__(self, rig: Rig) -> None:
        self.waits = threading.Event()
        self.blocks = threading.Event()
        self.go_on = threading.Event()

        @rig.task("neighbour")
        async def neighbour(ctx: TaskContext, payload: dict[str, Any]) -> int:
            self.waits.set()
            while not self.go_on.is_set():
                await asyncio.sleep(0.005)
            return ctx.attempt

        @rig.task("block")
        async def block(ctx: TaskContext, payload: dict[str, Any]) -> None:
            self.blocks.set()
            self.go_on.wait(30)

        @rig.task("quick")
        async def quick(ctx: TaskContext, payload: dict[str, Any]) -> int:
            return ctx.attempt


@pytest.fixture
def blocker(rig: Rig) -> Iterator[Blocker]:
    blocker = Blocker(rig)
    yield blocker
    blocker.go_on.set()


def test_jobs_behind_a_blocked_event_loop_go_to_another_worker(rig: Rig, blocker: Blocker) -> None:
    culprit = rig.submit("block", timeout_s=60)
    first = rig.start()
    assert blocker.blocks.wait(10)
    behind = [rig.submit("quick") for _ in range(4)]
    wait_until(lambda: all(job.id in first.worker.leases() for job in behind), what="handed to the blocked loop")
    wait_until(lambda: rig.invocations.made, what="another worker is invoked")
    rig.start()

    done = [rig.wait(job) for job in behind]
    assert [(job.status, job.attempt) for job in done] == [(JobStatus.COMPLETED, 1)] * 4
    assert rig.job(culprit).status is JobStatus.RUNNING


def test_neighbours_of_a_blocking_task_use_no_retry(
    rig: Rig, blocker: Blocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose time limit passes meanwhile, and one that is interrupted when the worker ends."""
    monkeypatch.setattr("worker_fn.worker.STUCK_GRACE_S", 0.1)
    neighbours = [rig.submit("neighbour", timeout_s=limit, max_retries=0) for limit in (2, 60)]
    first = rig.start()
    assert blocker.waits.wait(10)
    for job in neighbours:
        rig.wait(job, JobStatus.RUNNING)
    culprit = rig.submit("block", timeout_s=1, max_retries=0)

    departure = first.join()
    assert departure.stuck == 3
    assert rig.job(culprit).attempts[-1].outcome is Outcome.TIMED_OUT
    for job in map(rig.job, neighbours):
        assert job.status in {JobStatus.RETRYING, JobStatus.PENDING}
        assert (job.attempts[-1].outcome, job.retry_count) == (Outcome.INTERRUPTED, 0)
        assert job.attempts[-1].error is not None
        assert job.attempts[-1].error.message == "another task blocked the event loop"
    blocker.go_on.set()
    rig.start()
    assert [rig.wait(job).status for job in neighbours] == [JobStatus.COMPLETED] * 2


def test_a_stopped_worker_releases_the_jobs_behind_a_blocking_task(rig: Rig, blocker: Blocker) -> None:
    culprit = rig.submit("block", timeout_s=60)
    first = rig.start()
    assert blocker.blocks.wait(10)
    behind = [rig.submit("quick") for _ in range(4)]
    wait_until(lambda: all(job.id in first.worker.leases() for job in behind), what="handed to the blocked loop")
    first.worker.stop()
    first.join()

    assert rig.container.engine.leases() == []
    assert [(rig.job(job).status, rig.job(job).attempt) for job in behind] == [(JobStatus.PENDING, 0)] * 4
    assert rig.job(culprit).retry_count == 0
