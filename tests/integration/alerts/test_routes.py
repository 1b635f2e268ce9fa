"""Routes of alert rules, and what they leave in events, metrics and the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.alerts import AlertKind, Condition, Severity
from chalicelib.domain.principals import Role
from chalicelib.services.alert_evaluation import AlertEvaluation
from chalicelib.services.alerts import NewAlert
from tests.alerts import AGE, create, ended, evaluate
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import submit
from tests.support import ManualClock

pytestmark = pytest.mark.integration


def test_routes_answer_400_naming_the_field(api: Api, admin: Person) -> None:
    for wrong, field in (
        ({"name": " "}, "name"),
        ({"kind": "weather"}, "kind"),
        ({"threshold": 0}, "threshold"),
        ({"threshold": "600"}, "threshold"),
        ({"threshold": 1e12}, "threshold"),
        ({"queue": "a b"}, "queue"),
        ({"task": "send"}, "task"),
        ({"windowS": 59}, "window_s"),
        ({"forS": -1}, "for_s"),
        ({"repeatS": 10}, "repeat_s"),
        ({"severity": "bad"}, "severity"),
        ({"scope": "own"}, "scope"),
    ):
        refused = api.post("/alerts", {**AGE, **wrong}, by=admin)
        assert refused.status == 400, (wrong, refused.text)
        assert refused.json["field"] in {field, field.replace("_s", "S")}, wrong
    assert api.post("/alerts", {**AGE, "queue": None, "scope": "all"}, by=admin).status == 403
    rule = create(api, admin)
    assert api.patch(f"/alerts/{rule}", {}, by=admin).status == 400
    assert api.patch(f"/alerts/{rule}", {"task": "send"}, by=admin).json["field"] == "task"
    changed = api.patch(f"/alerts/{rule}", {"queue": None, "severity": "critical"}, by=admin).json["alert"]
    assert (changed["queue"], changed["severity"], changed["name"]) == (None, "critical", "Mail is stuck")
    for body in ({}, {"until": "2030-01-01T00:00:00Z", "forS": 5}, {"forS": 0}):
        assert api.post(f"/alerts/{rule}/mute", body, by=admin).status == 400
    for _ in range(2):
        create(api, admin)
    over = api.post("/alerts", AGE, by=admin)
    assert (over.status, over.json["code"]) == (429, "too_many_alerts")
    assert len(api.get("/alerts", by=admin).json["alerts"]) == 3


def test_firings_page_as_lists_do(api: Api, admin: Person, container: Container, clock: ManualClock) -> None:
    rule = create(api, admin)
    for _ in range(5):
        job = submit(container, admin.principal, queue="mail")
        evaluate(container, clock, 2)
        api.post(f"/job/{job.id}/cancel", by=admin)
        evaluate(container, clock)
    numbers: list[int] = []
    cursor: str | None = None
    for _ in range(3):
        query = {"rule": rule, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = api.get("/alerts/firings", by=admin, query=query).json
        numbers += [each["number"] for each in page["firings"]]
        cursor = page["nextCursor"]
    assert (numbers, cursor) == ([5, 4, 3, 2, 1], None)


def test_rules_for_all_tenants_are_for_operators(api: Api, container: Container, clock: ManualClock) -> None:
    operator = api.person(Role.OPERATOR)
    colleague = api.person(Role.ADMIN, tenant_id=operator.user.tenant_id)
    stranger = api.person(Role.OPERATOR)
    for person in (operator, colleague, stranger):
        api.put("/me/notifications", {"failures": "off", "alerts": True}, by=person)
    growth = {"name": "Dead letters", "kind": "dlq_growth", "queue": None, "threshold": 1, "scope": "all"}
    rule = create(api, operator, **growth)
    assert api.get(f"/alerts/{rule}", by=colleague).status == 404
    assert api.get("/alerts", by=colleague).json["alerts"] == []
    ended(container, colleague.user.tenant_id, "send", 0, 1)
    evaluate(container, clock)
    posted = {mail.to for mail in container.mail_store.newest(99)}
    assert posted == {operator.email, stranger.email}
    assert api.get("/alerts/firings", by=colleague).json["firings"] == []
    assert len(api.get("/alerts/firings", by=operator).json["firings"]) == 1


def test_members_who_read_their_own_jobs_alone_get_no_mails(api: Api, admin: Person) -> None:
    member = api.person(Role.MEMBER, tenant_id=admin.user.tenant_id)
    refused = api.put("/me/notifications", {"failures": "off", "alerts": True}, by=member)
    assert (refused.status, refused.json["field"]) == (400, "alerts")
    assert api.put("/me/notifications", {"failures": "off", "alerts": True}, by=admin).status == 200
    kept = api.put("/me/notifications", {"failures": "daily"}, by=admin).json["notifications"]
    assert kept == {"failures": "daily", "scope": "own", "alerts": True}


def test_changes_are_in_the_audit_log(api: Api, admin: Person) -> None:
    rule = create(api, admin)
    api.patch(f"/alerts/{rule}", {"threshold": 120}, by=admin)
    api.post(f"/alerts/{rule}/mute", {"forS": 600}, by=admin)
    api.post(f"/alerts/{rule}/unmute", by=admin)
    api.delete(f"/alerts/{rule}", by=admin)
    log = api.get("/audit", by=admin, query={"target": f"alert:{rule}"}).json["entries"]
    assert [entry["action"] for entry in log] == [
        f"alert.{verb}" for verb in ("delete", "unmute", "mute", "change", "create")
    ]
    assert (log[3]["before"]["threshold"], log[3]["after"]["threshold"]) == (30, 120)


def test_each_change_of_status_is_an_event(api: Api, admin: Person, container: Container, clock: ManualClock) -> None:
    rule = create(api, admin)
    since = container.event_log.last_id()
    submit(container, admin.principal, queue="mail")
    evaluate(container, clock, 3)
    assert since is not None
    updates = [entry.message for entry in container.event_log.read(since) if b"alert:updated" in entry.message]
    assert len(updates) == 1
    assert rule.encode() in updates[0]
    assert b'"status":"firing"' in updates[0]


def test_the_gauge_counts_rules_by_status(api: Api, admin: Person, container: Container, clock: ManualClock) -> None:
    create(api, admin, severity="critical")
    create(api, admin, enabled=False)
    submit(container, admin.principal, queue="mail")
    evaluate(container, clock, 2)
    scraped = api.get("/prometheus/metrics").text
    assert 'queuecraft_alerts{status="firing",severity="critical"} 1' in scraped
    assert 'queuecraft_alerts{status="ok",severity="warning"} 0' in scraped


def test_without_a_rule_the_routine_reads_one_index_and_imports_nothing(container: Container) -> None:
    container.sweeper.sweep()
    assert "alert_evaluation" not in container.__dict__
    assert isinstance(container.alert_evaluation, AlertEvaluation)


def test_a_slow_rule_leaves_time_for_those_of_other_tenants(api: Api, container: Container) -> None:
    slow, other = api.person(Role.ADMIN), api.person(Role.ADMIN)
    for _ in range(3):
        rule = NewAlert("Slow", Condition(AlertKind.QUEUE_AGE, 60), severity=Severity.INFO)
        container.alerts.create(slow.principal, rule)
    container.alerts.create(other.principal, NewAlert("Quick", Condition(AlertKind.QUEUE_AGE, 60)))
    clock = ManualClock(container.clock.now() + timedelta(seconds=60))
    read: list[str] = []

    class Slow:
        def read(self, condition: Condition, tenant_id: str) -> Any:
            read.append(tenant_id)
            clock.advance(6)
            return container.alert_readings.read(condition, tenant_id)

    AlertEvaluation(
        store=container.alert_store, readings=Slow(), notices=container.alert_notices,  # type: ignore[arg-type]
        event_log=container.event_log, clock=clock, log=container.log,
    ).run()  # fmt: skip
    assert set(read) == {slow.user.tenant_id, other.user.tenant_id}
