"""Idempotency keys on a real MongoDB: one job per key, even if calls race or die."""

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
from chalicelib.services.call_keys import KEY_TTL
from chalicelib.services.idempotency import ABANDONED, WAIT_S, Claim, Idempotency, KeyRequest
from chalicelib.store.idempotency import KeyRecord, KeyStore
from tests.container import Container
from tests.support import ManualClock

pytestmark = pytest.mark.integration
OWNER = "a" * 24
IDS = SystemIds()


class Keys(Idempotency):
    """Idempotency with a clock that its pauses move, so that waiting takes no time."""

    def __init__(self, db: Any) -> None:
        self.clock = ManualClock()
        self.during_pause: list[Any] = []
        super().__init__(KeyStore(db), self.clock, IDS, self._tick)
        self.db = db

    def _tick(self, seconds: float) -> None:
        self.clock.advance(seconds)
        if self.during_pause:
            self.during_pause.pop(0)()

    def make(self, claim: Claim) -> None:
        self.db.jobs.insert_one({"_id": ObjectId(claim.job_id), "owner_id": ObjectId(OWNER)})


@pytest.fixture
def keys(container: Container) -> Keys:
    return Keys(container.db)


def request(key: str = "k", digest: str = "d") -> KeyRequest:
    return KeyRequest(key, digest, IDS.object_id())


def test_first_call_wins_and_the_next_gets_its_job(keys: Keys) -> None:
    mine = request()
    [won] = keys.claim(OWNER, [mine])
    assert won.ours
    assert won.job_id == mine.job_id
    keys.make(won)
    [again] = keys.claim(OWNER, [request()])
    assert (again.ours, again.job_id) == (False, mine.job_id)


def test_another_body_is_refused_and_claims_of_the_call_are_freed(keys: Keys) -> None:
    keys.claim(OWNER, [request("taken")])
    with pytest.raises(IdempotencyMismatch):
        keys.claim(OWNER, [request("free"), request("taken", "other")])
    assert keys.claim(OWNER, [request("free", "third")])[0].ours


def test_users_have_keys_of_their_own(keys: Keys) -> None:
    keys.claim(OWNER, [request()])
    assert keys.claim("b" * 24, [request(digest="other")])[0].ours


def test_a_key_may_occur_twice_in_one_call(keys: Keys) -> None:
    first, second = keys.claim(OWNER, [request(), request()])
    assert first == second
    with pytest.raises(IdempotencyMismatch):
        keys.claim(OWNER, [request("x"), request("x", "other")])


def test_a_refused_winner_frees_the_key_for_a_waiting_call(keys: Keys) -> None:
    claims = keys.claim(OWNER, [request()])
    keys.during_pause = [lambda: keys.release(OWNER, claims)]
    later = request()
    assert keys.claim(OWNER, [later]) == [Claim("k", later.job_id, True, _holder(keys))]


def _holder(keys: Keys) -> Any:
    return keys.db.idempotency.find_one({"_id": f"{OWNER}|k"})["holder"]


def test_a_waiting_call_gets_the_job_once_it_is_made(keys: Keys) -> None:
    [won] = keys.claim(OWNER, [request()])
    keys.during_pause = [lambda: None, lambda: keys.make(won)]
    assert keys.claim(OWNER, [request()]) == [Claim("k", won.job_id, False)]


def test_a_hanging_winner_is_replaced_under_the_same_job_id(keys: Keys) -> None:
    hanging = keys.claim(OWNER, [request()])
    [taken] = keys.claim(OWNER, [request()])
    assert taken.ours
    assert taken.job_id == hanging[0].job_id
    assert keys.clock.elapsed_s < WAIT_S * 2
    keys.release(OWNER, hanging)
    assert _holder(keys) == taken.holder, "a call that was replaced releases nothing"


def test_a_key_whose_call_died_is_free_after_a_minute_for_any_body(keys: Keys) -> None:
    keys.claim(OWNER, [request()])
    keys.clock.advance(ABANDONED.total_seconds())
    fresh = request(digest="other")
    assert keys.claim(OWNER, [fresh])[0].job_id == fresh.job_id


def test_a_key_ends_after_its_time_even_before_the_ttl_monitor_ran(keys: Keys) -> None:
    [won] = keys.claim(OWNER, [request()])
    keys.make(won)
    keys.clock.advance((KEY_TTL - timedelta(seconds=1)).total_seconds())
    assert not keys.claim(OWNER, [request()])[0].ours
    keys.clock.advance(1)
    assert keys.claim(OWNER, [request(digest="other")])[0].ours


def test_two_waiters_do_not_both_take_over(keys: Keys) -> None:
    keys.claim(OWNER, [request()])
    other = Keys(keys.db)

    def overtake() -> None:
        other.claim(OWNER, [request()])
        keys.clock.advance(WAIT_S)

    class Overtaken(KeyStore):
        def take_over(self, owner_id: str, record: KeyRecord, holder: str) -> bool:
            overtake()
            return super().take_over(owner_id, record, holder)

    keys._store = Overtaken(keys.db)
    with pytest.raises(Unavailable):
        keys.claim(OWNER, [request()])


def test_20_parallel_calls_make_one_job(container: Container) -> None:
    keys = container.idempotency
    start = Barrier(20)

    def call(_: int) -> str:
        start.wait(5)
        [claim] = keys.claim(OWNER, [request()])
        if claim.ours:
            container.db.jobs.insert_one({"_id": ObjectId(claim.job_id), "owner_id": ObjectId(OWNER)})
        return claim.job_id

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(call, range(20)))
    assert len(ids) == 1
    assert container.db.jobs.count_documents({}) == 1


def test_a_thousand_keys_in_one_call(container: Container) -> None:
    keys = container.idempotency
    requests: Sequence[KeyRequest] = [request(f"k{i}") for i in range(1000)]
    claims = keys.claim(OWNER, requests)
    assert [c.job_id for c in claims] == [w.job_id for w in requests]
    keys.release(OWNER, claims)
    assert container.db.idempotency.count_documents({}) == 0
