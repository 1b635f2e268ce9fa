"""The limit of active jobs per user, wherever a job becomes active: submitted, due, retried, redriven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.jobs import ACTIVE, Job, JobStatus, NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.errors import TooManyActiveJobs
from chalicelib.services.job_actions import Action
from chalicelib.settings import Settings
from tests.audit import audit
from tests.container import Container
from tests.support import ManualClock
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration
LIMIT = 5


@pytest.fixture
def shop(settings: Settings) -> Iterator[Timed]:
    settings = replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=LIMIT)
    container = Container(settings, clock=ManualClock())
    container.rebuilder.ensure_open()
    yield Timed(container)
    assert audit(container) == []
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()


def active(shop: Timed) -> int:
    return shop.container.db.jobs.count_documents({"status": {"$in": [status.value for status in ACTIVE]}})


def work_off(shop: Timed, jobs: int) -> list[str]:
    """Run ``jobs`` jobs one after the other; return their names. The clock is stopped: no timer or sweep runs."""
    done: list[str] = []
    begun: list[Job] = []
    while len(done) < jobs:
        assert active(shop) <= LIMIT
        begun += shop.start()
        assert begun, f"nothing to do after {len(done)} jobs"
        done.append(shop.finish(begun.pop(0)).name)
    return done


def test_scheduled_jobs_become_active_as_there_is_room(shop: Timed) -> None:
    names = [f"job {n}" for n in range(12)]
    for name in names:
        shop.submit(name=name, delay_s=0.5)
        shop.travel(0.001)
    shop.travel(1)
    shop.container.sweeper.catch_up()
    assert active(shop) == LIMIT

    # the ends alone promote the others, without a sweep and without time
    assert sorted(work_off(shop, 12)) == sorted(names)


def test_a_retry_of_a_scheduled_job_needs_room(shop: Timed) -> None:
    jobs = [shop.submit(delay_s=600.0) for _ in range(10)]

    changed = shop.container.jobs.act(ALICE, Action.RETRY, [job.id for job in jobs])

    assert (changed.changed, active(shop)) == (LIMIT, LIMIT)
    assert {type(failure.error) for failure in changed.failed} == {TooManyActiveJobs}
    assert shop.status(jobs[9]) is JobStatus.SCHEDULED


def test_redriven_jobs_without_room_wait_for_it(shop: Timed) -> None:
    for _ in range(2):
        for _ in range(LIMIT):
            shop.submit(max_retries=0)
        for running in shop.start():
            shop.finish(running, failed=True)
    dead = [str(found["_id"]) for found in shop.container.db.jobs.find({"status": "dlq"}, {"_id": 1})]

    changed = shop.container.jobs.act(ALICE, Action.REDRIVE, dead)

    assert (changed.changed, changed.failed, active(shop)) == (10, [], LIMIT)
    assert [job.status for job in changed.jobs].count(JobStatus.SCHEDULED) == 10 - LIMIT
    shop.container.sweeper.catch_up()
    assert len(work_off(shop, 10)) == 10


def test_a_cancelled_job_makes_room_at_once(shop: Timed) -> None:
    waiting = [shop.submit() for _ in range(LIMIT)]
    later = shop.submit(delay_s=0.5)
    shop.travel(1)
    shop.container.sweeper.catch_up()
    assert shop.status(later) is JobStatus.SCHEDULED

    shop.container.jobs.cancel(ALICE, waiting[0].id)

    assert shop.status(later) is JobStatus.PENDING


def test_many_held_back_jobs_do_not_delay_other_users(shop: Timed) -> None:
    bob = Principal("b" * 24, "1" * 24, Role.MEMBER)
    for _ in range(3 * LIMIT):
        shop.submit(delay_s=0.5)
    theirs = shop.container.jobs.submit(bob, [NewJob("theirs", delay_s=0.6)], "trace")[0].job
    shop.travel(1)

    shop.container.sweeper.catch_up()

    assert shop.status(theirs) is JobStatus.PENDING
    assert shop.container.engine.due(shop.clock.now_ms(), 10) == {}


def test_a_rebuilt_queue_holds_back_as_before(shop: Timed) -> None:
    for _ in range(2 * LIMIT):
        shop.submit(delay_s=0.5)
    shop.travel(1)
    shop.container.sweeper.catch_up()
    shop.container.redis.delete(*shop.container.redis.scan_iter(match=shop.container.keys.prefix + "*", count=1000))

    shop.container.sweeper.sweep()

    assert active(shop) == LIMIT
    assert len(work_off(shop, 10)) == 10
