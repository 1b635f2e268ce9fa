"""Deliveries that fail: retries, pauses, addresses and answers that are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bson import ObjectId

from chalicelib.domain.webhooks import FAILING_FOR, FAILURES_IN_A_ROW
from tests.api_client import Api, Person
from tests.receiver import Receiver
from tests.support import wait_until
from tests.webhooks import ALL, deliveries, subscribe
from tests.worker_support import Rig

pytestmark = pytest.mark.integration


def test_a_failed_delivery_is_tried_again_under_its_id(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    receiver.status, receiver.body = 503, b"x" * 5_000
    webhook, secret = subscribe(api, admin, receiver.url(), "job.completed")
    rig.submit("works")
    rig.start()
    (first,) = receiver.wait(1)
    (failed,) = wait_until(lambda: [d for d in deliveries(api, admin, webhook) if d["attempts"]])

    assert failed["status"] == "pending"
    assert failed["attempts"][0] | {"at": "", "durationMs": 0} == {
        "at": "", "durationMs": 0, "status": 503, "answer": "x" * 1_024, "error": ""
    }  # fmt: skip
    assert failed["nextAt"] > failed["attempts"][0]["at"]

    receiver.status = 204
    rig.container.db.webhook_deliveries.update_many({}, {"$set": {"next_at": rig.container.clock.now()}})
    second = receiver.wait(2)[1]
    (done,) = wait_until(lambda: deliveries(api, admin, webhook, status="delivered"))

    assert second.message_id == first.message_id
    assert second.verified(secret) == first.verified(secret)
    assert [attempt["status"] for attempt in done["attempts"]] == [503, 204]
    assert done["nextAt"] is None
    assert api.get(f"/webhooks/{webhook}", by=admin).json["webhook"]["failures"] == 0


def test_while_it_is_paused_nothing_is_sent(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    receiver.status = 500
    webhook, _ = subscribe(api, admin, receiver.url())
    left = api.post(f"/webhooks/{webhook}/test", by=admin).json["delivery"]
    assert api.post(f"/webhooks/{webhook}/pause", by=admin).json["webhook"]["reason"] == "by_hand"
    rig.submit("works")
    rig.run()
    assert receiver.received == []
    assert api.post(f"/webhooks/{webhook}/test", by=admin).status == 409

    receiver.status = 200
    assert api.post(f"/webhooks/{webhook}/resume", by=admin).json["webhook"]["status"] == "active"
    rig.start()

    assert receiver.wait(1)[0].message_id == left["messageId"]
    rig.close()
    assert len(receiver.received) == 1
    kinds = [event["type"] for event in rig.events()]
    assert kinds.count("webhook:updated") == 2


@pytest.mark.parametrize(("status", "reason"), [(410, "gone"), (500, "failing")])
def test_a_webhook_that_keeps_failing_is_paused(
    api: Api, admin: Person, rig: Rig, receiver: Receiver, status: int, reason: str
) -> None:
    receiver.status = status
    webhook, _ = subscribe(api, admin, receiver.url())
    if reason == "failing":
        since = rig.container.clock.now() - FAILING_FOR
        change = {"$set": {"failures": FAILURES_IN_A_ROW - 1, "failing_since": since}}
        rig.container.db.webhooks.update_one({"_id": ObjectId(webhook)}, change)
    api.post(f"/webhooks/{webhook}/test", by=admin)

    rig.start()

    wait_until(lambda: api.get(f"/webhooks/{webhook}", by=admin).json["webhook"]["reason"] == reason)
    wait_until(lambda: deliveries(api, admin, webhook)[0]["nextAt"] is None, what="the delivery is held")
    wait_until(lambda: [event for event in rig.events() if event["type"] == "webhook:updated"])
    assert rig.lines("webhook_paused")


def test_redirects_are_not_followed(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    receiver.status = 307
    webhook, _ = subscribe(api, admin, receiver.url())
    api.post(f"/webhooks/{webhook}/test", by=admin)
    rig.start()

    (failed,) = wait_until(lambda: [d for d in deliveries(api, admin, webhook) if d["attempts"]])

    assert failed["attempts"][0]["status"] == 307
    assert [each.path for each in receiver.received] == ["/hook"]


def test_private_addresses_are_refused(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    webhook, _ = subscribe(api, admin, receiver.url().replace("127.0.0.1", "localhost"))
    rig.container.settings = replace(rig.container.settings, http_allow_private=False)
    rig.container.__dict__.pop("webhooks")
    refused = api.post("/webhooks", {"url": "http://169.254.169.254/latest", "events": ALL}, by=admin)
    assert refused.status == 400
    assert refused.json["field"] == "url"

    api.post(f"/webhooks/{webhook}/test", by=admin)
    rig.start()
    (failed,) = wait_until(lambda: [d for d in deliveries(api, admin, webhook) if d["attempts"]])

    assert "not on the public internet" in failed["attempts"][0]["error"]
    assert receiver.received == []
