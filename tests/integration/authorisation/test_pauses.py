"""Who reaches the pause of everything, and reads pauses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api_client import Answer, Api
from tests.authorisation import USERS_NOTHING, Row, answered, shown, table, to
from tests.scenes import Scene

pytestmark = pytest.mark.integration


def everything_paused(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    held = scene.api.container.engine.paused_lanes()
    scene.call("POST", "/resume")
    return "*/" in held and "*/" not in scene.api.container.engine.paused_lanes()


def task_paused(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return f"{scene.target.user.tenant_id}/~task.simulated" in scene.api.container.engine.paused_lanes()


def task_paused_everywhere(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    held = scene.api.container.engine.paused_lanes()
    scene.call("POST", "/tasks/simulated/resume", query={"scope": "all"})
    return "*/~task.simulated" in held


ROWS = [
    Row("get_pauses", to("GET", "/pauses"), USERS_NOTHING, shown),
    Row(
        "get_pauses",
        to("GET", "/pauses", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        variant="of a tenant",
    ),
    Row("pause_everything", to("POST", "/pause"), table("yes", "403", "403", "403"), everything_paused),
    *(
        Row(
            route,
            to("POST", f"/tasks/simulated/{verb}", query={"tenant": "{tenant}"}),
            table("yes", "yes yes 403", "403", "403"),
            reached,
        )
        for route, verb, reached in (("pause_task", "pause", task_paused), ("resume_task", "resume", answered))
    ),
    Row(
        "pause_task",
        to("POST", "/tasks/simulated/pause", query={"scope": "all"}),
        table("yes", "403", "403", "403"),
        task_paused_everywhere,
        variant="everywhere",
    ),
    Row("resume_everything", to("POST", "/resume"), table("yes", "403", "403", "403")),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
