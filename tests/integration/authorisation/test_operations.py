"""Who reaches operations."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import IN_OWN, Row, changed, shown, table, to

pytestmark = pytest.mark.integration

#: An operation is its owner's.
OWNER_ALONE = table("yes 404 404", "yes 404 404", "yes 404 404", "yes 404 404")


ROWS = [
    Row("list_operations", to("GET", "/operations"), IN_OWN, shown),
    Row("get_operation", to("GET", "/operations/{operation}"), OWNER_ALONE),
    Row("cancel_operation", to("POST", "/operations/{operation}/cancel"), OWNER_ALONE, changed),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
