"""Actions of users on jobs, on real servers and in parallel; afterwards Redis and MongoDB must agree."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.errors import (
    Conflict,
    Forbidden,
    IdempotencyMismatch,
    InvalidInput,
    InvalidTransition,
    NotFound,
    QueueCraftError,
    RateLimited,
    TooManyActiveJobs,
)
from chalicelib.services.job_actions import Action, Changed
from tests.audit import audit
from tests.container import Container
from tests.jobs import InvocationLog, an_error, finish, prepare, start, submit

ALICE = Principal("a" * 24, "1" * 24, Role.MEMBER)
BOB = Principal("b" * 24, "1" * 24, Role.MEMBER)
ADMIN = Principal("c" * 24, "1" * 24, Role.ADMIN)
STRANGER = Principal("d" * 24, "2" * 24, Role.ADMIN)
VIEWER = Principal("e" * 24, "1" * 24, Role.VIEWER)


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}


@pytest.fixture
def invocations(container: Container) -> InvocationLog:
    return prepare(container)


@pytest.fixture
def shop(container: Container, invocations: InvocationLog) -> Iterator[Container]:
    """The container; after the test, Redis and MongoDB agree."""
    yield container
    assert audit(container) == []


@pytest.fixture
def limited(container: Container, shop: Container) -> Container:
    """Five active jobs and forty attempts."""
    settings = replace(container.settings, max_active_jobs_per_user=5, rate_limit_max_requests=40)
    container.settings = container.limits._settings = container.engine._settings = settings
    return container


def everywhere(calls: list[Callable[[], Any]]) -> list[Any]:
    """Return the results or errors of parallel calls."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except QueueCraftError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def dead(container: Container, principal: Principal = ALICE) -> Job:
    """A job in the DLQ."""
    job = submit(container, principal)
    (running,) = [each for each in start(container) if each.id == job.id]
    return finish(container, running, an_error())


def done(container: Container, principal: Principal = ALICE) -> Job:
    job = submit(container, principal)
    (running,) = [each for each in start(container) if each.id == job.id]
    return finish(container, running)


class TestSubmit:
    def test_a_job_is_recorded_and_queued_and_wakes_a_worker(self, shop: Container, invocations: InvocationLog) -> None:
        (made,) = shop.jobs.submit(ALICE, [NewJob("n", payload='{"a":1}')], "trace")
        assert made.created
        assert shop.jobs.get(ALICE, made.job.id) == made.job
        assert [event for _, event in invocations.made] == [{"source": "wake_up"}]
        assert shop.redis.zcard(shop.keys.intents) == 0

    def test_a_thousand_jobs_of_one_call_are_enqueued_in_order(self, shop: Container) -> None:
        made = shop.jobs.submit(ALICE, [NewJob(f"n{n}") for n in range(1000)], "trace")
        assert [each.job.name for each in made] == [f"n{n}" for n in range(1000)]
        assert shop.engine.counts("all")["pending"] == 1000

    def test_a_call_creates_all_jobs_or_none(self, shop: Container) -> None:
        with pytest.raises(InvalidInput):
            shop.jobs.submit(ALICE, [NewJob("a"), NewJob("b", task="no-such-task")], "trace")
        with pytest.raises(Forbidden):
            shop.jobs.submit(VIEWER, [NewJob("a")], "trace")
        assert shop.db.jobs.count_documents({}) == 0

    def test_a_delayed_job_is_scheduled(self, shop: Container) -> None:
        at = shop.clock.now() + timedelta(hours=1)
        job = submit(shop, ALICE, run_at=at)
        assert (job.status, job.ready_at) == (JobStatus.SCHEDULED, at)

    def test_twenty_parallel_calls_under_a_limit_of_five_create_five(self, limited: Container) -> None:
        results = everywhere([lambda: submit(limited, ALICE)] * 20)
        assert sum(isinstance(result, Job) for result in results) == 5
        assert sum(isinstance(result, TooManyActiveJobs) for result in results) == 15
        assert limited.db.jobs.count_documents({}) == 5

    def test_the_rate_limit_refuses_more(self, limited: Container) -> None:
        results = everywhere([lambda: submit(limited, ALICE, delay_s=60.0)] * 45)
        assert sum(isinstance(result, RateLimited) for result in results) == 5

    def test_scheduled_jobs_are_not_active(self, limited: Container) -> None:
        limited.jobs.submit(ALICE, [NewJob("a")] * 5 + [NewJob("b", delay_s=60)] * 5, "trace")
        with pytest.raises(TooManyActiveJobs):
            submit(limited, ALICE)
        submit(limited, BOB)


class TestIdempotency:
    def test_twenty_parallel_calls_with_one_key_create_one_job(self, shop: Container) -> None:
        results = everywhere([lambda: shop.jobs.submit(ALICE, [NewJob("n", idempotency_key="k")], "t")[0]] * 20)
        assert len({result.job.id for result in results}) == 1
        assert sum(result.created for result in results) == 1
        assert shop.engine.counts("all")["submitted"] == 1

    def test_a_repeated_call_does_not_restart_an_ended_job(self, shop: Container) -> None:
        first = submit(shop, ALICE, idempotency_key="k")
        finish(shop, start(shop)[0])
        (again,) = shop.jobs.submit(ALICE, [NewJob("A job", idempotency_key="k")], "t")
        assert (again.created, again.job.id, again.job.status) == (False, first.id, JobStatus.COMPLETED)
        assert start(shop) == []

    def test_another_body_is_refused(self, shop: Container) -> None:
        submit(shop, ALICE, idempotency_key="k")
        with pytest.raises(IdempotencyMismatch):
            submit(shop, ALICE, idempotency_key="k", priority=9)

    def test_a_refused_call_frees_its_key(self, limited: Container) -> None:
        limited.jobs.submit(ALICE, [NewJob("a")] * 5, "trace")
        with pytest.raises(TooManyActiveJobs):
            submit(limited, ALICE, idempotency_key="k")
        limited.jobs.cancel(ALICE, _first_id(limited))
        submit(limited, ALICE, idempotency_key="k", priority=9)

    def test_a_key_is_kept_when_a_record_may_exist(self, shop: Container, monkeypatch: pytest.MonkeyPatch) -> None:
        """Given an insertion whose response was lost, when the client calls again, there is one job."""
        insert = shop.job_store.insert

        def lose_the_answer(jobs: list[Job], **options: Any) -> set[str]:
            insert(jobs, **options)
            monkeypatch.undo()
            raise ConnectionError("the answer got lost")

        monkeypatch.setattr(shop.job_store, "insert", lose_the_answer)
        with pytest.raises(ConnectionError):
            submit(shop, ALICE, idempotency_key="k")
        (again,) = shop.jobs.submit(ALICE, [NewJob("A job", idempotency_key="k")], "t")
        assert shop.db.jobs.count_documents({}) == 1
        assert not again.created
        assert [each.id for each in start(shop)] == [again.job.id], "the second call enqueued it"

    def test_the_key_of_a_deleted_job_is_free(self, shop: Container) -> None:
        job = submit(shop, ALICE, idempotency_key="k")
        finish(shop, start(shop)[0])
        shop.jobs.delete(ALICE, job.id)
        (again,) = shop.jobs.submit(ALICE, [NewJob("A job", idempotency_key="k")], "t")
        assert again.created and again.job.id != job.id


def _first_id(container: Container) -> str:
    return str(container.db.jobs.find_one({"status": "pending"}, {"_id": 1})["_id"])  # type: ignore[index]


class TestCancel:
    @pytest.mark.parametrize("fields", [{}, {"delay_s": 60.0}])
    def test_a_waiting_job_is_cancelled(self, shop: Container, fields: dict[str, Any]) -> None:
        job = submit(shop, ALICE, **fields)
        assert shop.jobs.cancel(ALICE, job.id).status is JobStatus.CANCELLED
        assert shop.jobs.cancel(ALICE, job.id).status is JobStatus.CANCELLED, "to cancel again is no error"
        assert shop.redis.zcard(shop.keys.intents) == 0

    def test_cancelling_a_running_job_requests_it_from_its_worker(self, shop: Container) -> None:
        submit(shop, ALICE)
        (job,) = start(shop)
        asked = shop.jobs.cancel(ALICE, job.id)
        assert asked.cancel_requested and asked.status is JobStatus.RUNNING
        assert shop.fleet.heartbeat("worker-1", {}, {job.id: "token"}).cancel == {job.id}
        finish(shop, job)

    def test_a_claimed_job_is_cancelled_under_its_holder(self, shop: Container) -> None:
        job = submit(shop, ALICE)
        shop.engine.claim("token", 1)
        cancelled = shop.jobs.cancel(ALICE, job.id)
        assert shop.job_store.get(job.id).status is JobStatus.CANCELLED
        from chalicelib.queue.engine import Settlement

        assert shop.engine.settle([Settlement(cancelled, "token")]) == [True]

    def test_an_ended_job_cannot_be_cancelled(self, shop: Container) -> None:
        with pytest.raises(InvalidTransition):
            shop.jobs.cancel(ALICE, done(shop).id)

    def test_twenty_at_once(self, shop: Container) -> None:
        job = submit(shop, ALICE)
        results = everywhere([lambda: shop.jobs.cancel(ALICE, job.id)] * 20)
        assert {result.status for result in results if isinstance(result, Job)} == {JobStatus.CANCELLED}
        assert shop.engine.counts("all")["cancelled"] == 1


class TestRetryAndRedrive:
    def test_a_redriven_job_starts_a_new_series(self, shop: Container) -> None:
        job = dead(shop)
        back = shop.jobs.retry(ALICE, job.id, '{"fixed":true}')
        assert (back.status, back.redrives, back.payload) == (JobStatus.PENDING, 1, '{"fixed":true}')
        (running,) = start(shop)
        assert running.payload == '{"fixed":true}'
        finish(shop, running)

    def test_a_retry_ends_the_wait(self, shop: Container) -> None:
        job = submit(shop, ALICE, delay_s=3600.0)
        assert shop.jobs.retry(ALICE, job.id).status is JobStatus.PENDING
        assert [each.id for each in start(shop)] == [job.id]

    @pytest.mark.parametrize("make", [done, submit])
    def test_a_job_that_does_not_wait_cannot_be_retried(self, shop: Container, make: Callable[..., Job]) -> None:
        with pytest.raises(InvalidTransition):
            shop.jobs.retry(ALICE, make(shop, ALICE).id)

    def test_only_jobs_in_the_dlq_can_be_redriven(self, shop: Container) -> None:
        with pytest.raises(InvalidTransition):
            shop.jobs.redrive(ALICE, submit(shop, ALICE, delay_s=60.0).id)

    def test_a_redrive_with_an_invalid_payload_is_refused(self, shop: Container) -> None:
        job = submit(shop, ALICE, task="resize", payload='{"width":1}')
        finish(shop, start(shop)[0], an_error())
        with pytest.raises(InvalidInput):
            shop.jobs.retry(ALICE, job.id, '{"width":0}')
        assert shop.job_store.get(job.id).payload == '{"width":1}'

    def test_twenty_parallel_calls_redrive_once(self, shop: Container) -> None:
        job = dead(shop)
        results = everywhere([lambda: shop.jobs.redrive(ALICE, job.id)] * 20)
        assert sum(isinstance(result, Job) for result in results) == 1
        assert shop.job_store.get(job.id).redrives == 1
        assert len(shop.engine.claim("t", 10).ids) == 1


class TestDelete:
    def test_an_ended_job_is_deleted_with_its_logs(self, shop: Container) -> None:
        job = done(shop)
        shop.db.job_logs.insert_one({"job_id": shop.db.jobs.find_one()["_id"], "n": 1})  # type: ignore[index]
        shop.jobs.delete(ALICE, job.id)
        assert shop.db.jobs.count_documents({}) == shop.db.job_logs.count_documents({}) == 0
        counts = {name: number for name, number in shop.engine.counts("all").items() if number}
        assert counts == {"submitted": 1, "done": 1}
        with pytest.raises(NotFound):
            shop.jobs.get(ALICE, job.id)

    def test_an_open_job_cannot_be_deleted(self, shop: Container) -> None:
        with pytest.raises(InvalidTransition):
            shop.jobs.delete(ALICE, submit(shop, ALICE).id)

    def test_twenty_parallel_deletions_count_once_beside_a_sweep(self, shop: Container) -> None:
        jobs = [done(shop) for _ in range(3)]
        ids = [job.id for job in jobs]
        results = everywhere([lambda: shop.jobs.act(ALICE, Action.DELETE, ids)] * 20)
        assert sum(result.changed for result in results) == 3
        shop.engine.forget(jobs, [[]] * 3)
        assert audit(shop) == []


class TestAct:
    def test_each_job_is_handled_by_itself_in_order(self, shop: Container) -> None:
        ids = [submit(shop, ALICE).id for _ in range(3)]
        finish(shop, start(shop)[0])
        changed = shop.jobs.act(ALICE, Action.CANCEL, [*ids, "f" * 24, "no id", ids[1]])
        assert [job.id for job in changed.jobs] == ids[1:]
        assert [(failed.id, type(failed.error)) for failed in changed.failed] == [
            (ids[0], InvalidTransition), ("f" * 24, NotFound), ("no id", NotFound),
        ]  # fmt: skip
        self.settle_asked(shop, changed)

    def settle_asked(self, shop: Container, changed: Changed) -> None:
        """End running jobs whose cancellation was requested."""
        for job in changed.jobs:
            if job.status is JobStatus.RUNNING:
                finish(shop, job)

    def test_roles_limit_what_is_seen_and_changed(self, shop: Container) -> None:
        job = submit(shop, ALICE)
        for other in (BOB, STRANGER):
            with pytest.raises(NotFound):
                shop.jobs.get(other, job.id)
            with pytest.raises(NotFound):
                shop.jobs.cancel(other, job.id)
        assert shop.jobs.get(VIEWER, job.id).id == job.id
        with pytest.raises(Forbidden):
            shop.jobs.cancel(VIEWER, job.id)
        shop.jobs.cancel(ADMIN, job.id)

    def test_parallel_cancel_retry_and_delete_leave_both_stores_equal(self, shop: Container) -> None:
        for _ in range(5):
            job = submit(shop, ALICE, delay_s=60.0)
            everywhere(
                [
                    lambda job=job, action=action: shop.jobs.act(ALICE, action, [job.id])  # type: ignore[misc]
                    for action in [Action.CANCEL, Action.RETRY, Action.DELETE, Action.REDRIVE] * 3
                ]
            )
            assert audit(shop) == []

    def test_a_job_that_keeps_changing(self, shop: Container, monkeypatch: pytest.MonkeyPatch) -> None:
        job = submit(shop, ALICE)
        monkeypatch.setattr(shop.job_store, "advance", lambda changes: [None] * len(changes))
        with pytest.raises(Conflict):
            shop.jobs.cancel(ALICE, job.id)
