"""Who reaches the pause of everything, and reads pauses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api_client import Answer, Api
from tests.authorisation import USERS_NOTHING, Row, shown, table, to
from tests.scenes import Scene

pytestmark = pytest.mark.integration


def everything_paused(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    held = scene.api.container.engine.paused_lanes()
    scene.call("POST", "/resume")
    return "*/" in held and "*/" not in scene.api.container.engine.paused_lanes()


ROWS = [
    Row("get_pauses", to("GET", "/pauses"), USERS_NOTHING, shown),
    Row(
        "get_pauses",
        to("GET", "/pauses", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        variant="of a tenant",
    ),
    Row("pause_everything", to("POST", "/pause"), table("yes", "403", "403", "403"), everything_paused),
    Row("resume_everything", to("POST", "/resume"), table("yes", "403", "403", "403")),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
