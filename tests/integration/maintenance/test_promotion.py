"""Jobs whose wait is over become pending."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from chalicelib.api.container import ApiContainer
from chalicelib.domain.jobs import JobStatus, NewJob
from chalicelib.services.job_actions import Action
from chalicelib.services.maintenance.withdrawal import withdraw_ended
from tests.audit import audit
from tests.crash import CrashError, crash
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("seconds", [1.0, 3600.0])
def test_a_scheduled_job_runs_when_it_is_due(timed: Timed, seconds: float) -> None:
    job = timed.submit(delay_s=seconds)
    timed.travel(seconds - 0.001)
    assert timed.container.promotion.run() == 0
    timed.travel(0.001)
    timed.invocations.made.clear()
    assert timed.container.promotion.run() == 1
    assert timed.status(job) is JobStatus.PENDING
    assert timed.invocations.made


def test_a_promotion_that_was_written_and_not_published(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    job = timed.submit(delay_s=1.0)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "promote", crash)
        timed.travel(1)
        with pytest.raises(CrashError):
            timed.container.promotion.run()
    assert timed.status(job) is JobStatus.PENDING
    timed.container.promotion.run()
    assert [claimed.id for claimed in timed.claim()] == [job.id]


def test_waiting_ids_without_record_are_dropped(timed: Timed) -> None:
    timed.container.redis.zadd(timed.container.keys.scheduled, {"f" * 24: 1, "no id": 1})
    timed.container.promotion.run()
    assert timed.container.redis.zcard(timed.container.keys.scheduled) == 0


def test_an_entry_that_cannot_be_promoted_is_read_once_a_run(timed: Timed) -> None:
    """Its record has a later due time: it is read once a run, not in a loop."""
    job = timed.submit(delay_s=60.0)
    timed.container.redis.zadd(timed.container.keys.scheduled, {job.id: 1})
    assert timed.container.promotion.run() == 0
    timed.travel(60)
    assert timed.container.promotion.run() == 1


def test_a_job_that_waits_again_after_a_rollback_of_redis(timed: Timed) -> None:
    """Given a Redis that lost its last second unnoticed, a completed job waits there again."""
    container = timed.container
    job = timed.submit(delay_s=1.0)
    timed.travel(1)
    container.promotion.run()
    (running,) = timed.start()
    timed.record_end(running)
    container.engine.drop([job.id], "token")
    container.redis.zadd(container.keys.scheduled, {job.id: 1})
    for scope in ("all", f"t:{ALICE.tenant_id}", f"o:{ALICE.user_id}"):
        container.redis.hincrby(container.keys.counts(scope), "running", -1)
        container.redis.hincrby(container.keys.counts(scope), "scheduled", 1)
    container.redis.hdel(container.keys.counts(f"s:{ALICE.tenant_id}"), "default|running")
    container.redis.hset(container.keys.counts(f"s:{ALICE.tenant_id}"), "default|scheduled", 1)
    container.redis.zrem(container.keys.active(ALICE.user_id), job.id)
    container.promotion.run()
    assert audit(container) == []


def test_an_end_in_the_api_makes_room_for_jobs_that_are_held_back(timed: Timed) -> None:
    """The API runs no sweeps: ends that it publishes must promote other jobs all the same."""
    settings = replace(timed.container.settings, max_active_jobs_per_user=1)
    with closing(ApiContainer(settings, clock=timed.clock)) as api:
        api.__dict__["functions"] = timed.invocations
        held = timed.submit(delay_s=1.0)
        first = api.jobs.submit(ALICE, [NewJob("first")], "trace")[0].job
        timed.travel(1)
        api.scripts.now_ms = timed.clock.now_ms()
        api.promotion.run()
        assert timed.status(held) is JobStatus.SCHEDULED
        api.jobs.cancel(ALICE, first.id)
        assert timed.status(held) is JobStatus.PENDING


@pytest.mark.parametrize("deleted", [False, True])
def test_an_end_is_counted_once_though_a_search_for_missing_jobs_is_under_way(timed: Timed, *, deleted: bool) -> None:
    """Given a job that ended after a sweep had read it as open, the sweep's permit does not make it a new one."""
    job = timed.submit()
    (running,) = timed.start()
    after = timed.finish(running)
    engine = timed.container.engine
    assert list(engine.missing([job]).noted_ms) == [job.id]
    if deleted:
        timed.container.jobs.act(ALICE, Action.DELETE, [job.id])
    else:
        assert withdraw_ended(engine, [after]) == 1
    assert audit(timed.container) == []
