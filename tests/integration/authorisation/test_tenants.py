"""Who reaches tenants, their settings and their pauses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api_client import Answer, Api
from tests.authorisation import ADMINISTER, OF_TENANT, Row, changed, table, to
from tests.scenes import Scene

pytestmark = pytest.mark.integration

SETTINGS = table("yes", "yes yes 404", "yes yes 404", "yes yes 404")


def tenant_listed(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return [tenant["id"] for tenant in answer.json["tenants"]] == [scene.target.user.tenant_id]


def settings_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return bool(answer.json["tenantId"] == scene.target.user.tenant_id)


def redacts(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The target's tenant redacts what was asked for."""
    return scene.api.container.redaction_store.get(scene.target.user.tenant_id) == ("card",)


def redaction_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The answer follows a change of the target's tenant."""
    assert scene.actor is not None
    scene.api.container.redaction_store.set(scene.target.user.tenant_id, ["mine"], datetime.now(UTC))
    return bool(scene.api.get("/tenant/redaction", by=scene.actor).json["paths"] == ["mine"])


ROWS = [
    Row("get_own_settings", to("GET", "/tenant/settings"), OF_TENANT, settings_shown),
    Row("change_own_settings", to("PUT", "/tenant/settings", {"openJobs": 7}), ADMINISTER, changed),
    Row("get_redaction", to("GET", "/tenant/redaction"), OF_TENANT, redaction_shown),
    Row("put_redaction", to("PUT", "/tenant/redaction", {"paths": ["card"]}), ADMINISTER, redacts),
    Row("get_settings", to("GET", "/tenants/{tenant}/settings"), SETTINGS, settings_shown),
    Row(
        "change_settings",
        to("PUT", "/tenants/{tenant}/settings", {"openJobs": 7}),
        table("yes", "yes yes 404", "403", "403"),
        changed,
    ),
    Row(
        "change_maxima",
        to("PUT", "/tenants/{tenant}/maxima", {"openJobs": 7}),
        table("yes", "403", "403", "403"),
        changed,
    ),
    Row(
        "list_tenants", to("GET", "/tenants", query={"q": "{tenant}"}), table("yes", "403", "403", "403"), tenant_listed
    ),
    Row("pause_own_tenant", to("POST", "/tenant/pause"), ADMINISTER, changed),
    Row("resume_own_tenant", to("POST", "/tenant/resume"), table("yes", "yes", "403", "403")),
    Row("pause_tenant", to("POST", "/tenants/{tenant}/pause"), table("yes", "yes yes 403", "403", "403"), changed),
    Row("resume_tenant", to("POST", "/tenants/{tenant}/resume"), table("yes", "yes yes 403", "403", "403")),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
