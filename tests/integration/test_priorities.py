"""What a priority is worth: recorded on new jobs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.services.priorities import KNOWN_S, Priorities
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


def test_another_age_is_recorded(timed: Timed) -> None:
    container, job = timed.container, timed.submit()
    settings = replace(container.settings, priority_age_s=10.0)
    priorities = Priorities(container.queue_store, settings, container.clock)
    assert priorities.placed([job.with_(priority=8)])[0].precedence == 30_000
    assert container.priorities.placed([job])[0].precedence is None


def test_a_change_reaches_other_processes_within_seconds(timed: Timed) -> None:
    container, job = timed.container, timed.submit()
    other = Priorities(container.queue_store, container.settings, container.clock)
    assert other.placed([job])[0].precedence is None
    container.queue_store.set_strict(
        ALICE.tenant_id, job.queue, strict=True, by=ALICE.user_id, at=container.clock.now()
    )
    assert other.placed([job])[0].precedence is None
    timed.travel(KNOWN_S)
    assert other.placed([job])[0].precedence == (job.priority - 9) << 42
