"""Idle workers: who stays for what is due soon."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.limits import Limit
from chalicelib.domain.tasks import TaskSpec
from chalicelib.queue.fleet import Retirement
from chalicelib.settings import Settings
from tests.support import wait_until
from tests.worker_support import QUICK, Rig

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **{**QUICK, "max_active_jobs_per_user": 0, "lease_ms": 15_000, "job_concurrency": 2})


def test_one_of_two_idle_workers_waits_for_the_next_token(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis' clock stands still, so the token stays due in 3 s until the test moves it."""
    container = rig.container

    @rig.task("t", timeout_s=30)
    def task(ctx: Any, payload: Any) -> str:
        return "done"

    stayed: set[str] = set()
    retire = container.fleet.retire

    def noted(worker_id: str, **options: Any) -> Retirement:
        answer = retire(worker_id, **options)
        if answer is Retirement.DUE_SOON:
            stayed.add(worker_id)
        return answer

    monkeypatch.setattr(container.fleet, "retire", noted)
    container.scripts.now_ms = container.clock.now_ms()
    container.catalogue.register([TaskSpec("t", {}, limits=(Limit("r", rate="20/min"),))])
    container.limit_definitions.repair()
    first, second = (rig.submit("t", limits=("r",)) for _ in range(2))
    workers = [rig.start(), rig.start()]
    rig.wait(first)
    wait_until(lambda: any(each.departures for each in workers), 60, "one of them to leave")
    (left,), (waits,) = ([each for each in workers if bool(each.departures) is gone] for gone in (True, False))
    wait_until(lambda: waits.worker.id in stayed, 60, "the other one to stay")
    assert rig.job(second).status is JobStatus.PENDING
    assert [each["id"] for each in container.fleet.workers()] == [waits.worker.id]

    container.scripts.now_ms += 3_000
    done = rig.wait(second)
    assert done.status is JobStatus.COMPLETED
    assert done.attempts[-1].worker_id == waits.worker.id != left.worker.id
    assert waits.join().reason == "no work"
