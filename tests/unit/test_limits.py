"""Limits as tasks declare them, and the instances under which jobs fall."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.limits import (
    Bounds,
    Change,
    Limit,
    burst_of,
    changed,
    check_bounds,
    instances_of,
    interval_ms,
    parse_instance,
)
from chalicelib.errors import InvalidInput

ACCOUNT = Limit("account", per="payload.account_id", concurrency=1)
WHO = {"tenant": "t" * 24, "user": "u" * 24, "queue": "mails", "task": "send"}


def instances(*limits: Limit, payload: Any = None, keys: dict[str, str] | None = None) -> tuple[str, ...]:
    return instances_of(limits, {"account_id": 42} if payload is None else payload, keys=keys, **WHO)


def fault(*limits: Limit, **given: Any) -> str:
    with pytest.raises(InvalidInput) as raised:
        instances(*limits, **given)
    assert raised.value.field is not None
    return raised.value.field


def test_instances_of_each_kind() -> None:
    assert instances(Limit("stripe", concurrency=1)) == ("stripe",)
    assert instances(Limit("stripe", concurrency=1, shared=True)) == ("*stripe",)
    assert instances(ACCOUNT, payload={"account_id": "a b/c:d"}) == ("account:a b/c:d",)
    own = [Limit(per, per=per, concurrency=1) for per in ("user", "task", "tenant", "queue")]
    assert instances(*own) == ("queue:mails", "task:send", f"tenant:{WHO['tenant']}", f"user:{WHO['user']}")
    total = Limit("account", per="payload.account_id", concurrency=1, total=5, shared=True)
    assert instances(total, Limit("a", rate="1/s")) == ("*account", "*account:42", "a")


def test_keys_come_from_anywhere_in_the_payload() -> None:
    deep = Limit("deep", per="payload.items.1.who", concurrency=1)
    assert instances(deep, payload={"items": [{}, {"who": "x"}]}) == ("deep:x",)
    assert fault(deep, payload={"items": [{"who": "x"}]}) == "payload.items.1.who"
    assert fault(deep, payload={"items": "text"}) == "payload.items.1.who"


@pytest.mark.parametrize("value", [None, "", "x" * 101, "a\nb", "\ud800", True, 1.5, {}, []])
def test_a_payload_without_a_usable_key(value: Any) -> None:
    assert fault(ACCOUNT, payload={"account_id": value}) == "payload.account_id"


def test_given_keys_replace_those_of_the_payload() -> None:
    assert instances(ACCOUNT, keys={"account": "7"}) == ("account:7",)
    assert instances(ACCOUNT, payload={}, keys={"account": "7"}) == ("account:7",)
    for keys in ({"unknown": "7"}, {"account": ""}, {"account": "x" * 101}, {"account": "\n"}):
        assert fault(ACCOUNT, keys=keys) == f"limitKeys.{next(iter(keys))}"
    assert fault(Limit("plain", concurrency=1), keys={"plain": "7"}) == "limitKeys.plain"
    assert fault(Limit("mine", per="user", concurrency=1), keys={"mine": "7"}) == "limitKeys.mine"


@pytest.mark.parametrize("text", ["stripe", "*stripe", "account:4:2", "*account:*"])
def test_instances_are_taken_apart(text: str) -> None:
    name, key, shared = parse_instance(text)
    assert ("*" if shared else "") + name + ("" if key is None else f":{key}") == text


def test_rates() -> None:
    assert [interval_ms(rate) for rate in ("100/s", "30/min", "5/h")] == [10, 2_000, 720_000]
    assert [burst_of(*given) for given in (("100/s", None), ("30/min", None), ("30/min", 5))] == [10, 1, 5]


@pytest.mark.parametrize("rate", ["0/s", "5", "5/d", "/s", "-1/s", "5 /s", "1e3/s", "5/s\n", "100001/s"])
def test_no_rates(rate: str) -> None:
    with pytest.raises(InvalidInput, match="rate"):
        check_bounds(Bounds(rate=rate))


def test_changes_stand_over_code_and_the_tenants_over_everybodys() -> None:
    code = Bounds(concurrency=1, rate="30/min", total=9)
    every = Change("*", "x", {"concurrency": 5, "rate": None}, paused=True)
    own = Change("t", "x", {"concurrency": 7})
    assert changed(code, [None, None]) == code
    assert changed(code, [every, None]) == Bounds(5, None, None, 9, paused=True)
    assert changed(code, [every, own]) == Bounds(7, None, None, 9, paused=True)
