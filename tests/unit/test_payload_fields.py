"""Payloads side by side: paths, what is the same, what differs, bounds."""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.payload_fields import MAX_DEPTH, MAX_FIELDS, MAX_VALUES, Comparison, compare, leaves


def compared(*payloads: object) -> Comparison:
    return compare((f"job-{n}", json.dumps(payload)) for n, payload in enumerate(payloads))


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({}, []),
        ({"a": 1, "b": {"c": None}}, [("a", 1), ("b.c", None)]),
        ({"a": {}}, [("a", {})]),
        ({"a": [{"b": 1}]}, [("a", [{"b": 1}])]),
        ({"a.b": {"c\\d": 1}}, [("a\\.b.c\\\\d", 1)]),
    ],
)
def test_fields_have_paths(payload: object, found: list[tuple[str, object]]) -> None:
    assert list(leaves(payload)) == found


def test_deep_objects_are_values() -> None:
    payload: dict[str, object] = {"end": 1}
    for _ in range(MAX_DEPTH + 3):
        payload = {"a": payload}
    [(path, value)] = leaves(payload)
    assert path.count(".") == MAX_DEPTH
    assert isinstance(value, dict)


def test_what_is_the_same_and_what_differs() -> None:
    found = compared(
        {"url": "x", "customer": {"id": 1}, "flag": True},
        {"url": "x", "customer": {"id": 2}},
        {"url": "x", "customer": {"id": 1}},
    )
    assert found.examined == 3
    assert [(each.path, each.present, each.values[0].text) for each in found.same] == [("url", 3, '"x"')]
    customer, flag = found.differ
    assert (customer.path, customer.present, customer.distinct) == ("customer.id", 3, 2)
    assert [(each.text, each.count, each.job_id) for each in customer.values] == [("1", 2, "job-0"), ("2", 1, "job-1")]
    assert (flag.path, flag.present, flag.distinct) == ("flag", 1, 1), "it differs by being absent"


def test_values_are_told_apart_by_type_and_not_by_the_order_of_keys() -> None:
    found = compared({"a": 1, "b": [{"x": 1, "y": 2}]}, {"a": "1", "b": [{"y": 2, "x": 1}]}, {"a": True, "b": []})
    a, b = found.differ
    assert (a.distinct, b.distinct) == (3, 2)


def test_large_integers_are_exact() -> None:
    found = compared({"id": 9007199254740993}, {"id": 9007199254740992})
    assert found.differ[0].distinct == 2


def test_what_is_returned_is_bounded() -> None:
    wide = compared({f"f{n}": n for n in range(MAX_FIELDS + 7)}, {"f0": 0})
    assert len(wide.same) + len(wide.differ) == MAX_FIELDS
    assert wide.left_out == 7
    many = compared(*({"a": n} for n in range(50))).differ[0]
    assert (many.distinct, len(many.values)) == (50, MAX_VALUES)
    [long] = compared({"a": "é" * 1000}).same[0].values
    assert (len(long.text), long.cut) == (200, True)


def test_long_paths_are_counted_only() -> None:
    found = compared({"a" * 301: 1, "b": 1})
    assert ([each.path for each in found.same], found.left_out) == (["b"], 1)


def test_a_payload_that_is_nested_too_deep_has_no_fields() -> None:
    deep = '{"a":' + "[" * 5_000 + "]" * 5_000 + "}"
    found = compare([("job", deep), ("other", '{"b":1}')])
    assert (found.examined, [(each.path, each.present) for each in found.differ]) == (2, [("b", 1)])


def test_nothing_to_compare() -> None:
    assert compared() == Comparison(0, (), (), 0)
