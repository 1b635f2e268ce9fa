"""Ended jobs are deleted when their time is over, and all counts stay exact."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from bson import ObjectId

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.job_logs import LogLine
from chalicelib.domain.jobs import AttemptRecord, Job, JobStatus, Outcome
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.rollups import Span
from chalicelib.queue.events import EventId
from chalicelib.services.maintenance import retention
from chalicelib.services.maintenance.tombstones import TOMBSTONE_S
from tests.audit import audit
from tests.container import Container
from tests.crash import CrashError, crash
from tests.jobs import a_job, put
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration
DAY_S = 86_400
BOB = Principal("b" * 24, ALICE.tenant_id, Role.MEMBER)
EVE = Principal("e" * 24, "2" * 24, Role.MEMBER)
MIDNIGHT = datetime(2026, 6, 15, tzinfo=UTC)
ENDS = {JobStatus.COMPLETED: Outcome.COMPLETED, JobStatus.DLQ: Outcome.FAILED, JobStatus.CANCELLED: None}


@pytest.fixture
def shop(timed: Timed) -> Timed:
    """Two tenants, at one o'clock; nothing waits for other requests."""
    timed.clock.at = MIDNIGHT + timedelta(hours=1)
    timed.travel(0)
    for tenant in (ALICE.tenant_id, EVE.tenant_id):
        timed.container.tenant_store.add(tenant, tenant, timed.clock.now())
    timed.container.retention.pause = lambda _: None
    return timed


def an_end(whose: Principal, days: float, status: JobStatus = JobStatus.COMPLETED, **changes: Any) -> Job:
    """A job that was created and ended so many days before midnight."""
    at = MIDNIGHT - timedelta(days=days)
    outcome = ENDS[status]
    attempts = (AttemptRecord(1, "w", at, at, outcome, 5, 70),) if outcome else ()
    ended = {"status": status, "finished_at": at, "updated_at": at, "attempts": attempts, "attempt": len(attempts)}
    return a_job(whose, at=at, **{**ended, **changes})


def keep(shop: Timed, tenant: str = ALICE.tenant_id, **values: Any) -> None:
    admin = Principal("c" * 24, tenant, Role.ADMIN)
    shop.container.tenant_settings.change(admin, tenant, values)


def present(shop: Timed, jobs: list[Job]) -> list[bool]:
    there = {str(found["_id"]) for found in shop.container.db.jobs.find({}, {"_id": 1})}
    return [job.id in there for job in jobs]


def insert(shop: Timed, jobs: list[Job]) -> list[Job]:
    """Write records and have them counted."""
    put(shop.container, jobs)
    shop.container.rebuilder.rebuild()
    return jobs


def events(shop: Timed) -> list[dict[str, Any]]:
    found = [orjson.loads(entry.message) for entry in shop.container.event_log.read(EventId(0, 0), 10_000)]
    return [event for event in found if event["type"] == "jobs:expired"]


def test_each_state_has_its_days(shop: Timed) -> None:
    jobs = insert(
        shop,
        [an_end(ALICE, days, status) for status in ENDS for days in (29.9, 30.1, 89.9, 90.1)],
    )
    assert shop.container.sweeper.tidy() == 7
    assert present(shop, jobs) == [True, False, False, False, True, True, True, False, True, False, False, False]
    assert shop.container.sweeper.tidy() == 0


def test_tenants_choose_their_days_and_may_keep_all(shop: Timed) -> None:
    jobs = insert(shop, [an_end(who, days) for who in (ALICE, EVE) for days in (6, 8, 400)])
    keep(shop, keep_completed_days=7)
    keep(shop, EVE.tenant_id, keep_completed_days=0)
    shop.container.sweeper.tidy()
    assert present(shop, jobs) == [True, False, False, True, True, True]
    keep(shop, EVE.tenant_id, keep_completed_days=399)
    shop.container.sweeper.tidy()
    assert present(shop, jobs)[3:] == [True, True, False]


def test_what_was_created_long_ago_and_ended_lately_stays_until_its_day(shop: Timed) -> None:
    late = a_job(ALICE, at=MIDNIGHT - timedelta(days=200), status=JobStatus.COMPLETED)
    (job,) = insert(shop, [late.with_(finished_at=MIDNIGHT - timedelta(days=2))])
    shop.container.sweeper.tidy()
    assert present(shop, [job]) == [True]
    shop.travel(29 * DAY_S)
    shop.container.sweeper.tidy()
    assert present(shop, [job]) == [False]


def test_open_jobs_stay_whatever_their_age(shop: Timed) -> None:
    job = shop.submit()
    shop.travel(1_000 * DAY_S)
    shop.container.sweeper.tidy()
    assert present(shop, [job]) == [True]


def test_a_page_is_one_event_and_one_tombstone(shop: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAGE", 100)
    insert(shop, [an_end(who, 31) for who in (ALICE, BOB) for _ in range(125)])
    assert shop.container.sweeper.tidy() == 250
    pages = events(shop)
    assert [event["data"]["count"] for event in pages] == [100, 100, 50]
    assert pages[0]["data"]["status"] == "completed"
    assert {(event["tenantId"], event["ownerId"]) for event in pages} == {(ALICE.tenant_id, "")}
    assert len(shop.event_types()) == 3
    assert shop.container.db.expired_pages.count_documents({}) == 3
    shop.travel(TOMBSTONE_S + 1)
    shop.container.sweeper.sweep()
    assert shop.container.db.expired_pages.count_documents({}) == 0
    assert len(events(shop)) == 3
    assert shop.container.engine.counts(f"o:{BOB.user_id}")["submitted"] == 125
    assert shop.container.engine.counts("all")["completed"] == 0


def test_logs_and_idempotency_keys_go_with_the_jobs(shop: Timed) -> None:
    jobs = insert(shop, [an_end(ALICE, days) for days in (31, 2)])
    container = shop.container
    container.job_logs.append(LogLine(job.id, 1, 1, MIDNIGHT, "INFO", "x") for job in jobs)
    container.db.idempotency.insert_one({"_id": "k", "job_id": ObjectId(jobs[0].id)})
    container.sweeper.tidy()
    assert [len(container.job_logs.read(job.id)) for job in jobs] == [0, 1]
    assert container.db.idempotency.count_documents({}) == 0


def test_a_job_with_outbox_entries_is_passed_by(shop: Timed) -> None:
    (job,) = insert(shop, [an_end(ALICE, 31)])
    entry = {"id": "x", "kind": "none", "series": 0}
    shop.container.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": {"outbox": [entry]}})
    shop.container.sweeper.tidy()
    assert present(shop, [job]) == [True]
    shop.container.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$unset": {"outbox": ""}})
    shop.travel(DAY_S)
    shop.container.sweeper.tidy()
    assert present(shop, [job]) == [False]


def test_a_job_whose_end_is_not_settled_is_passed_by(shop: Timed) -> None:
    shop.clock.at = SystemClock().now()
    shop.travel(0)
    job = shop.submit()
    (running,) = shop.start()
    shop.record_end(running)
    shop.travel(32 * DAY_S)
    shop.container.sweeper.tidy()
    assert present(shop, [job]) == [True]
    shop.container.sweeper.sweep()
    shop.travel(DAY_S)
    shop.container.sweeper.tidy()
    assert present(shop, [job]) == [False]


def test_it_looks_once_a_day(shop: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    insert(shop, [an_end(ALICE, 31)])
    shop.container.retention.run()
    with monkeypatch.context() as patched:
        patched.setattr(shop.container.retention_store, "ended", crash)
        shop.container.retention.run()
        shop.travel(22 * 3600)
        shop.container.retention.run()
        shop.travel(3600)
        with pytest.raises(CrashError):
            shop.container.retention.run()


class TestCrashes:
    """Between any two writes: tests/integration/interruptions has them all; here is what is left in each case."""

    def test_before_the_queue_is_told(self, shop: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        jobs = insert(shop, [an_end(ALICE, 31) for _ in range(3)])
        shop.container.job_logs.append([LogLine(jobs[0].id, 1, 1, MIDNIGHT, "INFO", "x")])
        with monkeypatch.context() as patched, pytest.raises(CrashError):
            patched.setattr(shop.container.expired_jobs, "forget", crash)
            shop.container.retention.run()
        assert audit(shop.container) != []
        shop.travel(TOMBSTONE_S + 1)
        shop.container.sweeper.sweep()
        assert audit(shop.container) == []
        assert len(events(shop)) == 1
        assert shop.container.job_logs.read(jobs[0].id) == []

    def test_in_the_middle_it_goes_on_where_it_was(self, shop: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(retention, "PAGE", 10)
        jobs = insert(shop, [an_end(ALICE, 31) for _ in range(25)])
        note, calls = shop.container.retention_store.note, iter([None, None])

        def dies(*args: Any) -> None:
            note(*args)
            if next(calls, crash) is crash:
                crash()

        with monkeypatch.context() as patched, pytest.raises(CrashError):
            patched.setattr(shop.container.retention_store, "note", dies)
            shop.container.retention.run()
        left = sum(present(shop, jobs))
        assert 0 < left < 25
        assert shop.container.sweeper.tidy() == left

    def test_redis_is_lost_before_it_is_told(self, shop: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        insert(shop, [an_end(ALICE, 31) for _ in range(3)])
        with monkeypatch.context() as patched, pytest.raises(CrashError):
            patched.setattr(shop.container.expired_jobs, "forget", crash)
            shop.container.retention.run()
        lose(shop.container)
        shop.container.rebuilder.ensure_open()
        assert audit(shop.container) == []
        shop.travel(TOMBSTONE_S + 1)
        shop.container.sweeper.sweep()


def lose(container: Container) -> None:
    container.redis.delete(*container.redis.scan_iter(match=container.keys.pattern, count=1000))


def thousands(shop: Timed) -> list[Job]:
    """Jobs of two tenants in all states, old and new."""
    return insert(
        shop,
        [an_end(who, days, status) for who in (ALICE, BOB, EVE) for status in ENDS for days in [100] * 250 + [1] * 50],
    )


def over(job: Job) -> bool:
    return job.finished_at is not None and job.finished_at < MIDNIGHT - timedelta(days=50)


def test_thousands_of_jobs(shop: Timed) -> None:
    jobs = thousands(shop)
    done = shop.container.sweeper.tidy()
    assert done == sum(map(over, jobs)) == 2_250
    assert present(shop, jobs) == [not over(job) for job in jobs]
    assert audit(shop.container) == []
    counts = shop.container.engine.counts("all")
    assert (counts["completed"], counts["dlq"], counts["submitted"]) == (150, 150, len(jobs))
    lose(shop.container)
    shop.container.rebuilder.ensure_open()
    assert shop.container.engine.counts("all") == counts


def both(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same time; raises what one raised."""
    start = threading.Barrier(len(deeds))

    def begin(deed: Callable[[], Any]) -> Any:
        start.wait(30)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(120) for future in [pool.submit(begin, deed) for deed in deeds]]


def test_two_processes_at_once(shop: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    """One takes the lock; also if both believe that they have it, each job is deleted and counted once."""
    monkeypatch.setattr(retention, "PAGE", 50)
    jobs = thousands(shop)
    until = shop.clock.now() + timedelta(seconds=60)
    assert shop.container.retention_store.begin(shop.clock.now(), until)
    assert shop.container.sweeper.tidy() == 0
    shop.container.retention_store.finish(until)
    monkeypatch.setattr(shop.container.retention_store, "begin", lambda *_: True)
    done = both(shop.container.sweeper.tidy, shop.container.sweeper.tidy)
    assert sum(done) == sum(map(over, jobs))
    assert audit(shop.container) == []


def test_a_rebuild_meanwhile(shop: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAGE", 20)
    jobs = thousands(shop)

    def rebuild() -> None:
        for _ in range(5):
            shop.container.rebuilder.rebuild()

    def tidy() -> None:
        for _ in range(200):
            try:
                shop.container.retention.run()
            except Exception as error:  # closed while it is rebuilt: the next tick continues
                assert "rebuilt" in str(error), error
                shop.container.rebuilder.wait_open(30)
            else:
                return

    both(rebuild, tidy)
    shop.travel(TOMBSTONE_S + 1)
    shop.container.sweeper.sweep()
    shop.container.sweeper.tidy()
    assert present(shop, jobs) == [not over(job) for job in jobs]
    assert audit(shop.container) == []


class TestRollups:
    """They are completed before the records go, while charts still show the time."""

    def counted(self, shop: Timed) -> tuple[int, int, int, int]:
        found = shop.container.db.rollups.find_one({"span": Span.TWO_HOURS.value}) or {}
        return (
            found.get("started", 0),
            found.get("completed", 0),
            found.get("dlq", 0),
            sum(found.get("run", {}).values()),
        )

    def test_what_a_killed_worker_had_not_added(self, shop: Timed) -> None:
        insert(shop, [an_end(ALICE, 8.01) for _ in range(3)] + [an_end(ALICE, 8.01, JobStatus.DLQ)])
        keep(shop, keep_completed_days=7)
        shop.container.sweeper.tidy()
        assert self.counted(shop) == (4, 3, 1, 4)

    def test_what_was_counted_stays(self, shop: Timed) -> None:
        """Also what others deleted before."""
        (job,) = insert(shop, [an_end(ALICE, 8.01)])
        assert job.finished_at is not None
        from chalicelib.store.rollups import Increments

        each = Increments(ALICE.tenant_id, job.queue, job.task, job.finished_at.replace(second=0))
        each.counts.update(started=9, completed=8)
        shop.container.rollups.add([each])
        keep(shop, keep_completed_days=7)
        shop.container.sweeper.tidy()
        assert self.counted(shop)[:2] == (9, 8)

    def test_older_ones_are_gone_anyway(self, shop: Timed) -> None:
        insert(shop, [an_end(ALICE, 31)])
        shop.container.sweeper.tidy()
        assert shop.container.db.rollups.count_documents({}) == 0
