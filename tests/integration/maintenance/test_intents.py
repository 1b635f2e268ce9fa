"""Changes whose caller died between MongoDB and Redis are finished."""

from __future__ import annotations

import pytest

from chalicelib.queue.intents import Intent, IntentKind
from chalicelib.services.maintenance.intents import OVERDUE_MS
from tests.audit import audit
from tests.crash import crash
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration
LEASE_S = 15.0
OVERDUE_S = OVERDUE_MS / 1000 + 1


def test_an_intent_without_record_is_removed_when_overdue(timed: Timed) -> None:
    timed.container.engine.intend([Intent("f" * 24, IntentKind.NEW)])
    timed.container.sweeper.sweep()
    assert timed.container.redis.zcard(timed.container.keys.intents) == 1
    timed.travel(OVERDUE_S)
    timed.container.sweeper.sweep()
    assert timed.container.redis.zcard(timed.container.keys.intents) == 0


def test_unreadable_intents_are_removed(timed: Timed) -> None:
    timed.container.redis.zadd(timed.container.keys.intents, {b"x": 1, b"a|b|c": 1, b"\xff|new": 1, b"||": 1})
    timed.container.sweeper.sweep()
    assert timed.container.redis.zcard(timed.container.keys.intents) == 0


def test_a_cancellation_request_that_was_not_published(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    job = timed.submit()
    (running,) = timed.start("worker")
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "stop", crash)
        timed.container.jobs.cancel(ALICE, job.id)
    for _ in range(3):
        timed.travel(10)
        answer = timed.container.fleet.heartbeat("worker", {}, {job.id: "worker"})
    assert not answer.cancel
    timed.travel(OVERDUE_S)
    timed.container.fleet.heartbeat("worker", {}, {job.id: "worker"})
    timed.container.sweeper.sweep()
    assert timed.container.fleet.heartbeat("worker", {}, {job.id: "worker"}).cancel == {job.id}
    timed.finish(running)


def test_a_redrive_that_was_not_published_before_the_late_end_of_the_attempt(
    timed: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = timed.submit(max_retries=0)
    (running,) = timed.start("slow")
    ended = timed.record_end(running, failed=True)
    assert ended is not None
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "enqueue", crash)
        timed.container.jobs.redrive(ALICE, job.id)
    for _ in range(4):
        timed.travel(10)
        timed.container.fleet.heartbeat("slow", {}, {job.id: "slow"})
    timed.container.sweeper.sweep()
    assert not timed.tell_end(ended, "slow")
    assert [each.id for each in timed.claim("next")] == [job.id]
    assert timed.event_types()[-1] == ("job:status:updated", "pending")
    assert timed.container.engine.counts("all")["failed"] == 1
    timed.travel(LEASE_S)
    timed.run_all()
    assert audit(timed.container) == []
