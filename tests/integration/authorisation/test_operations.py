"""Who reaches operations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api_client import Answer, Api
from tests.authorisation import (
    CHANGE_IN_OWN,
    CHANGE_IN_TENANT,
    IN_ALL,
    IN_OWN,
    Row,
    changed,
    shown,
    table,
    to,
)
from tests.scenes import Scene

pytestmark = pytest.mark.integration

#: An operation is its owner's.
OWNER_ALONE = table("yes 404 404", "yes 404 404", "yes 404 404", "yes 404 404")


def one_matched(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The dry run counted the job of the target."""
    return bool(answer.json["matched"] == 1)


def starting(scope: str, expect: dict[str, str]) -> Row:
    """Count what a bulk operation would change in the target's queue; it starts for whoever may count that."""
    body = {"action": "cancel", "filter": {"queue": "{queue}", "scope": scope}, "dryRun": True}
    return Row("start_operation", to("POST", "/operations", body), expect, one_matched, variant=scope)


SCOPES = (("own", CHANGE_IN_OWN), ("tenant", CHANGE_IN_TENANT), ("all", IN_ALL))
ROWS = [
    *[starting(scope, expect) for scope, expect in SCOPES],
    Row("list_operations", to("GET", "/operations"), IN_OWN, shown),
    Row("get_operation", to("GET", "/operations/{operation}"), OWNER_ALONE),
    Row("cancel_operation", to("POST", "/operations/{operation}/cancel"), OWNER_ALONE, changed),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
