"""Queues over the API: depth, age, rate, pause and resume."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.principals import Role
from chalicelib.domain.rollups import Span, span_start
from chalicelib.queue.events import EventId
from chalicelib.store.rollups import Increments
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import InvocationLog, prepare, start, submit

pytestmark = pytest.mark.integration
ABOUT = {"startedAt": "2026-01-01T00:00:00.000Z", "lastSeen": "2026-01-01T00:00:01.000Z", "running": 3}


@pytest.fixture(autouse=True)
def invocations(container: Container) -> InvocationLog:
    return prepare(container)


def queues(api: Api, who: Person, **query: str) -> dict[str, dict[str, Any]]:
    answer = api.get("/queues", by=who, query=query)
    assert answer.status == 200, answer.text
    return {queue["name"]: queue for queue in answer.json["queues"]}


def test_a_queue_shows_its_counts(api: Api, alice: Person, container: Container) -> None:
    submit(container, alice.principal, queue="images")
    start(container)
    first = submit(container, alice.principal, queue="images")
    submit(container, alice.principal, queue="images")
    submit(container, alice.principal, queue="mails", delay_s=60.0)
    submit(container, api.person().principal, queue="theirs")
    now = container.clock.now()
    counts = Counter({"completed": 4, "dlq": 2, "failed": 9})
    tenant = alice.user.tenant_id
    container.rollups.add([Increments(tenant, "images", "t", span_start(now, Span.MINUTE), counts)])

    found = queues(api, alice)

    assert list(found) == ["default", "images", "mails"]
    images = found["images"]
    assert (images["ready"], images["running"], images["paused"]) == (2, 1, False)
    age_ms = (container.clock.now() - first.ready_at) / timedelta(milliseconds=1)
    assert 0 <= images["oldestAgeMs"] <= age_ms
    assert 3 <= images["ratePerMin"] <= 6
    assert (found["mails"]["scheduled"], found["mails"]["ready"], found["mails"]["oldestAgeMs"]) == (1, 0, None)
    assert found["default"]["ready"] == 0


def test_jobs_of_a_paused_queue_are_not_claimed_until_resumed(
    api: Api, alice: Person, container: Container, invocations: InvocationLog
) -> None:
    last = container.event_log.last_id() or EventId(0, 0)
    answer = api.post("/queues/images/pause", by=alice)
    assert answer.json == {"success": True, "name": "images", "paused": True, "changed": True}
    assert api.post("/queues/images/pause", by=alice).json["changed"] is False
    [entry] = container.event_log.read(last)
    event = json.loads(entry.message)
    assert (event["type"], event["tenantId"]) == ("queue:updated", alice.user.tenant_id)
    assert (event["data"]["name"], event["data"]["paused"]) == ("images", True)

    submit(container, alice.principal, queue="images")
    assert start(container) == []
    assert queues(api, alice)["images"]["paused"] is True
    invocations.made.clear()
    container.redis.delete(container.keys.waking)

    assert api.post("/queues/images/resume", by=alice).json["changed"] is True
    assert invocations.made, "a worker is woken for the waiting jobs"
    assert len(start(container)) == 1


def test_a_pause_survives_the_loss_of_redis(api: Api, alice: Person, container: Container) -> None:
    api.post("/queues/images/pause", by=alice)
    submit(container, alice.principal, queue="images")
    for key in container.redis.scan_iter(match=container.keys.prefix + "*"):
        container.redis.delete(key)
    container.rebuilder.ensure_open()
    assert start(container) == []
    assert queues(api, alice)["images"]["paused"] is True


def test_who_may_pause(api: Api, alice: Person) -> None:
    tenant = alice.user.tenant_id
    for role, status in ((Role.MEMBER, 403), (Role.VIEWER, 403), (Role.ADMIN, 200)):
        who = api.person(role, tenant_id=tenant)
        assert api.post("/queues/q/pause", by=who).status == status
        assert api.post("/queues/q/resume", by=who).status == status


def test_an_operator_may_name_a_tenant(api: Api, alice: Person, container: Container) -> None:
    operator, tenant = api.person(Role.OPERATOR), alice.user.tenant_id
    assert api.post("/queues/q/pause", by=operator, query={"tenant": tenant}).status == 200
    assert queues(api, alice)["q"]["paused"] is True
    assert queues(api, operator, tenant=tenant)["q"]["paused"] is True
    assert "q" not in queues(api, operator)
    for path, call in (("/queues", api.get), ("/queues/q/pause", api.post)):
        assert call(path, by=api.person(), query={"tenant": tenant}).status == 403


@pytest.mark.parametrize("name", ["a%2Fb", "-x", "x" * 65, "a%20b", "%24ne"])
def test_invalid_names_of_queues_are_not_found(api: Api, alice: Person, name: str) -> None:
    assert api.post(f"/queues/{name}/pause", by=alice).status == 404


def test_workers_and_their_leases(api: Api, alice: Person, container: Container) -> None:
    stranger = api.person()
    mine = submit(container, alice.principal)
    theirs = submit(container, stranger.principal)
    start(container)
    container.fleet.join("worker-1", 5)
    container.fleet.heartbeat("worker-1", ABOUT, {})

    def leases(who: Person) -> set[str]:
        [worker] = api.get("/workers", by=who).json["workers"]
        assert (worker["id"], worker["concurrency"], worker["running"]) == ("worker-1", 5, 3)
        assert (worker["startedAt"], worker["lastSeen"]) == (ABOUT["startedAt"], ABOUT["lastSeen"])
        return {lease["jobId"] for lease in worker["leases"]}

    assert leases(alice) == {mine.id}
    assert leases(stranger) == {theirs.id}
    assert leases(api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)) == set()
    assert leases(api.person(Role.VIEWER, tenant_id=alice.user.tenant_id)) == {mine.id}
    assert leases(api.person(Role.OPERATOR)) == {mine.id, theirs.id}


def test_the_catalogue(api: Api, alice: Person) -> None:
    tasks = {task["name"]: task for task in api.get("/tasks", by=alice).json["tasks"]}
    assert set(tasks) == {"simulated", "resize"}
    assert (tasks["resize"]["maxRetries"], tasks["resize"]["timeoutS"], tasks["resize"]["queue"]) == (1, 60, "images")
    assert tasks["resize"]["schema"]["required"] == ["width"]


def test_in_a_strict_queue_a_higher_priority_is_first(api: Api, alice: Person, container: Container) -> None:
    def order() -> list[str]:
        other = api.person(tenant_id=alice.user.tenant_id).principal
        old = submit(container, other, queue="images")
        urgent = submit(container, other, queue="images", priority=9)
        (old, urgent), _ = container.job_store.get_many([old.id, urgent.id])
        old, urgent = sorted((old, urgent), key=lambda job: job.priority)
        late = urgent.with_(ready_at=old.ready_at + timedelta(hours=1))
        return ["old", "urgent"] if old.score < late.score else ["urgent", "old"]

    assert order() == ["old", "urgent"], "an hour of waiting is worth more than four steps of priority"
    last = container.event_log.last_id() or EventId(0, 0)
    answer = api.put("/queues/images", {"strict": True}, by=alice)
    assert answer.json == {"success": True, "name": "images", "strict": True, "changed": True}
    assert api.put("/queues/images", {"strict": True}, by=alice).json["changed"] is False
    [entry] = container.event_log.read(last)
    assert json.loads(entry.message)["data"]["strict"] is True
    assert queues(api, alice)["images"]["strict"] is True
    assert order() == ["urgent", "old"]
    assert api.put("/queues/images", {"strict": False}, by=alice).json["changed"] is True
    assert order() == ["old", "urgent"]


def test_settings_of_a_queue_are_checked(api: Api, alice: Person) -> None:
    assert api.put("/queues/images", {}, by=alice).json["field"] == "strict"
    assert api.put("/queues/images", {"strict": "perhaps"}, by=alice).json["field"] == "strict"
    assert api.put("/queues/no%20name", {"strict": True}, by=alice).status == 404
