"""What is sent: names of the API, JSON values, paths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from queuecraft_client import JobStatus, Workflow
from queuecraft_client._body import encoded, fields, jsonable, path, query
from tests.client.fake_io import job


@dataclass
class Point:
    x: int
    at: datetime


class Colour(Enum):
    RED = "red"


class Size(BaseModel):
    width: int = Field(alias="w")


def test_names_are_those_of_the_api() -> None:
    options = {"max_retries": 3, "unique": {"on_conflict": "keep", "period_s": 5}}
    assert fields(options) == {"maxRetries": 3, "unique": {"onConflict": "keep", "periodS": 5}}


def test_names_in_payloads_are_those_of_the_task() -> None:
    assert fields({"payload": {"a_b": {"c_d": 1}}}) == {"payload": {"a_b": {"c_d": 1}}}


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (datetime(2030, 1, 31, 13, tzinfo=timezone(timedelta(hours=1))), "2030-01-31T12:00:00.000Z"),
        (date(2030, 1, 31), "2030-01-31"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (JobStatus.DLQ, "dlq"),
        ((1, 2.5, None, True), [1, 2.5, None, True]),
        (Point(1, datetime(2030, 1, 1, tzinfo=UTC)), {"x": 1, "at": "2030-01-01T00:00:00.000Z"}),
        (Size(w=3), {"w": 3}),
        (Workflow("w").node("a", "t").result["b"], {"$from": "a.result.b"}),
    ],
)
def test_values_become_json(value: Any, sent: Any) -> None:
    assert jsonable({"v": [value]}) == {"v": [sent]}


@pytest.mark.parametrize("value", [object(), b"bytes", {1: 2}, datetime(2030, 1, 1), Point, iter([1])])
def test_what_is_no_json_is_refused_with_its_place(value: Any) -> None:
    with pytest.raises(TypeError, match=r"payload\.a\.0"):
        jsonable({"a": [value]}, "payload")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        encoded({"x": value})


def test_queries_have_text() -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    assert query({"status": ["dlq", "cancelled"], "created_from": at, "limit": 3, "count": True, "tenant": None}) == {
        "status": "dlq,cancelled",
        "from": "2030-01-01T00:00:00.000Z",
        "limit": "3",
        "count": "true",
    }


def test_a_batch_is_named_by_what_a_call_returned() -> None:
    class Batch:
        id = "b1"

    assert query({"batch": Batch()}) == {"batch": "b1"}
    assert fields({"depends_on": [Batch(), job()["_id"]]})["dependsOn"][0] == "b1"


def test_paths_are_quoted_and_lead_nowhere_else() -> None:
    assert path("limits", "a/b ü") == "/limits/a%2Fb%20%C3%BC"
    for part in ("", ".", ".."):
        with pytest.raises(ValueError, match="empty"):
            path("job", part)
