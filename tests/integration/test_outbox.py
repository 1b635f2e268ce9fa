"""Outbox: entries are handled after the end is published, removed without a new ``rev``, retried by the sweep."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.jobs import Follower, Job, JobStatus, OutboxEntry
from chalicelib.domain.retry import DoNotRetry
from chalicelib.errors import Conflict
from chalicelib.services.job_actions import Action
from chalicelib.services.maintenance.outbox import OVERDUE_S
from tests.container import Container
from tests.crash import crash
from tests.timed import ALICE, Timed
from tests.worker_support import Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration
KIND = "test"


class Done:
    """A handler that records its calls, and fails for chosen entries."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, OutboxEntry]] = []
        self.fails_for: set[str] = set()

    def __call__(self, job: Job, entry: OutboxEntry) -> None:
        if job.id in self.fails_for:
            raise ConnectionError("away")
        self.entries.append((job.id, entry))


@pytest.fixture
def done(timed: Timed) -> Done:
    handler = Done()
    timed.container.dispatcher.handlers[KIND] = handler
    return handler


def followed(timed: Timed, *kinds: str, **fields: object) -> Job:
    """A submitted job whose end has an outbox entry of each kind."""
    job = timed.submit(**fields)
    followers = [{"id": f"id {n}", "kind": kind} for n, kind in enumerate(kinds or (KIND,))]
    timed.container.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": {"followers": followers}})
    return job


def record(timed: Timed, job: Job) -> dict[str, object]:
    return dict(timed.container.db.jobs.find_one({"_id": ObjectId(job.id)}) or {})


def test_a_cancellation_handles_its_outbox(timed: Timed, done: Done) -> None:
    job = followed(timed, KIND, KIND)

    after = timed.container.jobs.cancel(ALICE, job.id)

    assert done.entries == [(job.id, OutboxEntry(f"id {n}", KIND, 0)) for n in range(2)]
    assert "outbox" not in record(timed, job)
    assert record(timed, job)["rev"] == after.rev


def test_a_rescue_handles_the_outbox_of_a_lost_job(timed: Timed, done: Done) -> None:
    job = followed(timed, max_retries=0)
    timed.start("dead")
    timed.travel(15)

    timed.container.lease_rescue.run()

    assert timed.status(job) is JobStatus.DLQ
    assert [job_id for job_id, _ in done.entries] == [job.id]
    assert "outbox" not in record(timed, job)


def test_a_worker_handles_the_outbox_of_its_ends(container: Container) -> None:
    done = Done()
    container.dispatcher.handlers[KIND] = done
    with Rig(container) as rig:

        @rig.task("works")
        def works(ctx: TaskContext, payload: dict[str, Any]) -> None:
            """End well."""

        @rig.task("fails")
        def fails(ctx: TaskContext, payload: dict[str, Any]) -> None:
            raise DoNotRetry("no")

        jobs = [rig.submit(task, followers=(Follower("", KIND),)) for task in ("works", "fails")]
        plain = rig.submit("works")
        rig.run()

        assert sorted(job_id for job_id, _ in done.entries) == sorted(job.id for job in jobs)
        assert rig.job(plain).status is JobStatus.COMPLETED
    assert container.db.jobs.count_documents({"outbox": {"$exists": True}}) == 0


def test_an_end_that_was_not_published_is_left_to_the_sweep(
    timed: Timed, done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = followed(timed)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.engine, "withdraw", crash)
        timed.container.jobs.cancel(ALICE, job.id)
    assert done.entries == []

    timed.travel(OVERDUE_S - 1)
    timed.container.outbox.run()
    assert done.entries == [], "the writer of the end may still handle it"

    timed.travel(2)
    timed.container.sweeper.sweep()
    assert [job_id for job_id, _ in done.entries] == [job.id]
    assert ("job:cancelled", "") in timed.event_types()
    assert timed.container.sweeper.totals()["outbox"].mended == 1


def test_a_failed_entry_is_tried_again_and_delays_no_other(timed: Timed, done: Done) -> None:
    first, second = followed(timed), followed(timed)
    done.fails_for = {first.id}
    timed.container.jobs.act(ALICE, Action.CANCEL, [first.id, second.id])
    assert [job_id for job_id, _ in done.entries] == [second.id]
    timed.travel(OVERDUE_S + 1)
    assert timed.container.outbox.run() == 0

    done.fails_for = set()
    assert timed.container.outbox.run() == 1
    assert timed.container.outbox.run() == 0


def test_more_than_a_batch_of_failed_entries_delays_no_other(
    timed: Timed, done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.maintenance.outbox.BATCH", 2)
    jobs = sorted(followed(timed).id for _ in range(4))
    done.fails_for = set(jobs)
    timed.container.jobs.act(ALICE, Action.CANCEL, jobs)
    timed.travel(OVERDUE_S + 1)
    done.fails_for = set(jobs[:3])

    assert timed.container.outbox.run() == 1
    assert [job_id for job_id, _ in done.entries] == jobs[3:]


def test_an_entry_of_an_unknown_kind_is_kept(timed: Timed, done: Done) -> None:
    job = followed(timed, "of a newer version", KIND)

    timed.container.jobs.cancel(ALICE, job.id)

    assert record(timed, job)["outbox"] == [{"id": "id 0", "kind": "of a newer version", "series": 0}]


def test_an_entry_handled_in_parallel_is_removed_once(timed: Timed, done: Done) -> None:
    job = followed(timed, KIND, "another")
    timed.container.jobs.cancel(ALICE, job.id)
    timed.container.dispatcher.handlers["another"] = done
    left = timed.job(job)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: timed.container.dispatcher.dispatch([left]), range(8)))

    assert "outbox" not in record(timed, job)
    assert record(timed, job)["rev"] == left.rev


@pytest.mark.parametrize("action", [Action.DELETE, Action.DELETE_DEAD, Action.REDRIVE, Action.RETRY])
def test_a_job_is_not_deleted_before_its_outbox_is_empty(timed: Timed, done: Done, action: Action) -> None:
    job = followed(timed, max_retries=0)
    timed.finish(timed.start()[0], failed=True)

    [failure] = timed.container.jobs.act(ALICE, action, [job.id]).failed
    assert isinstance(failure.error, Conflict)
    assert timed.status(job) is JobStatus.DLQ

    timed.container.dispatcher.dispatch([timed.job(job)])
    assert timed.container.jobs.act(ALICE, action, [job.id]).changed == 1


def test_each_series_of_attempts_has_its_own_outbox(timed: Timed, done: Done) -> None:
    job = followed(timed, max_retries=0)
    for _ in range(2):
        timed.finish(timed.start()[0], failed=True)
        timed.container.dispatcher.dispatch([timed.job(job)])
        timed.container.jobs.redrive(ALICE, job.id)

    assert [entry.series for _, entry in done.entries] == [0, 1]


def test_the_sweep_reads_by_the_index(timed: Timed, done: Done) -> None:
    for _ in range(3):
        timed.submit()
    job = followed(timed, "later")
    timed.container.jobs.cancel(ALICE, job.id)

    found = timed.container.db.jobs.find({"outbox.kind": "later"}).hint("outbox").explain()

    assert found["executionStats"]["totalKeysExamined"] == 1
    assert found["executionStats"]["totalDocsExamined"] == 1
