"""Limits of jobs that go on after a wait: they take a place again, and nothing from rates."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus, to_ms
from chalicelib.queue.limit_instances import Definition
from tests.script_harness import TENANT, ScriptHarness

pytestmark = pytest.mark.integration


def end(harness: ScriptHarness, job_id: str, token: str = "token") -> None:
    harness.settle(harness.job(id=job_id), JobStatus.COMPLETED, token)


def suspend_and_resume(harness: ScriptHarness, job: Job) -> None:
    assert harness.settle(job, JobStatus.WAITING)
    assert harness.engine.promote([job], [to_ms(job.ready_at)], [[]]).added == 1


def test_a_job_that_goes_on_takes_nothing_again(harness: ScriptHarness, limits: Any) -> None:
    limits.define([Definition("*", "api", concurrency=2, interval_ms=1_000)])
    one, two = harness.put_new(2, "api")
    assert harness.claim().ids == [one.id]
    harness.start(one)
    suspend_and_resume(harness, one)
    claim = harness.engine.claim("again", 5, free=0)
    assert claim.ids == [one.id], "the rate allows the next start in a second, and nothing is to be claimed ahead"
    assert limits.holders(TENANT, "api", 10) == [one.id]
    assert harness.settle(one, JobStatus.PENDING, "again")
    assert harness.claim(token="third").ids == [one.id], "it still goes on after a hand-back"
    assert harness.settle(one, JobStatus.RETRYING, "third")
    harness.engine.promote([one], [to_ms(one.ready_at)], [[]])
    assert harness.claim().ids == [], "another attempt after a failure is a start"
    harness.at(1_000)
    assert harness.claim().ids == [one.id], "the first of its lane again"
    harness.at(2_000)
    assert harness.claim().ids == [two.id]


@pytest.mark.parametrize("name", ["api", "*api"])
def test_a_job_that_goes_on_waits_for_a_place_alone(harness: ScriptHarness, limits: Any, name: str) -> None:
    limits.define([Definition("*", "api", concurrency=1, interval_ms=60_000, burst=2)])
    one, two, _ = harness.put_new(3, name)
    assert harness.claim().ids == [one.id]
    harness.start(one)
    suspend_and_resume(harness, one)
    assert harness.claim().ids == [two.id], "the last that the rate allows; the other one is parked"
    end(harness, two.id)
    assert harness.claim().ids == [one.id], "the place is free"
    end(harness, one.id)
    assert harness.claim().ids == []
