"""Saved views: of a person, and shared with the tenant."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from bson import ObjectId

from chalicelib.domain.principals import Role
from chalicelib.domain.views import MAX_VIEWS
from chalicelib.queue.events import EventId
from tests.api_client import Api, Person
from tests.container import Container

pytestmark = pytest.mark.integration


@pytest.fixture
def admin(api: Api) -> Person:
    return api.person()


def save(api: Api, who: Person, status: int = 201, **changes: Any) -> Any:
    body = {"name": "Billing", "page": "dlq", "query": {"queue": "billing"}, **changes}
    answer = api.post("/views", body, by=who)
    assert answer.status == status, answer.text
    return answer.json["view"] if status == 201 else answer.json


def names(api: Api, who: Person) -> list[str]:
    return [each["name"] for each in api.get("/views", by=who).json["views"]]


def test_views_are_a_persons_unless_they_are_shared(api: Api, container: Container, admin: Person) -> None:
    viewer, stranger = api.person(Role.VIEWER, tenant_id=admin.user.tenant_id), api.person()
    mine = save(api, admin, name="Mine")
    ours = save(api, admin, name="Ours", shared=True)
    theirs = save(api, viewer, name="Theirs", page="jobs", query={})
    assert ours["query"] == {"queue": "billing"}
    assert [names(api, who) for who in (admin, viewer, stranger)] == [["Mine", "Ours"], ["Ours", "Theirs"], []]
    assert save(api, viewer, 403, shared=True)["success"] is False
    assert api.delete(f"/views/{ours['_id']}", by=viewer).status == 403
    assert api.delete(f"/views/{theirs['_id']}", by=admin).status == 404
    assert api.delete(f"/views/{ours['_id']}", by=api.person(tenant_id=admin.user.tenant_id)).status == 200
    assert api.delete(f"/views/{mine['_id']}", by=admin).status == 200
    assert names(api, admin) == []
    actions = [each["action"] for each in api.get("/audit", by=admin).json["entries"]]
    assert sorted(each for each in actions if each.startswith("view.")) == ["view.create"] * 3 + ["view.delete"] * 2
    found = [orjson.loads(entry.message) for entry in container.event_log.read(EventId(0, 0), 1_000)]
    published = [each["data"]["viewId"] for each in found if each["type"] == "view:updated"]
    assert published == [mine["_id"], ours["_id"], theirs["_id"], ours["_id"], mine["_id"]]


def test_bad_views_are_refused_with_the_field(api: Api, admin: Person) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"page": "queues"}, "page"),
        ({"query": {"a-b": "1"}}, "query"),
        ({"query": {"q": "x" * 301}}, "query"),
        ({"query": {f"a{chr(97 + n)}": "1" for n in range(21)}}, "query"),
        ({"query": {"q": 1}}, "query"),
    ]
    for change, field in wrong:
        assert str(save(api, admin, 400, **change)["field"]).startswith(field), change


def test_there_is_a_bound(api: Api, container: Container, admin: Person) -> None:
    view = save(api, admin)
    (stored,) = container.db["views"].find({"_id": ObjectId(view["_id"])})
    container.db["views"].insert_many([{**stored, "_id": ObjectId()} for _ in range(MAX_VIEWS - 1)])
    assert save(api, admin, 429)["code"] == "too_many_views"
    save(api, admin, shared=True)
