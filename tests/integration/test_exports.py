"""Exports of jobs: at once, and by an operation into S3."""

from __future__ import annotations

import csv
import io
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.aws import objects
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Role
from chalicelib.services import exports
from tests.api_client import Api, Person
from tests.container import Container
from tests.s3 import BUCKET, Storage, storage
from tests.worker_support import Rig
from worker_fn import container as composition
from worker_fn.registration.registry import registry
from worker_fn.tasks import operations as _operations  # noqa: F401 - registers its tasks

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def s3() -> Iterator[Storage]:
    with storage() as found:
        yield found


@pytest.fixture
def exporting(container: Container, s3: Storage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A worker with the tasks of the system, whose exports go to ``s3``."""
    container.settings = replace(container.settings, rate_limit_max_requests=0, worker_linger_s=0.05, **s3.settings)
    monkeypatch.setattr(composition, "get_container", lambda: container)
    with Rig(container) as rig:
        rig.registry.add(registry.tasks["queuecraft.export"])
        yield rig


def jobs_of(rig: Rig, person: Person, count: int, **changes: Any) -> list[Job]:
    who: dict[str, Any] = {"tenant_id": person.user.tenant_id, "owner_id": person.id}
    made = [
        rig.new("simulated", {"n": n}, name=f"job {n}", status=JobStatus.COMPLETED, **who).with_(**changes)
        for n in range(count)
    ]
    rig.container.job_store.insert(made)
    return made


def fetch(url: str) -> tuple[str, Any]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode(), answer.headers


def run_export(api: Api, rig: Rig, person: Person, **query: str) -> dict[str, Any]:
    started = api.get("/job/export", by=person, query={"format": "csv", "background": "true", **query})
    assert started.status == 202, started.text
    assert started.json["job"]["_id"] == started.json["operation"]["_id"]
    rig.run()
    found: dict[str, Any] = api.get(f"/operations/{started.json['operation']['_id']}", by=person).json["operation"]
    return found


def test_a_small_export_is_answered_at_once_by_the_filters_of_the_list(api: Api, exporting: Rig, alice: Person) -> None:
    jobs_of(exporting, alice, 3, queue="a")
    jobs_of(exporting, alice, 2, queue="b")
    answer = api.get("/job/export", by=alice, query={"format": "csv", "queue": "a", "sort": "created"})
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert ".csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [json.loads(row["payload"]) for row in rows] == [{"n": 0}, {"n": 1}, {"n": 2}]
    lines = api.get("/job/export", by=alice, query={"format": "ndjson"}).text.splitlines()
    assert len(lines) == 5
    assert len(api.get("/job/export", by=alice, query={"format": "json", "status": "dlq"}).json) == 0
    for query, field in (({"format": "xml"}, "format"), ({}, "format"), ({"format": "csv", "limit": "3"}, "limit")):
        refused = api.get("/job/export", by=alice, query=query)
        assert (refused.status, refused.json["field"]) == (400, field)


def test_a_large_one_is_an_operation_with_a_link(
    api: Api, exporting: Rig, alice: Person, s3: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 9)
    monkeypatch.setattr(exports, "PAGE", 4)
    jobs_of(exporting, alice, 10)
    started = api.get("/job/export", by=alice, query={"format": "ndjson"})
    assert started.status == 202
    operation = started.json["operation"]
    assert (operation["status"], operation["matched"], operation["file"]) == ("pending", 10, None)
    jobs_of(exporting, alice, 1)  # made after it was asked for
    exporting.run()

    found = api.get(f"/operations/{operation['_id']}", by=alice).json["operation"]
    text, headers = fetch(found["file"]["url"])
    assert [json.loads(line)["payload"]["n"] for line in text.splitlines()] == list(range(9, -1, -1))
    assert found["outcome"] == {"jobs": 10, "bytes": len(text), "truncated": False}
    assert headers["Content-Disposition"].startswith("attachment")
    listed = api.get("/operations", by=alice, query={"kind": "export"}).json["operations"]
    assert [(each["_id"], each["file"]) for each in listed] == [(operation["_id"], None)]
    assert api.get(f"/job/{operation['_id']}", by=alice).json["job"]["progress"]["message"] == "10 jobs"
    entry = api.get("/audit", by=alice, query={"action": "jobs.export"}).json["entries"][0]
    assert entry["after"] == {"format": "ndjson", "operation": operation["_id"]}


def test_a_file_of_several_parts_is_whole(
    api: Api, exporting: Rig, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "PART_BYTES", 5 * 1024 * 1024)
    jobs_of(exporting, alice, 200, payload=json.dumps({"x": "é" * 10_000}))
    found = run_export(api, exporting, alice, format="json")
    text, _ = fetch(found["file"]["url"])
    assert found["outcome"]["bytes"] > 2 * 5 * 1024 * 1024
    assert len(json.loads(text)) == 200


def test_a_cancelled_export_leaves_no_file(
    api: Api, exporting: Rig, alice: Person, s3: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 1)
    jobs_of(exporting, alice, 3)
    started = api.get("/job/export", by=alice, query={"format": "csv", "background": "true"}).json["operation"]
    assert api.post(f"/operations/{started['_id']}/cancel", {}, by=alice).json["operation"]["status"] == "cancelled"
    exporting.run()
    assert api.post(f"/operations/{started['_id']}/cancel", {}, by=alice).status == 409
    kept = s3.client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
    assert not [each for each in kept if started["_id"] in each["Key"]]
    entry = api.get("/audit", by=alice, query={"action": "operation.cancel"}).json["entries"][0]
    assert (entry["before"]["status"], entry["after"]["status"]) == ("pending", "cancelled")


def test_who_lost_the_right_gets_neither_file_nor_link(api: Api, exporting: Rig, alice: Person) -> None:
    member = api.person(Role.ADMIN, tenant_id=alice.user.tenant_id)
    done = run_export(api, exporting, member, scope="tenant")
    assert done["file"] is not None
    late = api.get("/job/export", by=member, query={"format": "csv", "background": "true", "scope": "tenant"}).json
    users = exporting.container.db.users
    users.update_one({"_id": ObjectId(member.id)}, {"$set": {"role": "member"}})
    exporting.run()
    failed = api.get(f"/operations/{late['operation']['_id']}", by=member).json["operation"]
    assert (failed["status"], failed["file"]) == ("dlq", None)
    assert "does not allow" in failed["error"]["message"]
    assert api.get(f"/operations/{done['_id']}", by=member).status == 403
    assert api.get(f"/operations/{done['_id']}", by=alice).status == 404, "an operation is its owner's alone"
    users.delete_one({"_id": ObjectId(member.id)})


def test_tasks_of_the_system_are_not_submitted_by_name(api: Api, exporting: Rig, alice: Person) -> None:
    specs = [task.spec for task in exporting.registry.tasks.values()]
    exporting.container.catalogue.register(specs)
    refused = api.post("/job/create", {"name": "x", "task": "queuecraft.export"}, by=alice)
    assert (refused.status, refused.json["field"]) == (400, "task")
    assert api.get("/tasks", by=alice).json["tasks"] == []


def test_a_tenant_has_few_operations_at_once(api: Api, exporting: Rig, alice: Person) -> None:
    asked = {"format": "csv", "background": "true"}
    for _ in range(10):
        assert api.get("/job/export", by=alice, query=asked).status == 202
    refused = api.get("/job/export", by=alice, query=asked)
    assert (refused.status, refused.json["code"]) == (429, "too_many_operations")
    exporting.run()
    assert api.get("/job/export", by=alice, query=asked).status == 202


def test_without_a_bucket_small_exports_go_on(api: Api, container: Container, alice: Person) -> None:
    assert api.get("/job/export", by=alice, query={"format": "csv"}).status == 200
    refused = api.get("/job/export", by=alice, query={"format": "csv", "background": "true"})
    assert refused.status == 503
    assert "EXPORT_BUCKET" in refused.json["error"]
