"""Idempotency keys on a real MongoDB: one job per key, whatever races or dies."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.clock import SystemIds
from chalicelib.errors import IdempotencyMismatch, Unavailable
from chalicelib.store.idempotency import ABANDONED, KEY_TTL, WAIT_S, Claim, Idempotency, KeyRequest
from tests.container import Container
from tests.support import ManualClock

pytestmark = pytest.mark.integration
OWNER = "a" * 24
IDS = SystemIds()


class Store(Idempotency):
    """With a clock that its own pauses move, so that waiting takes no time."""

    def __init__(self, db: Any) -> None:
        self.clock = ManualClock()
        self.during_pause: list[Any] = []
        super().__init__(db, self.clock, IDS, self._tick)
        self.db = db

    def _tick(self, seconds: float) -> None:
        self.clock.advance(seconds)
        if self.during_pause:
            self.during_pause.pop(0)()

    def make(self, claim: Claim) -> None:
        self.db.jobs.insert_one({"_id": ObjectId(claim.job_id), "owner_id": ObjectId(OWNER)})


@pytest.fixture
def store(container: Container) -> Store:
    return Store(container.db)


def request(key: str = "k", digest: str = "d") -> KeyRequest:
    return KeyRequest(key, digest, IDS.object_id())


def test_first_call_wins_and_the_next_gets_its_job(store: Store) -> None:
    mine = request()
    [won] = store.claim(OWNER, [mine])
    assert won.ours
    assert won.job_id == mine.job_id
    store.make(won)
    [again] = store.claim(OWNER, [request()])
    assert (again.ours, again.job_id) == (False, mine.job_id)


def test_another_body_is_refused_and_claims_of_the_call_are_freed(store: Store) -> None:
    store.claim(OWNER, [request("taken")])
    with pytest.raises(IdempotencyMismatch):
        store.claim(OWNER, [request("free"), request("taken", "other")])
    assert store.claim(OWNER, [request("free", "third")])[0].ours


def test_keys_of_two_users_do_not_meet(store: Store) -> None:
    store.claim(OWNER, [request()])
    assert store.claim("b" * 24, [request(digest="other")])[0].ours


def test_one_call_may_name_a_key_twice(store: Store) -> None:
    first, second = store.claim(OWNER, [request(), request()])
    assert first == second
    with pytest.raises(IdempotencyMismatch):
        store.claim(OWNER, [request("x"), request("x", "other")])


def test_a_refused_winner_frees_the_key_for_a_waiting_call(store: Store) -> None:
    claims = store.claim(OWNER, [request()])
    store.during_pause = [lambda: store.release(OWNER, claims)]
    later = request()
    assert store.claim(OWNER, [later]) == [Claim("k", later.job_id, True, _holder(store))]


def _holder(store: Store) -> Any:
    return store.db.idempotency.find_one({"_id": f"{OWNER}|k"})["holder"]


def test_a_waiting_call_gets_the_job_once_it_is_made(store: Store) -> None:
    [won] = store.claim(OWNER, [request()])
    store.during_pause = [lambda: None, lambda: store.make(won)]
    assert store.claim(OWNER, [request()]) == [Claim("k", won.job_id, False)]


def test_a_hanging_winner_is_replaced_under_the_same_job_id(store: Store) -> None:
    hanging = store.claim(OWNER, [request()])
    [taken] = store.claim(OWNER, [request()])
    assert taken.ours
    assert taken.job_id == hanging[0].job_id
    assert store.clock.elapsed_s < WAIT_S * 2
    store.release(OWNER, hanging)
    assert _holder(store) == taken.holder, "whoever was replaced frees nothing"


def test_a_key_whose_call_died_is_free_after_a_minute_for_any_body(store: Store) -> None:
    store.claim(OWNER, [request()])
    store.clock.advance(ABANDONED.total_seconds())
    fresh = request(digest="other")
    assert store.claim(OWNER, [fresh])[0].job_id == fresh.job_id


def test_a_key_ends_after_its_time_even_before_the_ttl_monitor_ran(store: Store) -> None:
    [won] = store.claim(OWNER, [request()])
    store.make(won)
    store.clock.advance((KEY_TTL - timedelta(seconds=1)).total_seconds())
    assert not store.claim(OWNER, [request()])[0].ours
    store.clock.advance(1)
    assert store.claim(OWNER, [request(digest="other")])[0].ours


def test_two_waiters_do_not_both_take_over(store: Store) -> None:
    store.claim(OWNER, [request()])
    other = Store(store.db)

    def overtake() -> None:
        other.claim(OWNER, [request()])
        store.clock.advance(WAIT_S)

    original = store._keys.update_one

    class Keys:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.db.idempotency, name)

        def update_one(self, *args: Any) -> Any:
            overtake()
            return original(*args)

    store._keys = Keys()  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        store.claim(OWNER, [request()])


def test_20_parallel_calls_make_one_job(container: Container) -> None:
    store = Idempotency(container.db, container.clock, container.ids)
    start = Barrier(20)

    def call(_: int) -> str:
        start.wait(5)
        [claim] = store.claim(OWNER, [request()])
        if claim.ours:
            container.db.jobs.insert_one({"_id": ObjectId(claim.job_id), "owner_id": ObjectId(OWNER)})
        return claim.job_id

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(call, range(20)))
    assert len(ids) == 1
    assert container.db.jobs.count_documents({}) == 1


def test_a_thousand_keys_in_one_call(container: Container) -> None:
    store = Idempotency(container.db, container.clock, container.ids)
    requests: Sequence[KeyRequest] = [request(f"k{i}") for i in range(1000)]
    claims = store.claim(OWNER, requests)
    assert [c.job_id for c in claims] == [w.job_id for w in requests]
    store.release(OWNER, claims)
    assert container.db.idempotency.count_documents({}) == 0
