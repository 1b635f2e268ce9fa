"""Who reaches limits."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import USERS_NOTHING, Row, answered, changed, shown, table, to

pytestmark = pytest.mark.integration

#: An admin's change is the tenant's, an operator's counts for every tenant.
EVERYBODYS = table("yes", "yes yes no", "403", "403")

ROWS = [
    Row("list_limits", to("GET", "/limits"), USERS_NOTHING, shown),
    Row(
        "list_limits",
        to("GET", "/limits", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        variant="of a tenant",
    ),
    Row(
        "get_limit",
        to("GET", "/limits/printer", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        variant="of a tenant",
    ),
    Row("get_limit", to("GET", "/limits/printer"), USERS_NOTHING, shown),
    *(
        row
        for route, method, verb, body in (
            ("change_limit", "PUT", "", {"concurrency": 5}),
            ("pause_limit", "POST", "/pause", None),
            ("resume_limit", "POST", "/resume", None),
            ("reset_limit", "POST", "/reset", None),
        )
        for row in (
            Row(
                route,
                to(method, f"/limits/printer{verb}", body, query={"tenant": "{tenant}"}),
                table("yes", "yes yes 403", "403", "403"),
                answered if route == "reset_limit" else changed,
                variant="of a tenant",
            ),
            Row(
                route,
                to(method, f"/limits/stripe{verb}", body),
                table("yes", "403", "403", "403"),
                answered if route == "reset_limit" else changed,
                variant="that is shared",
            ),
            *(
                [Row(route, to(method, f"/limits/printer{verb}", body), EVERYBODYS, changed, variant="of one's own")]
                if route != "reset_limit"
                else []
            ),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
