"""The built-in durable task."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.settings import Settings
from tests.worker_support import QUICK, Rig
from worker_fn.tasks.simulated_order import simulated_order

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **QUICK)


@pytest.fixture(autouse=True)
def registered(rig: Rig) -> None:
    rig.task("simulated_order", retries=0)(simulated_order)


def run(rig: Rig, **payload: Any) -> Job:
    job = rig.submit("simulated_order", {"seconds": 0, "parts": 2, **payload}, max_retries=0)
    rig.run()
    return rig.job(job)


def steps(rig: Rig, job: Job) -> list[tuple[str, str]]:
    return [(each.key.name, each.status) for each in rig.container.step_store.load(job.id, job.submission_id)]


def test_it_takes_a_step_for_each_part(rig: Rig) -> None:
    job = run(rig)
    assert job.status is JobStatus.COMPLETED
    assert orjson.loads(job.result or "") == {"parts": 2, "approval": None}
    assert {name for name, _ in steps(rig, job)} == {"reserve", "pack[0]", "pack[1]", "ship"}


def test_it_waits_for_its_approval(rig: Rig) -> None:
    job = run(rig, approval=True)
    assert (job.status, job.waits_for) == (JobStatus.WAITING, ("event:approval",))


def test_it_sleeps(rig: Rig) -> None:
    job = run(rig, pause_s=3600)
    assert (job.status, steps(rig, job)[-1]) == (JobStatus.WAITING, ("cool", "waiting"))


def test_it_fails_at_the_step_that_was_asked_for(rig: Rig) -> None:
    job = run(rig, fail_at="ship")
    assert (job.status, steps(rig, job)[-1]) == (JobStatus.DLQ, ("ship", "failed"))
