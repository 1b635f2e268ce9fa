"""Throttles: the script, and log-in and sign-up over the API."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

import chalicelib.api.container as composition
from chalicelib.errors import Throttled
from chalicelib.queue.throttle import Throttle
from tests.api_client import PASSWORD, Answer, Api, Person
from tests.container import Container
from tests.support import wait_until

pytestmark = pytest.mark.integration


@pytest.fixture
def throttle(container: Container) -> Throttle:
    return Throttle(container.scripts)


def test_attempts_up_to_the_limit_pass(throttle: Throttle) -> None:
    for _ in range(3):
        throttle.attempt("try", {"a": 3}, 60_000)

    with pytest.raises(Throttled) as refused:
        throttle.attempt("try", {"a": 3}, 60_000)
    assert refused.value.retry_after_s is not None
    assert 55 <= refused.value.retry_after_s <= 60
    throttle.attempt("try", {"b": 3}, 60_000)
    throttle.attempt("another", {"a": 3}, 60_000)


def test_a_refused_attempt_counts_for_no_key(throttle: Throttle) -> None:
    throttle.attempt("try", {"full": 1}, 60_000)

    with pytest.raises(Throttled):
        throttle.attempt("try", {"full": 1, "free": 1}, 60_000)
    throttle.attempt("try", {"free": 1}, 60_000)


def test_zero_is_off(throttle: Throttle, container: Container) -> None:
    for _ in range(50):
        throttle.attempt("try", {"a": 0}, 60_000)

    assert not list(container.redis.scan_iter(match=container.keys.throttle("*", "*")))


def test_a_window_ends(throttle: Throttle) -> None:
    def passes() -> bool:
        try:
            throttle.attempt("try", {"a": 1}, 50)
        except Throttled:
            return False
        return True

    assert passes()
    assert not passes()
    wait_until(passes)


def test_parallel_attempts_do_not_exceed_the_limit(throttle: Throttle) -> None:
    def passes(_: int) -> bool:
        try:
            throttle.attempt("try", {"a": 5}, 60_000)
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(passes, range(40))) == 5


def test_forgiven_attempts_do_not_count(throttle: Throttle) -> None:
    throttle.attempt("try", {"a": 1}, 60_000)
    throttle.forgive("try", "a")

    throttle.attempt("try", {"a": 1}, 60_000)


# --- over the API --------------------------------------------------------------------------------------------------


@pytest.fixture
def bound(container: Container, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Api]:
    """The API with other limits."""

    def bind(**limits: Any) -> Api:
        limited = Container(replace(container.settings, **limits))
        for name in ("mongo", "redis"):
            limited.__dict__[name] = getattr(container, name)
        monkeypatch.setattr(composition, "get_container", lambda: limited)
        return Api(limited)

    return bind


def guess(api: Api, email: str, password: str = "wrong password", address: str = "203.0.113.7") -> Answer:
    return api.post("/login", {"email": email, "password": password}, address=address)


def test_guessing_is_throttled(bound: Callable[..., Api]) -> None:
    api = bound(log_in_attempts_per_minute=3)
    alice = api.person()

    assert [guess(api, alice.email).status for _ in range(4)] == [401, 401, 401, 429]

    answer = guess(api, alice.email, PASSWORD)
    assert answer.status == 429
    assert answer.json["code"] == "throttled"
    assert 0 < int(answer.headers["Retry-After"]) == answer.json["retryAfter"] <= 60


def test_a_throttled_account_is_open_from_elsewhere(bound: Callable[..., Api]) -> None:
    """An attacker cannot lock the owner out."""
    api = bound(log_in_attempts_per_minute=2)
    alice = api.person()
    for _ in range(4):
        guess(api, alice.email, address="198.51.100.1")

    assert guess(api, alice.email, PASSWORD).status == 200


def test_unknown_accounts_are_throttled_alike(bound: Callable[..., Api]) -> None:
    api = bound(log_in_attempts_per_minute=2)

    assert [guess(api, "nobody@example.com").status for _ in range(3)] == [401, 401, 429]


def test_trying_many_accounts_is_throttled(bound: Callable[..., Api]) -> None:
    api = bound(log_in_attempts_per_minute=2)

    statuses = [guess(api, f"person-{n}@example.com").status for n in range(8)]

    assert statuses == [401] * 6 + [429] * 2


def test_invented_forwarding_does_not_help(bound: Callable[..., Api]) -> None:
    api = bound(log_in_attempts_per_minute=1)
    body = {"email": "nobody@example.com", "password": "wrong password"}

    statuses = [
        api.post("/login", body, headers={"X-Forwarded-For": f"192.0.2.{n}", "X-Edge-Secret": "x"}).status
        for n in range(3)
    ]

    assert statuses == [401, 429, 429]


def test_successful_log_ins_are_not_throttled(bound: Callable[..., Api]) -> None:
    api = bound(log_in_attempts_per_minute=2)
    alice: Person = api.person()

    assert {guess(api, alice.email, PASSWORD).status for _ in range(5)} == {200}


def test_sign_ups_are_throttled_per_address(bound: Callable[..., Api]) -> None:
    api = bound(sign_ups_per_hour=2)

    def sign_up(n: int, address: str = "203.0.113.7") -> int:
        body = {"username": "x", "email": f"x{n}@example.com", "password": PASSWORD}
        return api.post("/user/create", body, address=address).status

    assert [sign_up(n) for n in range(4)] == [200, 200, 429, 429]
    assert sign_up(9, "198.51.100.1") == 200


def test_claims_of_addresses_are_limited_per_tenant(bound: Callable[..., Api]) -> None:
    api = bound(sign_ups_per_hour=2)
    admins = [api.person()]
    admins += [api.person(tenant_id=admins[0].user.tenant_id) for _ in range(3)]

    def add(n: int) -> int:
        body = {"username": "x", "email": f"m{n}@example.com", "password": PASSWORD}
        return api.post("/members", body, by=admins[n]).status

    assert [add(n) for n in range(4)] == [201, 201, 429, 429]


def test_members_of_a_tenant_are_limited(bound: Callable[..., Api]) -> None:
    api = bound(max_members_per_tenant=3)
    alice = api.person()

    def add(n: int) -> int:
        body = {"username": "x", "email": f"m{n}@example.com", "password": PASSWORD}
        return api.post("/members", body, by=alice).status

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(4))) == [201, 201, 429, 429]
    answer = api.post("/members", {"username": "x", "email": "last@example.com"}, by=alice)
    assert (answer.status, answer.json["code"]) == (429, "too_many_members")


def test_claims_of_addresses_are_throttled(bound: Callable[..., Api]) -> None:
    """They reveal whether an address is in use."""
    api = bound(sign_ups_per_hour=2)
    alice = api.person()

    statuses = [
        api.post("/members", {"username": "x", "email": f"x{n}@example.com"}, by=alice).status for n in range(3)
    ]

    assert statuses == [201, 201, 429]
    assert api.patch("/me", {"email": "y@example.com", "current_password": PASSWORD}, by=alice).status == 429


def test_guessing_the_current_password_is_throttled(bound: Callable[..., Api]) -> None:
    api = bound(log_in_attempts_per_minute=2)
    alice = api.person()
    body = {"current_password": "wrong password", "new_password": "the next one"}

    assert [api.post("/me/password", body, by=alice).status for _ in range(3)] == [400, 400, 429]
