"""The tables have every route."""

from __future__ import annotations

from chalicelib.api.routing import ROUTES
from tests.integration.authorisation import (
    test_accounts,
    test_audit,
    test_invitations,
    test_jobs,
    test_limits,
    test_metrics,
    test_operations,
    test_pauses,
    test_queues,
    test_schedules,
    test_tenants,
    test_webhooks,
    test_workflows,
)

TABLES = [
    test_accounts,
    test_audit,
    test_invitations,
    test_jobs,
    test_limits,
    test_metrics,
    test_operations,
    test_pauses,
    test_queues,
    test_schedules,
    test_tenants,
    test_webhooks,
    test_workflows,
]


def test_every_route_has_a_row() -> None:
    assert {row.route for table in TABLES for row in table.ROWS} == {route.name for route in ROUTES}
