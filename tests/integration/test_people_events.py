"""Events and metrics of members and API keys."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from chalicelib.domain.principals import Role
from chalicelib.queue.events import EventId
from tests.api_client import PASSWORD, Api, Person
from tests.container import Container

pytestmark = pytest.mark.integration


def published(container: Container) -> list[dict[str, Any]]:
    found = [orjson.loads(entry.message) for entry in container.event_log.read(EventId(0, 0), 1_000)]
    return [event for event in found if event["type"] in {"member:updated", "api-key:updated"}]


def changes(container: Container) -> list[tuple[str, str]]:
    return [(event["data"]["change"], event["data"].get("userId", "")) for event in published(container)]


def test_changes_of_members_are_events_that_name_ids_alone(api: Api, alice: Person, container: Container) -> None:
    new = {"username": "Carol", "email": "carol@example.com", "password": PASSWORD}
    carol = api.post("/members", new, by=alice).json["member"]["_id"]
    for role in ("viewer", "viewer"):
        assert api.patch(f"/members/{carol}", {"role": role}, by=alice).status == 200
    assert api.delete(f"/members/{carol}", by=alice).status == 200

    assert changes(container) == [("added", carol), ("role", carol), ("removed", carol)]
    assert all(set(event["data"]) == {"userId", "change", "at"} for event in published(container))


def test_who_joins_and_who_leaves_is_an_event(api: Api, alice: Person, container: Container) -> None:
    link = api.post("/invitations", {"email": "bea@example.com"}, by=alice).json["link"]
    joining = {"token": link.partition("#")[2], "username": "Bea", "password": PASSWORD}
    bea = api.post("/invitations/accept", joining).json["member"]["_id"]
    leaving = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    left = api.post("/me/delete", {"currentPassword": PASSWORD, "name": leaving.user.username}, by=leaving)

    assert left.status == 200
    assert changes(container) == [("added", bea), ("removed", leaving.id)]


def test_api_keys_are_events_and_counted(api: Api, alice: Person, container: Container) -> None:
    new = {"name": "CI", "scopes": ["jobs:read"]}
    kept, gone = (api.post("/api-keys", new, by=alice).json["apiKey"]["_id"] for _ in range(2))
    assert api.delete(f"/api-keys/{gone}", by=alice).status == 200

    events = [(event["data"]["keyId"], event["data"]["change"]) for event in published(container)]
    assert events == [(kept, "created"), (gone, "created"), (gone, "revoked")]
    families = text_string_to_metric_families(api.get("/prometheus/metrics").text)
    found = {(s.name, s.labels.get("state")): s.value for family in families for s in family.samples}
    assert found["queuecraft_api_keys", "valid"] == 1
    assert found["queuecraft_api_keys", "expired"] == 0
    assert found["queuecraft_members", None] == 1
