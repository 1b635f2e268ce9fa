"""API keys, over the API: create, use, revoke; what a key may do, and when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import AutoReconnect

import chalicelib.api.container as composition
from chalicelib.domain import api_keys
from chalicelib.domain.jobs import NewJob, iso
from chalicelib.domain.principals import KeyScope, Principal
from chalicelib.services.api_keys import NewApiKey
from tests.api_client import PASSWORD, Answer, Api, Person
from tests.audit import audit
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.integration.test_websocket_handlers import Client
from tests.jobs import TASKS, an_error, finish, start
from tests.managers import QUICK, Invoker
from tests.support import wait_until
from tests.timed import Timed

pytestmark = pytest.mark.integration

ALL = ["jobs:read", "jobs:write", "dlq:write", "queues:write", "admin"]


def create(api: Api, by: Person, scopes: Sequence[str] = ("jobs:read", "jobs:write"), **fields: Any) -> tuple[str, str]:
    """Create a key; return its id and its text."""
    answer = api.post("/api-keys", {"name": "a service", "scopes": list(scopes), **fields}, by=by)
    assert answer.status == 201, answer.text
    return answer.json["apiKey"]["_id"], answer.json["secret"]


def error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["code"]


@pytest.fixture(autouse=True)
def tasks(container: Container) -> None:
    container.catalogue.register(TASKS)


# --- create and list ---------------------------------------------------------------------------------------------
def test_the_secret_is_shown_once_and_stored_hashed(api: Api, alice: Person) -> None:
    answer = api.post("/api-keys", {"name": "billing", "scopes": ["jobs:write", "jobs:read", "jobs:read"]}, by=alice)

    secret, key = answer.json["secret"], answer.json["apiKey"]
    assert api_keys.parse(secret) is not None
    assert key["scopes"] == ["jobs:read", "jobs:write"]
    assert (key["name"], key["ownerId"], key["expiresAt"], key["lastUsedAt"]) == ("billing", alice.id, None, None)
    assert secret.startswith(key["prefix"])
    listed = api.get("/api-keys", by=alice)
    assert [each["_id"] for each in listed.json["apiKeys"]] == [key["_id"]]
    assert listed.json["owners"] == {alice.id: alice.user.username}
    random = secret.rpartition("_")[2]
    stored = str(api.container.db["api_keys"].find_one({"_id": ObjectId(key["_id"])}))
    assert random not in listed.text
    assert random not in stored


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["jobs:all"]}, "scopes.0"),
        ({"scopes": None}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"expires_at": "2090-01-01T00:00:00Z"}, "expiresAt"),
        ({"expires_at": "2030-01-01T00:00:00"}, "expiresAt"),
        ({"secret": "qc_x"}, "secret"),
    ],
)
def test_a_wrong_field_is_named(api: Api, alice: Person, change: dict[str, Any], field: str) -> None:
    answer = api.post("/api-keys", {"name": "x", "scopes": ["jobs:read"]} | change, by=alice)

    assert answer.status == 400
    assert answer.json["field"].replace("expires_at", "expiresAt") == field


def test_no_key_makes_keys(api: Api, alice: Person) -> None:
    _, key = create(api, alice, ALL)

    assert error(api.post("/api-keys", {"name": "x", "scopes": ["admin"]}, by=key)) == (403, "needs_person")


def test_a_tenant_has_so_many_keys(api: Api, alice: Person, container: Container) -> None:
    container.settings = replace(container.settings, max_api_keys_per_tenant=3)

    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(api.post, "/api-keys", {"name": "x", "scopes": ["admin"]}, by=alice) for _ in range(6)]
        statuses = sorted(call.result().status for call in calls)

    assert statuses == [201] * 3 + [429] * 3
    assert len(api.get("/api-keys", by=alice).json["apiKeys"]) == 3
    assert api.post("/api-keys", {"name": "x", "scopes": ["admin"]}, by=api.person()).status == 201


# --- use ---------------------------------------------------------------------------------------------------------
def test_a_service_submits_jobs_of_its_creator(api: Api, alice: Person) -> None:
    key_id, key = create(api, alice)

    made = api.post("/job/create", {"name": "A job"}, by=key)

    assert made.status == 201
    assert (made.json["job"]["ownerId"], made.json["job"]["apiKeyId"]) == (alice.id, key_id)
    job = f"/job/{made.json['job']['_id']}"
    assert api.get(job, by=key).status == api.get(job, by=alice).status == 200
    assert api.post(job + "/cancel", by=key).status == 200


def test_a_key_says_whose_it_is(api: Api, alice: Person) -> None:
    key_id, key = create(api, alice, ["queues:write"])

    me = api.get("/me", by=key).json

    assert me["user"]["_id"] == alice.id
    assert me["apiKey"] == {"_id": key_id, "name": "a service", "scopes": ["queues:write"]}
    assert "apiKey" not in api.get("/me", by=alice).json


def test_the_quotas_of_the_tenant_hold_in_place_of_a_persons_limits(
    api: Api, alice: Person, container: Container
) -> None:
    _, key = create(api, alice)

    for n in range(15):  # 10 a minute and 5 active, for a person
        assert api.post("/job/create", {"name": f"job {n}"}, by=key).status == 201
    bulk = {"jobs": [{"name": "x"}] * 20}
    assert api.post("/job/bulk", bulk, by=key).status == 201

    mine = [api.post("/job/create", {"name": f"mine {n}"}, by=alice).status for n in range(6)]
    assert mine == [201] * 5 + [429], "what a key submits does not use up the places of its creator"
    api.put("/tenant/settings", {"openJobs": 41}, by=alice)
    assert api.post("/job/create", {"name": "x"}, by=key).status == 201
    assert error(api.post("/job/create", {"name": "x"}, by=key)) == (429, "too_many_open_jobs")
    assert audit(container) == []


def test_batches_and_workflows_of_a_service_run_at_once(api: Api, alice: Person, container: Container) -> None:
    _, key = create(api, alice)
    nodes = [{"id": f"n{n}"} for n in range(8)]

    assert api.post("/batches", {"name": "b", "jobs": [{"name": "x"}] * 12}, by=key).status == 201
    assert api.post("/workflows", {"name": "w", "nodes": nodes}, by=key).status == 201

    assert container.db["jobs"].count_documents({"status": "pending", "api_key": {"$exists": True}}) == 20
    assert api.post("/job/create", {"name": "mine"}, by=alice).status == 201
    assert audit(container) == []


def test_jobs_of_a_service_need_no_place_when_they_become_due_nor_after_a_rebuild(timed: Timed) -> None:
    container = timed.container
    principal = Api(container).person().principal

    key = container.api_keys.create(principal, NewApiKey("x", [KeyScope.JOBS_WRITE]))[0]
    service = Principal.service(principal.user_id, principal.tenant_id, principal.role, "", key.grant)
    container.jobs.submit(service, [NewJob(f"later {n}", delay_s=60) for n in range(9)], "trace")

    timed.travel(61)
    container.sweeper.sweep()

    assert container.db["jobs"].count_documents({"status": "pending"}) == 9
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.rebuilder.ensure_open()
    assert container.redis.zcard(container.keys.active(principal.user_id)) == 0
    assert audit(container) == []


def test_a_key_without_dlq_write_leaves_the_dlq_alone(api: Api, alice: Person, container: Container) -> None:
    _, writer = create(api, alice, ["jobs:write"])
    _, redriver = create(api, alice, ["dlq:write"])
    job = api.post("/job/create", {"name": "dead"}, by=alice).json["job"]["_id"]
    finish(container, start(container)[0], an_error())

    assert error(api.post(f"/job/{job}/retry", {}, by=writer)) == (403, "missing_scope")
    assert error(api.delete(f"/job/{job}", by=writer)) == (403, "missing_scope")
    bulk = api.post("/job/actions", {"action": "delete", "ids": [job]}, by=writer).json
    assert (bulk["changed"], bulk["failed"][0]["code"]) == (0, "missing_scope")
    assert error(api.post("/job/create", {"name": "x"}, by=redriver)) == (403, "missing_scope")
    assert api.post(f"/dlq/{job}/redrive", {}, by=redriver).status == 200


def test_the_last_use_is_noted_once_a_minute_and_not_for_refused_calls(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_id, key = create(api, alice, ["jobs:read"])

    def last() -> Any:
        return next(each["lastUsedAt"] for each in api.get("/api-keys", by=alice).json["apiKeys"])

    api.post("/job/create", {"name": "x"}, by=key)  # lacks the scope
    api.get("/job/" + "0" * 24, by=key)  # no such job
    api.get("/job", by=key[:-6] + "000000")
    assert last() is None
    api.get("/job", by=key)
    first = last()
    assert first is not None
    api.get("/job", by=key)
    assert last() == first
    earlier = container.clock.now() - timedelta(seconds=61)
    container.db["api_keys"].update_one({"_id": ObjectId(key_id)}, {"$set": {"last_used_at": earlier}})
    api.get("/job", by=key)
    assert last() >= first

    def fail(*_: Any) -> None:
        raise AutoReconnect

    container.db["api_keys"].update_one({"_id": ObjectId(key_id)}, {"$unset": {"last_used_at": ""}})
    monkeypatch.setattr(container.api_key_store, "used", fail)
    assert api.get("/job", by=key).status == 200, "a use that cannot be noted fails nothing"


def test_what_is_no_key_costs_no_query(api: Api, container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: Any) -> None:
        raise AssertionError("MongoDB was asked")

    monkeypatch.setattr(container.api_key_store, "get", asked)
    for text in ("qc_", "qc_x", "qc_" + "0" * 24 + "_" + "0" * 49, "qc_" + "é" * 60, "qc_" + "0" * 100_000):
        assert error(api.get("/job", by=text)) == (401, "invalid_api_key")


def test_a_secret_of_another_key_is_refused(api: Api, alice: Person) -> None:
    (one, _), (_, other) = create(api, alice), create(api, alice)
    begun = f"qc_{one}_{other.rpartition('_')[2][:-6]}"
    forged = begun + api_keys._checksum(begun)

    assert api_keys.parse(forged) is not None
    assert error(api.get("/job", by=forged)) == (401, "invalid_api_key")


# --- the end of a key --------------------------------------------------------------------------------------------
def test_a_revoked_key_is_refused_at_the_next_call(api: Api, alice: Person) -> None:
    key_id, key = create(api, alice)
    assert api.get("/job", by=key).status == 200

    assert api.delete(f"/api-keys/{key_id}", by=alice).status == 200

    assert error(api.get("/job", by=key)) == (401, "invalid_api_key")
    assert api.delete(f"/api-keys/{key_id}", by=alice).status == 404
    assert api.get("/api-keys", by=alice).json["apiKeys"] == []


def test_a_key_expires(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(composition, "get_container", lambda: timed.container)
    api = Api(timed.container)
    alice = api.person()
    soon = iso(timed.container.clock.now() + timedelta(seconds=30))
    _, key = create(api, alice, ["admin"], expires_at=soon)
    assert api.get("/job", by=key).status == 200

    timed.travel(30)

    assert error(api.get("/job", by=key)) == (401, "api_key_expired")
    listed = api.get("/api-keys", by=api.container.sessions.issue(alice.user)).json["apiKeys"]
    assert [(each["expiresAt"], each["expired"]) for each in listed] == [(soon, True)]


def test_a_demoted_creator_takes_the_rights_of_the_keys_along(api: Api, alice: Person) -> None:
    bob = api.person(tenant_id=alice.user.tenant_id)
    _, key = create(api, bob, ALL)
    job = api.post("/job/create", {"name": "alice's", "delayS": 60}, by=alice).json["job"]["_id"]
    assert api.get(f"/job/{job}", by=key).status == 200

    api.patch(f"/members/{bob.id}", {"role": "member"}, by=alice)
    assert api.get(f"/job/{job}", by=key).status == 404
    assert error(api.post("/queues/default/pause", by=key)) == (403, "forbidden")
    assert api.post("/job/create", {"name": "bob's"}, by=key).status == 201

    api.patch(f"/members/{bob.id}", {"role": "viewer"}, by=alice)
    assert error(api.post("/job/create", {"name": "x"}, by=key)) == (403, "forbidden")
    assert api.get(f"/job/{job}", by=key).status == 200


def test_a_removed_creator_takes_the_keys_along(api: Api, alice: Person, container: Container) -> None:
    bob = api.person(tenant_id=alice.user.tenant_id)
    _, key = create(api, bob)
    _, other = create(api, alice)

    assert api.delete(f"/members/{bob.id}", by=alice).status == 200

    assert error(api.get("/job", by=key)) == (401, "invalid_api_key")
    assert api.get("/job", by=other).status == 200
    assert container.db["api_keys"].count_documents({}) == 1
    container.db["users"].delete_one({"_id": ObjectId(alice.id)})  # as a crash of an older version may leave it
    assert error(api.get("/job", by=other)) == (401, "account_removed")


def test_a_new_password_leaves_keys_as_they_are(api: Api, alice: Person) -> None:
    _, key = create(api, alice)

    changed = {"current_password": PASSWORD, "new_password": "the next one, please"}
    assert api.post("/me/password", changed, by=alice).status == 200

    assert api.get("/job", by=key).status == 200


def test_a_key_is_no_cookie(api: Api, alice: Person) -> None:
    _, key = create(api, alice)

    cookie = {"Cookie": f"qc_session_{api.container.settings.stack_name}={key}"}
    assert api.get("/job", headers=cookie).status == 401


# --- the WebSocket -----------------------------------------------------------------------------------------------
def test_a_service_connects_with_its_key_or_a_ticket(
    api: Api, alice: Person, managers: Invoker, endpoint: Endpoint
) -> None:
    managers.works = False
    key_id, key = create(api, alice)

    assert Client(endpoint, "one").connect(token=key) == 200
    ticket = api.post("/ws/ticket", by=key).json["ticket"]
    two = Client(endpoint, "two")
    assert two.connect(ticket=ticket) == 200
    assert two.connect(ticket=ticket) == 401
    for connection in ("one", "two"):
        found = api.container.connection_registry.touch(connection)
        assert found is not None
        assert found.connection.principal.key_id == key_id
    made = two.ask({"action": "job:create", "name": "A job"})
    assert made["data"]["job"]["apiKeyId"] == key_id
    assert two.ask({"action": "job:cancel", "jobId": made["data"]["job"]["_id"]})["type"] == "job:cancel:ok"


def test_actions_of_the_websocket_need_scopes(api: Api, alice: Person, managers: Invoker, endpoint: Endpoint) -> None:
    managers.works = False
    _, reader = create(api, alice, ["jobs:read"])
    _, writer = create(api, alice, ["jobs:write"])
    client = Client(endpoint)

    assert client.connect(token=writer) == 403, "a connection receives events"
    assert client.connect(token=reader) == 200
    answer = client.ask({"action": "job:create", "name": "A job"})
    assert (answer["code"], answer["scope"]) == ("missing_scope", "jobs:write")
    assert client.ask({"action": "request:stats"})["type"] == "stats:update"
    assert client.ask({"action": "ping"})["type"] == "pong"


@pytest.mark.parametrize("how", ["revoked", "demoted", "removed"])
def test_connections_of_a_key_end_with_it(
    api: Api, alice: Person, managers: Invoker, endpoint: Endpoint, how: str
) -> None:
    managers.works = False
    bob = api.person(tenant_id=alice.user.tenant_id)
    key_id, key = create(api, bob)
    client = Client(endpoint)
    assert client.connect(token=key) == 200
    assert client.ask({"action": "ping"})["type"] == "pong"
    ticket = api.post("/ws/ticket", by=key).json["ticket"]

    if how == "revoked":
        api.delete(f"/api-keys/{key_id}", by=alice)
    elif how == "demoted":
        api.patch(f"/members/{bob.id}", {"role": "viewer"}, by=alice)
    else:
        api.delete(f"/members/{bob.id}", by=alice)

    code = "role_changed" if how == "demoted" else "invalid_api_key"
    assert client.ask({"action": "ping"})["code"] == code
    assert api.container.connection_registry.touch(client.id) is None
    assert Client(endpoint, "late").connect(ticket=ticket) == 401


def test_the_manager_closes_connections_of_a_revoked_key(
    api: Api, alice: Person, managers: Invoker, endpoint: Endpoint
) -> None:
    managers.timing = replace(QUICK, sessions_s=0.05)
    key_id, key = create(api, alice)
    client, other = Client(endpoint, "service"), Client(endpoint, "alice")
    assert client.connect(token=key) == other.connect(token=alice.token) == 200

    api.delete(f"/api-keys/{key_id}", by=alice)

    wait_until(lambda: endpoint.deleted == [client.id], what="the end of the connection")
    assert endpoint.events(client.id)[-1]["code"] == "invalid_api_key"
    assert api.container.connection_registry.touch(other.id) is not None
