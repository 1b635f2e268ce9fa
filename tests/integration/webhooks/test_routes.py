"""Routes of webhooks: input, pages, the audit log."""

from __future__ import annotations

import pytest

from tests.api_client import Api, Person
from tests.container import Container
from tests.webhooks import subscribe

pytestmark = pytest.mark.integration


def test_routes_answer_400_naming_the_field(api: Api, admin: Person) -> None:
    right = {"url": "https://example.com/", "events": ["job.completed"]}
    for wrong, field in (
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": "https://user:secret@example.com/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["job.completed", "job.completed"]}, "events"),
        ({"events": ["job.exploded"]}, "events.0"),
        ({"description": "x" * 201}, "description"),
    ):
        refused = api.post("/webhooks", {**right, **wrong}, by=admin)
        assert refused.status == 400, wrong
        assert refused.json["field"] == field
    made, _ = subscribe(api, admin, "https://example.com/")
    assert api.patch(f"/webhooks/{made}", {}, by=admin).status == 400
    changed = api.patch(f"/webhooks/{made}", {"description": "billing", "events": ["job.dead"]}, by=admin)
    assert (changed.json["webhook"]["description"], changed.json["webhook"]["events"]) == ("billing", ["job.dead"])
    assert changed.json["webhook"]["url"] == "https://example.com/"
    for _ in range(2):
        subscribe(api, admin, "https://example.com/")
    over = api.post("/webhooks", right, by=admin)
    assert (over.status, over.json["code"]) == (429, "too_many_webhooks")
    assert api.delete(f"/webhooks/{made}", by=admin).status == 200
    assert api.get(f"/webhooks/{made}", by=admin).status == 404
    assert len(api.get("/webhooks", by=admin).json["webhooks"]) == 2


def test_deliveries_page_as_lists_do(api: Api, admin: Person, container: Container) -> None:
    webhook, _ = subscribe(api, admin, "https://example.com/")
    made = [api.post(f"/webhooks/{webhook}/test", by=admin).json["delivery"]["_id"] for _ in range(5)]
    path, found = f"/webhooks/{webhook}/deliveries", list[str]()
    cursor: str | None = None
    for _ in range(3):
        page = api.get(path, by=admin, query={"limit": "2"} | ({"cursor": cursor} if cursor else {})).json
        found += [each["_id"] for each in page["deliveries"]]
        cursor = page["nextCursor"]
    assert found == made[::-1]
    assert cursor is None
    back = api.get(path, by=admin, query={"limit": "2", "cursor": page["prevCursor"]}).json
    assert [each["_id"] for each in back["deliveries"]] == made[::-1][2:4]


def test_changes_are_in_the_audit_log_without_secrets(api: Api, admin: Person) -> None:
    webhook, secret = subscribe(api, admin, "https://example.com/")
    rotated = api.post(f"/webhooks/{webhook}/rotate", {"overlap_s": 0}, by=admin).json["secret"]
    api.patch(f"/webhooks/{webhook}", {"url": "https://example.org/"}, by=admin)
    api.post(f"/webhooks/{webhook}/pause", by=admin)
    api.delete(f"/webhooks/{webhook}", by=admin)

    log = api.get("/audit", by=admin, query={"target": f"webhook:{webhook}"})

    actions = [entry["action"] for entry in log.json["entries"]]
    assert actions == [f"webhook.{verb}" for verb in ("delete", "pause", "change", "rotate", "create")]
    assert secret not in log.text
    assert rotated not in log.text
