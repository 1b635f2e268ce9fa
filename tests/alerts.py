"""Tests of alert rules: calls of their routes, and evaluations at times of a clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.domain.alerts import AlertRule
from chalicelib.store.rollups import Increments
from tests.api_client import Api, Person
from tests.container import Container
from tests.support import ManualClock

AGE = {"name": "Mail is stuck", "kind": "queue_age", "queue": "mail", "threshold": 30}


def create(api: Api, by: Person, **fields: Any) -> str:
    answer = api.post("/alerts", {**AGE, **fields}, by=by)
    assert answer.status == 201, answer.text
    made: str = answer.json["alert"]["_id"]
    return made


def shown(api: Api, by: Person, rule: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/alerts/{rule}", by=by).json["alert"]
    return found


def hook(api: Api, by: Person) -> str:
    events = ["alert.firing", "alert.resolved"]
    made: str = api.post("/webhooks", {"url": "https://example.com/", "events": events}, by=by).json["webhook"]["_id"]
    return made


def sent(api: Api, by: Person, webhook: str) -> list[str]:
    """The types of the messages to a webhook, oldest first."""
    found = api.get(f"/webhooks/{webhook}/deliveries", by=by).json["deliveries"]
    return [each["type"] for each in found][::-1]


def mails(container: Container) -> list[str]:
    return sorted(mail.subject for mail in container.mail_store.newest(99) if mail.kind == "alert")


def evaluate(container: Container, clock: ManualClock, minutes: int = 1) -> None:
    for _ in range(minutes):
        clock.advance(60)
        container.alert_evaluation.run()


def stored(container: Container, rule: str) -> AlertRule:
    """The rule as MongoDB holds it."""
    found = container.alert_store.get(rule)
    assert found is not None
    return found


def ended(container: Container, tenant_id: str, task: str, completed: int, dlq: int, *, minutes_ago: int = 0) -> None:
    minute = (container.clock.now() - timedelta(minutes=minutes_ago)).replace(second=0, microsecond=0)
    increments = Increments(tenant_id, "mail", task, minute)
    increments.counts.update(completed=completed, dlq=dlq)
    container.rollups.add([increments])
