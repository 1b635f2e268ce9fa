"""What a webhook reports, and to whom: deliveries by a worker to a receiver."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bson import ObjectId

from chalicelib.services.maintenance.outbox import OVERDUE_S
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import prepare
from tests.receiver import Receiver
from tests.support import wait_until
from tests.webhooks import deliveries, subscribe
from tests.worker_support import Rig

pytestmark = pytest.mark.integration


def test_each_end_is_delivered_with_a_signature(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    webhook, secret = subscribe(api, admin, receiver.url())
    jobs = {task: rig.submit(task, max_retries=2) for task in ("works", "fails", "fails-once")}
    cancelled = rig.submit("works", ready_at=rig.container.clock.now() + timedelta(hours=1))
    rig.container.jobs.cancel(admin.principal, cancelled.id)

    rig.start()
    received = receiver.wait(6)
    wait_until(lambda: len(deliveries(api, admin, webhook, status="delivered")) == 6, what="all delivered")

    assert receiver.types() == sorted(
        ["job.completed", "job.failed", "job.dead", "job.failed", "job.completed", "job.cancelled"]
    )
    by_job = {job.id: task for task, job in jobs.items()}
    for each in received:
        message = each.verified(secret)
        assert set(message) == {"type", "timestamp", "data"}
        task = by_job.get(message["data"]["_id"], "works")
        assert message["data"]["task"] == task
    assert len({each.message_id for each in received}) == 6
    shown = deliveries(api, admin, webhook)
    assert {each["messageId"] for each in shown} == {each.message_id for each in received}
    assert all(each["attempts"][0]["status"] == 200 for each in shown)
    assert all(each["attempts"][0]["answer"] == "thanks" for each in shown)
    wait_until(lambda: not rig.container.db.jobs.count_documents({"outbox": {"$exists": True}}), what="no entry left")


def test_only_events_that_are_asked_for_are_delivered(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    subscribe(api, admin, receiver.url(), "job.dead")
    rig.submit("works")
    dead = rig.submit("fails")

    rig.start()
    receiver.wait(1)
    rig.close()

    assert [(each.type, each.json["data"]["_id"]) for each in receiver.received] == [("job.dead", dead.id)]
    assert receiver.received[0].json["data"]["error"]["message"] == "no"


def test_a_stranger_is_not_told(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    stranger = api.person()
    theirs, _ = subscribe(api, stranger, receiver.url("/stranger"))
    mine, _ = subscribe(api, admin, receiver.url("/mine"))
    rig.submit("works")

    rig.start()
    receiver.wait(1)
    rig.close()

    assert [each.path for each in receiver.received] == ["/mine"]
    assert deliveries(api, stranger, theirs) == []
    assert api.get(f"/webhooks/{mine}/deliveries", by=stranger).status == 404


def test_both_secrets_sign_while_one_is_rotated(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    webhook, old = subscribe(api, admin, receiver.url())
    rotated = api.post(f"/webhooks/{webhook}/rotate", {}, by=admin)
    assert rotated.status == 200
    new = rotated.json["secret"]
    assert new != old
    assert rotated.json["webhook"]["oldSecretUntil"] is not None
    assert old not in api.get("/webhooks", by=admin).text

    assert api.post(f"/webhooks/{webhook}/test", by=admin).status == 201
    rig.start()
    (message,) = receiver.wait(1)

    assert message.type == "webhook.test"
    assert message.verified(new) == message.verified(old)


def test_a_redelivery_has_the_same_id(api: Api, admin: Person, rig: Rig, receiver: Receiver) -> None:
    webhook, _ = subscribe(api, admin, receiver.url())
    api.post(f"/webhooks/{webhook}/test", by=admin)
    rig.start()
    receiver.wait(1)
    (done,) = wait_until(lambda: deliveries(api, admin, webhook, status="delivered"))

    again = api.post(f"/webhooks/{webhook}/deliveries/{done['_id']}/redeliver", by=admin)

    assert again.status == 200
    assert again.json["delivery"]["status"] == "pending"
    first, second = receiver.wait(2)
    assert first.message_id == second.message_id
    assert api.post(f"/webhooks/{webhook}/deliveries/{'0' * 24}/redeliver", by=admin).status == 404


def test_a_job_of_the_dead_letter_queue_can_be_redriven_after_its_report(
    api: Api, admin: Person, rig: Rig, receiver: Receiver
) -> None:
    rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
    subscribe(api, admin, receiver.url(), "job.dead")
    job = rig.submit("fails")
    rig.start()
    receiver.wait(1)
    wait_until(lambda: not rig.job(job).outbox)

    rig.container.jobs.redrive(admin.principal, job.id)
    rig.start()

    first, second = receiver.wait(2)
    assert first.json["data"]["_id"] == second.json["data"]["_id"] == job.id
    assert first.message_id != second.message_id


def test_batches_and_workflows_report_their_ends(api: Api, admin: Person, container: Container) -> None:
    prepare(container)
    webhook, _ = subscribe(api, admin, "https://example.com/", "batch.completed", "workflow.cancelled")
    batch = api.post("/batches", {"name": "B", "jobs": [{"name": "x", "delayS": 3600}]}, by=admin).json["batch"]
    other = api.post("/batches", {"name": "C", "jobs": [{"name": "x", "delayS": 3600}]}, by=admin).json["batch"]
    flow = api.post(
        "/workflows", {"name": "W", "nodes": [{"id": "a", "name": "a", "delayS": 3600}]}, by=admin
    ).json["workflow"]  # fmt: skip
    container.db.jobs.update_many(
        {"batch": ObjectId(batch["_id"])}, {"$set": {"status": "completed"}, "$unset": {"open": ""}}
    )
    container.batch_work.settle(batch["_id"])
    api.post(f"/batches/{other['_id']}/cancel", by=admin)
    api.post(f"/workflows/{flow['_id']}/cancel", by=admin)
    for _ in range(2):
        container.sweeper.sweep()

    made = {each["type"]: each["payload"]["data"] for each in deliveries(api, admin, webhook)}
    assert made["batch.completed"]["_id"] == batch["_id"]
    assert made["batch.completed"]["done"] == 1
    assert made["workflow.cancelled"]["_id"] == flow["_id"]
    assert made["workflow.cancelled"]["status"] == "cancelled"
    assert len(made) == 2


def test_a_crash_before_the_delivery_is_made_loses_nothing(
    api: Api, admin: Person, rig: Rig, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, _ = subscribe(api, admin, receiver.url(), "job.completed")
    with monkeypatch.context() as broken:
        broken.setattr(rig.container.dispatcher, "dispatch", lambda jobs: 0)
        job = rig.submit("works")
        rig.run()
    assert deliveries(api, admin, webhook) == []
    early = rig.container.clock.now() - timedelta(seconds=OVERDUE_S + 1)
    rig.container.db.jobs.update_one({"_id": ObjectId(job.id)}, {"$set": {"updated_at": early}})

    for _ in range(2):
        rig.container.outbox.run()

    (made,) = deliveries(api, admin, webhook)
    assert made["subject"] == f"job:{job.id}"
    rig.start()
    receiver.wait(1)
