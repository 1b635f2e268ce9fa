"""Lists of jobs: totals, pages in both directions, orders, names of owners and tenants, the DLQ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from chalicelib.domain.filters import JobFilter, Order, Place, Start, Visibility
from chalicelib.domain.jobs import Job, JobStatus, iso
from chalicelib.domain.principals import Role
from chalicelib.store.job_query import beyond
from chalicelib.store.job_search import JobSearch
from tests.api_client import Api, Person
from tests.container import Container
from tests.integration.test_job_lists import stages
from tests.jobs import a_job, an_error, prepare, put

pytestmark = pytest.mark.integration
DAY = datetime(2026, 3, 1, tzinfo=UTC)
S = JobStatus


def dead(who: Person, name: str, hours: float, **fields: Any) -> Job:
    """A job that moved to the DLQ ``hours`` after ``DAY``."""
    return a_job(who.principal, name=name, status=S.DLQ, **{"finished_at": DAY + timedelta(hours=hours), **fields})


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [job["name"] for job in answer.json["jobs"]]


def test_a_job_is_found_by_its_id_by_those_who_may_see_it(api: Api, alice: Person, container: Container) -> None:
    [mine, _, theirs] = put(container, [a_job(who.principal) for who in (alice, alice, api.person())])
    put(container, [a_job(alice.principal, name=f"Repair {mine.id.upper()}"), a_job(alice.principal, name="Other")])
    for scope in ("own", "tenant"):
        found = api.get("/job", by=alice, query={"q": f" {mine.id.upper()} ", "scope": scope})
        assert names(found) == [f"Repair {mine.id.upper()}", "A job"]
    assert names(api.get("/job", by=alice, query={"q": theirs.id})) == []
    assert names(api.get("/job", by=api.person(Role.OPERATOR), query={"q": theirs.id, "scope": "all"})) == ["A job"]
    acted = api.post("/job/actions", {"action": "delete", "dry_run": True, "filter": {"q": theirs.id}}, by=alice)
    assert acted.json["matched"] == 0


def test_a_total_is_counted_when_asked_for_and_bounded(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(container, [a_job(alice.principal, tags=("t",)) for _ in range(7)])
    assert api.get("/job", by=alice).json["total"] is None

    def total(**query: str) -> tuple[int, bool]:
        answer = api.get("/job", by=alice, query={"count": "true", "limit": "2", **query}).json
        return answer["total"], answer["totalIsExact"]

    assert (total(), total(q="job", tag="t"), total(status="dlq")) == ((7, True), (7, True), (0, True))
    monkeypatch.setattr("chalicelib.services.search.MAX_TOTAL", 6)
    assert total() == (6, False)


def test_rows_come_with_the_names_of_owners_and_tenants(api: Api, alice: Person, container: Container) -> None:
    member, stranger = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id), api.person()
    operator = api.person(Role.OPERATOR)
    put(container, [a_job(who.principal, name=who.user.username) for who in (alice, member, stranger)])
    assert api.get("/job", by=alice).json["owners"] == {}
    mine = api.get("/job", by=alice, query={"scope": "tenant"}).json
    assert mine["owners"] == {who.id: who.user.username for who in (alice, member)}
    assert mine["tenants"] == {alice.user.tenant_id: alice.user.username}
    container.user_store.remove(member.id)
    everything = api.get("/job", by=operator, query={"scope": "all"}).json
    assert (len(everything["owners"]), len(everything["tenants"])) == (2, 2)

    def of(by: Person, **query: str) -> list[str]:
        return names(api.get("/job", by=by, query=query))

    assert of(alice, scope="tenant", owner=member.id) == [member.user.username]
    assert of(alice, scope="tenant", owner=stranger.id) == []
    assert of(operator, scope="all", tenant=stranger.user.tenant_id) == [stranger.user.username]
    assert of(operator, scope="all", owner=alice.id, q="person") == [alice.user.username]
    assert of(operator, scope="all", tenant=stranger.user.tenant_id, owner=alice.id) == []
    assert api.get("/job", by=member, query={"scope": "tenant", "owner": alice.id}).status in {401, 403}
    body = {"action": "cancel", "filter": {"owner": alice.id}}
    refused = api.post("/job/actions", body, by=alice)
    assert (refused.status, refused.json["field"]) == (400, "filter.owner")


@pytest.mark.parametrize("sort", ["-created", "created", "-finished", "finished"])
def test_pages_go_forward_and_back(api: Api, alice: Person, container: Container, sort: str) -> None:
    # three failed at the same time
    ended = [5, 1, 1, 1, 4, 2, 3]
    put(container, [dead(alice, str(n), hour, at=DAY + timedelta(seconds=n)) for n, hour in enumerate(ended)])
    by = [hour * 10 + n for n, hour in enumerate(ended)] if "finished" in sort else list(range(7))
    expected = sorted(range(7), key=lambda n: by[n], reverse=sort.startswith("-"))
    query = {"sort": sort, "limit": "3", "status": "dlq"}

    def page(cursor: str | None = None) -> Any:
        return api.get("/job", by=alice, query=query | ({"cursor": cursor} if cursor else {}))

    pages = [page()]
    while cursor := pages[-1].json["nextCursor"]:
        pages.append(page(cursor))
    assert [name for one in pages for name in names(one)] == [str(n) for n in expected]
    assert [one.json["prevCursor"] is None for one in pages] == [True, False, False]
    back = page(pages[2].json["prevCursor"])
    assert names(back) == names(pages[1])
    first = page(back.json["prevCursor"])
    assert (names(first), first.json["prevCursor"]) == (names(pages[0]), None)
    assert names(page(first.json["nextCursor"])) == names(pages[1])
    query["sort"] = "created" if sort != "created" else "-created"
    assert page(first.json["nextCursor"]).status == 400


def test_the_dlq_is_searched_filtered_and_sorted(api: Api, alice: Person, container: Container) -> None:
    put(
        container,
        [
            dead(alice, "cat", 3, error=an_error("Connection to db-7 refused"), queue="images", tags=("vip",)),
            dead(alice, "dog", 1, error=an_error("no such file", "FileNotFoundError"), task="resize"),
            dead(alice, "refused dog", 2),
            a_job(alice.principal, name="refused", status=S.COMPLETED),
        ],
    )

    def found(**query: str) -> list[str]:
        return names(api.get("/dlq", by=alice, query=query))

    assert found(q="refus") == ["refused dog", "cat"]
    assert found(q="refused db cat") == ["cat"]
    assert found(q="filenotfound") == ["dog"]
    assert found(q="refused", sort="finished") == ["refused dog", "cat"]
    assert found(sort="-finished") == ["cat", "refused dog", "dog"]
    assert found(finished_from=iso(DAY + timedelta(hours=2))) == ["refused dog", "cat"]
    assert found(finished_to=iso(DAY + timedelta(hours=2)), sort="-finished") == ["dog"]
    assert (found(queue="images"), found(task="resize"), found(tag="vip")) == (["cat"], ["dog"], ["cat"])
    assert found(status="failed", q="dog") == ["refused dog", "dog"]
    assert found(status="completed") == [], "a condition is not ignored"
    assert names(api.get("/job", by=alice, query={"q": "connection"})) == [], "errors are searched only in the DLQ"
    body = {"filter": {"q": "refused", "finished_to": iso(DAY + timedelta(hours=3))}, "dry_run": True}
    assert api.post("/dlq/redrive", body, by=alice).json["matched"] == 1


def test_words_of_an_error_are_found_from_the_end_of_the_last_attempt_on(
    api: Api, alice: Person, container: Container
) -> None:
    [running] = put(container, [a_job(alice.principal, status=S.RUNNING, rev=2)])
    gone = running.with_(status=S.DLQ, rev=3, error=an_error("quota exceeded"), finished_at=DAY)
    assert container.job_store.advance([(2, gone)]) == [gone]
    assert names(api.get("/dlq", by=alice, query={"q": "quota"})) == ["A job"]


def test_dead_jobs_are_deleted_in_bulk(api: Api, alice: Person, container: Container) -> None:
    prepare(container)
    jobs = put(container, [dead(alice, name, 1, error=an_error(name)) for name in ("cat", "dog", "cow")])
    [done] = put(container, [a_job(alice.principal, name="cat", status=S.COMPLETED)])
    group = jobs[0].error.group if jobs[0].error else ""
    dry = api.post("/dlq/delete", {"filter": {"q": "c"}, "dry_run": True}, by=alice).json
    assert (dry["matched"], dry["changed"]) == (2, 0)
    assert api.post("/dlq/delete", {"group": group}, by=alice).json["changed"] == 1
    by_ids = api.post("/dlq/delete", {"ids": [jobs[1].id, done.id]}, by=alice).json
    assert (by_ids["changed"], [one["id"] for one in by_ids["failed"]]) == (1, [done.id])
    assert names(api.get("/job", by=alice)) == ["cat", "cow"]


def test_every_query_of_a_list_has_an_index(container: Container, alice: Person) -> None:
    """No collection scan; sorted by time of the end, no sort in memory and no more keys than the page has."""
    put(container, [dead(alice, "x", n) for n in range(20)])
    search = JobSearch(container.db)
    at = Start(Place("f" * 24, DAY + timedelta(hours=10)))
    visibilities = [Visibility(alice.user.tenant_id, owner) for owner in (None, alice.id)]
    statuses = [(S.DLQ,), (S.CANCELLED,)]
    for seen, some, newest, back in product(visibilities, statuses, (True, False), (True, False)):
        wanted, order = JobFilter(statuses=some), Order(newest, by_end=True)
        start = Start(at.place, back)
        plan = _plan(search, seen, wanted, order, start)
        assert not {"COLLSCAN", "SORT"} & set(stages(plan["queryPlanner"]["winningPlan"])), (seen, some, order, plan)
        assert plan["executionStats"]["totalKeysExamined"] <= 15
    for wanted in (
        JobFilter(words=("a" * 24,), or_id="a" * 24),
        JobFilter(statuses=(S.DLQ,), words=("x",), in_errors=True),
    ):
        for seen in (*visibilities, Visibility(None, None), Visibility(None, alice.id)):
            plan = _plan(search, seen, wanted, Order(), None)
            assert "COLLSCAN" not in stages(plan["queryPlanner"]["winningPlan"]), (seen, wanted)


def _plan(search: JobSearch, seen: Visibility, wanted: JobFilter, order: Order, start: Start | None) -> Any:
    query = search.query(seen, wanted)
    if start is not None:
        query = {"$and": [query, beyond(order, start.place, backwards=start.backwards)]}
    back = start is not None and start.backwards
    return search._find(query, {}, order, 11, seen, wanted, backwards=back).explain()
