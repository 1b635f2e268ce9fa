"""Who reaches metrics, health and what is public; tickets of the WebSocket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api_client import Answer, Api
from tests.authorisation import ANYBODY_NOTHING, OF_TENANT, ONESELF, Row, counted, shown, table, to
from tests.scenes import Scene

pytestmark = pytest.mark.integration


def last_hour() -> dict[str, str]:
    """The query of a range that ends in a moment."""
    now = datetime.now(UTC)
    return {"from": (now - timedelta(hours=1)).isoformat(), "to": (now + timedelta(minutes=1)).isoformat()}


def total_reset(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return scene.api.container.engine.counts(f"t:{scene.target.user.tenant_id}").get("submitted", 0) == 0


def ticket_of_target(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    found = scene.api.container.tickets.redeem(answer.json["ticket"])
    return found == scene.target.principal


ROWS = [
    # --- metrics
    Row(
        "get_metrics",
        to("GET", "/metrics"),
        OF_TENANT | {"operator": "yes yes yes"},
        counted("metrics", "jobs:submitted"),
        twice=True,
    ),
    Row("reset_metrics", to("POST", "/metrics/reset"), table("yes", "403", "403", "403"), total_reset),
    Row(
        "get_analytics",
        lambda scene: scene.call("GET", "/analytics", query=last_hour()),
        OF_TENANT | {"operator": "yes yes yes"},
        counted("total", "started"),
        twice=True,
    ),
    Row(
        "get_forecast",
        to("GET", "/analytics/forecast"),
        OF_TENANT | {"operator": "yes yes yes"},
        counted("forecast", "waiting"),
        twice=True,
    ),
    Row("get_series", to("GET", "/metrics/series"), OF_TENANT | {"operator": "yes yes yes"}, shown),
    # --- the WebSocket
    Row("create_ws_ticket", to("POST", "/ws/ticket"), ONESELF, ticket_of_target),
    # --- public
    *(
        Row(route, to("GET", path), ANYBODY_NOTHING, shown)
        for route, path in (
            ("sync", "/sync"),
            ("health", "/health"),
            ("openapi", "/openapi.json"),
            ("docs", "/docs"),
            ("docs_file", "/docs/rapidoc-min.js"),
            ("scrape", "/prometheus/metrics"),
            ("scraped_health", "/prometheus/health"),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, row: Row) -> None:
    assert row.matrix(api) == row.expect
