"""Notices of alert rules go out once, whatever happens between their state and the notice."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.principals import Role
from chalicelib.services.alert_evaluation import MAILS_PER_HOUR
from tests.alerts import create, evaluate, hook, mails, sent, shown, stored
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import submit
from tests.support import ManualClock

pytestmark = pytest.mark.integration


def test_a_queue_that_is_stuck_is_notified_once_and_so_is_its_end(
    api: Api, admin: Person, container: Container, clock: ManualClock
) -> None:
    webhook, rule = hook(api, admin), create(api, admin, forS=60)
    viewer = api.person(Role.VIEWER, tenant_id=admin.user.tenant_id)
    for person in (admin, viewer):
        assert api.put("/me/notifications", {"failures": "off", "alerts": True}, by=person).status == 200
    job = submit(container, admin.principal, queue="mail")
    evaluate(container, clock)
    assert shown(api, admin, rule)["status"] == "pending"
    evaluate(container, clock, 3)
    firing = shown(api, admin, rule)
    assert (firing["status"], firing["subject"], firing["firings"]) == ("firing", "mail", 1)
    assert firing["value"] >= 120
    assert sent(api, admin, webhook) == ["alert.firing"]
    assert mails(container) == ["[warning] Firing: Mail is stuck"] * 2

    api.post(f"/job/{job.id}/cancel", by=admin)
    evaluate(container, clock, 3)

    assert shown(api, viewer, rule)["status"] == "resolved"
    assert sent(api, admin, webhook) == ["alert.firing", "alert.resolved"]
    assert mails(container) == ["[warning] Firing: Mail is stuck"] * 2 + ["[warning] Resolved: Mail is stuck"] * 2
    (past,) = api.get("/alerts/firings", by=viewer, query={"rule": rule}).json["firings"]
    assert (past["number"], past["notified"], past["subject"]) == (1, True, "mail")
    assert past["resolvedAt"] > past["firedAt"]
    assert stored(container, rule).notices == ()


def test_of_evaluators_that_race_one_tells(api: Api, admin: Person, container: Container, clock: ManualClock) -> None:
    webhook, rule = hook(api, admin), create(api, admin)
    api.put("/me/notifications", {"failures": "off", "alerts": True}, by=admin)
    submit(container, admin.principal, queue="mail")
    clock.advance(120)
    barrier = threading.Barrier(4)
    evaluation = container.alert_evaluation
    read = stored(container, rule)
    written: list[bool] = []

    def one() -> None:
        barrier.wait(10)
        # all of them have read the same state
        written.append(evaluation._evaluate(read))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(written) == [False, False, False, True]
    assert shown(api, admin, rule)["firings"] == 1
    assert sent(api, admin, webhook) == ["alert.firing"]
    assert len(mails(container)) == 1


@pytest.mark.parametrize("dies_in", ["note", "webhook", "mail", "made"])
def test_a_process_that_dies_between_state_and_notice_leaves_it_to_the_next(
    api: Api, admin: Person, container: Container, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    webhook, rule = hook(api, admin), create(api, admin)
    api.put("/me/notifications", {"failures": "off", "alerts": True}, by=admin)
    submit(container, admin.principal, queue="mail")
    clock.advance(120)
    dying = {
        "note": (container.alert_store, "note"),
        "webhook": (container.webhook_events, "report"),
        "mail": (container.mailer, "post"),
        "made": (container.alert_store, "made"),
    }
    target, name = dying[dies_in]

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(target, name, die)
        with pytest.raises(SystemExit):
            container.alert_evaluation.run()
    assert shown(api, admin, rule)["status"] == "firing"
    assert len(stored(container, rule).notices) == 1

    evaluate(container, clock, 3)

    assert sent(api, admin, webhook) == ["alert.firing"]
    assert len(mails(container)) == 1
    assert len(api.get("/alerts/firings", by=admin).json["firings"]) == 1
    assert stored(container, rule).notices == ()


def test_the_notice_of_a_rule_that_was_disabled_meanwhile_is_made_too(
    api: Api, admin: Person, container: Container, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, rule = hook(api, admin), create(api, admin)
    submit(container, admin.principal, queue="mail")
    evaluate(container, clock, 2)
    assert api.patch(f"/alerts/{rule}", {"enabled": False}, by=admin).status == 200

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(container.webhook_events, "report", die)
        with pytest.raises(SystemExit):
            evaluate(container, clock)
    evaluate(container, clock, 3)
    assert sent(api, admin, webhook) == ["alert.firing", "alert.resolved"]
    assert container.db["alert_rules"].count_documents({"due_at": {"$exists": True}}) == 0


def test_a_change_during_an_evaluation_is_not_overwritten(
    api: Api, admin: Person, container: Container, clock: ManualClock
) -> None:
    rule = create(api, admin)
    submit(container, admin.principal, queue="mail")
    clock.advance(120)
    read = stored(container, rule)
    assert api.patch(f"/alerts/{rule}", {"threshold": 86_400}, by=admin).status == 200
    assert container.alert_evaluation._evaluate(read) is False
    evaluate(container, clock)
    found = shown(api, admin, rule)
    assert (found["status"], found["threshold"]) == ("ok", 86_400)


def test_mails_are_bounded_and_webhooks_are_not(
    api: Api, admin: Person, container: Container, clock: ManualClock
) -> None:
    webhook = hook(api, admin)
    create(api, admin)
    api.put("/me/notifications", {"failures": "off", "alerts": True}, by=admin)
    for _ in range(8):
        job = submit(container, admin.principal, queue="mail", delay_s=0)
        evaluate(container, clock, 2)
        api.post(f"/job/{job.id}/cancel", by=admin)
        evaluate(container, clock)
    assert sent(api, admin, webhook) == ["alert.firing", "alert.resolved"] * 8
    assert len(mails(container)) == MAILS_PER_HOUR


def test_deleting_a_rule_that_fires_tells_that_it_has_ended(
    api: Api, admin: Person, container: Container, clock: ManualClock
) -> None:
    webhook, rule = hook(api, admin), create(api, admin)
    submit(container, admin.principal, queue="mail")
    evaluate(container, clock, 2)
    assert api.delete(f"/alerts/{rule}", by=admin).status == 200
    assert api.get(f"/alerts/{rule}", by=admin).status == 404
    assert sent(api, admin, webhook) == ["alert.firing", "alert.resolved"]
    assert container.db["alert_firings"].count_documents({}) == 0
    evaluate(container, clock)


def test_a_muted_rule_tells_when_the_mute_is_over(
    api: Api, admin: Person, container: Container, clock: ManualClock
) -> None:
    webhook, rule = hook(api, admin), create(api, admin)
    until = (clock.now() + timedelta(seconds=270)).isoformat()
    muted = api.post(f"/alerts/{rule}/mute", {"until": until}, by=admin)
    assert muted.json["alert"]["mutedUntil"] is not None
    submit(container, admin.principal, queue="mail")
    evaluate(container, clock, 3)
    assert (shown(api, admin, rule)["status"], sent(api, admin, webhook)) == ("firing", [])
    evaluate(container, clock, 3)
    assert sent(api, admin, webhook) == ["alert.firing"]
    assert api.post(f"/alerts/{rule}/mute", {"forS": 60}, by=admin).status == 200
    assert api.post(f"/alerts/{rule}/unmute", by=admin).json["alert"]["mutedUntil"] is None
