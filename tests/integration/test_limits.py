"""Limits over the API: what stands, its change by tenants and operators, and what it does to jobs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.principals import Role
from chalicelib.errors import TooManyLimitKeys
from chalicelib.queue.events import EventId
from tests.api_client import Answer, Api, Person
from tests.container import Container
from tests.jobs import InvocationLog, an_error, finish, start, submit
from tests.limited import prepare_limited

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def invocations(container: Container) -> InvocationLog:
    return prepare_limited(container)


def limit(api: Api, who: Person, name: str = "printer", **query: str) -> dict[str, Any]:
    answer = api.get(f"/limits/{name}", by=who, query=query)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json["limit"]
    return found


def put(api: Api, who: Person, bounds: dict[str, Any], name: str = "printer", **query: str) -> Answer:
    return api.put(f"/limits/{name}", bounds, by=who, query=query)


def printed(container: Container, who: Person, **fields: Any) -> Any:
    return submit(container, who.principal, task="print", **fields)


def blocks(api: Api, who: Person, job_id: str) -> Any:
    return api.get(f"/job/{job_id}", by=who).json["job"]["blockedBy"]


# --- what stands ---------------------------------------------------------------------------------------------


def test_the_limits_of_tasks(api: Api, alice: Person) -> None:
    found = {each["name"]: each for each in api.get("/limits", by=alice).json["limits"]}
    assert list(found) == ["account", "printer", "stripe"]
    declared = {"concurrency": 1, "rate": "30/min", "burst": 30, "total": 3}
    assert found["account"] == {
        "name": "account", "per": "payload.account", "shared": False, "tasks": ["send"], **declared, "paused": False,
        "declared": declared, "source": "code", "changedAt": None, "held": 0, "waiting": 0, "waitingIsExact": True,
    }  # fmt: skip
    assert found["stripe"]["shared"] is True
    tasks = {task["name"]: task["limits"] for task in api.get("/tasks", by=alice).json["tasks"]}
    assert tasks["print"] == [{"name": "printer", "per": None}]


@pytest.mark.parametrize("name", ["unknown", "a%2Fb", "-x", "x" * 65, "%24ne"])
def test_names_that_no_limit_has(api: Api, alice: Person, name: str) -> None:
    assert api.get(f"/limits/{name}", by=alice).status == 404
    assert api.put(f"/limits/{name}", {"concurrency": 1}, by=alice).status == 404
    for verb in ("pause", "resume", "reset"):
        assert api.post(f"/limits/{name}/{verb}", by=alice).status == 404


def test_a_limit_lets_so_many_begin(api: Api, alice: Person, container: Container) -> None:
    first, second = printed(container, alice), printed(container, alice)
    assert first.limits == ("printer",)
    [running] = start(container)
    assert start(container) == []
    found = limit(api, alice)
    assert (found["held"], found["waiting"], found["holders"]) == (1, 1, [running.id])
    waiting = second.id if running.id == first.id else first.id
    assert blocks(api, alice, running.id) == []
    assert blocks(api, alice, waiting) == [
        {
            "limit": "printer",
            "key": None,
            "queue": None,
            "tenant": None,
            "task": None,
            "why": "full",
            "held": 1,
            "of": 1,
            "until": None,
        }
    ]
    finish(container, running)
    assert [job.id for job in start(container)] == [waiting]


def test_keys_are_counted_apart_and_their_total_bounds_them(api: Api, alice: Person, container: Container) -> None:
    put(api, alice, {"total": 2}, "account")
    api.put("/limits/stripe", {"concurrency": 50}, by=api.person(Role.OPERATOR))
    for account in (1, 1, 2, 3):
        submit(container, alice.principal, task="send", payload=json.dumps({"account": account}))
    assert len(start(container)) == 2
    found = limit(api, alice, "account")
    assert sum(each["held"] for each in found["keys"]) == 2
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    hidden = limit(api, member, "account")
    assert (hidden["keys"], hidden["holders"]) == ([], [])


# --- changes -------------------------------------------------------------------------------------------------


def test_a_raised_limit_lets_waiting_jobs_begin(
    api: Api, alice: Person, container: Container, invocations: InvocationLog
) -> None:
    for _ in range(4):
        printed(container, alice)
    assert len(start(container)) == 1
    invocations.made.clear()
    container.redis.delete(*container.redis.keys(container.keys.waking + "*") or ["none"])
    answer = put(api, alice, {"concurrency": 3})
    assert answer.status == 200
    assert (answer.json["limit"]["concurrency"], answer.json["limit"]["source"]) == (3, "tenant")
    assert invocations.made, "a worker is woken for what waited"
    assert len(start(container)) == 2


def test_a_paused_limit_lets_nothing_begin_until_resumed(api: Api, alice: Person, container: Container) -> None:
    assert api.post("/limits/printer/pause", by=alice).json["limit"]["paused"] is True
    job = printed(container, alice)
    assert start(container) == []
    assert [block["why"] for block in blocks(api, alice, job.id)] == ["paused"]
    assert api.post("/limits/printer/resume", by=alice).json["limit"]["paused"] is False
    assert [each.id for each in start(container)] == [job.id]


def test_fields_that_are_left_out_stay_and_null_lifts(api: Api, alice: Person) -> None:
    put(api, alice, {"concurrency": 7}, "account")
    found = limit(api, alice, "account")
    assert (found["concurrency"], found["rate"], found["burst"], found["total"]) == (7, "30/min", 30, 3)
    put(api, alice, {"rate": None}, "account")
    put(api, alice, {"total": None}, "account")
    found = limit(api, alice, "account")
    assert (found["concurrency"], found["rate"], found["burst"], found["total"]) == (7, None, None, None)
    reset = api.post("/limits/account/reset", by=alice).json["limit"]
    assert (reset["concurrency"], reset["rate"], reset["total"], reset["source"]) == (1, "30/min", 3, "code")


@pytest.mark.parametrize(
    ("name", "bounds", "field"),
    [
        ("printer", {"concurrency": 0}, "concurrency"),
        ("printer", {"concurrency": "5"}, "concurrency"),
        ("printer", {"concurrency": True}, "concurrency"),
        ("printer", {"rate": "5"}, "rate"),
        ("printer", {"rate": "999999/s"}, "rate"),
        ("printer", {"burst": 5}, "burst"),
        ("account", {"rate": None, "burst": 5}, "burst"),
        ("printer", {"total": 5}, "total"),
        ("printer", {"paused": True}, "paused"),
    ],
)
def test_changes_that_do_not_fit(api: Api, alice: Person, name: str, bounds: dict[str, Any], field: str) -> None:
    answer = put(api, alice, bounds, name)
    assert (answer.status, answer.json.get("field")) == (400, field)
    assert limit(api, alice, name)["source"] == "code"


def test_tenants_change_their_own_and_operators_everybodys(api: Api, alice: Person) -> None:
    stranger, operator = api.person(), api.person(Role.OPERATOR)
    put(api, alice, {"concurrency": 5})
    assert limit(api, stranger)["concurrency"] == 1
    put(api, operator, {"concurrency": 9, "rate": "5/h"})
    mine, theirs = limit(api, alice), limit(api, stranger)
    assert (mine["concurrency"], mine["rate"], mine["source"]) == (5, "5/h", "tenant")
    assert (theirs["concurrency"], theirs["rate"], theirs["source"]) == (9, "5/h", "operators")
    put(api, operator, {"concurrency": 2}, tenant=stranger.user.tenant_id)
    assert limit(api, stranger)["concurrency"] == 2
    assert limit(api, operator, tenant=stranger.user.tenant_id)["concurrency"] == 2
    api.post("/limits/printer/pause", by=operator)
    assert limit(api, alice)["paused"] is True
    api.post("/limits/printer/reset", by=operator)
    assert (limit(api, alice)["concurrency"], limit(api, stranger)["concurrency"]) == (5, 2)
    api.post("/limits/printer/reset", by=alice)
    assert limit(api, alice)["source"] == "code"


def test_who_may_change(api: Api, alice: Person) -> None:
    tenant = alice.user.tenant_id
    for role, status in ((Role.MEMBER, 403), (Role.VIEWER, 403), (Role.ADMIN, 200)):
        who = api.person(role, tenant_id=tenant)
        assert put(api, who, {"concurrency": 2}).status == status
        assert {api.post(f"/limits/printer/{verb}", by=who).status for verb in ("pause", "resume", "reset")} == {status}
    assert put(api, alice, {"concurrency": 2}, "stripe").status == 403
    assert put(api, alice, {"concurrency": 2}, tenant=api.person().user.tenant_id).status == 403
    assert api.get("/limits", by=alice, query={"tenant": api.person().user.tenant_id}).status == 403
    assert put(api, api.person(Role.OPERATOR), {"concurrency": 3}, "stripe").status == 200
    assert limit(api, alice, "stripe")["concurrency"] == 3


def test_changes_are_published(api: Api, alice: Person, container: Container) -> None:
    operator = api.person(Role.OPERATOR)
    last = container.event_log.last_id() or EventId(0, 0)
    put(api, alice, {"concurrency": 5})
    api.post("/limits/stripe/pause", by=operator)
    own, shared = (json.loads(entry.message) for entry in container.event_log.read(last))
    assert (own["type"], own["tenantId"]) == ("limit:changed", alice.user.tenant_id)
    assert (own["data"]["name"], own["data"]["concurrency"], own["data"]["paused"]) == ("printer", 5, False)
    assert (shared["tenantId"], shared["data"]["name"], shared["data"]["paused"]) == ("*", "stripe", True)


def test_changes_outlive_the_loss_of_redis(api: Api, alice: Person, container: Container) -> None:
    put(api, alice, {"concurrency": 2})
    api.post("/limits/account/pause", by=alice)
    for _ in range(3):
        printed(container, alice)
    submit(container, alice.principal, task="send", payload='{"account":1}')
    for key in container.redis.scan_iter(match=container.keys.prefix + "*"):
        container.redis.delete(key)
    container.rebuilder.ensure_open()
    assert [job.task for job in start(container)] == ["print", "print"]


# --- jobs ----------------------------------------------------------------------------------------------------


def create(api: Api, who: Person, **fields: Any) -> Answer:
    return api.post("/job/create", {"name": "a mail", "task": "send", **fields}, by=who)


def test_a_job_is_bound_when_it_is_submitted(api: Api, alice: Person) -> None:
    assert create(api, alice, payload={"account": 42}).json["job"]["limits"] == [
        "*stripe", "account", "account:42"
    ]  # fmt: skip
    given = create(api, alice, payload={}, limitKeys={"account": "7"}).json["job"]
    assert given["limits"] == ["*stripe", "account", "account:7"]
    assert create(api, alice, limit_keys={"account": "7"}).status == 201


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"payload": {}}, "payload.account"),
        ({"payload": {"account": ""}}, "payload.account"),
        ({"payload": {"account": "x" * 101}}, "payload.account"),
        ({"payload": {"account": 1}, "limitKeys": {"nothing": "1"}}, "limitKeys.nothing"),
        ({"payload": {"account": 1}, "limitKeys": {"stripe": "1"}}, "limitKeys.stripe"),
        ({"payload": {"account": 1}, "limitKeys": {"account": ""}}, "limitKeys.account"),
        ({"payload": {"account": 1}, "limitKeys": {"account": "a\u0000b"}}, "limitKeys.account"),
    ],
)
def test_a_job_without_a_key(api: Api, alice: Person, fields: dict[str, Any], field: str) -> None:
    answer = create(api, alice, **fields)
    assert (answer.status, answer.json["field"]) == (400, field)
    bulk = api.post("/job/bulk", {"jobs": [{"name": "x"}, {"name": "a mail", "task": "send", **fields}]}, by=alice)
    assert bulk.status == 400


def test_the_same_key_with_other_limits_is_another_job(api: Api, alice: Person) -> None:
    first = create(api, alice, payload={"account": 1}, idempotencyKey="k")
    assert create(api, alice, payload={"account": 1}, idempotencyKey="k").json["job"] == first.json["job"]
    other = create(api, alice, payload={"account": 1}, idempotencyKey="k", limitKeys={"account": "2"})
    assert other.status == 409


def test_a_redrive_with_another_payload_has_its_key(api: Api, alice: Person, container: Container) -> None:
    def dead(**fields: Any) -> str:
        job_id: str = create(api, alice, **fields).json["job"]["_id"]
        [running] = [job for job in start(container) if job.id == job_id]
        finish(container, running, an_error())
        return job_id

    def redriven(job_id: str, **body: Any) -> Any:
        assert api.post(f"/dlq/{job_id}/redrive", body, by=alice).status == 200
        found = api.get(f"/job/{job_id}", by=alice).json["job"]["limits"]
        [again] = [job for job in start(container) if job.id == job_id]
        assert list(again.limits) == found
        finish(container, again, an_error())
        return found[-1]

    by_payload = dead(payload={"account": 1})
    assert redriven(by_payload) == "account:1"
    assert redriven(by_payload, payload={"account": 2}) == "account:2"
    refused = api.post(f"/dlq/{by_payload}/redrive", {"payload": {}}, by=alice)
    assert (refused.status, refused.json["field"]) == (400, "payload.account")
    given = dead(payload={"account": 1}, limitKeys={"account": "given"})
    assert redriven(given, payload={"account": 3}) == "account:given"


def test_a_tenant_has_so_many_keys_with_ready_jobs(container: Container) -> None:
    free: dict[str, Any] = {"rate_limit_max_requests": 0, "max_active_jobs_per_user": 0}
    few = Container(replace(container.settings, max_limit_keys_per_tenant=2, **free))
    for name in ("mongo", "redis"):
        few.__dict__[name] = getattr(container, name)
    prepare_limited(few)
    api = Api(few)
    alice, stranger = api.person(), api.person()

    def mail(who: Person, account: int) -> None:
        submit(few, who.principal, task="send", payload=json.dumps({"account": account}))

    for account in (1, 2, 1):
        mail(alice, account)
    with pytest.raises(TooManyLimitKeys):
        mail(alice, 3)
    mail(alice, 2)
    mail(stranger, 3)
    submit(few, alice.principal, task="print")
    for job in start(few):
        finish(few, job)
    start(few)
    mail(alice, 3)
