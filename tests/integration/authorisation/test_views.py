"""Who reaches saved views."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import ONESELF, Row, changed, shown, table, to

pytestmark = pytest.mark.integration

_MINE = table("yes 404 404", "yes 404 404", "yes 404 404", "yes 404 404")
_SHARED = {"name": "Ours", "page": "jobs", "shared": True}
_NEW = {"name": "Mine", "page": "dlq", "query": {"queue": "{queue}"}}

ROWS = [
    Row("list_views", to("GET", "/views"), ONESELF, lambda scene, answer, before: scene.view in answer.text),
    Row("create_view", to("POST", "/views", _NEW), table("yes", "yes", "yes", "yes"), shown),
    Row(
        "create_view", to("POST", "/views", _SHARED), table("yes yes no", "yes yes no", "403", "403"), changed,
        variant="shared",
    ),
    Row("delete_view", to("DELETE", "/views/{view}"), _MINE, changed),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
