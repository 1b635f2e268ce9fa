"""Payloads and results over 64 KB: kept in S3, read by workers and readers."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.aws.objects import Bucket
from chalicelib.domain.jobs import MAX_DOCUMENT_BYTES, JobStatus, is_apart
from chalicelib.domain.stored import reference_of
from chalicelib.services import bulk_replay
from tests.api_client import Api, Person
from tests.container import Container
from tests.large import KB, LARGE, LARGER, TOO_LARGE, Broken, create, detail, keys, large_rig, make_due, record, sweep
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
def rig(container: Container, s3: Storage) -> Iterator[Rig]:
    with large_rig(container, s3) as found:
        yield found


def test_a_large_payload_and_its_result_are_in_s3_and_the_record_refers_to_them(
    api: Api, rig: Rig, alice: Person, s3: Storage
) -> None:
    job_id = create(api, alice)
    found = record(rig, job_id)
    assert is_apart(found["payload"]) and len(found["payload"]) < 300
    rig.run()
    found = record(rig, job_id)
    assert found["status"] == "completed"
    refs = [reference_of(found[name]) for name in ("payload", "result")]
    assert {ref.size for ref in refs} == {len(json.dumps(LARGE, ensure_ascii=False, separators=(",", ":")).encode())}
    assert sorted(ref.key for ref in refs) == sorted(keys(s3, alice))

    shown = detail(api, alice, job_id)
    assert (shown["payload"], shown["result"]) == (LARGE, LARGE)
    assert (shown["payloadTruncated"], shown["payloadBytes"]) == (False, refs[0].size)
    listed = api.get("/job", by=alice).json["jobs"]
    assert "payload" not in listed[0] and "objects" not in listed[0]


def test_what_is_too_large_for_an_answer_has_a_link(api: Api, rig: Rig, alice: Person) -> None:
    job_id = create(api, alice, "count", LARGER)
    rig.run()
    shown = detail(api, alice, job_id)
    assert (shown["payload"], shown["payloadTruncated"]) == (None, True)
    assert shown["result"] == {"letters": len(LARGER["text"])}
    assert "resultUrl" not in shown, "a small result stands in the record"
    with urllib.request.urlopen(shown["payloadUrl"], timeout=10) as answer:
        assert json.loads(answer.read()) == LARGER
        assert f"job-{job_id}-payload.json" in answer.headers["Content-Disposition"]


def test_over_the_maximum_and_without_a_bucket_they_are_refused(api: Api, rig: Rig, alice: Person) -> None:
    refused = api.post("/job/create", {"name": "x", "task": "echo", "payload": TOO_LARGE}, by=alice)
    assert (refused.status, refused.json["code"]) == (413, "too_large")
    assert "1048576" in refused.json["error"]
    create(api, alice, "echo", {"text": "x" * (MAX_DOCUMENT_BYTES - 11)})
    rig.container.settings = replace(rig.container.settings, payload_bucket="")
    for name in ("payloads", "jobs"):
        rig.container.__dict__.pop(name)
    refused = api.post("/job/create", {"name": "x", "task": "echo", "payload": LARGE}, by=alice)
    assert (refused.status, "PAYLOAD_BUCKET" in refused.json["error"]) == (413, True)
    rig.run()
    assert rig.container.db["stored_objects"].count_documents({}) == 0


def test_a_result_over_the_maximum_is_the_tasks_failure(api: Api, rig: Rig, alice: Person) -> None:
    @rig.task("grow", retries=0)
    def grow(ctx: Any, payload: Any) -> Any:
        return TOO_LARGE

    rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
    job_id = create(api, alice, "grow", {})
    rig.run()
    assert (record(rig, job_id)["status"], record(rig, job_id)["error"]["type"]) == ("dlq", "ResultError")


def test_without_s3_a_submission_is_a_503_and_nothing_is_stored(api: Api, rig: Rig, alice: Person) -> None:
    rig.container.__dict__["payload_bucket"] = Broken()
    for path, body in (
        ("/job/create", {"name": "x", "task": "echo", "payload": LARGE}),
        ("/job/bulk", {"jobs": [{"name": "x", "task": "echo", "payload": LARGE}] * 3}),
    ):
        refused = api.post(path, body, by=alice)
        assert (refused.status, refused.json["code"]) == (503, "unavailable"), refused.text
    assert rig.container.db["jobs"].count_documents({"owner_id": ObjectId(alice.id)}) == 0
    create(api, alice, "echo", {"small": True})
    rig.run()
    assert api.get("/job", by=alice).json["jobs"][0]["status"] == "completed"


@pytest.mark.parametrize("task", ["echo", "count"])
def test_without_s3_a_worker_tries_again_and_uses_up_no_retry(api: Api, rig: Rig, alice: Person, task: str) -> None:
    job_id = create(api, alice, task)
    bucket = rig.container.payload_bucket
    rig.container.__dict__["payload_bucket"] = Broken()
    running = rig.start()
    job = rig.container.job_store.get(job_id)
    waiting = rig.wait(job, JobStatus.RETRYING)
    assert (waiting.retry_count, waiting.error and waiting.error.type) == (0, "PayloadUnavailable")
    shown = detail(api, alice, job_id)
    assert (shown["payload"], shown["payloadTruncated"], shown["payloadUrl"]) == (None, True, None)
    rig.container.__dict__["payload_bucket"] = bucket
    done = rig.wait(job)
    assert (done.status, done.retry_count) == (JobStatus.COMPLETED, 0)
    running.worker.stop()


def test_the_event_loop_does_not_wait_for_s3(
    api: Api, rig: Rig, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    @rig.task("mirror", retries=0)
    async def mirror(ctx: Any, payload: dict[str, Any]) -> Any:
        return payload

    rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
    job_id = create(api, alice, "mirror")
    on_loops: list[bool] = []
    send = Bucket.send

    def watched(self: Bucket, *args: Any) -> Any:
        on_loops.append(asyncio._get_running_loop() is not None)
        return send(self, *args)

    monkeypatch.setattr(Bucket, "send", watched)
    rig.run()
    assert record(rig, job_id)["status"] == "completed"
    assert on_loops == [False, False], "a read and a write"


def test_a_result_that_s3_does_not_take_runs_the_job_again(api: Api, rig: Rig, alice: Person) -> None:
    job_id = create(api, alice)
    bucket = rig.container.payload_bucket
    rig.container.__dict__["payload_bucket"] = Broken(reads=bucket)
    running = rig.start()
    job = rig.container.job_store.get(job_id)
    waiting = rig.wait(job, JobStatus.RETRYING)
    assert (waiting.retry_count, waiting.error and waiting.error.type) == (0, "ResultUnavailable")
    rig.container.__dict__["payload_bucket"] = bucket
    assert rig.wait(job).status is JobStatus.COMPLETED
    running.worker.stop()


def test_a_payload_that_is_gone_or_changed_ends_in_the_dlq_and_can_be_replaced(
    api: Api, rig: Rig, alice: Person, s3: Storage
) -> None:
    gone, changed = create(api, alice), create(api, alice)
    key = reference_of(record(rig, gone)["payload"]).key
    s3.client.delete_object(Bucket=BUCKET, Key=key)
    s3.client.put_object(Bucket=BUCKET, Key=reference_of(record(rig, changed)["payload"]).key, Body=b'{"text": "x"}')
    rig.run()
    for job_id in (gone, changed):
        found = record(rig, job_id)
        assert (found["status"], found["error"]["type"], found["retry_count"]) == ("dlq", "PayloadMissing", 0)
        assert api.post(f"/job/{job_id}/replay", by=alice).status == 409
        assert detail(api, alice, job_id)["payloadTruncated"]
    assert api.post(f"/job/{gone}/replay", {"payload": {"a": 1}}, by=alice).status == 201
    assert api.post(f"/dlq/{changed}/redrive", {"payload": LARGE}, by=alice).status == 200
    rig.run()
    shown = detail(api, alice, changed)
    assert (shown["status"], shown["result"]) == ("completed", LARGE)
    assert shown["earlierPayloads"][0]["payloadTruncated"]


def test_a_replay_has_an_object_of_its_own(api: Api, rig: Rig, alice: Person, s3: Storage) -> None:
    origin = create(api, alice, "count")
    rig.run()
    again = api.post(f"/job/{origin}/replay", by=alice).json["job"]["_id"]
    assert api.delete(f"/job/{origin}", by=alice).status == 200
    assert sweep(rig) == 1
    rig.run()
    assert detail(api, alice, again)["payload"] == LARGE
    [key] = keys(s3, alice)
    assert again in key


def test_a_redrive_keeps_the_payload_that_ran(api: Api, rig: Rig, alice: Person) -> None:
    job_id = create(api, alice, "count", {"list": [0] * 40_000})
    rig.run()
    assert record(rig, job_id)["status"] == "dlq"
    assert api.post(f"/dlq/{job_id}/redrive", by=alice).status == 200, "with the payload that it has"
    rig.run()
    assert api.post(f"/job/{job_id}/retry", {"payload": LARGE}, by=alice).status == 200
    rig.run()
    shown = detail(api, alice, job_id)
    assert shown["result"] == {"letters": len(LARGE["text"])}
    assert shown["earlierPayloads"][0]["payload"] == {"list": [0] * 40_000}
    make_due(rig)
    assert sweep(rig) == 0, "the earlier payload is wanted too"


def test_a_replaced_payload_of_a_unique_job_belongs_to_the_job_that_stands(api: Api, rig: Rig, alice: Person) -> None:
    unique = {"unique": {"key": "k", "onConflict": "replace"}, "delayS": 3600}
    first = create(api, alice, "echo", {"small": 1}, **unique)
    answer = api.post("/job/create", {"name": "large", "task": "echo", "payload": LARGE, **unique}, by=alice)
    assert (answer.status, answer.json["job"]["_id"]) == (200, first)
    found = record(rig, first)
    assert first in reference_of(found["payload"]).key
    make_due(rig)
    assert sweep(rig) == 0
    assert detail(api, alice, first)["payload"] == LARGE


def test_nodes_maps_and_batches_pass_large_values(api: Api, rig: Rig, alice: Person) -> None:
    nodes = [
        {"id": "a", "name": "a", "task": "echo", "payload": LARGE},
        {"id": "b", "name": "b", "task": "count", "payload": {"text": {"$from": "a.result.text"}}, "needs": ["a"]},
    ]
    batch = {"name": "b", "jobs": [{"name": "x", "task": "count", "payload": LARGE}] * 3}
    for path, body in (("/workflows", {"name": "w", "nodes": nodes}), ("/batches", batch)):
        answer = api.post(path, body, by=alice)
        assert answer.status == 201, answer.text
    running = rig.start()
    jobs = list(rig.container.db["jobs"].find({"owner_id": ObjectId(alice.id)}))
    assert len(jobs) == 5
    for job in jobs:
        assert rig.wait(rig.container.job_store.get(str(job["_id"]))).status is JobStatus.COMPLETED
    running.worker.stop()
    [node] = [job for job in jobs if job["name"] == "b"]
    shown = detail(api, alice, str(node["_id"]))
    assert (shown["payload"], shown["result"]) == (LARGE, {"letters": len(LARGE["text"])})


def test_search_comparison_and_export_say_that_they_do_not_look_into_objects(api: Api, rig: Rig, alice: Person) -> None:
    create(api, alice, "echo", LARGE | {"city": "Turin"})
    small = create(api, alice, "echo", {"city": "Turin"})
    found = api.get("/job", by=alice, query={"payload": "city=Turin"}).json
    assert ([job["_id"] for job in found["jobs"]], found["examined"], found["passedBy"]) == ([small], 2, 1)
    compared = api.get("/job/payloads", by=alice).json
    assert (compared["examined"], compared["passedBy"]) == (1, 1)
    rows = [json.loads(line) for line in api.get("/job/export", by=alice, query={"format": "ndjson"}).text.splitlines()]
    assert rows[0]["payload"] == {"city": "Turin"}
    assert rows[1]["payload"]["truncated"] is True and rows[1]["payload"]["bytes"] > MAX_DOCUMENT_BYTES
    rig.run()


def test_an_operation_replays_large_payloads_and_tries_again_without_s3(
    api: Api, rig: Rig, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composition, "get_container", lambda: rig.container)
    monkeypatch.setattr(bulk_replay, "HELD_CHARS", 100 * KB)
    rig.registry.add(registry.tasks["queuecraft.bulk"])
    origins = {create(api, alice, "echo", LARGE | {"n": n}): n for n in range(3)}
    rig.run()
    asked = {"action": "replay", "filter": {"task": "echo"}, "changes": {"merge": {"extra": True}}}
    started = api.post("/operations", asked, by=alice)
    assert started.status == 202, started.text
    bucket = rig.container.payload_bucket
    rig.container.__dict__["payload_bucket"] = Broken()
    running = rig.start()
    operation = rig.container.job_store.get(started.json["operation"]["_id"])
    rig.wait(operation, JobStatus.RETRYING)
    rig.container.__dict__["payload_bucket"] = bucket
    assert rig.wait(operation).status is JobStatus.COMPLETED
    replays = list(rig.container.db["jobs"].find({"replay_of": {"$exists": True}}))
    assert {str(job["replay_of"]) for job in replays} == origins.keys()
    for job in replays:
        whole = json.loads(rig.container.stored_values.whole(job["payload"]))
        assert whole == LARGE | {"n": origins[str(job["replay_of"])], "extra": True}
        rig.wait(rig.container.job_store.get(str(job["_id"])))
    running.worker.stop()


@pytest.mark.parametrize("is_async", [False, True])
def test_redacted_values_of_large_payloads_are_shown_nowhere(api: Api, rig: Rig, alice: Person, is_async: bool) -> None:
    def tell(ctx: Any, payload: dict[str, Any]) -> Any:
        ctx.log(f"the secret is {payload['card']}")
        if payload.get("fail"):
            raise RuntimeError(f"refused {payload['card']}")
        return payload

    async def tell_async(ctx: Any, payload: dict[str, Any]) -> Any:
        return tell(ctx, payload)

    rig.task("tell", retries=0, redact=["card"])(tell_async if is_async else tell)
    rig.container.catalogue.register([task.spec for task in rig.registry.tasks.values()])
    done, dead, linked = (
        create(api, alice, "tell", payload | {"card": "4111-2222"} | more)
        for payload, more in ((LARGE, {}), (LARGE, {"fail": True}), (LARGER, {}))
    )
    rig.run()
    for job_id in (done, dead, linked):
        answers = [api.get(path, by=alice).text for path in (f"/job/{job_id}", f"/job/{job_id}/logs")]
        assert "4111-2222" not in "".join(answers)
        assert "[redacted]" in answers[1]
    shown = detail(api, alice, done)
    assert (shown["payload"], shown["payloadUrl"], shown["result"]["card"]) == (
        LARGE | {"card": "[redacted]"}, None, "[redacted]",
    )  # fmt: skip
    shown = detail(api, alice, linked)
    assert (shown["payload"], shown["payloadTruncated"], shown["payloadUrl"]) == (None, True, None)
    assert detail(api, alice, dead)["error"]["message"] == "refused [redacted]"
    assert "4111-2222" not in rig.output.getvalue()
    back = LARGE | {"card": "[redacted]"}
    assert api.post(f"/dlq/{dead}/redrive", {"payload": back}, by=alice).status == 200
    again = api.post(f"/job/{done}/replay", {"payload": back}, by=alice).json["job"]["_id"]
    rig.run()
    stored = rig.container.stored_values.whole(record(rig, again)["payload"])
    assert json.loads(stored) == LARGE | {"card": "4111-2222"}
    assert record(rig, dead)["status"] == "completed"


def test_plain_jobs_load_nothing_of_it(api: Api, rig: Rig, alice: Person) -> None:
    job_id = create(api, alice, "echo", {"a": 1})
    rig.run()
    detail(api, alice, job_id)
    assert {"stored_values", "payload_bucket"}.isdisjoint(rig.container.__dict__)
    assert "objects" not in record(rig, job_id)
