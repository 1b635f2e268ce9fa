"""Who reaches alert rules and their firings."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import ADMINISTER, OF_ADMINS, OF_TENANT_READERS, READ_BY_ID, Row, answered, changed, shown, to

pytestmark = pytest.mark.integration

_RULE = {"name": "Stuck", "kind": "queue_age", "threshold": 60}

ROWS = [
    Row("create_alert", to("POST", "/alerts", _RULE), ADMINISTER, changed),
    Row("list_alerts", to("GET", "/alerts"), OF_TENANT_READERS, shown),
    Row("list_firings", to("GET", "/alerts/firings"), OF_TENANT_READERS, shown),
    Row("get_alert", to("GET", "/alerts/{alert}"), READ_BY_ID, shown),
    Row(
        "preview_alert",
        to("POST", "/alerts/preview", {"kind": "queue_age", "threshold": 60, "queue": "{queue}"}),
        ADMINISTER,
        lambda scene, answer, before: answer.json["preview"]["value"] > 0,
    ),
    *(
        Row(route, to(method, f"/alerts/{{alert}}{rest}", body), OF_ADMINS, reached)
        for route, method, rest, body, reached in (
            ("change_alert", "PATCH", "", {"threshold": 90}, changed),
            ("delete_alert", "DELETE", "", None, changed),
            ("mute_alert", "POST", "/mute", {"forS": 60}, changed),
            ("unmute_alert", "POST", "/unmute", None, answered),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
