"""Who reaches queues, workers and tasks."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import ADMINISTER, OF_TENANT, USERS_NOTHING, Row, answered, changed, shown, table, to

pytestmark = pytest.mark.integration

ROWS = [
    Row("list_queues", to("GET", "/queues"), OF_TENANT, shown),
    Row(
        "list_queues",
        to("GET", "/queues", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        shown,
        variant="of a tenant",
    ),
    *(
        row
        for route, verb in (("pause_queue", "pause"), ("resume_queue", "resume"))
        for row in (
            Row(
                route,
                to("POST", f"/queues/{{queue}}/{verb}", query={"tenant": "{tenant}"}),
                table("yes", "yes yes 403", "403", "403"),
                changed if verb == "pause" else answered,
                variant="of a tenant",
            ),
            *(
                [Row(route, to("POST", f"/queues/{{queue}}/{verb}"), ADMINISTER, changed, variant="of one's own")]
                if verb == "pause"
                else []
            ),
        )
    ),
    *(
        Row("set_queue", to("PUT", "/queues/{queue}", {"strict": True}, query=query), cells, changed, variant=variant)
        for query, cells, variant in (
            ({"tenant": "{tenant}"}, table("yes", "yes yes 403", "403", "403"), "of a tenant"),
            ({}, ADMINISTER, "of one's own"),
        )
    ),
    Row("list_workers", to("GET", "/workers"), table("yes", "yes yes no", "yes no no", "yes yes no"), shown, "running"),
    Row("list_tasks", to("GET", "/tasks"), USERS_NOTHING, shown),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
