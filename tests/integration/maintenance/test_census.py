"""A single key that Redis lost is detected by the sweep, and the queue is rebuilt from the records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.accounts import User
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Role
from chalicelib.queue.keys import Keys
from chalicelib.settings import Settings
from tests.audit import audit
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, max_active_jobs_per_user=100, rate_limit_max_requests=0)


@pytest.fixture
def running(timed: Timed) -> Job:
    """Jobs in every state, of a registered user; return the running one."""
    now = timed.clock.now()
    timed.container.user_store.add(
        User(ALICE.user_id, ALICE.tenant_id, "alice", "a@example.com", Role.MEMBER, "", now, now)
    )
    for _ in range(3):
        timed.submit()
    done, again, running = timed.start("worker")
    timed.finish(done)
    timed.finish(again, failed=True)
    timed.submit(queue="held")
    timed.container.queues.set_paused(replace(ALICE, role=Role.ADMIN), "held", paused=True)
    timed.submit(delay_s=200.0)
    timed.submit()
    assert not timed.container.census.run()
    return running


def key_of(keys: Keys, what: str) -> str:
    """The key that is lost."""
    return {
        "all counts": keys.counts("all"),
        "owner's counts": keys.counts(f"o:{ALICE.user_id}"),
        "tenant's counts": keys.counts(f"t:{ALICE.tenant_id}"),
        "queues' counts": keys.counts(f"q:{ALICE.tenant_id}"),
    }.get(what) or str(getattr(keys, what))


PLACES = ["ready", "numbers", "scheduled", "retrying", "tokens", "leases", "groups", "lanes", "paused"]
COUNTS = ["all counts", "owner's counts", "tenant's counts", "queues' counts"]


@pytest.mark.parametrize(
    ("what", "later"), [*((what, True) for what in PLACES + COUNTS), *((what, False) for what in COUNTS)]
)
def test_a_lost_key_is_rebuilt(timed: Timed, running: Job, what: str, later: bool) -> None:
    assert timed.container.redis.delete(key_of(timed.container.keys, what)) == 1
    timed.travel(130)
    if later:
        timed.submit()
        timed.container.jobs.cancel(ALICE, timed.submit().id)
    timed.container.sweeper.sweep()
    assert audit(timed.container) == []
    timed.container.queues.set_paused(replace(ALICE, role=Role.ADMIN), "held", paused=False)
    timed.run_all()
    assert timed.status(running) is JobStatus.COMPLETED
    assert timed.container.db.jobs.count_documents({"status": JobStatus.COMPLETED.value}) == (7 if later else 6)


def test_a_difference_that_stays_does_not_rebuild_the_queue_each_minute(timed: Timed, running: Job) -> None:
    """Given a record that a person removed from MongoDB by hand."""
    counts = timed.container.keys.counts("all")
    timed.container.redis.hincrby(counts, "scheduled", 1)
    assert timed.container.census.run()
    timed.container.redis.hincrby(counts, "scheduled", 1)
    assert not timed.container.census.run()
    timed.container.redis.delete(timed.container.keys.repaired)
    assert timed.container.census.run()


def test_counts_without_a_start_time_are_trusted(timed: Timed, running: Job) -> None:
    timed.container.redis.hdel(timed.container.keys.counts("all"), "since")
    timed.travel(130)
    assert not timed.container.census.run()
