"""Who reaches comments on jobs and on groups of dead letters."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import READ_JOB, Row, answered, changed, table, to

pytestmark = pytest.mark.integration

_TEXT = {"text": "The bank is down"}
#: Of the caller's tenant, and of the one that is named.
_READ_GROUP = table("yes yes 404", "yes yes 404", "yes 404 404", "yes yes 404")
_READ_NAMED = table("yes", "yes yes 403", "yes 404 403", "yes yes 403")
_COMMENT = table("yes", "yes yes 404", "yes 404 404", "403")
_IN_NAMED = {"query": {"tenant": "{tenant}"}}

ROWS = [
    Row("list_job_comments", to("GET", "/job/{job}/comments"), READ_JOB, answered),
    Row("comment_on_job", to("POST", "/job/{job}/comments", _TEXT), _COMMENT, changed),
    Row("list_group_comments", to("GET", "/dlq/groups/{group}/comments"), _READ_GROUP, answered, "dead"),
    Row(
        "list_group_comments", to("GET", "/dlq/groups/{group}/comments", **_IN_NAMED), _READ_NAMED, answered, "dead",
        "named",
    ),
    Row(
        "comment_on_group", to("POST", "/dlq/groups/{group}/comments", _TEXT, **_IN_NAMED),
        table("yes", "yes yes 403", "yes 404 403", "403"), changed, "dead",
    ),
    Row("delete_comment", to("DELETE", "/comments/{comment}"), _COMMENT, changed),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
