"""Distinguishing a document that existed already from a failed write."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from chalicelib.api.errors import wrap_dependency_error
from chalicelib.errors import Unavailable
from chalicelib.store.client import duplicates


def failed(writes: list[dict[str, Any]], concerns: list[dict[str, Any]]) -> BulkWriteError:
    return BulkWriteError({"writeErrors": writes, "writeConcernErrors": concerns})


def test_documents_that_were_there_are_named() -> None:
    assert duplicates(failed([{"index": 1, "code": 11000}, {"index": 4, "code": 11000}], [])) == [1, 4]


def test_any_other_failure_is_one() -> None:
    error = failed([{"index": 1, "code": 11000}, {"index": 2, "code": 121}], [])
    with pytest.raises(BulkWriteError):
        duplicates(error)


def test_a_majority_that_did_not_acknowledge_is_no_success() -> None:
    late = {"code": 64, "errmsg": "waiting for replication timed out", "errInfo": {"wtimeout": True}}
    error = failed([], [late])
    with pytest.raises(BulkWriteError):
        duplicates(error)
    assert isinstance(wrap_dependency_error(error), Unavailable)
