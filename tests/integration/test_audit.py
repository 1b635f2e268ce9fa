"""The audit log, over the API: what each change leaves, who reads it, and what crashes leave."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import AutoReconnect

from chalicelib.domain.audit import AuditFilter
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Role
from chalicelib.errors import Unavailable
from tests.api_client import PASSWORD, Api, Person
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.integration.test_api_keys import create
from tests.integration.test_websocket_handlers import Client
from tests.jobs import TASKS, an_error, finish, start
from tests.limited import prepare_limited
from tests.managers import Invoker

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def tasks(container: Container) -> None:
    container.catalogue.register(TASKS)


def entries(api: Api, by: Person | str, **query: str) -> list[dict[str, Any]]:
    answer = api.get("/audit", by=by, query=query)
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.json["entries"]
    return found


def the_entry(api: Api, by: Person | str, **query: str) -> dict[str, Any]:
    (found,) = entries(api, by, **query)
    assert found["outcome"] == "done"
    return found


# --- what is recorded --------------------------------------------------------------------------------------------
def test_a_change_has_who_what_before_after_and_trace(api: Api, alice: Person) -> None:
    trace = "0b94a2a4-6d3e-4b6e-9a54-0d7f6a6a2f11"

    api.put("/tenant/settings", {"openJobs": 7}, by=alice, headers={"X-Trace-Id": trace})

    entry = the_entry(api, alice)
    assert entry["actor"] == {"_id": alice.id, "kind": "person", "email": alice.email, "apiKey": None}
    assert (entry["action"], entry["target"]) == ("tenant.settings", f"tenant:{alice.user.tenant_id}")
    assert (entry["before"]["openJobs"], entry["after"]["openJobs"]) == (1_000_000, 7)
    assert (entry["traceId"], entry["tenantId"]) == (trace, alice.user.tenant_id)


def test_members_and_passwords(api: Api, alice: Person) -> None:
    new = {"username": "Bob", "email": "bob@example.com", "role": "member"}
    added = api.post("/members", new, by=alice).json
    bob, secret = added["member"]["_id"], added["password"]
    api.patch(f"/members/{bob}", {"role": "viewer"}, by=alice)
    api.post(f"/members/{bob}/password", {"password": PASSWORD}, by=alice)
    api.delete(f"/members/{bob}", by=alice)

    found = entries(api, alice, target=f"member:{bob}")

    assert [each["action"] for each in found] == ["member.remove", "member.password", "member.role", "member.add"]
    removed, password, role, made = found
    assert (removed["before"]["role"], removed["after"]) == ("viewer", None)
    assert (password["before"], password["after"]) == (None, None)
    assert (role["before"]["role"], role["after"]["role"]) == ("member", "viewer")
    assert (made["before"], made["after"]["email"]) == (None, "bob@example.com")
    assert secret not in json.dumps(found)
    assert PASSWORD not in json.dumps(found)


def test_ones_own_account(api: Api, alice: Person) -> None:
    api.patch("/me", {"username": "Alice the second"}, by=alice)
    changed = api.post("/me/password", {"current_password": PASSWORD, "new_password": "the next one, yes"}, by=alice)

    found = entries(api, changed.json["jwt"], target=f"member:{alice.id}")

    assert [each["action"] for each in found] == ["member.password", "member.profile"]
    assert found[1]["after"]["username"] == "Alice the second"
    assert "the next one" not in json.dumps(found)


def test_keys_and_what_they_change(api: Api, alice: Person) -> None:
    key_id, key = create(api, alice, ["queues:write"])
    api.post("/queues/emails/pause", by=key)
    api.delete(f"/api-keys/{key_id}", by=alice)

    revoked, paused, made = entries(api, alice)

    assert (made["action"], made["target"], made["after"]["scopes"]) == (
        "api-key.create", f"api-key:{key_id}", ["queues:write"],
    )  # fmt: skip
    assert paused["actor"] == {
        "_id": alice.id, "kind": "key", "email": alice.email, "apiKey": {"_id": key_id, "name": "a service"},
    }  # fmt: skip
    assert (revoked["before"]["name"], revoked["after"]) == ("a service", None)
    assert key not in json.dumps([made, paused, revoked])
    assert entries(api, alice, actor=key_id) == [paused], "also when the key is gone"


def test_queues_and_limits(api: Api, alice: Person, container: Container) -> None:
    prepare_limited(container)
    api.post("/queues/emails/pause", by=alice)
    api.post("/queues/emails/pause", by=alice)  # is paused already
    api.put("/queues/emails", {"strict": True}, by=alice)
    api.post("/queues/emails/resume", by=alice)
    api.put("/limits/printer", {"concurrency": 5}, by=alice)
    api.post("/limits/printer/pause", by=alice)
    api.post("/limits/printer/reset", by=alice)

    found = entries(api, alice)

    assert [each["action"] for each in found] == [
        "limit.reset", "limit.pause", "limit.change", "queue.resume", "queue.set", "queue.pause",
    ]  # fmt: skip
    assert found[2]["after"]["concurrency"] == 5
    assert (found[1]["before"]["paused"], found[1]["after"]["paused"]) == (False, True)
    assert (found[5]["before"], found[5]["after"]) == (
        {"paused": False, "strict": False}, {"paused": True, "strict": False},
    )  # fmt: skip


def test_schedules_without_their_payloads(api: Api, alice: Person) -> None:
    body = {"everyS": 3600, "payload": {"password": "hunter2"}}
    api.put("/schedules/nightly", body, by=alice)
    api.put("/schedules/nightly", body | {"everyS": 60}, by=alice)
    api.post("/schedules/nightly/pause", by=alice)
    api.post("/schedules/nightly/pause", by=alice)
    api.post("/schedules/nightly/run", by=alice)
    api.delete("/schedules/nightly", by=alice)

    found = entries(api, alice, target="schedule:nightly")

    assert [each["action"] for each in found] == [
        "schedule.delete", "schedule.run", "schedule.pause", "schedule.put", "schedule.put",
    ]  # fmt: skip
    assert found[-1]["before"] is None
    assert (found[3]["before"]["everyS"], found[3]["after"]["everyS"]) == (3600, 60)
    assert found[0]["after"] is None
    assert "hunter2" not in json.dumps(found)


def test_jobs_one_and_many(api: Api, alice: Person, container: Container) -> None:
    payload = {"seconds": 0}
    dead, done, *others = (
        api.post("/job/create", {"name": f"job {n}", "payload": payload}, by=alice).json["job"]["_id"] for n in range(5)
    )
    by_id = {job.id: job for job in start(container)}
    finish(container, by_id[dead], an_error())
    finish(container, by_id[done])
    api.post(f"/job/{others[0]}/cancel", by=alice)
    api.delete(f"/job/{done}", by=alice)
    api.post("/job/actions", {"action": "cancel", "ids": others, "dry_run": True}, by=alice)
    api.post("/job/actions", {"action": "cancel", "filter": {"task": "simulated"}}, by=alice)
    api.post("/dlq/redrive", {"ids": [dead]}, by=alice)
    api.post("/dlq/redrive", {"ids": [dead]}, by=alice)  # nothing is left to redrive

    found = entries(api, alice)

    assert [each["action"] for each in found] == ["jobs.redrive", "jobs.act", "job.delete", "job.cancel"]
    redriven, acted, deleted, cancelled = found
    assert redriven["after"] == {"changed": 1, "failed": 0, "ids": [dead], "idsLeftOut": 0}
    assert acted["after"]["action"] == "cancel"
    assert acted["after"]["filter"] == {"task": "simulated"}
    assert (deleted["target"], deleted["before"]["status"], deleted["after"]) == (f"job:{done}", "completed", None)
    assert cancelled["after"]["cancelRequested"]
    assert not cancelled["before"]["cancelRequested"]
    assert "payload" not in json.dumps(found)


def test_a_change_over_the_websocket_leaves_the_same(
    api: Api, alice: Person, managers: Invoker, endpoint: Endpoint
) -> None:
    managers.works = False
    one, two = (api.post("/job/create", {"name": "x"}, by=alice).json["job"]["_id"] for _ in range(2))
    client = Client(endpoint)
    assert client.connect(token=alice.token) == 200

    assert client.ask({"action": "job:cancel", "jobId": one})["type"] == "job:cancel:ok"
    api.post(f"/job/{two}/cancel", by=alice)
    assert client.ask({"action": "job:cancel", "jobId": "0" * 24})["code"] == "not_found"

    second, first = entries(api, alice)
    own = {"_id", "at", "target", "traceId"}
    assert {name: value for name, value in first.items() if name not in own} == {
        name: value for name, value in second.items() if name not in own
    }
    assert (first["target"], second["target"]) == (f"job:{one}", f"job:{two}")
    assert first["traceId"]


def test_refused_changes_leave_nothing(api: Api, alice: Person) -> None:
    viewer = api.person(Role.VIEWER, tenant_id=alice.user.tenant_id)
    stranger = api.person()
    assert api.put("/tenant/settings", {"openJobs": -1}, by=alice).status == 400
    assert api.put("/tenant/settings", {"openJobs": 5}, by=viewer).status == 403
    assert api.delete("/api-keys/" + "0" * 24, by=alice).status == 404
    assert api.patch(f"/members/{alice.id}", {"role": "viewer"}, by=alice).status == 409
    assert api.put(f"/tenants/{alice.user.tenant_id}/settings", {"openJobs": 5}, by=stranger).status == 404

    assert entries(api, alice) == entries(api, stranger) == []
    assert api.container.db["audit"].count_documents({}) == 0


# --- who reads it ------------------------------------------------------------------------------------------------
def test_the_change_of_an_operator_is_in_the_log_of_the_tenant(api: Api, alice: Person) -> None:
    operator = api.person(Role.OPERATOR)
    tenant = alice.user.tenant_id
    job = api.post("/job/create", {"name": "x"}, by=alice).json["job"]["_id"]

    api.put(f"/tenants/{tenant}/maxima", {"openJobs": 5}, by=operator)
    api.post("/queues/emails/pause", by=operator, query={"tenant": tenant})
    api.post(f"/job/{job}/cancel", by=operator)

    actions = ["job.cancel", "queue.pause", "tenant.maxima"]
    assert [each["action"] for each in entries(api, alice)] == actions
    assert [each["actor"]["_id"] for each in entries(api, alice)] == [operator.id] * 3
    assert [each["action"] for each in entries(api, operator, tenant=tenant)] == actions
    assert api.get("/audit", by=alice, query={"tenant": operator.user.tenant_id}).status == 403


def test_filters(api: Api, alice: Person, container: Container) -> None:
    bob = api.person(tenant_id=alice.user.tenant_id)
    for by, queue in ((alice, "a"), (bob, "a"), (bob, "b")):
        api.put(f"/queues/{queue}", {"strict": queue == "b" or by is alice}, by=by)
    times = [each["at"] for each in entries(api, alice)]

    assert len(entries(api, alice)) == 3
    assert len(entries(api, alice, actor=bob.id)) == 2
    assert len(entries(api, alice, target="queue:a")) == 2
    assert len(entries(api, alice, target="queue:a", actor=bob.id, action="queue.set")) == 1
    assert entries(api, alice, action="queue.pause") == []
    assert len(entries(api, alice, **{"from": times[-1]})) == 3
    assert entries(api, alice, to=times[-1]) == []
    assert entries(api, alice, **{"from": iso(container.clock.now() + timedelta(hours=1))}) == []
    for wrong, field in (
        ({"actor": "bob"}, "actor"),
        ({"from": "yesterday"}, "from"),
        ({"who": "x"}, "who"),
        ({"target": "é"}, "target"),
    ):
        refused = api.get("/audit", by=alice, query=wrong)
        assert (refused.status, refused.json["field"]) == (400, field)


def test_pages_lose_and_repeat_nothing(api: Api, alice: Person, container: Container) -> None:
    at = container.clock.now()
    for n in range(25):
        api.put("/queues/a", {"strict": n % 2 == 0}, by=alice)
    container.db["audit"].update_many({}, {"$set": {"at": at}})  # all in one millisecond

    forwards, answer = [], api.get("/audit", by=alice, query={"limit": "7"}).json
    backwards: list[str] = []
    while True:
        forwards += [each["_id"] for each in answer["entries"]]
        if answer["nextCursor"] is None:
            break
        answer = api.get("/audit", by=alice, query={"limit": "7", "cursor": answer["nextCursor"]}).json
    last = [each["_id"] for each in answer["entries"]]
    while answer["prevCursor"] is not None:
        answer = api.get("/audit", by=alice, query={"limit": "7", "cursor": answer["prevCursor"]}).json
        backwards = [each["_id"] for each in answer["entries"]] + backwards

    assert len(forwards) == len(set(forwards)) == 25
    assert forwards == sorted(forwards, reverse=True)
    assert backwards + last == forwards
    first = api.get("/audit", by=alice, query={"limit": "7"}).json["nextCursor"]
    assert api.get("/audit", by=alice, query={"cursor": first, "target": "queue:a"}).status == 400


def test_the_export_has_an_entry_a_line(api: Api, alice: Person) -> None:
    for n in range(12):
        api.put("/queues/a", {"strict": n % 2 == 0}, by=alice)
    listed = entries(api, alice)

    answer = api.get("/audit/export", by=alice)

    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == listed
    assert "X-Next-Cursor" not in answer.headers
    exported, query = [], {"limit": "5"}
    while True:
        part = api.get("/audit/export", by=alice, query=query)
        exported += [json.loads(line) for line in part.text.splitlines()]
        if "X-Next-Cursor" not in part.headers:
            break
        query = {"limit": "5", "cursor": part.headers["X-Next-Cursor"]}
    assert exported == listed
    assert api.get("/audit/export", by=alice, query={"format": "json"}).json == listed
    table = list(csv.DictReader(io.StringIO(api.get("/audit/export", by=alice, query={"format": "csv"}).text)))
    assert [(row["_id"], json.loads(row["after"])) for row in table] == [
        (each["_id"], each["after"]) for each in listed
    ]


def test_the_export_keeps_within_the_size_of_an_answer(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.api import audit

    for n in range(9):
        api.put("/queues/a", {"strict": n % 2 == 0}, by=alice)
    container.db["audit"].update_many({}, {"$set": {"after": {"word": "\N{SNOWMAN}" * 100}}})  # six bytes a letter
    whole = len(json.dumps(api.get("/audit/export", by=alice).text))
    monkeypatch.setattr(audit, "MAX_ANSWER_BYTES", whole // 2)

    part = api.get("/audit/export", by=alice)

    assert len(json.dumps(part.text)) <= whole // 2
    rest = api.get("/audit/export", by=alice, query={"cursor": part.headers["X-Next-Cursor"]})
    lines = part.text.splitlines() + rest.text.splitlines()
    assert [json.loads(line)["_id"] for line in lines][:8] == [each["_id"] for each in entries(api, alice)][:8]


# --- what goes wrong ---------------------------------------------------------------------------------------------
def test_without_the_log_nothing_is_changed(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise AutoReconnect

    monkeypatch.setattr(container.audit_log._store, "begin", fail)

    assert api.put("/tenant/settings", {"openJobs": 5}, by=alice).status == 503
    assert api.get("/tenant/settings", by=alice).json["settings"]["openJobs"] == 1_000_000


@pytest.mark.parametrize("dies", ["end", "change"])
def test_a_change_whose_end_is_not_written_is_unknown(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise Unavailable("down")

    if dies == "end":
        monkeypatch.setattr(container.audit_log._store, "end", fail)
    else:
        monkeypatch.setattr(container.queues, "set_strict", fail)

    status = api.put("/queues/a", {"strict": True}, by=alice).status

    assert status == (200 if dies == "end" else 503)
    (entry,) = entries(api, alice)
    assert (entry["outcome"], entry["after"]) == ("unknown", None)
    assert entry["before"] == {"paused": False, "strict": False}


def test_an_entry_is_closed_once(api: Api, alice: Person, container: Container) -> None:
    api.put("/queues/a", {"strict": True}, by=alice)
    (kept,) = container.audit_log._store.page(AuditFilter(), None, 9)

    container.audit_log._store.end(kept.id, "queue:other", {"forged": True})
    container.audit_log._store.withdraw(kept.id)

    assert container.audit_log._store.page(AuditFilter(), None, 9) == [kept]


def test_a_large_state_is_left_out(api: Api, alice: Person) -> None:
    tags = [f"{n:02d}" + "x" * 48 for n in range(20)]
    for name in ("a", "b"):
        body = {"everyS": 60, "tags": tags, "name": "n" * 200, "payload": {"x": "y" * 20_000}}
        assert api.put(f"/schedules/{name}", body, by=alice).status == 201
    assert len(json.dumps(entries(api, alice))) < 20_000


def test_entries_are_kept_for_a_year(api: Api, alice: Person, container: Container) -> None:
    api.put("/queues/a", {"strict": True}, by=alice)

    (found,) = container.db["audit"].find()

    assert found["expires_at"] - found["at"] == timedelta(days=365)
    assert found["tenant_id"] == ObjectId(alice.user.tenant_id)
