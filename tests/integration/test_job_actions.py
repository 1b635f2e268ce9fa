"""Cancel, retry, delete; one and many; the DLQ."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Role
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import InvocationLog, a_job, an_error, finish, prepare, put, start, submit

pytestmark = pytest.mark.integration
S = JobStatus


@pytest.fixture(autouse=True)
def invocations(container: Container) -> InvocationLog:
    return prepare(container)


def dead_job(container: Container, who: Person, message: str = "boom", **fields: Any) -> Job:
    """A job of ``who`` that was moved to the DLQ."""
    submit(container, who.principal, **fields)
    [running] = start(container)
    return finish(container, running, an_error(message))


def status_of(api: Api, who: Person, job: Job) -> str:
    status: str = api.get(f"/job/{job.id}", by=who).json["job"]["status"]
    return status


def test_a_waiting_job_is_cancelled_at_once(api: Api, alice: Person, container: Container) -> None:
    job = submit(container, alice.principal)
    answer = api.post(f"/job/{job.id}/cancel", by=alice)
    assert (answer.status, answer.json["job"]["status"]) == (200, "cancelled")
    assert api.get("/job/stats", by=alice).json["stats"] == {
        "pending": 0, "running": 0, "completed": 0, "failed": 0, "total": 1,
    }  # fmt: skip


def test_cancelling_a_running_job_requests_it_from_its_worker(api: Api, alice: Person, container: Container) -> None:
    submit(container, alice.principal)
    [job] = start(container)
    answer = api.post(f"/job/{job.id}/cancel", by=alice)
    assert (answer.json["job"]["status"], answer.json["job"]["cancelRequested"]) == ("running", True)


def test_an_ended_job_is_not_cancelled_nor_retried(api: Api, alice: Person, container: Container) -> None:
    submit(container, alice.principal)
    job = finish(container, start(container)[0])
    for verb in ("cancel", "retry"):
        answer = api.post(f"/job/{job.id}/{verb}", by=alice)
        assert (answer.status, answer.json["code"]) == (409, "invalid_transition")
    assert api.post(f"/dlq/{job.id}/redrive", by=alice).status == 409


def test_only_ended_jobs_are_deleted(api: Api, alice: Person, container: Container) -> None:
    open_job = submit(container, alice.principal)
    assert api.delete(f"/job/{open_job.id}", by=alice).status == 409
    api.post(f"/job/{open_job.id}/cancel", by=alice)
    assert api.delete(f"/job/{open_job.id}", by=alice).json == {"success": True}
    assert api.get(f"/job/{open_job.id}", by=alice).status == 404
    assert api.get("/job/stats", by=alice).json["stats"]["total"] == 0


def test_a_retry_without_a_body_or_with_an_empty_one(api: Api, alice: Person, container: Container) -> None:
    bodies: list[dict[str, Any] | None] = [None, {}]
    for body in bodies:
        job = dead_job(container, alice)
        answer = api.post(f"/job/{job.id}/retry", body, by=alice)
        assert (answer.status, answer.json["job"]["status"], answer.json["job"]["redrives"]) == (200, "pending", 1)
        finish(container, start(container)[0])


def test_a_redrive_may_bring_another_payload(api: Api, alice: Person, container: Container) -> None:
    job = dead_job(container, alice, task="resize", payload='{"width":1}')
    for bad, field in (({"width": 0}, "payload.width"), ({}, "payload.width"), ([], "payload")):
        answer = api.post(f"/dlq/{job.id}/redrive", {"payload": bad}, by=alice)
        assert (answer.status, answer.json["field"]) == (400, field)
    large = {"payload": {"width": 1, "text": "x" * 65_536}}
    assert api.post(f"/dlq/{job.id}/redrive", large, by=alice).status == 413, "nothing here keeps large payloads"
    assert status_of(api, alice, job) == "dlq"
    assert api.post(f"/dlq/{job.id}/redrive", {"payload": {"width": 2}}, by=alice).status == 200
    full = api.get(f"/job/{job.id}", by=alice).json["job"]
    assert (full["payload"], full["status"], full["retryCount"]) == ({"width": 2}, "pending", 0)
    assert len(full["attempts"]) == 1, "the history is kept"
    assert full["earlierPayloads"] == [{"untilAttempt": 1, "payload": {"width": 1}}], "what attempt 1 ran with"


def test_a_waiting_job_is_retried_but_not_redriven(api: Api, alice: Person, container: Container) -> None:
    job = submit(container, alice.principal, delay_s=60.0)
    assert api.post(f"/dlq/{job.id}/redrive", by=alice).status == 409
    assert api.post(f"/job/{job.id}/retry", by=alice).json["job"]["status"] == "pending"


@pytest.mark.parametrize("path", ["/job/{}/cancel", "/job/{}/retry", "/dlq/{}/redrive"])
def test_roles_limit_who_may_change_a_job(api: Api, alice: Person, container: Container, path: str) -> None:
    tenant = alice.user.tenant_id
    owner = api.person(Role.MEMBER, tenant_id=tenant)
    [job] = put(container, [a_job(owner.principal, status=S.COMPLETED)])
    expected = {
        owner: 409,
        alice: 409,
        api.person(Role.OPERATOR): 409,
        api.person(Role.MEMBER, tenant_id=tenant): 404,
        api.person(Role.VIEWER, tenant_id=tenant): 403,
        api.person(): 404,
    }
    for who, status in expected.items():
        assert api.post(path.format(job.id), by=who).status == status, who.user.role


# --- many ----------------------------------------------------------------------------------------------------


def test_an_action_by_ids_reports_each_failure(api: Api, alice: Person, container: Container) -> None:
    waiting = submit(container, alice.principal, delay_s=60.0)
    [done, strange] = put(container, [a_job(alice.principal, status=S.COMPLETED), a_job(api.person().principal)])
    body = {"action": "cancel", "ids": [waiting.id, done.id, strange.id]}
    answer = api.post("/job/actions", body, by=alice).json
    assert (answer["matched"], answer["changed"], answer["dryRun"]) == (3, 1, False)
    assert {failed["id"]: failed["code"] for failed in answer["failed"]} == {
        done.id: "invalid_transition",
        strange.id: "not_found",
    }
    assert status_of(api, alice, waiting) == "cancelled"


def test_an_action_by_filter_and_its_dry_run(api: Api, alice: Person, container: Container) -> None:
    jobs = [submit(container, alice.principal, delay_s=60.0, tags=("t",)) for _ in range(3)]
    other = submit(container, alice.principal, delay_s=60.0)
    body: dict[str, Any] = {"action": "cancel", "filter": {"tag": "t", "status": ["scheduled"]}}
    dry = api.post("/job/actions", {**body, "dry_run": True}, by=alice).json
    assert (dry["matched"], dry["changed"], dry["dryRun"]) == (3, 0, True)
    assert status_of(api, alice, jobs[0]) == "scheduled"
    done = api.post("/job/actions", body, by=alice).json
    assert (done["matched"], done["changed"], done["failed"]) == (3, 3, [])
    assert status_of(api, alice, other) == "scheduled"
    assert api.post("/job/actions", body, by=alice).json["matched"] == 0
    gone = api.post("/job/actions", {"action": "delete", "filter": {"tag": "t"}}, by=alice).json
    assert gone["changed"] == 3


def test_an_action_is_limited_to_the_scope_of_its_caller(api: Api, alice: Person, container: Container) -> None:
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    [mine, theirs] = [submit(container, who.principal, delay_s=60.0) for who in (member, alice)]
    wide = {"action": "cancel", "filter": {"scope": "tenant"}}
    assert api.post("/job/actions", wide, by=member).status == 403
    narrow = {"action": "cancel", "filter": {}}
    assert api.post("/job/actions", narrow, by=member).json["changed"] == 1
    assert status_of(api, alice, theirs) == "scheduled"
    assert status_of(api, member, mine) == "cancelled"
    assert api.post("/job/actions", wide, by=alice).json["changed"] == 1
    again = api.post("/job/actions", {"action": "cancel", "ids": [mine.id]}, by=alice).json
    assert (again["changed"], again["failed"]) == (1, []), "to cancel again is no error"


@pytest.mark.parametrize(
    "body",
    [
        {"action": "cancel"},
        {"action": "cancel", "ids": []},
        {"action": "cancel", "ids": ["x"]},
        {"action": "cancel", "ids": [{"$ne": None}]},
        {"action": "cancel", "ids": ["a" * 24], "filter": {}},
        {"action": "explode", "ids": ["a" * 24]},
        {"action": "cancel", "filter": {"status": {"$ne": "x"}}},
        {"action": "cancel", "filter": {"$where": "1"}},
        {"action": "cancel", "ids": ["a" * 24] * 1001},
    ],
)
def test_malformed_actions_are_a_400(api: Api, alice: Person, body: dict[str, Any]) -> None:
    assert api.post("/job/actions", body, by=alice).status == 400


@pytest.mark.parametrize(
    ("narrowing", "field"),
    [
        ({"q": "🚀"}, "filter.q"),
        ({"q": "---"}, "filter.q"),
        ({"q": " "}, "filter.q"),
        ({"q": ""}, "filter.q"),
        ({"q": "a b c d e f g h i"}, "filter.q"),
        ({"q": "x" * 65}, "filter.q"),
        ({"status": []}, "filter.status"),
        ({"status": [""]}, "filter.status.0"),
        ({"tag": " "}, "filter.tag"),
    ],
)
def test_an_empty_condition_does_not_match_everything(
    api: Api, alice: Person, container: Container, narrowing: dict[str, Any], field: str
) -> None:
    put(container, [a_job(alice.principal, status=S.COMPLETED), a_job(alice.principal, status=S.DLQ)])
    for path, body in (
        ("/job/actions", {"action": "delete"}),
        ("/job/actions", {"action": "cancel", "dry_run": True}),
        ("/dlq/redrive", {}),
        ("/dlq/delete", {}),
    ):
        answer = api.post(path, {**body, "filter": narrowing}, by=alice)
        assert (answer.status, answer.json["field"]) == (400, field), (path, answer.text)
    assert len(api.get("/job", by=alice).json["jobs"]) == 2
    unasked = {"action": "delete", "filter": {"status": None, "q": None}, "dry_run": True}
    assert api.post("/job/actions", unasked, by=alice).json["matched"] == 2, "null is no condition"


def test_an_action_by_filter_matches_only_jobs_that_it_can_change(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.search.MAX_ACTED_ON", 3)
    ended = [S.COMPLETED, S.CANCELLED, S.DLQ]
    put(container, [a_job(alice.principal, status=status, tags=("x",)) for status in ended * 2])
    submit(container, alice.principal, tags=("x",))
    [running] = start(container)
    waiting = [submit(container, alice.principal, delay_s=60.0, tags=("x",)) for _ in range(2)]
    stopping = put(
        container,
        [
            a_job(alice.principal, status=S.RUNNING, cancel_requested=True, tags=("x",), lease=running.lease)
            for _ in "abcd"
        ],
    )

    def matched(action: str, **conditions: Any) -> int:
        body = {"action": action, "filter": {"tag": "x", **conditions}, "dry_run": True}
        count: int = api.post("/job/actions", body, by=alice).json["matched"]
        return count

    assert (matched("cancel"), matched("retry"), matched("delete")) == (3, 4, 6)
    assert (matched("cancel", status=["completed"]), matched("delete", status=["dlq", "running"])) == (0, 2)
    done = api.post("/job/actions", {"action": "cancel", "filter": {"tag": "x"}}, by=alice).json
    assert (done["matched"], done["changed"], done["failed"]) == (3, 3, [])
    assert [status_of(api, alice, job) for job in waiting] == ["cancelled", "cancelled"]
    assert api.get(f"/job/{running.id}", by=alice).json["job"]["cancelRequested"] is True
    assert matched("cancel") == 0, "its cancellation is requested already"
    assert status_of(api, alice, stopping[0]) == "running"


def test_jobs_that_cannot_be_changed_do_not_block_others(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redrive a thousand jobs whose payload is no longer valid, and the jobs after them."""
    for place in ("chalicelib.services.search", "chalicelib.api.job_actions"):
        monkeypatch.setattr(f"{place}.MAX_ACTED_ON", 2)
    unfit = put(container, [a_job(alice.principal, status=S.DLQ, task="resize", payload="{}") for _ in range(3)])
    good = dead_job(container, alice)
    body: dict[str, Any] = {"filter": {"task": "resize"}}
    first = api.post("/dlq/redrive", body, by=alice).json
    assert (first["matched"], first["changed"], len(first["failed"])) == (3, 0, 2)
    assert first["nextAfter"] == unfit[1].id
    second = api.post("/dlq/redrive", {"filter": {}, "after": first["nextAfter"]}, by=alice).json
    assert (second["changed"], [one["id"] for one in second["failed"]]) == (1, [unfit[2].id])
    assert status_of(api, alice, good) == "pending"
    last = api.post("/dlq/redrive", {"filter": {}, "after": second["nextAfter"]}, by=alice).json
    assert (last["changed"], last["nextAfter"]) == (0, None)


# --- the DLQ -------------------------------------------------------------------------------------------------


def test_the_dlq_lists_dead_jobs_only(api: Api, alice: Person, container: Container) -> None:
    put(container, [a_job(alice.principal), a_job(alice.principal, name="dead", status=S.DLQ)])
    jobs = api.get("/dlq", by=alice).json["jobs"]
    assert [(job["name"], job["status"]) for job in jobs] == [("dead", "dlq")]
    assert api.get("/dlq", by=alice, query={"q": "dea", "limit": "1"}).json["jobs"] == jobs


def test_groups_of_errors(api: Api, alice: Person, container: Container) -> None:
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    jobs = put(
        container,
        [
            *[a_job(alice.principal, status=S.DLQ, error=an_error(f"timeout after {n} s")) for n in range(3)],
            a_job(alice.principal, status=S.DLQ, error=an_error("no such file"), task="resize"),
            a_job(member.principal, status=S.DLQ, error=an_error("timeout after 9 s"), task="resize"),
            a_job(api.person().principal, status=S.DLQ),
        ],
    )
    own = api.get("/dlq/groups", by=alice).json["groups"]
    assert [(group["count"], group["type"], group["message"]) for group in own] == [
        (3, "ValueError", "timeout after 2 s"),
        (1, "ValueError", "no such file"),
    ]
    assert own[0]["sampleId"] == jobs[2].id
    assert own[0]["tasks"] == ["simulated"]
    assert own[0]["lastAt"].endswith("Z")
    wide = api.get("/dlq/groups", by=alice, query={"scope": "tenant"}).json["groups"]
    assert [(group["count"], group["tasks"]) for group in wide] == [(4, ["resize", "simulated"]), (1, ["resize"])]
    theirs = api.get("/dlq/groups", by=alice, query={"scope": "tenant", "owner": member.id}).json["groups"]
    assert [group["count"] for group in theirs] == [1]
    operator = api.person(Role.OPERATOR)
    of_tenant = {"scope": "all", "tenant": alice.user.tenant_id}
    assert len(api.get("/dlq/groups", by=operator, query=of_tenant).json["groups"]) == 2
    assert api.get("/dlq/groups", by=alice, query={"owner": member.id}).json["field"] == "owner"
    everything = api.get("/dlq/groups", by=api.person(Role.OPERATOR), query={"scope": "all"}).json["groups"]
    assert sum(group["count"] for group in everything) == 6


def test_redrive_by_group_filter_and_ids(api: Api, alice: Person, container: Container) -> None:
    one, two = dead_job(container, alice, "timeout after 1 s"), dead_job(container, alice, "timeout after 2 s")
    other = dead_job(container, alice, "no such file", tags=("t",))
    group = api.get("/dlq/groups", by=alice).json["groups"][0]["group"]
    dry = api.post("/dlq/redrive", {"group": group, "dry_run": True}, by=alice).json
    assert (dry["matched"], dry["changed"]) == (2, 0)
    done = api.post("/dlq/redrive", {"group": group}, by=alice).json
    assert (done["matched"], done["changed"]) == (2, 2)
    assert [status_of(api, alice, job) for job in (one, two, other)] == ["pending", "pending", "dlq"]
    assert api.post("/dlq/redrive", {"filter": {"tag": "nope"}}, by=alice).json["matched"] == 0
    assert api.post("/dlq/redrive", {"filter": {"tag": "t"}}, by=alice).json["changed"] == 1
    again = api.post("/dlq/redrive", {"ids": [one.id]}, by=alice).json
    assert [failed["code"] for failed in again["failed"]] == ["invalid_transition"]


def test_a_group_is_listed_paged_and_redriven_as_listed(api: Api, alice: Person, container: Container) -> None:
    cats = [dead_job(container, alice, f"timeout after {n} s", name=f"cat {n}") for n in range(3)]
    dog, other = dead_job(container, alice, "timeout after 9 s", name="dog"), dead_job(container, alice, "no such file")
    group = api.get("/dlq/groups", by=alice).json["groups"][0]["group"]
    query = {"group": group, "limit": "3"}
    first = api.get("/dlq", by=alice, query=query).json
    rest = api.get("/dlq", by=alice, query={**query, "cursor": first["nextCursor"]}).json
    assert [job["_id"] for job in first["jobs"] + rest["jobs"]] == [dog.id, *(job.id for job in reversed(cats))]
    assert api.get("/dlq", by=alice, query={"cursor": first["nextCursor"]}).status == 400
    assert [job["_id"] for job in api.get("/dlq", by=alice, query={**query, "q": "dog"}).json["jobs"]] == [dog.id]
    assert api.get("/dlq", by=alice, query={"group": "ab"}).json["jobs"] == []
    assert api.post("/dlq/redrive", {"filter": {"group": group, "q": "cat"}}, by=alice).json["changed"] == 3
    assert [status_of(api, alice, job) for job in (*cats, dog, other)] == ["pending"] * 3 + ["dlq"] * 2


@pytest.mark.parametrize("group", ["", "$x", "XYZ", "a" * 65])
def test_a_malformed_group_is_a_400(api: Api, alice: Person, group: str) -> None:
    assert api.get("/dlq", by=alice, query={"group": group}).status == 400


@pytest.mark.parametrize("body", [{}, {"ids": ["a" * 24], "group": "a1"}, {"group": "$x"}, {"group": ""}])
def test_malformed_redrives_are_a_400(api: Api, alice: Person, body: dict[str, Any]) -> None:
    assert api.post("/dlq/redrive", body, by=alice).status == 400


def test_a_redrive_by_filter_changes_only_jobs_in_the_dlq(api: Api, alice: Person, container: Container) -> None:
    waiting = submit(container, alice.principal, delay_s=60.0)
    assert api.post("/dlq/redrive", {"filter": {"status": ["scheduled"]}}, by=alice).json["matched"] == 0
    assert status_of(api, alice, waiting) == "scheduled"
