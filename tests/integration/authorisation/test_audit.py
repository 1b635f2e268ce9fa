"""Who reaches the audit log."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api_client import Answer, Api
from tests.authorisation import Row, table, to
from tests.scenes import Scene

pytestmark = pytest.mark.integration

IN_AUDIT = table("yes", "yes yes no", "403", "403")


def entry_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return f"queue:{scene.queue}" in answer.text


ROWS = [
    *(
        row
        for route, path in (("list_audit", "/audit"), ("export_audit", "/audit/export"))
        for row in (
            Row(route, to("GET", path, query={"target": "queue:{queue}"}), IN_AUDIT, entry_shown),
            Row(
                route,
                to("GET", path, query={"tenant": "{tenant}", "target": "queue:{queue}"}),
                table("yes", "yes yes 403", "403", "403"),
                entry_shown,
                variant="of a tenant",
            ),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
