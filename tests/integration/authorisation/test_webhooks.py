"""Who reaches webhooks and their deliveries."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.authorisation import ADMINISTER, OF_ADMINS, Row, answered, changed, shown, to

pytestmark = pytest.mark.integration

ROWS = [
    Row(
        "create_webhook",
        to("POST", "/webhooks", {"url": "https://example.com/", "events": ["job.dead"]}),
        ADMINISTER,
        changed,
    ),
    Row("list_webhooks", to("GET", "/webhooks"), ADMINISTER, shown),
    *(
        Row(route, to(method, f"/webhooks/{{webhook}}{rest}", body), OF_ADMINS, reached)
        for route, method, rest, body, reached in (
            ("get_webhook", "GET", "", None, shown),
            ("change_webhook", "PATCH", "", {"events": ["job.failed"]}, changed),
            ("delete_webhook", "DELETE", "", None, changed),
            ("rotate_webhook_secret", "POST", "/rotate", {}, changed),
            ("pause_webhook", "POST", "/pause", None, changed),
            ("resume_webhook", "POST", "/resume", None, answered),
            ("test_webhook", "POST", "/test", None, changed),
            ("list_webhook_deliveries", "GET", "/deliveries", None, shown),
            ("redeliver_webhook", "POST", "/deliveries/{delivery}/redeliver", None, changed),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
