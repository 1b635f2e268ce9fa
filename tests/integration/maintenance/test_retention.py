"""Deletions whose caller died are counted."""

from __future__ import annotations

import pytest

from chalicelib.services.jobs import Action
from chalicelib.services.maintenance.retention import TOMBSTONE_S
from tests.audit import audit
from tests.crash import crash
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


def test_a_deletion_that_was_not_published(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    job = timed.submit()
    timed.finish(timed.start()[0])
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "forget", crash)
        timed.container.jobs.act(ALICE, Action.DELETE, [job.id])
    assert audit(timed.container) != []
    timed.travel(TOMBSTONE_S + 1)
    timed.container.sweeper.sweep()
    assert timed.container.db.tombstones.count_documents({}) == 0
    assert timed.event_types()[-1][0] == "job:deleted"
