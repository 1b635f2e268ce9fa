"""Conditions on fields of payloads: how they are written, and which payloads meet them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.payload_search import MAX_CONDITION_CHARS, condition, meets


def met(text: str, payload: Any) -> bool:
    return meets(json.dumps(payload, ensure_ascii=False), [condition(text)])


@pytest.mark.parametrize(
    ("text", "payload", "expected"),
    [
        ("customer.id=42", {"customer": {"id": 42}}, True),
        ("customer.id=42", {"customer": {"id": "42"}}, True),
        ('customer.id="42"', {"customer": {"id": "42"}}, True),
        ('customer.id="42"', {"customer": {"id": 42}}, False),
        ("customer.id=42", {"customer": {"id": 421}}, False),
        ("customer.id=42", {"customer": 42}, False),
        ("customer.id=42", {"id": 42}, False),
        ("n=1.0", {"n": 1}, True),
        ("n=1", {"n": True}, False),
        ("n=true", {"n": True}, True),
        ("n=true", {"n": 1}, False),
        ("n=null", {"n": None}, True),
        ("n=null", {}, False),
        ("n=", {"n": ""}, True),
        ("n=9007199254740993", {"n": 9007199254740993}, True),
        ("n=9007199254740993", {"n": 9007199254740992}, False),
        ("name=Ada", {"name": "Ada"}, True),
        ("name=ada", {"name": "Ada"}, False),
        ("items.sku=b", {"items": [{"sku": "a"}, {"sku": "b"}]}, True),
        ("items.sku=c", {"items": [{"sku": "a"}, {"sku": "b"}]}, False),
        ("tags=x", {"tags": ["y", "x"]}, True),
        ("name~ada", {"name": "Countess ADA Lovelace"}, True),
        ("name~Straße", {"name": "Hauptstrasse"}, True),
        ("name~ada", {"name": 5}, False),
        ("url=http://x/?a=1~b", {"url": "http://x/?a=1~b"}, True),
        (r"a\.b=1", {"a.b": 1}, True),
        (r"a\.b=1", {"a": {"b": 1}}, False),
        (r"a\=b=1", {"a=b": 1}, True),
        ("größe=1", {"größe": 1}, True),
        ('o={"a":1}', {"o": {"a": 1}}, True),
        (" customer.id = 42 ", {"customer": {"id": 42}}, True),
    ],
)
def test_a_payload_meets_a_condition(text: str, payload: Any, expected: bool) -> None:
    assert met(text, payload) is expected


def test_all_conditions_must_be_met() -> None:
    payload = '{"a":1,"b":2}'
    assert meets(payload, [condition("a=1"), condition("b=2")])
    assert not meets(payload, [condition("a=1"), condition("b=3")])


def test_a_payload_that_is_nested_too_deep_meets_none() -> None:
    assert not meets('{"a":' + "[" * 5_000 + "1" + "]" * 5_000 + "}", [condition("a=1")])


@pytest.mark.parametrize("text", ["", "=", "a", "=1", "~x", ".=1", "a~", "a~ ", "a" * MAX_CONDITION_CHARS + "=1"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="condition"):
        condition(text)
