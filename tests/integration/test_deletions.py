"""Deletion of accounts and tenants: confirmed, in the background, and nothing of them is left anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import NewJob
from chalicelib.domain.mails import Letter, MailKind
from chalicelib.domain.principals import KeyScope, Role
from chalicelib.domain.schedules import ScheduleSpec, Timing
from chalicelib.domain.workflows import NodeSpec
from chalicelib.services.api_keys import NewApiKey
from chalicelib.services.batches import NewBatch
from chalicelib.services.mails import Addressed
from chalicelib.services.webhooks import NewWebhook
from chalicelib.services.workflows import NewWorkflow
from chalicelib.store.rollups import Increments
from tests.api_client import PASSWORD, Answer, Api, Person
from tests.container import Container
from tests.jobs import an_error, finish, prepare, start, submit
from tests.limited import prepare_limited

pytestmark = pytest.mark.integration
#: No key with a shorter life is looked into: it ends by itself.
TTL_S = 3600


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}


@pytest.fixture(autouse=True)
def ready(api: Api) -> Iterator[None]:
    prepare(api.container)
    prepare_limited(api.container)
    yield


def delete(api: Api, by: Person, what: str = "me", name: str | None = None, password: str = PASSWORD) -> Answer:
    names = api.container.tenant_store.names([by.user.tenant_id])
    given = name or (by.user.username if what == "me" else names[by.user.tenant_id])
    return api.post(f"/{what}/delete", {"currentPassword": password, "name": given}, by=by)


def fill(api: Api, who: Person) -> None:
    """Leave traces of a person, and of the tenant, wherever the API lets them."""
    c, principal = api.container, who.principal
    if who.user.role is Role.ADMIN:
        c.webhooks.create(principal, NewWebhook("https://example.com/", ("job.cancelled",)))
    done, dead = (submit(c, principal, name=name, queue="traces") for name in ("done", "dead"))
    for job in start(c):
        if job.id in {done.id, dead.id}:
            finish(c, job, an_error() if job.id == dead.id else None)
    api.post("/job/create", {"name": "later", "delayS": 3600, "idempotencyKey": f"key-{who.id}"}, by=who)
    scope = "tenant" if who.user.role is Role.ADMIN else "own"
    groups = api.get("/dlq/groups", by=who, query={"scope": scope}).json["groups"]
    for path in (f"/job/{done.id}", *(f"/dlq/groups/{each['group']}" for each in groups)):
        assert api.post(f"{path}/comments", {"text": "The bank is down"}, by=who).status == 201
    for shared in (False, True) if who.user.role is Role.ADMIN else (False,):
        assert api.post("/views", {"name": "Mine", "page": "dlq", "shared": shared}, by=who).status == 201
    first = api.post("/job/create", {"name": "first", "delayS": 3600}, by=who).json["job"]["_id"]
    api.post("/job/create", {"name": "after", "dependsOn": [first]}, by=who)
    ended = api.post("/job/create", {"name": "ended", "delayS": 3600}, by=who).json["job"]["_id"]
    api.post(f"/job/{ended}/cancel", by=who)
    c.batches.create(principal, NewBatch("A batch", [NewJob("A job", delay_s=3600)], {}), "trace")
    c.workflows.create(principal, NewWorkflow("A workflow", [NodeSpec("a", NewJob("A job", delay_s=3600))]), "trace")
    c.schedules.put(principal, f"schedule-{who.id[-4:]}", ScheduleSpec(Timing(every_s=3600), JobTemplate("A job")))
    c.mailer.post(f"m{who.id}", MailKind.ALERT, Addressed(who.email, who.user.tenant_id, who.id), Letter("x", ("x",)))
    api.put("/me/notifications", {"failures": "daily"}, by=who)
    api.post("/password/forgot", {"email": who.email})
    c.mailer.send_due(5)
    if who.user.role is Role.ADMIN:
        c.api_keys.create(principal, NewApiKey("A key", [KeyScope.JOBS_READ]))
        api.post("/invitations", {"email": f"guest-{who.id}@example.com"}, by=who)
        api.post("/queues/traces/pause", by=who)
        api.put("/queues/strict", {"strict": True}, by=who)
        api.put("/limits/printer", {"concurrency": 5}, by=who)
        api.put("/tenant/settings", {"openJobs": 500, "concurrency": 7}, by=who)
    assert c.db["webhook_deliveries"].count_documents({"body": {"$regex": who.id}})
    rollup = Increments(who.user.tenant_id, "traces", "simulated", c.clock.now().replace(second=0, microsecond=0))
    rollup.counts["started"] += 1
    c.rollups.add([rollup])
    api.post("/logout", by=c.sessions.issue(who.user))


def run(api: Api, times: int = 6) -> None:
    """Let the minutes pass in which the work is done."""
    c = api.container
    earlier = c.clock.now() - timedelta(minutes=10)
    for _ in range(times):
        c.deletion_work.run(30)
        c.sweeper.sweep()
        c.db["expired_pages"].update_many({}, {"$set": {"at": earlier}})
        c.db["deletions"].update_many({}, {"$set": {"asked_at": earlier}})
    assert c.db["deletions"].count_documents({}) == 0


def all_counts(c: Container) -> dict[str, int]:
    return {name: count for name, count in c.engine.counts("all").items() if count}


def traces(c: Container, subject: str) -> list[str]:
    """Every document and Redis key in which an id, a name or an address is found."""
    found = []
    for name in c.db.list_collection_names():
        for document in c.db[name].find():
            if subject in repr(document):
                found.append(f"{name}: {document}")
    redis: Any = c.redis
    for key in redis.scan_iter(count=1000):
        if 0 <= redis.ttl(key) <= TTL_S:
            continue
        kind = redis.type(key).decode()
        if kind == "none":  # it expired, or another test removed it, since it was listed
            continue
        reads: dict[str, Any] = {
            "string": redis.get, "hash": redis.hgetall, "set": redis.smembers,
            "zset": lambda k: redis.zrange(k, 0, -1), "list": lambda k: redis.lrange(k, 0, -1),
            "stream": redis.xrange,
        }  # fmt: skip
        value = reads[kind](key)
        if subject in repr((key, value)):
            found.append(f"{key!r}: {value!r}"[:500])
    return found


def test_nothing_is_left_of_a_tenant(api: Api) -> None:
    admin, other, c = api.person(), api.person(), api.container
    member = api.person(Role.MEMBER, tenant_id=admin.user.tenant_id)
    for person in (admin, member, other):
        fill(api, person)
    api.post("/tenant/pause", by=admin)
    assert traces(c, admin.user.tenant_id)
    kept = c.db["jobs"].count_documents({"tenant_id": ObjectId(other.user.tenant_id)})
    counts = c.engine.counts(f"t:{other.user.tenant_id}")

    operator = api.person(Role.OPERATOR)
    assert delete(api, admin, "tenant").status == 200
    for person in (admin, member):
        assert api.get("/me", by=person).json["code"] == "account_removed"
        assert api.post("/login", {"email": person.email, "password": PASSWORD}).status == 401
    run(api)

    for subject in (admin.user.tenant_id, admin.id, member.id, admin.email, member.email):
        assert traces(c, subject) == []
    assert c.db["jobs"].count_documents({"tenant_id": ObjectId(other.user.tenant_id)}) == kept
    assert c.engine.counts(f"t:{other.user.tenant_id}") == counts
    assert api.get("/me", by=other).status == 200
    entries = [entry["action"] for entry in api.get("/audit", by=operator).json["entries"]]
    assert entries.count("tenant.delete") == 1
    total = all_counts(c)
    c.rebuilder.rebuild()
    assert all_counts(c) == total


def test_nothing_is_left_of_a_person(api: Api) -> None:
    admin, c = api.person(), api.container
    leaving = api.person(tenant_id=admin.user.tenant_id)
    for person in (admin, leaving):
        fill(api, person)
    api.patch(f"/members/{leaving.id}", {"role": "admin"}, by=admin)
    kept = c.db["jobs"].count_documents({"owner_id": ObjectId(admin.id)})
    assert api.post("/tenant/pause", by=leaving).status == 200

    assert delete(api, leaving).status == 200
    assert api.get("/me", by=leaving).json["code"] == "account_removed"
    run(api)

    for subject in (leaving.id, leaving.email):
        assert traces(c, subject) == []
    assert c.db["jobs"].count_documents({"owner_id": ObjectId(admin.id)}) == kept
    assert c.db["schedules"].count_documents({"tenant_id": ObjectId(admin.user.tenant_id)}) == 2
    of_tenant = {"tenant_id": ObjectId(admin.user.tenant_id)}
    assert [c.db["views"].count_documents({**of_tenant, "shared": shared}) for shared in (False, True)] == [1, 2]
    entries = api.get("/audit", by=admin, query={"limit": "100"}).json["entries"]
    (entry,) = (each for each in entries if each["action"] == "account.delete")
    assert entry["actor"]["email"] == ""
    total = all_counts(c)
    c.rebuilder.rebuild()
    assert all_counts(c) == total


def test_a_running_job_is_waited_for(api: Api) -> None:
    admin, c = api.person(), api.container
    submit(c, admin.principal, name="running")
    (job,) = start(c)
    delete(api, admin, "tenant")
    c.db["deletions"].update_many({}, {"$set": {"asked_at": c.clock.now() - timedelta(hours=1)}})
    c.deletion_work.run(30)
    assert c.db["deletions"].count_documents({}) == 1
    found = c.job_store.get(job.id)
    assert found is not None
    assert found.cancel_requested
    finish(c, found, None)
    run(api)
    assert traces(c, admin.user.tenant_id) == []


@pytest.mark.parametrize("what", ["me", "tenant"])
def test_password_and_name_confirm(api: Api, what: str) -> None:
    admin = api.person()
    api.person(tenant_id=admin.user.tenant_id)
    wrong = delete(api, admin, what, password="not the password")
    assert (wrong.status, wrong.json["field"]) == (400, "currentPassword")
    wrong = delete(api, admin, what, name="Somebody else")
    assert (wrong.status, wrong.json["field"]) == (400, "name")
    assert api.get("/me", by=admin).status == 200


def test_the_last_admin_and_the_last_operator_stay(api: Api) -> None:
    admin, operator = api.person(), api.person(Role.OPERATOR)
    member = api.person(Role.MEMBER, tenant_id=admin.user.tenant_id)
    assert delete(api, admin).status == 409
    assert delete(api, operator).status == 409
    assert delete(api, operator, "tenant").status == 409
    assert delete(api, member, "tenant").status == 403
    api.person(Role.OPERATOR)
    assert delete(api, operator).status == 200
    assert delete(api, member).status == 200
