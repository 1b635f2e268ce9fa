"""Every step is reached by a scenario, or is listed as harmless."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.jobs import Job, JobStatus, NewJob
from tests.crash import steps_of
from tests.integration.interruptions import test_changes, test_durable, test_ends, test_submissions, test_sweeps
from tests.integration.interruptions.test_worker import working
from tests.interruptions import ELSEWHERE, HARMLESS, calls_of
from tests.timed import ALICE
from tests.world import World

pytestmark = pytest.mark.integration


SCENARIOS = [
    deed for file in (test_submissions, test_changes, test_ends, test_durable, test_sweeps) for deed in file.DEEDS
]


def test_an_accepted_job_is_never_lost(world: World) -> None:
    """Given a call that was answered, its job exists, whatever dies afterwards."""
    (made,) = world.healthy.container.jobs.submit(ALICE, [NewJob("n")], "t")
    assert isinstance(made.job, Job)
    world.clock.at += timedelta(seconds=1)
    world.mend("after the answer")
    assert world.healthy.status(made.job) is JobStatus.COMPLETED


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_every_step_is_reached(world: World) -> None:
    reached: set[str] = set()
    for prepare in SCENARIOS:
        reached |= set(calls_of(world, prepare))
        world.mend("nowhere")
        world.clear()
    reached |= set(calls_of(world, working, real_time=True))
    others = ("fleet.", "job_logs.", *ELSEWHERE)
    missed = {step for step in steps_of(world.healthy.container) if not step.startswith(others)} - reached - HARMLESS
    assert not missed, f"steps without a scenario: {sorted(missed)}"
