"""Deletions whose caller died are counted."""

from __future__ import annotations

import pytest

from chalicelib.services.job_actions import Action
from chalicelib.services.maintenance.tombstones import COUNTED_S, TOMBSTONE_S
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


def test_tombstones_that_redis_may_have_forgotten(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the whole system stood still: Redis no longer knows that it counted the deletion."""
    job = timed.submit()
    timed.finish(timed.start()[0])
    timed.container.jobs.act(ALICE, Action.DELETE, [job.id])
    timed.travel(24 * 3600)
    timed.container.redis.delete(timed.container.keys.forgotten)
    epoch = timed.container.scripts.epoch
    timed.container.sweeper.sweep()
    assert audit(timed.container) == []
    assert timed.container.scripts.epoch == epoch + 1, "rebuilt from the records"
    timed.travel(COUNTED_S)
    timed.container.sweeper.sweep()
    assert timed.container.scripts.epoch == epoch + 1
