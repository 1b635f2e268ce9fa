"""Jobs held back by the limit of active jobs become due when there is room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.jobs import JobStatus
from tests.timed import Timed

pytestmark = pytest.mark.integration


def test_a_raised_limit_releases_held_back_jobs(timed: Timed) -> None:
    container = timed.container
    for _ in range(container.settings.max_active_jobs_per_user):
        timed.submit()
    held = timed.submit(delay_s=1.0)
    timed.travel(1)
    container.sweeper.catch_up()
    assert (timed.status(held), container.held_jobs.run()) == (JobStatus.SCHEDULED, 0)

    more = replace(container.settings, max_active_jobs_per_user=container.settings.max_active_jobs_per_user + 1)
    container.engine._settings = more

    assert container.held_jobs.run() == 1
    container.promotion.run()
    assert timed.status(held) is JobStatus.PENDING
