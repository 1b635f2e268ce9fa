"""Who reaches schedules."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import CHANGE_IN_OWN, USERS_NOTHING, Row, answered, changed, scoped, shown, table, to

pytestmark = pytest.mark.integration

READ_SCHEDULE = table("yes", "yes yes 403", "yes 404 403", "yes yes 403")
CHANGE_SCHEDULE = table("yes", "yes yes 403", "yes 404 403", "403")

ROWS = [
    *scoped("list_schedules", "GET", "/schedules", shown),
    Row("preview_schedule", to("POST", "/schedules/preview", {"every_s": 60}), USERS_NOTHING, shown),
    Row("put_schedule", to("PUT", "/schedules/new-{queue}", {"every_s": 60}), CHANGE_IN_OWN, changed, variant="new"),
    Row(
        "put_schedule",
        to("PUT", "/schedules/{schedule}", {"every_s": 60}, query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes 409 403", "403"),
        changed,
        variant="of a tenant",
    ),
    *(
        Row(route, to(method, path, query={"tenant": "{tenant}"}), expect, reached)
        for route, method, path, expect, reached in (
            ("get_schedule", "GET", "/schedules/{schedule}", READ_SCHEDULE, shown),
            ("list_runs", "GET", "/schedules/{schedule}/runs", READ_SCHEDULE, answered),
            ("delete_schedule", "DELETE", "/schedules/{schedule}", CHANGE_SCHEDULE, changed),
            ("pause_schedule", "POST", "/schedules/{schedule}/pause", CHANGE_SCHEDULE, changed),
            ("resume_schedule", "POST", "/schedules/{schedule}/resume", CHANGE_SCHEDULE, answered),
            ("run_schedule", "POST", "/schedules/{schedule}/run", CHANGE_SCHEDULE, changed),
        )
    ),
    Row(
        "get_schedule",
        to("GET", "/schedules/{schedule}"),
        table("yes yes 404", "yes yes 404", "yes 404 404", "yes yes 404"),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
