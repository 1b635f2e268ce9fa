"""Lists of jobs by fields of their payloads: what is found, how far one looks, how one goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Role
from chalicelib.services import search
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import a_job, put

pytestmark = pytest.mark.integration
S = JobStatus


def stored(container: Container, who: Person, payloads: list[Any], **fields: Any) -> list[Job]:
    return put(container, [a_job(who.principal, payload=json.dumps(each), **fields) for each in payloads])


def found(api: Api, who: Person, payload: str | list[str], path: str = "/job", **query: Any) -> dict[str, Any]:
    answer = api.get(path, by=who, query={"payload": payload, **query})
    assert answer.status == 200, answer.text
    page: dict[str, Any] = answer.json
    return page


def ids(page: dict[str, Any]) -> list[str]:
    return [job["_id"] for job in page["jobs"]]


def test_jobs_are_found_by_a_field_of_their_payload(api: Api, alice: Person, container: Container) -> None:
    jobs = stored(container, alice, [{"customer": {"id": n % 3, "name": f"Ada {n}"}} for n in range(9)])
    stored(container, api.person(), [{"customer": {"id": 1}}])

    page = found(api, alice, "customer.id=1")

    assert ids(page) == [jobs[n].id for n in (7, 4, 1)]
    assert (page["examined"], page["nextCursor"], page["prevCursor"], page["total"]) == (9, None, None, None)
    assert "payload" not in page["jobs"][0]
    assert ids(found(api, alice, ["customer.id=1", "customer.name~ADA 4"])) == [jobs[4].id]
    assert ids(found(api, alice, "customer.id=1", sort="created")) == [jobs[n].id for n in (1, 4, 7)]
    assert ids(found(api, alice, "customer.id=1", count="true", limit="1")) == [jobs[7].id]
    assert "examined" not in api.get("/job", by=alice).json


def test_other_filters_narrow_what_is_examined(api: Api, alice: Person, container: Container) -> None:
    [done] = stored(container, alice, [{"id": 1}], status=S.COMPLETED, queue="q")
    stored(container, alice, [{"id": 1}] * 3, status=S.PENDING)
    page = found(api, alice, "id=1", status="completed", queue="q")
    assert (ids(page), page["examined"]) == ([done.id], 1)


def test_pages_go_on_where_the_last_one_ended(api: Api, alice: Person, container: Container) -> None:
    jobs = stored(container, alice, [{"id": n % 2} for n in range(10)])
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = found(api, alice, "id=0", limit="2", **cursor)
        seen += ids(page)
        cursor = {"cursor": page["nextCursor"]}
    assert page["nextCursor"] is None
    assert seen == [job.id for job in jobs[::-1] if json.loads(job.payload or "")["id"] == 0]
    first = found(api, alice, "id=0", limit="2")["nextCursor"]
    other = api.get("/job", by=alice, query={"payload": "id=1", "cursor": first})
    assert (other.status, other.json["field"]) == (400, "cursor")


@pytest.mark.parametrize(("bound", "value"), [("MAX_EXAMINED", 4), ("MAX_EXAMINED_SIZE", 4 * 9), ("EXAMINED_S", 0.0)])
def test_it_says_how_far_it_looked(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch, bound: str, value: float
) -> None:
    jobs = stored(container, alice, [{"id": 1000 + n} for n in range(10)])
    monkeypatch.setattr(search, bound, value)
    page = found(api, alice, "id=1000")
    assert page["jobs"] == []
    assert page["examined"] == (1 if bound == "EXAMINED_S" else 4 if bound == "MAX_EXAMINED" else 3)
    calls = 1
    while page["nextCursor"] is not None:
        page = found(api, alice, "id=1000", cursor=page["nextCursor"])
        calls += 1
    assert ids(page) == [jobs[0].id]
    assert calls > 2


def test_dead_jobs_are_searched_in_the_order_of_their_ends(api: Api, alice: Person, container: Container) -> None:
    jobs = stored(container, alice, [{"id": n % 2} for n in range(6)], status=S.DLQ)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = found(api, alice, "id=1", "/dlq", sort="-finished", limit="1", **cursor)
        seen += ids(page)
        cursor = {"cursor": page["nextCursor"]} if page["nextCursor"] else {}
    assert seen == [jobs[n].id for n in (5, 3, 1)]


def test_only_jobs_in_sight_are_examined(api: Api, alice: Person, container: Container) -> None:
    viewer = api.person(Role.VIEWER, tenant_id=alice.user.tenant_id)
    [job] = stored(container, alice, [{"id": 1}])
    stored(container, api.person(), [{"id": 1}])
    page = found(api, viewer, "id=1", scope="tenant")
    assert (ids(page), page["examined"]) == ([job.id], 1)
    assert list(page["owners"]) == [alice.id]
    assert found(api, viewer, "id=1")["examined"] == 0
    assert api.get("/job", by=viewer, query={"payload": "id=1", "scope": "all"}).status == 403


@pytest.mark.parametrize("payload", ["id", "", "a~", ["a=1"] * 4, "a" * 300 + "=1"])
def test_wrong_conditions_are_refused(api: Api, alice: Person, payload: str | list[str]) -> None:
    answer = api.get("/job", by=alice, query={"payload": payload})
    assert answer.status == 400
    assert answer.json["field"].split(".")[0] == "payload"


def test_actions_and_exports_refuse_the_condition(api: Api, alice: Person, container: Container) -> None:
    """They would otherwise reach more jobs than the list shows."""
    stored(container, alice, [{"id": 1}])
    for path, body in (
        ("/job/actions", {"action": "cancel", "filter": {"payload": ["id=1"]}}),
        ("/dlq/redrive", {"filter": {"payload": ["id=1"]}}),
        ("/operations", {"action": "cancel", "filter": {"payload": ["id=1"]}}),
    ):
        answer = api.post(path, body, by=alice)
        assert (answer.status, answer.json["field"]) == (400, "filter.payload"), path
    assert api.get("/job/export", by=alice, query={"format": "csv", "payload": "id=1"}).status == 400
