"""Tests of webhooks: calls of their routes."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.webhooks import WebhookEvent
from tests.api_client import Api, Person

ALL = [event.value for event in WebhookEvent]


def subscribe(api: Api, admin: Person, url: str, *events: str) -> tuple[str, str]:
    answer = api.post("/webhooks", {"url": url, "events": list(events) or ALL}, by=admin)
    assert answer.status == 201, answer.text
    return answer.json["webhook"]["_id"], answer.json["secret"]


def deliveries(api: Api, admin: Person, webhook: str, **query: str) -> list[dict[str, Any]]:
    answer = api.get(f"/webhooks/{webhook}/deliveries", by=admin, query=query)
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.json["deliveries"]
    return found
