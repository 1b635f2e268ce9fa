"""Lists of jobs: filters, order, paging, plans, and what a caller sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from chalicelib.api import cursor
from chalicelib.api.schemas.job_lists import ListJobs
from chalicelib.domain.filters import JobFilter, Order, Place, Start, Visibility
from chalicelib.domain.jobs import JobStatus, iso
from chalicelib.domain.principals import Role
from chalicelib.errors import InvalidInput
from chalicelib.store.documents import job_document
from chalicelib.store.job_query import hint
from chalicelib.store.job_search import JobSearch
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import a_job, prepare, put

pytestmark = pytest.mark.integration
DAY = datetime(2026, 3, 1, tzinfo=UTC)
S = JobStatus
#: Takes the server some milliseconds per job.
SLOW = {"$size": {"$filter": {"input": {"$range": [0, 200_000]}, "cond": {"$eq": ["$$this", -1]}}}}


def names(api: Api, by: Person, path: str = "/job", **query: Any) -> list[str]:
    answer = api.get(path, by=by, query=query)
    assert answer.status == 200, answer.text
    return [job["name"] for job in answer.json["jobs"]]


@pytest.fixture
def many(container: Container, alice: Person) -> None:
    put(
        container,
        [
            a_job(alice.principal, name="Old report", at=DAY, status=S.COMPLETED, tags=("customer-7", "vip")),
            a_job(alice.principal, name="Resize cat", at=DAY + timedelta(hours=1), task="image.resize", queue="images"),
            a_job(alice.principal, name="Resize dog", at=DAY + timedelta(hours=2), task="image.resize", status=S.DLQ),
            a_job(alice.principal, name="New Report", at=DAY + timedelta(hours=3), status=S.RUNNING, tags=("vip",)),
            a_job(alice.principal, name="Gone", at=DAY + timedelta(hours=4), status=S.CANCELLED, trace_id="checkout:7"),
        ],
    )


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Gone", "New Report", "Resize dog", "Resize cat", "Old report"]),
        ({"sort": "created"}, ["Old report", "Resize cat", "Resize dog", "New Report", "Gone"]),
        ({"status": "completed"}, ["Old report"]),
        ({"status": "failed"}, ["Resize dog"]),
        ({"status": "dlq"}, ["Resize dog"]),
        ({"status": "dlq,cancelled"}, ["Gone", "Resize dog"]),
        ({"status": ["running", "pending"]}, ["New Report", "Resize cat"]),
        ({"task": "image.resize"}, ["Resize dog", "Resize cat"]),
        ({"task": "image.resize", "status": "pending"}, ["Resize cat"]),
        ({"task": "image"}, []),
        ({"queue": "images"}, ["Resize cat"]),
        ({"queue": "default", "status": "dlq"}, ["Resize dog"]),
        ({"tag": "vip"}, ["New Report", "Old report"]),
        ({"tag": "customer-7"}, ["Old report"]),
        ({"tag": "customer"}, []),
        ({"trace": "checkout:7"}, ["Gone"]),
        ({"trace": "trace"}, ["New Report", "Resize dog", "Resize cat", "Old report"]),
        ({"trace": "trace", "sort": "created", "task": "image.resize", "q": "dog"}, ["Resize dog"]),
        ({"trace": "checkout"}, []),
        ({"q": "rep"}, ["New Report", "Old report"]),
        ({"q": "REPORT"}, ["New Report", "Old report"]),
        ({"q": "resi cat"}, ["Resize cat"]),
        ({"q": "eport"}, []),
        ({"q": "customer 7"}, ["Old report"]),
        ({"q": "rep", "tag": "vip", "status": "running"}, ["New Report"]),
        ({"from": iso(DAY + timedelta(hours=2))}, ["Gone", "New Report", "Resize dog"]),
        ({"to": iso(DAY + timedelta(hours=2))}, ["Resize cat", "Old report"]),
        ({"from": iso(DAY + timedelta(hours=1)), "to": "2026-03-01T05:00:00+02:00"}, ["Resize dog", "Resize cat"]),
    ],
)
def test_filters(api: Api, alice: Person, query: dict[str, Any], expected: list[str]) -> None:
    assert names(api, alice, **query) == expected


@pytest.mark.usefixtures("many")
def test_lists_omit_large_fields(api: Api, alice: Person) -> None:
    job = api.get("/job", by=alice, query={"status": "dlq"}).json["jobs"][0]
    assert not {"payload", "result", "attempts", "terms", "lease"} & set(job)
    assert job["error"] == {"type": "ValueError", "message": "boom 17", "group": job["error"]["group"]}


@pytest.mark.parametrize(
    "query",
    [
        {"$where": "sleep(1000)"},
        {"nope": "1"},
        {"status": "unknown"},
        {"status[$ne]": "x"},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "x"},
        {"limit": ["1", "2"]},
        {"sort": "name"},
        {"scope": "world"},
        {"from": "yesterday"},
        {"from": "2026-01-01"},
        {"from": "0001-01-01T00:00:00Z"},
        {"to": "9999-12-31T23:59:59Z"},
        {"cursor": "nonsense"},
        {"cursor": "é"},
        {"task": "a b"},
        {"trace": ""},
        {"trace": "$x"},
        {"trace": "x" * 129},
        {"group": "a1"},
        {"q": "x" * 201},
        {"q": ""},
        {"q": " "},
        {"q": "---"},
        {"q": "🚀"},
        {"q": "x" * 65},
        {"q": "a b c d e f g h i"},
        {"status": ""},
        {"owner": "a" * 24},
        {"owner": "x", "scope": "tenant"},
        {"tenant": "a" * 24, "scope": "tenant"},
        {"sort": "finished"},
        {"sort": "finished", "status": "dlq,cancelled"},
        {"sort": "finished", "status": "completed"},
        {"sort": "finished", "status": "dlq", "scope": "all"},
        {"sort": "run"},
        {"finished_from": "2026-01-01T00:00:00Z"},
    ],
)
def test_invalid_queries_are_a_400(api: Api, alice: Person, query: dict[str, Any]) -> None:
    assert api.get("/job", by=alice, query=query).status == 400


def test_pages_are_stable_under_concurrent_inserts(api: Api, alice: Person, container: Container) -> None:
    put(container, [a_job(alice.principal, name=str(n), at=DAY + timedelta(seconds=n)) for n in range(25)])
    seen: list[str] = []
    query: dict[str, str] = {"limit": "10"}
    for turn in range(3):
        page = api.get("/job", by=alice, query=query).json
        seen += [job["name"] for job in page["jobs"]]
        put(container, [a_job(alice.principal, name="late", at=DAY + timedelta(days=1 + turn))])
        query = {"limit": "10", "cursor": page["nextCursor"] or ""}
    assert seen == [str(n) for n in reversed(range(25))]
    assert page["nextCursor"] is None


def test_a_page_forward_in_time(api: Api, alice: Person, container: Container) -> None:
    put(container, [a_job(alice.principal, name=str(n), at=DAY + timedelta(seconds=n)) for n in range(5)])
    first = api.get("/job", by=alice, query={"limit": "3", "sort": "created"}).json
    rest = api.get("/job", by=alice, query={"limit": "3", "sort": "created", "cursor": first["nextCursor"]}).json
    assert [job["name"] for job in first["jobs"] + rest["jobs"]] == ["0", "1", "2", "3", "4"]
    assert rest["nextCursor"] is None


def test_a_cursor_belongs_to_its_list() -> None:
    asked = ListJobs.model_validate({"status": ["dlq"], "limit": 5})
    start = Start(Place("a" * 24, DAY), backwards=True)
    made = cursor.encode(start, asked)
    assert cursor.decode(made, ListJobs.model_validate({"status": ["dlq"], "limit": 7, "cursor": made})) == start
    with pytest.raises(InvalidInput):
        cursor.decode(made, ListJobs.model_validate({"status": ["pending"]}))
    assert cursor.decode(None, asked) is None


def test_the_default_page_has_50(api: Api, alice: Person, container: Container) -> None:
    put(container, [a_job(alice.principal) for _ in range(60)])
    assert len(names(api, alice)) == 50
    assert len(names(api, alice, limit="200")) == 60


# --- who sees what -------------------------------------------------------------------------------------------


def test_each_scope_shows_its_jobs(api: Api, alice: Person, container: Container) -> None:
    tenant = alice.user.tenant_id
    member = api.person(Role.MEMBER, tenant_id=tenant)
    viewer = api.person(Role.VIEWER, tenant_id=tenant)
    operator, stranger = api.person(Role.OPERATOR), api.person()
    put(
        container,
        [a_job(alice.principal, name="a"), a_job(member.principal, name="m"), a_job(stranger.principal, name="s")],
    )
    see = {
        (alice, "own"): ["a"],
        (alice, "tenant"): ["m", "a"],
        (alice, "all"): 403,
        (member, "own"): ["m"],
        (member, "tenant"): 403,
        (member, "all"): 403,
        (viewer, "own"): [],
        (viewer, "tenant"): ["m", "a"],
        (viewer, "all"): 403,
        (operator, "own"): [],
        (operator, "tenant"): [],
        (operator, "all"): ["s", "m", "a"],
    }
    for (who, scope), expected in see.items():
        answer = api.get("/job", by=who, query={"scope": scope})
        found = [job["name"] for job in answer.json["jobs"]] if answer.status == 200 else answer.status
        assert found == expected, (who.user.role, scope)
    assert names(api, alice) == ["a"], "one's own is the default"


def test_a_search_by_trace_is_limited_by_the_scope(api: Api, alice: Person, container: Container) -> None:
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    stranger = api.person()
    put(
        container,
        [a_job(alice.principal, name="a"), a_job(member.principal, name="m"), a_job(stranger.principal, name="s")],
    )
    put(container, [a_job(alice.principal, name="of another request", trace_id="other")])
    assert names(api, alice, trace="trace") == ["a"]
    assert names(api, alice, trace="trace", scope="tenant") == ["m", "a"]
    assert names(api, api.person(Role.OPERATOR), trace="trace", scope="all") == ["s", "m", "a"]


def test_jobs_of_one_request_are_found_by_its_trace_id(api: Api, alice: Person, container: Container) -> None:
    prepare(container)
    made = api.post("/job/bulk", {"jobs": [{"name": "one", "delay_s": 60}, {"name": "two", "delay_s": 60}]}, by=alice)
    api.post("/job/create", {"name": "three", "delay_s": 60}, by=alice)
    assert sorted(names(api, alice, trace=made.headers["X-Trace-Id"])) == ["one", "two"]


# --- plans ---------------------------------------------------------------------------------------------------

SIGHTS = ["own", "tenant", "all"]
STATUSES: list[tuple[JobStatus, ...]] = [(), (S.DLQ,), (S.PENDING,), (S.PENDING, S.RUNNING), (S.COMPLETED, S.DLQ)]
OTHERS: list[dict[str, Any]] = [
    {},
    {"task": "image.resize"},
    {"queue": "images"},
    {"tag": "vip"},
    {"trace_id": "trace"},
    {"trace_id": "trace", "task": "image.resize", "words": ("rep",)},
    {"words": ("rep",)},
    {"created_from": DAY},
    {"task": "image.resize", "tag": "vip", "words": ("rep", "ca"), "created_from": DAY, "created_to": DAY},
]


def stages(plan: dict[str, Any]) -> list[str]:
    inner = plan.get("inputStages") or ([plan["inputStage"]] if "inputStage" in plan else [])
    return [plan["stage"], *(stage for sub in inner for stage in stages(sub))]


@pytest.mark.usefixtures("many")
def test_every_list_reads_an_index_in_order(container: Container, alice: Person) -> None:
    """No collection scan; a sort in memory only of the matches of words or of one trace, which no index can sort."""
    search = JobSearch(container.db)
    for scope, statuses, other, forward in product(SIGHTS, STATUSES, OTHERS, (True, False)):
        visibility = Visibility(None if scope == "all" else alice.user.tenant_id, alice.id if scope == "own" else None)
        wanted = JobFilter(statuses=statuses, **other)
        cursor_ = search._find(search.query(visibility, wanted), {}, Order(not forward), 51, visibility, wanted)
        found = stages(cursor_.explain()["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in found, (scope, statuses, other)
        assert "IXSCAN" in found, (scope, statuses, other)
        if wanted.trace_id is not None:
            assert hint(visibility, wanted) == "trace"
        if hint(visibility, wanted) is not None and not (wanted.trace_id and scope == "all"):
            assert "SORT" not in found, (scope, statuses, other, found)


def test_counts_and_ids_of_a_filter(container: Container, alice: Person) -> None:
    put(container, [a_job(alice.principal, status=S.DLQ) for _ in range(7)])
    search, visibility = JobSearch(container.db), Visibility(alice.user.tenant_id, alice.id)
    for wanted in (JobFilter(statuses=(S.DLQ,)), JobFilter(words=("jo",)), JobFilter()):
        assert search.count(visibility, wanted, 100) == 7
        assert search.count(visibility, wanted, 3) == 3
        ids = search.ids(visibility, wanted, 4)
        assert len(ids) == 4
        assert ids == sorted(ids)


def test_a_query_that_takes_too_long_is_refused_with_advice(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(container, [a_job(alice.principal) for _ in range(50)])
    monkeypatch.setattr("chalicelib.store.job_search.MAX_TIME_MS", 1)
    monkeypatch.setattr(JobSearch, "query", lambda *_: {"$expr": {"$gt": [SLOW, 1]}})
    answer = api.get("/job", by=alice)
    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert "narrow" in answer.json["error"]


def test_a_record_keeps_its_search_terms(alice: Person) -> None:
    document = job_document(a_job(alice.principal, name="Big Report", task="pdf.render", queue="slow", tags=("vip",)))
    assert document["terms"] == ["big", "pdf", "pdf.render", "render", "report", "slow", "vip"]
