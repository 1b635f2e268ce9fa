"""Replays of ended jobs: what is taken over, what may be changed, lineage, limits, uniqueness, the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.nodes import MapSpec, NodePart
from chalicelib.domain.principals import KeyScope, Role
from chalicelib.domain.unique import OnConflict, Unique
from chalicelib.services.api_keys import NewApiKey
from chalicelib.store.job_terms import TermStore
from tests.api_client import Answer, Api, Person
from tests.audit import audit
from tests.container import Container
from tests.jobs import a_job, an_error, finish, put, start, submit
from tests.limited import prepare_limited

pytestmark = pytest.mark.integration
S = JobStatus


@pytest.fixture(autouse=True)
def catalogue(container: Container) -> None:
    prepare_limited(container)


def ended(container: Container, who: Person, *, dead: bool = False, **fields: Any) -> Job:
    """A job of ``who`` that ran through the queue."""
    submitted = submit(container, who.principal, **fields)
    running = next(job for job in start(container) if job.id == submitted.id)
    return finish(container, running, an_error() if dead else None)


def replay(api: Api, job: Job | str, body: dict[str, Any] | None = None, **options: Any) -> Answer:
    return api.post(f"/job/{job if isinstance(job, str) else job.id}/replay", body, **options)


def detail(api: Api, who: Person, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/job/{job_id}", by=who).json["job"]
    return found


def test_a_completed_job_runs_again_as_a_new_one(api: Api, alice: Person, container: Container) -> None:
    job = ended(
        container, alice, task="resize", payload='{"width":7}', name="Once", queue="q", priority=8, tags=("a", "b"),
        max_retries=2, timeout_s=33,
    )  # fmt: skip
    answer = replay(api, job, by=alice)
    assert (answer.status, answer.json["created"]) == (201, True)
    made = answer.json["job"]
    assert made["_id"] != job.id
    assert made["replayOf"] == job.id
    assert (made["status"], made["attempt"]) == ("pending", 0)
    same = ("name", "task", "queue", "priority", "tags", "maxRetries", "timeoutS", "ownerId", "tenantId")
    first, second = detail(api, alice, job.id), detail(api, alice, made["_id"])
    assert {name: first[name] for name in same} == {name: second[name] for name in same}
    assert second["payload"] == {"width": 7}
    assert (first["status"], first["rev"], first["result"]) == ("completed", job.rev, {"n": 1})
    [again] = start(container)
    finish(container, again)
    assert audit(container) == []


def test_lineage_is_shown_both_ways(api: Api, alice: Person, container: Container) -> None:
    job = ended(container, alice, name="Origin")
    assert {name: detail(api, alice, job.id)[name] for name in ("origin", "replays", "moreReplays")} == {
        "origin": None, "replays": [], "moreReplays": False,
    }  # fmt: skip
    assert "replayOf" not in detail(api, alice, job.id)
    older, newer = (replay(api, job, {"name": name}, by=alice).json["job"]["_id"] for name in ("Older", "Newer"))
    assert detail(api, alice, job.id)["replays"] == [
        {"_id": newer, "name": "Newer", "status": "pending"},
        {"_id": older, "name": "Older", "status": "pending"},
    ]
    assert detail(api, alice, older)["origin"] == {"_id": job.id, "name": "Origin", "status": "completed"}
    listed = {each["_id"]: each.get("replayOf") for each in api.get("/job", by=alice).json["jobs"]}
    assert listed == {job.id: None, older: job.id, newer: job.id}
    api.delete(f"/job/{job.id}", by=alice)
    assert detail(api, alice, older)["origin"] == {"_id": job.id, "name": None, "status": None}


def test_the_newest_20_replays_are_shown(api: Api, alice: Person, container: Container) -> None:
    [job] = put(container, [a_job(alice.principal, status=S.COMPLETED)])
    put(container, [a_job(alice.principal, replay_of=job.id, name=str(n)) for n in range(21)])
    shown = detail(api, alice, job.id)
    assert [each["name"] for each in shown["replays"]] == [str(n) for n in range(20, 0, -1)]
    assert shown["moreReplays"] is True


@pytest.mark.parametrize("status", [S.COMPLETED, S.DLQ, S.CANCELLED, S.SKIPPED])
def test_every_ended_job_is_replayed(api: Api, alice: Person, container: Container, status: JobStatus) -> None:
    [job] = put(container, [a_job(alice.principal, status=status)])
    assert replay(api, job, by=alice).status == 201


@pytest.mark.parametrize("status", [S.SCHEDULED, S.PENDING, S.RUNNING, S.RETRYING, S.WAITING, S.BLOCKED])
def test_open_jobs_are_not(api: Api, alice: Person, container: Container, status: JobStatus) -> None:
    [job] = put(container, [a_job(alice.principal, status=status)])
    answer = replay(api, job, by=alice)
    assert (answer.status, answer.json["code"]) == (409, "invalid_transition")
    assert container.db.jobs.count_documents({}) == 1


def test_fields_may_be_changed(api: Api, alice: Person, container: Container) -> None:
    job = ended(container, alice, task="resize", payload='{"width":7}')
    body = {
        "payload": {"width": 8}, "name": "Twice", "queue": "other", "priority": 1, "delayS": 60, "maxRetries": 0,
        "timeoutS": 5, "tags": ["x", "x"], "idempotencyKey": "k",
    }  # fmt: skip
    made = replay(api, job, body, by=alice).json["job"]
    assert (made["name"], made["queue"], made["priority"], made["status"]) == ("Twice", "other", 1, "scheduled")
    assert (made["maxRetries"], made["timeoutS"], made["tags"]) == (0, 5, ["x"])
    assert detail(api, alice, made["_id"])["payload"] == {"width": 8}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"payload": {"width": 0}}, 400, "payload.width"),
        ({"payload": {}}, 400, "payload.width"),
        ({"payload": []}, 400, "payload"),
        ({"payload": {"width": "x" * 65_536}}, 413, None),
        ({"task": "simulated"}, 400, "task"),
        ({"priority": 10}, 400, "priority"),
        ({"delayS": 1, "runAt": "2030-01-01T00:00:00Z"}, 400, None),
        ({"runAt": "2330-01-01T00:00:00Z"}, 400, "runAt"),
        ({"replayOf": "0" * 24}, 400, "replayOf"),
    ],
)
def test_wrong_bodies_are_refused(
    api: Api, alice: Person, container: Container, body: dict[str, Any], status: int, field: str | None
) -> None:
    job = ended(container, alice, task="resize", payload='{"width":7}')
    answer = replay(api, job, body, by=alice)
    assert answer.status == status, answer.text
    if field is not None:
        assert answer.json["field"] == field
    assert container.db.jobs.count_documents({}) == 1


def test_a_payload_that_the_task_takes_no_more_is_refused(api: Api, alice: Person, container: Container) -> None:
    [job] = put(container, [a_job(alice.principal, status=S.COMPLETED, task="resize", payload='{"width":0}')])
    answer = replay(api, job, by=alice)
    assert (answer.status, answer.json["field"]) == (400, "payload.width")


def test_an_idempotency_key_makes_one_job(api: Api, alice: Person, container: Container) -> None:
    job = ended(container, alice)
    first, second = (replay(api, job, headers={"Idempotency-Key": "k"}, by=alice) for _ in range(2))
    assert (first.status, second.status, second.json["created"]) == (201, 200, False)
    assert first.json["job"]["_id"] == second.json["job"]["_id"]
    assert replay(api, job, {"priority": 1}, headers={"Idempotency-Key": "k"}, by=alice).status == 409
    entries = api.get("/audit", by=alice, query={"action": "job.replay"}).json["entries"]
    assert len(entries) == 1, "the second call changed nothing"


def test_the_new_job_is_the_owners_and_counts_against_the_owners_limits(api: Api, container: Container) -> None:
    admin = api.person()
    owner = api.person(Role.MEMBER, tenant_id=admin.user.tenant_id)
    job = ended(container, owner)
    made = [replay(api, job, by=admin) for _ in range(7)]
    assert made[0].json["job"]["ownerId"] == owner.id
    assert [answer.status for answer in made] == [201] * 5 + [429] * 2, "five jobs of a person may be active"
    assert replay(api, ended_of(container, admin), by=admin).status == 201, "the admin has used none of theirs"
    operator = api.person(Role.OPERATOR)
    strange = replay(api, ended_of(container, api.person()), by=operator).json["job"]
    assert strange["tenantId"] != operator.user.tenant_id


def ended_of(container: Container, who: Person) -> Job:
    [job] = put(container, [a_job(who.principal, status=S.COMPLETED)])
    return job


def test_a_unique_job_keeps_its_key_and_is_refused_while_another_holds_it(
    api: Api, alice: Person, container: Container
) -> None:
    unique = Unique("the key", on_conflict=OnConflict.REPLACE)
    job = ended(container, alice, unique=unique, payload='{"n":1}')
    first = replay(api, job, {"delayS": 60}, by=alice).json["job"]
    assert first["uniqueKey"] == "the key"
    answer = replay(api, job, by=alice)
    assert (answer.status, answer.json["code"], answer.json["jobId"]) == (409, "not_unique", first["_id"])
    assert detail(api, alice, first["_id"])["payload"] == {"n": 1}, "it was not replaced"
    api.post(f"/job/{first['_id']}/cancel", by=alice)
    assert replay(api, job, by=alice).status == 201


def test_a_job_that_is_unique_by_its_payload_follows_the_new_one(api: Api, alice: Person, container: Container) -> None:
    job = ended(container, alice, unique=Unique(), payload='{"n":1}')
    keys = [replay(api, job, {"payload": {"n": n}}, by=alice).json["job"]["uniqueKey"] for n in (1, 2)]
    assert keys[0] == job.unique.key if job.unique else False
    assert keys[1] != keys[0]


def test_a_key_of_a_limit_is_kept_and_one_of_the_payload_follows(api: Api, alice: Person, container: Container) -> None:
    given = ended(container, alice, task="send", payload='{"account":"1"}', limit_keys=(("account", "mine"),))
    derived = ended(container, alice, task="send", payload='{"account":"1"}')
    limits = [
        replay(api, job, {"payload": {"account": "2"}}, by=alice).json["job"]["limits"] for job in (given, derived)
    ]
    assert [[each for each in found if each.startswith("account:")] for found in limits] == [
        ["account:mine"], ["account:2"],
    ]  # fmt: skip


def test_a_node_is_replayed_by_itself(api: Api, alice: Person, container: Container) -> None:
    part = NodePart("a" * 24, "load", 0)
    [ran, never, mapped] = put(
        container,
        [
            a_job(alice.principal, status=S.COMPLETED, part=part, payload='{"rows":3}'),
            a_job(alice.principal, status=S.SKIPPED, part=part, payload='{"rows":[{"$from":"a.result"}]}'),
            a_job(alice.principal, status=S.COMPLETED, part=part._replace(map=MapSpec("a.result", 10, None))),
        ],
    )
    made = replay(api, ran, by=alice).json["job"]
    assert "workflow" not in made
    answer = replay(api, never, by=alice)
    assert (answer.status, answer.json["field"]) == (400, "payload")
    assert replay(api, never, {"payload": {"rows": [1]}}, by=alice).status == 201
    assert replay(api, mapped, by=alice).status == 409


def test_the_audit_log_has_the_origin_and_what_was_changed(api: Api, alice: Person, container: Container) -> None:
    job = ended(container, alice, dead=True)
    made = replay(api, job, {"payload": {"card": "4711"}, "priority": 9}, by=alice).json["job"]
    [entry] = api.get("/audit", by=alice, query={"action": "job.replay"}).json["entries"]
    assert (entry["target"], entry["before"]["status"]) == (f"job:{job.id}", "dlq")
    assert entry["after"] == {"priority": 9, "replay": made["_id"], "otherPayload": True}


def test_keys_replay_with_the_scope_of_submissions(api: Api, alice: Person, container: Container) -> None:
    job = ended(container, alice, dead=True)
    keys = {
        scope: container.api_keys.create(alice.principal, NewApiKey("k", [scope]))[1]
        for scope in (KeyScope.JOBS_READ, KeyScope.JOBS_WRITE)
    }
    assert replay(api, job, by=keys[KeyScope.JOBS_READ]).status == 403
    made = replay(api, job, by=keys[KeyScope.JOBS_WRITE]).json["job"]
    assert "apiKeyId" in made


def test_jobs_out_of_sight_do_not_exist(api: Api, alice: Person, container: Container) -> None:
    assert replay(api, ended(container, alice), by=api.person()).status == 404
    assert replay(api, "0" * 24, by=alice).status == 404


def test_a_replay_is_still_found_when_its_terms_are_made_again(alice: Person, container: Container) -> None:
    [job] = put(container, [a_job(alice.principal, status=S.DLQ)])
    put(container, [a_job(alice.principal, replay_of=job.id, name="Again")])
    container.db.jobs.update_many({}, {"$set": {"terms": []}})
    assert container.dependency_store.replays(job.tenant_id, job.id, 5) == []
    TermStore(container.db, "x").mend(None, container.clock.now() + timedelta(days=1), 10)
    assert [each.name for each in container.dependency_store.replays(job.tenant_id, job.id, 5)] == ["Again"]
