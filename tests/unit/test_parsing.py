"""Parsing any text gives a model, ``InvalidInput``, ``TooLarge`` or ``NotFound``."""

from __future__ import annotations

import base64
import json
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from chalicelib.api.call import Input, Nothing
from chalicelib.api.errors import InvalidFields
from chalicelib.api.json_body import MAX_DEPTH
from chalicelib.api.parsing import (
    parse_body,
    parse_params,
    parse_query,
    raw_body,
    trace_id_of,
)
from chalicelib.errors import InvalidInput, NotFound, QueueCraftError, TooLarge

JSON = "application/json"


class Inner(Input):
    """A nested model."""

    size: Annotated[int, Field(ge=0, le=10)] = 0


class Body(Input):
    """A body with all kinds of fields."""

    name: str
    payload: Any = None
    inner: Inner | None = None
    items: list[Inner] = Field(default_factory=list)


class Query(Input):
    """Parameters, one of which may be repeated."""

    limit: int = 50
    status: list[str] = Field(default_factory=list)
    before: str | None = Field(default=None, alias="until")


def test_a_good_body() -> None:
    body = parse_body(Body, b'{"name":"x","inner":{"size":3}}', JSON + "; charset=utf-8")

    assert body == Body(name="x", inner=Inner(size=3))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"nonsense", b'{"name":"x"} tail', b"[]", b'"x"', b"1", b"null", b"true", b'{"name":NaN}',
        b'{"name":Infinity}', b'{"name":"\xff"}', b'{"name":"\\ud800"}', b"{'name':'x'}", b'{"name":"x",}', b"\x00",
        b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)  # fmt: skip
def test_a_bad_body(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_body(Body, raw, JSON)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"])
def test_another_content_type(kind: str) -> None:
    with pytest.raises(InvalidInput, match="Content-Type"):
        parse_body(Body, b'{"name":"x"}', kind)


def test_nesting_up_to_the_limit() -> None:
    def nested(levels: int) -> bytes:
        text = "[" * levels + "]" * levels
        return f'{{"name":"x","payload":{text}}}'.encode()

    assert parse_body(Body, nested(MAX_DEPTH - 1), JSON).name == "x"
    with pytest.raises(InvalidInput, match="nest"):
        parse_body(Body, nested(MAX_DEPTH), JSON)


def test_many_shallow_values_are_not_deep() -> None:
    body = json.dumps({"name": "x", "payload": [{"a": [n]} for n in range(500)]}).encode()

    assert parse_body(Body, body, JSON).name == "x"


def test_every_error_is_named_by_its_path() -> None:
    raw = b'{"inner":{"size":11},"items":[{"size":1},{"size":"x"}],"status":"completed","_id":"1"}'

    with pytest.raises(InvalidFields) as refused:
        parse_body(Body, raw, JSON)

    fields = [error["field"] for error in refused.value.errors]
    assert fields == ["name", "inner.size", "items.1.size", "status", "_id"]
    assert refused.value.field == "name"


def test_the_list_of_errors_is_bounded() -> None:
    raw = json.dumps({f"field{n}": 1 for n in range(1_000)}).encode()

    with pytest.raises(InvalidFields) as refused:
        parse_body(Body, raw, JSON)
    assert len(refused.value.errors) == 20


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    try:
        parse_body(Body, raw, JSON)
    except QueueCraftError as error:
        assert isinstance(error, InvalidInput)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["name", "payload", "inner", "items", "$where"]), json_values))
def test_any_json(data: dict[str, Any]) -> None:
    try:
        parse_body(Body, json.dumps(data).encode(errors="surrogatepass"), JSON)
    except QueueCraftError as error:
        assert isinstance(error, InvalidInput)


def test_raw_body() -> None:
    assert raw_body(None, is_base64=False, limit=10) == b""
    assert raw_body("é", is_base64=False, limit=2) == "é".encode()
    assert raw_body(base64.b64encode(b"\xff").decode(), is_base64=True, limit=2) == b"\xff"


@pytest.mark.parametrize(("body", "is_base64"), [("x" * 11, False), ("é" * 6, False), ("x" * 1_000_000, True)])
def test_a_large_body(body: str, is_base64: bool) -> None:
    with pytest.raises(TooLarge):
        raw_body(body, is_base64=is_base64, limit=10)


def test_a_large_body_in_base64() -> None:
    with pytest.raises(TooLarge):
        raw_body(base64.b64encode(b"x" * 11).decode(), is_base64=True, limit=10)


@pytest.mark.parametrize(("body", "is_base64"), [("no base64!", True), ("\ud800", False)])
def test_an_unreadable_body(body: str, is_base64: bool) -> None:
    with pytest.raises(InvalidInput):
        raw_body(body, is_base64=is_base64, limit=100)


def test_a_good_query() -> None:
    query = parse_query(Query, {"limit": ["5"], "status": ["failed", "pending"], "until": ["x"]})

    assert query == Query(limit=5, status=["failed", "pending"], until="x")
    assert parse_query(Query, None) == Query()


@pytest.mark.parametrize(
    "query",
    [
        {"limit": ["1", "2"]}, {"limit": ["x"]}, {"limit": []}, {"$where": ["sleep(1)"]}, {"limit[$gt]": ["1"]},
        {"before": ["x"]},
    ],
)  # fmt: skip
def test_a_bad_query(query: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidInput):
        parse_query(Query, query)


def test_no_query_is_taken_where_none_is_declared() -> None:
    with pytest.raises(InvalidInput):
        parse_query(Nothing, {"x": ["1"]})


def test_params() -> None:
    assert parse_params(None) == {}
    assert parse_params({"id": "A" * 24, "name": "a%20b"}) == {"id": "a" * 24, "name": "a b"}


@pytest.mark.parametrize(
    "params",
    [
        {"id": "x"}, {"id": "g" * 24}, {"id": "a" * 25}, {"id": "$ne"}, {"job_id": ""}, {"name": "a%2Fb"},
        {"name": "%00"}, {"name": "\ud800"}, {"name": "x" * 201}, {"name": ""},
    ],
)  # fmt: skip
def test_params_of_nothing(params: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        parse_params(params)


@pytest.mark.parametrize("given", ["abc", "0b8c7c5e-7b0a-4b4e-9d6a-1d1f0f6e5a11", "a" * 128, "Root=1-67.x:y_z"])
def test_a_trace_id_is_taken(given: str) -> None:
    assert trace_id_of({"x-trace-id": given.replace("=", ":")}) == given.replace("=", ":")


@pytest.mark.parametrize("given", ["", "a" * 129, "a b", "a\nb", "é", "<script>", '"', "-a"])
def test_a_trace_id_is_not_taken(given: str) -> None:
    assert trace_id_of({"x-trace-id": given}) is None
    assert trace_id_of({}) is None
