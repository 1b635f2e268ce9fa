"""Open records and Redis are compared, page by page."""

from __future__ import annotations

import pytest

from tests.crash import crash
from tests.ready import member
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


def test_an_open_record_that_redis_lacks_is_enqueued(timed: Timed) -> None:
    container = timed.container
    jobs = [timed.submit() for _ in range(3)]
    assert container.redis.zrem(container.keys.ready, member(jobs[1].score, jobs[1].id)) == 1
    for scope in ("all", f"t:{ALICE.tenant_id}", f"o:{ALICE.user_id}"):
        for field in ("pending", "submitted"):
            container.redis.hincrby(container.keys.counts(scope), field, -1)
    timed.container.sweeper.sweep()
    assert len(timed.job(jobs[1]).id) == 24
    timed.travel(31)
    assert timed.container.sweeper.sweep() == 1
    assert [job.id for job in timed.claim()] == sorted(job.id for job in jobs)


@pytest.mark.parametrize("noted", [False, True])
def test_reconciled_jobs_wake_a_worker(timed: Timed, monkeypatch: pytest.MonkeyPatch, noted: bool) -> None:
    """The script says so once, and keeps the tick from waking a worker within the next second."""
    container = timed.container
    with monkeypatch.context() as patched:
        patched.setattr(container.engine, "enqueue", crash)
        timed.submit()
    if not noted:  # its intent is lost as well
        container.redis.delete(container.keys.intents)
    timed.travel(31)
    timed.invocations.made.clear()
    (container.intents if noted else container.reconciliation).run()
    assert [event["source"] for _, event in timed.invocations.made] == ["wake_up"]


def test_unreadable_records_are_quarantined(timed: Timed) -> None:
    job = timed.submit()
    timed.container.db.jobs.update_one({}, {"$set": {"status": "nonsense"}})
    timed.travel(31)
    timed.container.sweeper.sweep()
    assert timed.container.redis.llen(timed.container.keys.quarantine) == 1
    timed.container.db.jobs.update_one({}, {"$set": {"status": "pending"}})
    assert [claimed.id for claimed in timed.claim()] == [job.id]


def test_the_walk_starts_again_after_the_last_page(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.services.maintenance.reconciliation.PAGE", 2)
    jobs = sorted(timed.submit().id for _ in range(4))
    cursors = []
    for _ in range(4):
        timed.container.reconciliation.run()
        cursors.append(timed.container.meta.cursor())
    assert cursors == [jobs[1], jobs[3], None, jobs[1]]
