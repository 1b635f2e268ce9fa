"""Replays of all jobs that match a filter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.principals import KeyScope
from chalicelib.services import bulk
from chalicelib.services.api_keys import NewApiKey
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import TASKS, a_job, put
from tests.worker_support import Rig
from worker_fn import container as composition
from worker_fn.registration.registry import registry
from worker_fn.tasks import operations as _operations  # noqa: F401 - registers its tasks

pytestmark = pytest.mark.integration


@pytest.fixture
def bulk_rig(container: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A worker with the tasks of the system, and pages of few jobs."""
    quick: dict[str, Any] = {"rate_limit_max_requests": 0, "max_active_jobs_per_user": 0, "worker_linger_s": 0.05}
    container.settings = replace(container.settings, **quick)
    container.catalogue.register(TASKS)
    monkeypatch.setattr(composition, "get_container", lambda: container)
    monkeypatch.setattr(bulk, "REPLAYS_PAGE", 3)
    with Rig(container) as rig:
        rig.registry.add(registry.tasks["queuecraft.bulk"])
        yield rig


def ended(rig: Rig, person: Person, count: int, status: JobStatus = JobStatus.COMPLETED, **changes: Any) -> list[str]:
    """Jobs of a person that ended an hour ago."""
    at = rig.container.clock.now() - timedelta(hours=1)
    jobs = [a_job(person.principal, at=at, status=status, finished_at=at, **changes) for _ in range(count)]
    put(rig.container, jobs)
    return [job.id for job in jobs]


def operate(api: Api, by: Person | str, status: int = 202, **body: Any) -> Any:
    answer = api.post("/operations", {"action": "replay", "filter": {}, **body}, by=by)
    assert answer.status == status, answer.text
    return answer.json


def replays(rig: Rig, ids: list[str]) -> list[dict[str, Any]]:
    """The jobs that replay others, in the order of these."""
    found = {str(job["replay_of"]): job for job in rig.container.db.jobs.find({"replay_of": {"$exists": True}})}
    return [found[job_id] for job_id in ids if job_id in found]


def test_all_that_match_run_again_as_new_jobs(api: Api, bulk_rig: Rig, alice: Person) -> None:
    done, dead = ended(bulk_rig, alice, 5), ended(bulk_rig, alice, 2, JobStatus.DLQ)
    open_job = put(bulk_rig.container, [a_job(alice.principal, status=JobStatus.BLOCKED)])
    other = ended(bulk_rig, alice, 1, queue="other")
    narrowed = {"queue": "default"}
    preview = operate(api, alice, 200, filter=narrowed, dryRun=True)
    assert (preview["matched"], preview["payloads"]) == (7, None)
    started = operate(api, alice, filter=narrowed, name="Once more")["operation"]
    assert (started["kind"], started["name"], started["matched"], started["options"]) == ("replay", "Once more", 7, {})
    bulk_rig.run()
    found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
    assert (found["status"], found["outcome"]) == ("completed", {"changed": 7, "failed": 0, "truncated": False})
    made = replays(bulk_rig, done + dead)
    assert len(made) == bulk_rig.container.db.jobs.count_documents({"replay_of": {"$exists": True}}) == 7
    assert {job["payload"] for job in made} == {'{"secret":1}'}
    assert all(str(job["_id"]) > started["_id"] for job in made)
    assert replays(bulk_rig, other) == []
    assert open_job is None or open_job
    shown = api.get(f"/job/{dead[0]}", by=alice).json["job"]
    assert (shown["status"], len(shown["replays"])) == ("dlq", 1)


def test_payloads_are_merged_and_checked(api: Api, bulk_rig: Rig, alice: Person) -> None:
    payload = '{"id":1.50,"customer":{"name":"Ada","tags":["a"]},"draft":true}'
    ids = ended(bulk_rig, alice, 2, payload=payload)
    changes = {"merge": {"customer": {"tags": ["b"], "region": "eu"}, "draft": None}, "queue": "again", "priority": 9}
    expected = {"id": 1.5, "customer": {"name": "Ada", "tags": ["b"], "region": "eu"}}
    preview = operate(api, alice, 200, changes=changes, dryRun=True)
    assert preview["payloads"] == [{"jobId": each, "payload": expected, "error": None, "field": None} for each in ids]
    started = operate(api, alice, changes=changes)["operation"]
    assert started["options"] == {"changes": {**changes, "merge": ["customer", "draft"]}}
    bulk_rig.run()
    made = replays(bulk_rig, ids)
    assert [json.loads(job["payload"]) for job in made] == [expected] * 2
    assert {(job["queue"], job["priority"]) for job in made} == {("again", 9)}
    [entry] = api.get("/audit", by=alice, query={"action": "jobs.operate"}).json["entries"]
    assert entry["after"]["changes"] == {"queue": "again", "priority": 9}
    assert entry["after"]["otherPayload"] is True
    assert "region" not in json.dumps(entry)


def test_a_merge_that_does_not_fit_starts_nothing(api: Api, bulk_rig: Rig, alice: Person) -> None:
    ids = ended(bulk_rig, alice, 1, task="resize", payload='{"width":3}')
    wrong = {"merge": {"width": "wide"}}
    [preview] = operate(api, alice, 200, changes=wrong, dryRun=True)["payloads"]
    assert (preview["jobId"], preview["payload"], preview["field"]) == (ids[0], {"width": "wide"}, "payload.width")
    refused = operate(api, alice, 400, changes=wrong)
    assert refused["field"] == "changes.merge"
    assert ids[0] in refused["error"]
    assert operate(api, alice, 400, changes={"merge": {"x": "y" * 20_000}})["field"] == "changes.merge"
    assert operate(api, alice, 400, changes={"merge": {}})["field"] == "changes.merge"
    assert operate(api, alice, 400, changes={"queue": "a b"})["field"] == "changes.queue"
    assert operate(api, alice, 400, action="retry", changes={"queue": "a"})["success"] is False
    assert bulk_rig.container.db.operations.count_documents({}) == 0


def test_what_is_too_large_or_cannot_run_is_counted(api: Api, bulk_rig: Rig, alice: Person) -> None:
    fine = ended(bulk_rig, alice, 11)
    large = ended(bulk_rig, alice, 1, payload=json.dumps({"text": "x" * 65_000}))
    gone = ended(bulk_rig, alice, 1, task="gone")
    started = operate(api, alice, changes={"merge": {"more": "y" * 2_000}})["operation"]
    bulk_rig.run()
    found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
    assert found["outcome"] == {"changed": 11, "failed": 2, "truncated": False}
    assert len(replays(bulk_rig, fine + large + gone)) == 11
    log = api.get(f"/job/{started['_id']}/logs", by=alice).text
    assert large[0] in log and gone[0] in log


def test_it_waits_while_the_tenant_may_submit_no_more(api: Api, bulk_rig: Rig, alice: Person) -> None:
    ids = ended(bulk_rig, alice, 5)
    assert api.put("/tenant/settings", {"submissionsPerMinute": 2}, by=alice).status == 200
    started = operate(api, alice)["operation"]
    bulk_rig.run()
    found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
    assert (found["status"], found["outcome"]) == ("retrying", None)
    assert len(replays(bulk_rig, ids)) == 2
    assert api.put("/tenant/settings", {"submissionsPerMinute": None}, by=alice).status == 200
    assert api.post(f"/job/{started['_id']}/retry", by=alice).status == 200
    bulk_rig.run()
    found = api.get(f"/operations/{started['_id']}", by=alice).json["operation"]
    assert (found["status"], found["outcome"]) == ("completed", {"changed": 5, "failed": 0, "truncated": False})
    assert (
        len(replays(bulk_rig, ids)) == bulk_rig.container.db.jobs.count_documents({"replay_of": {"$exists": True}}) == 5
    )


def test_a_key_that_writes_jobs_replays_dead_ones(api: Api, bulk_rig: Rig, alice: Person) -> None:
    key = bulk_rig.container.api_keys.create(alice.principal, NewApiKey("k", [KeyScope.JOBS_WRITE]))[1]
    ids = ended(bulk_rig, alice, 1, JobStatus.DLQ)
    operate(api, key, filter={"status": ["dlq"]})
    bulk_rig.run()
    [made] = replays(bulk_rig, ids)
    assert made["owner_id"] == ObjectId(alice.id)


def test_redacted_values_are_kept_and_not_shown(api: Api, bulk_rig: Rig, alice: Person) -> None:
    ids = ended(bulk_rig, alice, 1, payload='{"secret":1,"more":2}')
    assert api.put("/tenant/redaction", {"paths": ["secret"]}, by=alice).status == 200
    changes = {"merge": {"secret": "[redacted]", "more": 3}}
    [preview] = operate(api, alice, 200, changes=changes, dryRun=True)["payloads"]
    assert preview["payload"] == {"secret": "[redacted]", "more": 3}
    operate(api, alice, changes=changes)
    bulk_rig.run()
    assert [json.loads(job["payload"]) for job in replays(bulk_rig, ids)] == [{"secret": 1, "more": 3}]
