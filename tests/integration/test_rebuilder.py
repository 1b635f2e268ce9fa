"""A Redis that lost the queue: the loss is detected, one process rebuilds from MongoDB, also under load."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.events import created
from chalicelib.domain.jobs import Job, JobStatus, NewJob
from chalicelib.errors import QueueClosed
from chalicelib.queue.lanes import lane, queue_of
from chalicelib.queue.rebuild import LOCK_MS
from chalicelib.services.job_actions import Action
from tests.audit import audit, where
from tests.container import Container
from tests.support import wait_until
from tests.timed import ALICE, Timed


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "100"}


def empty(container: Container) -> None:
    """Delete this keyspace, as FLUSHALL would."""
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))


def one_of_each(timed: Timed) -> dict[str, Job]:
    """A job in each state."""
    made: dict[str, Job] = {}
    for name in ("completed", "dlq", "retrying", "running", "claimed"):
        made[name] = timed.submit(max_retries=0 if name == "dlq" else 3)
    made["stopping"] = timed.submit()
    claimed = {job.id: job for job in timed.claim("worker")}
    begun = {}
    for name in ("completed", "dlq", "retrying", "running", "stopping"):
        running = timed.record_start(claimed[made[name].id], "worker")
        assert running is not None and timed.tell_start(running)
        begun[name] = running
    timed.finish(begun["completed"])
    timed.finish(begun["dlq"], failed=True)
    timed.finish(begun["retrying"], failed=True)
    timed.container.jobs.cancel(ALICE, made["stopping"].id)
    made["cancelled"] = timed.submit()
    timed.container.jobs.cancel(ALICE, made["cancelled"].id)
    made["redriven"] = timed.container.jobs.redrive(ALICE, made["dlq"].id)
    made["pending"], made["scheduled"] = timed.submit(priority=9), timed.submit(delay_s=500.0)
    gone = timed.submit()
    timed.container.jobs.cancel(ALICE, gone.id)
    timed.container.jobs.delete(ALICE, gone.id)
    timed.container.queue_store.set_paused(ALICE.tenant_id, "held", paused=True, by="x", at=timed.clock.now())
    timed.container.pauses.run()
    made["held"] = timed.submit(queue="held")
    return made


def test_every_job_is_restored_in_its_state(timed: Timed) -> None:
    container = timed.container
    made = one_of_each(timed)
    before, counts = where(container), container.engine.counts("all")
    assert audit(container) == []
    empty(container)
    container.sweeper.sweep()
    assert audit(container) == []
    after = where(container)
    claimed = made["claimed"].id
    assert after.pop(claimed) == [f"ready {lane(ALICE.tenant_id, 'default')}"], "a claim that did not start is dropped"
    before.pop(claimed)
    assert after == before
    assert {k: v for k, v in container.engine.counts("all").items() if v} == {k: v for k, v in counts.items() if v}
    assert container.scripts.epoch == 2
    assert container.engine.paused_lanes() == {queue_of(ALICE.tenant_id, "held")}
    lease = {made["running"].id: "worker", made["stopping"].id: "worker"}
    answer = container.fleet.heartbeat("worker", {}, lease)
    assert not answer.lost and answer.cancel == {made["stopping"].id}, "leases and cancellation requests are kept"
    assert timed.claim()[0].id is not None


def test_a_copy_older_than_the_newest_event_seen_is_rebuilt(timed: Timed) -> None:
    container = timed.container
    timed.submit()
    container.redis.set(container.keys.seq, 0)
    assert not container.rebuilder.is_complete()
    with pytest.raises(QueueClosed):
        container.engine.claim("t", 1)
    container.rebuilder.ensure_open()
    assert container.scripts.epoch == 2


def test_the_mark_in_mongodb_reveals_the_loss_to_a_new_process(timed: Timed, settings: Any) -> None:
    container = timed.container
    timed.submit()
    container.sweeper.sweep()
    container.redis.set(container.keys.seq, 0)
    other = Container(settings)
    other.rebuilder.ensure_open()
    assert other.scripts.epoch == 2
    other.close()


def test_an_open_and_complete_queue_is_not_rebuilt(timed: Timed) -> None:
    for _ in range(3):
        timed.container.rebuilder.ensure_open()
    assert timed.container.scripts.epoch == 1


def test_one_of_many_processes_rebuilds(timed: Timed, settings: Any) -> None:
    for _ in range(20):
        timed.submit()
    empty(timed.container)
    others = [Container(settings) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda each: each.rebuilder.ensure_open(), others))
    assert {each.event_log.last_id().epoch for each in others} == {2}  # type: ignore[union-attr]
    for each in others:
        each.close()
    timed.container.rebuilder.ensure_open()


def test_a_rebuild_that_fails_frees_its_lock(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    timed.submit()
    empty(timed.container)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.job_store, "open_jobs", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            timed.container.rebuilder.ensure_open()
    assert not timed.container.redis.exists(timed.container.keys.rebuild)
    timed.container.rebuilder.ensure_open()


def test_a_caller_that_cannot_wait_gets_an_error(timed: Timed, settings: Any) -> None:
    other = Container(settings)
    empty(timed.container)
    timed.container.redis.set(timed.container.keys.rebuild, "another", px=LOCK_MS)
    with pytest.raises(QueueClosed):
        other.rebuilder.wait_open(0.05)
    with pytest.raises(QueueClosed):
        other.rebuilder.ensure_open(0.05)
    timed.container.redis.delete(timed.container.keys.rebuild)
    other.close()
    timed.container.rebuilder.ensure_open()


class TestDuringTheRebuild:
    """Changes between the snapshot and the opening are neither lost nor counted twice."""

    def rebuild_around(self, timed: Timed, monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
        """Empty Redis and rebuild; ``change`` happens when the snapshot has been read and the queue is closed."""
        next_epoch = timed.container.meta.next_epoch

        def then_change(known: int) -> int:
            change()
            return next_epoch(known)

        empty(timed.container)
        with monkeypatch.context() as patched:
            patched.setattr(timed.container.meta, "next_epoch", then_change)
            timed.container.rebuilder.ensure_open()

    def test_an_insertion(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        jobs = [timed.submit() for _ in range(2)]
        late = jobs[0].with_(id=timed.container.ids.object_id(), submission_id="late")
        self.rebuild_around(timed, monkeypatch, lambda: timed.container.job_store.insert([late]))
        assert timed.container.engine.enqueue([late], [[created(late)]]).added == 0, "the rebuild found it"
        assert len(timed.claim()) == 3

    def test_a_deletion(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        jobs = [timed.submit() for _ in range(3)]
        done = [timed.finish(running) for running in timed.start()]
        assert len(done) == len(jobs)
        before_loss = timed.container.job_store.delete(done[:1], timed.clock.now())
        self.rebuild_around(timed, monkeypatch, lambda: timed.container.job_store.delete(done[1:2], timed.clock.now()))
        assert before_loss == {done[0].id}
        assert timed.container.engine.forget(done[:2], [[], []]) == 1, "the first is not in the counts"

    def test_a_cancellation_and_a_redrive(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        waiting, dead = timed.submit(delay_s=100.0), timed.submit(max_retries=0)
        timed.finish(timed.start()[0], failed=True)

        def change() -> None:
            monkeypatch.setattr("chalicelib.services.projection.REBUILD_WAIT_S", 0.0)
            for action, job in ((Action.CANCEL, waiting), (Action.REDRIVE, dead)):
                with pytest.raises(QueueClosed):
                    timed.container.jobs.act(ALICE, action, [job.id])

        self.rebuild_around(timed, monkeypatch, change)
        assert timed.status(waiting) is JobStatus.SCHEDULED, "Redis is not changed while the queue is closed"
        timed.container.jobs.cancel(ALICE, waiting.id)
        timed.container.jobs.redrive(ALICE, dead.id)
        assert [job.id for job in timed.claim()] == [dead.id]

    def test_a_start_and_an_end(self, timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
        timed.submit()
        timed.submit()
        first, second = timed.claim("worker")
        running = timed.record_start(first, "worker")
        assert running is not None and timed.tell_start(running)

        def change() -> None:
            assert timed.record_end(running)
            assert timed.record_start(second, "worker")

        self.rebuild_around(timed, monkeypatch, change)
        assert timed.tell_end(timed.job(first), "worker"), "its lease was restored"
        timed.run_all()


def test_jobs_are_accepted_while_redis_is_emptied_again_and_again(timed: Timed) -> None:
    """Given users who submit all the time, when Redis is emptied, then each accepted job is enqueued."""
    container, stop = timed.container, threading.Event()
    accepted: list[str] = []
    container.scripts.now_ms = None

    def people() -> None:
        while not stop.is_set():
            try:
                accepted.extend(each.job.id for each in container.jobs.submit(ALICE, [NewJob("n")] * 3, "t"))
            except Exception as error:
                assert "closed" in repr(error).lower() or "limit" in repr(error).lower(), error

    container.settings = container.limits._settings = _without_limit(container)
    thread = threading.Thread(target=people)
    thread.start()
    for n in range(4):
        wait_until(lambda n=n: len(accepted) > 30 * (n + 1))  # type: ignore[misc]
        empty(container)
        container.rebuilder.ensure_open()
    stop.set()
    thread.join()
    timed.travel(1000)
    timed.container.sweeper.sweep()
    places = where(container)
    assert [job_id for job_id in accepted if len(places.get(job_id, [])) != 1] == []
    container.engine._settings = container.settings


def test_two_searches_for_one_missing_job_enqueue_it_once(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a record that Redis lacks, when two processes search at the same time, the second enqueues it."""
    container = timed.container
    job = timed.submit()
    lost = job.with_(id=container.ids.object_id(), submission_id="lost")
    container.job_store.insert([lost])
    get_many = container.job_store.get_many
    second = []

    def second_looks(*args: Any, **kwargs: Any) -> Any:
        timed.travel(0.001)
        second.append(container.engine.missing([lost]))
        return get_many(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(container.job_store, "get_many", second_looks)
        assert container.rebuilder.requeue([lost]) == 0, "the permit now is the second caller's"

    assert container.engine.enqueue([lost], [[created(lost)]], missing=second[0]).added == 1
    assert len(timed.claim()) == 2


def test_a_refused_enqueue_removes_no_permit_of_another_caller(timed: Timed) -> None:
    container = timed.container
    late = timed.submit().with_(id=container.ids.object_id())
    container.limits.admit(late.owner_id, late.tenant_id, [late.id], active=1, submission_id=late.submission_id)
    container.job_store.insert([late])
    stale = container.engine.missing([late])
    timed.travel(0.001)
    container.engine.missing([late])

    assert container.engine.enqueue([late], [[created(late)]], missing=stale).added == 0
    assert container.engine.enqueue([late], [[created(late)]]).added == 1


def _without_limit(container: Container) -> Any:
    from dataclasses import replace

    return replace(container.settings, max_active_jobs_per_user=100_000)


def test_mongodb_restored_to_an_earlier_time_is_what_the_queue_is_rebuilt_from(timed: Timed, settings: Any) -> None:
    """As ``docs/deploy.md`` says: restore MongoDB, delete the key of the epoch."""
    container = timed.container
    made = one_of_each(timed)
    earlier = {name: list(container.db[name].find()) for name in container.db.list_collection_names()}
    # Given a queue that went on, and was rebuilt, since the backup
    timed.finish(timed.job(made["running"]))
    later = timed.submit()
    for _ in range(2):
        empty(container)
        container.sweeper.sweep()
    assert container.scripts.epoch == 3
    # When the backup is restored
    for name in container.db.list_collection_names():
        container.db[name].delete_many({})
        if earlier.get(name):
            container.db[name].insert_many(earlier[name])
    container.redis.delete(container.keys.epoch)
    # Then processes that know the queue of before go on with that of the backup, and so do new ones
    container.sweeper.sweep()
    assert audit(container) == []
    assert timed.status(made["running"]) is JobStatus.RUNNING
    assert later.id not in where(container)
    other = Container(settings)
    other.rebuilder.ensure_open()
    assert other.engine.counts("all")["pending"] == container.engine.counts("all")["pending"] > 0
    other.close()
    assert timed.submit().status is JobStatus.PENDING
    assert audit(container) == []
