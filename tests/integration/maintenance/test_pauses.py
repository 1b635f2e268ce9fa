"""The paused lanes in Redis follow the records."""

from __future__ import annotations

import pytest

from chalicelib.queue.lanes import queue_of
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("paused", [True, False])
def test_a_pause_that_was_not_published(timed: Timed, paused: bool) -> None:
    container = timed.container
    if not paused:
        container.queue_store.set_paused(ALICE.tenant_id, "q", paused=True, by=ALICE.user_id, at=timed.clock.now())
        container.sweeper.sweep()
    container.queue_store.set_paused(ALICE.tenant_id, "q", paused=paused, by=ALICE.user_id, at=timed.clock.now())
    container.sweeper.sweep()
    assert container.engine.paused_lanes() == ({queue_of(ALICE.tenant_id, "q")} if paused else set())
    assert timed.event_types()[-1][0] == "queue:updated"
