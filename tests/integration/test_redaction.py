"""Redaction: what answers, events, exports, searches and logs show of values that a task or a tenant hides."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Role
from chalicelib.domain.tasks import TaskSpec
from chalicelib.store.tasks import MAX_FORMER
from chalicelib.telemetry.logger import Log
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import TASKS, a_job, prepare, put
from tests.worker_support import Rig
from worker_fn import DoNotRetry, TaskContext

pytestmark = pytest.mark.integration
S = JobStatus
HIDDEN = "[redacted]"
CHARGE = TaskSpec("charge", {"type": "object"}, redact=("card.number", "owners.email"))
CARD = 4111222233334444
PAYLOAD = {"card": {"number": CARD, "name": "Ada"}, "owners": [{"email": "ada@shop.example"}], "sum": 5}
SHOWN = {"card": {"number": HIDDEN, "name": "Ada"}, "owners": [{"email": HIDDEN}], "sum": 5}


@pytest.fixture(autouse=True)
def catalogue(container: Container) -> None:
    prepare(container)
    container.catalogue.register([*TASKS, CHARGE])


@pytest.fixture
def rig(container: Container) -> Iterator[Rig]:
    """Its log has a name of its own: a logger of ``logging`` keeps the handler that it got first."""
    name = f"redaction-{uuid.uuid4().hex[:8]}"
    container.settings = replace(
        container.settings, rate_limit_max_requests=0, worker_linger_s=0.05, retry_backoff_base_s=0.05,
        service_name=name,
    )  # fmt: skip
    with Rig(container) as found:
        container.__dict__["log"] = Log(name, "INFO", found.output)
        yield found


def stored(container: Container, who: Person, payload: Any = PAYLOAD, **fields: Any) -> Job:
    fields = {"task": "charge", "payload": json.dumps(payload), **fields}
    [job] = put(container, [a_job(who.principal, **fields)])
    return job


def detail(api: Api, who: Person, job: Job | str) -> dict[str, Any]:
    answer = api.get(f"/job/{job if isinstance(job, str) else job.id}", by=who)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json["job"]
    return found


def redact(api: Api, who: Person, *paths: str) -> None:
    answer = api.put("/tenant/redaction", {"paths": paths}, by=who)
    assert (answer.status, answer.json["paths"]) == (200, sorted(paths)), answer.text


# --- answers -------------------------------------------------------------------------------------------------------
def test_a_job_is_shown_without_the_values_that_its_task_redacts(api: Api, alice: Person, container: Container) -> None:
    job = stored(container, alice, status=S.COMPLETED, result=json.dumps({"card": {"number": CARD}, "ok": True}))
    found = detail(api, alice, job)
    assert found["payload"] == SHOWN
    assert found["result"] == {"card": {"number": HIDDEN}, "ok": True}
    assert found["redacted"] == ["card.number", "owners.email"]
    kept = container.job_store.get(job.id)
    assert json.loads(kept.payload or "") == PAYLOAD
    plain = stored(container, alice, task="simulated", status=S.COMPLETED)
    assert (detail(api, alice, plain)["payload"], detail(api, alice, plain)["redacted"]) == (PAYLOAD, [])
    [task] = [each for each in api.get("/tasks", by=alice).json["tasks"] if each["name"] == "charge"]
    assert task["redact"] == ["card.number", "owners.email"]


def test_nobody_is_shown_them(api: Api, alice: Person, container: Container) -> None:
    job = stored(container, alice, status=S.COMPLETED)
    for who in (alice, api.person(Role.OPERATOR)):
        assert detail(api, who, job)["payload"] == SHOWN


def test_a_tenant_redacts_in_jobs_of_all_tasks(api: Api, alice: Person, container: Container) -> None:
    bob = api.person()
    job, other = stored(container, alice, task="simulated"), stored(container, bob, task="simulated")
    redact(api, alice, "card.name", "sum")
    assert detail(api, alice, job)["payload"] == {
        "card": {"number": CARD, "name": HIDDEN}, "owners": PAYLOAD["owners"], "sum": HIDDEN,
    }  # fmt: skip
    assert detail(api, alice, job)["redacted"] == ["card.name", "sum"]
    both = detail(api, alice, stored(container, alice))
    assert both["payload"] == {"card": {"number": HIDDEN, "name": HIDDEN}, "owners": SHOWN["owners"], "sum": HIDDEN}
    assert detail(api, bob, other)["payload"] == PAYLOAD
    assert api.get("/tenant/redaction", by=alice).json["paths"] == ["card.name", "sum"]
    assert api.get("/tenant/redaction", by=bob).json["paths"] == []
    redact(api, alice)
    assert detail(api, alice, job)["payload"] == PAYLOAD


def test_a_change_of_a_tenants_paths_is_audited(api: Api, alice: Person) -> None:
    redact(api, alice, "card")
    entries = api.get("/audit", by=alice).json["entries"]
    [entry] = [each for each in entries if each["action"] == "tenant.redaction"]
    assert (entry["before"]["paths"], entry["after"]["paths"]) == ([], ["card"])


def test_paths_that_cannot_be_are_refused(api: Api, alice: Person) -> None:
    for paths, field in ((["fine", "a..b"], "paths.1"), ([""], "paths.0"), (["a"] * 51, "paths"), ("card", "paths")):
        answer = api.put("/tenant/redaction", {"paths": paths}, by=alice)
        assert (answer.status, answer.json["field"]) == (400, field)


def test_values_stay_hidden_when_their_task_is_gone(api: Api, alice: Person, container: Container) -> None:
    job = stored(container, alice, status=S.COMPLETED)
    container.catalogue.register(TASKS)
    assert detail(api, alice, job)["payload"] == SHOWN
    for n in range(3):
        container.catalogue.register([*TASKS, CHARGE._replace(redact=(f"p{n}",))])
        container.catalogue.register(TASKS)
    assert detail(api, alice, job)["redacted"] == ["p2"]
    assert len(container.db.tasks.find_one({"_id": "$digest"})["redacted"]) == 1 < MAX_FORMER  # type: ignore[index]


# --- search, comparison, export ------------------------------------------------------------------------------------
def test_a_search_sees_what_is_shown(api: Api, alice: Person, container: Container) -> None:
    job = stored(container, alice, status=S.COMPLETED)

    def found(condition: str) -> list[str]:
        page = api.get("/job", by=alice, query={"payload": condition}).json
        return [each["_id"] for each in page["jobs"]]

    assert found(f"card.number={CARD}") == []
    assert found("card.number~4111") == []
    assert found("owners.email~ada") == []
    assert found("card.name=Ada") == [job.id]


def test_payloads_are_compared_as_they_are_shown(api: Api, alice: Person, container: Container) -> None:
    for n in range(3):
        stored(container, alice, {"card": {"number": CARD + n}, "n": n}, status=S.DLQ)
    text = api.get("/dlq/payloads", by=alice).text
    assert str(CARD)[:8] not in text
    assert HIDDEN in text


def test_an_export_has_what_is_shown(api: Api, alice: Person, container: Container) -> None:
    stored(container, alice, status=S.COMPLETED, result=json.dumps({"card": {"number": CARD}}))
    for form in ("csv", "json", "ndjson"):
        answer = api.get("/job/export", by=alice, query={"format": form})
        assert answer.status == 200
        assert str(CARD) not in answer.text
        assert "ada@shop.example" not in answer.text
        assert HIDDEN in answer.text


# --- what is sent back ---------------------------------------------------------------------------------------------
def test_a_job_is_redriven_with_the_values_that_its_payload_shows_as_redacted(
    api: Api, alice: Person, container: Container
) -> None:
    job = stored(container, alice, status=S.DLQ)
    changed = {**detail(api, alice, job)["payload"], "sum": 7}
    assert api.post(f"/job/{job.id}/retry", {"payload": changed}, by=alice).status == 200
    assert json.loads(container.job_store.get(job.id).payload or "") == {**PAYLOAD, "sum": 7}
    found = detail(api, alice, job)
    assert found["payload"] == {**SHOWN, "sum": 7}
    other = stored(container, alice, {"sum": 1}, status=S.DLQ)
    refused = api.post(f"/dlq/{other.id}/redrive", {"payload": changed}, by=alice)
    assert (refused.status, refused.json["field"]) == (400, "payload.card.number")


def test_earlier_payloads_are_redacted(api: Api, alice: Person, container: Container) -> None:
    job = stored(container, alice, status=S.DLQ, attempt=1)
    assert api.post(f"/job/{job.id}/retry", {"payload": {"card": {"number": 1}}}, by=alice).status == 200
    found = detail(api, alice, job)
    assert [past["payload"] for past in found["earlierPayloads"]] == [SHOWN]
    assert found["payload"] == {"card": {"number": HIDDEN}}


def test_a_replay_has_the_values(api: Api, alice: Person, container: Container) -> None:
    job = stored(container, alice, status=S.COMPLETED)
    for body in (None, {"payload": {**SHOWN, "sum": 8}}):
        answer = api.post(f"/job/{job.id}/replay", body, by=alice)
        assert answer.status == 201, answer.text
        made = container.job_store.get(answer.json["job"]["_id"])
        assert json.loads(made.payload or "")["card"]["number"] == CARD


def test_a_schedule_shows_and_keeps_its_payload(api: Api, alice: Person, container: Container) -> None:
    body: dict[str, Any] = {"name": "nightly", "task": "charge", "payload": PAYLOAD, "cron": "0 3 * * *"}
    assert api.put("/schedules/nightly", body, by=alice).status == 201
    schedule = api.get("/schedules/nightly", by=alice).json["schedule"]
    assert schedule["payload"] == SHOWN
    answer = api.put("/schedules/nightly", {**body, "payload": {**schedule["payload"], "sum": 9}}, by=alice)
    assert answer.status == 200, answer.text
    kept = container.schedule_store.find(alice.user.tenant_id, "nightly")
    assert kept is not None
    assert json.loads(kept.spec.job.payload) == {**PAYLOAD, "sum": 9}


# --- the worker ----------------------------------------------------------------------------------------------------
def test_a_task_gets_the_values_and_what_it_says_has_none(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    rig.container.log.adopt_standard()
    seen: list[Any] = []

    @rig.task("charge", redact=["card.number", "owners.email"])
    def charge(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        seen.append(payload)
        ctx.log(f"charging {payload['card']['number']}")
        ctx.progress(50, f"mail to {payload['owners'][0]['email']}")
        ctx.logger.warning("card %s", payload["card"]["number"])
        logging.getLogger("shop").warning(
            "owner of %s", payload["card"]["number"], extra={"owner": payload["owners"], "card": CARD}
        )
        raise DoNotRetry(f"no such card: {payload['card']['number']}")

    job = rig.submit("charge", PAYLOAD)
    rig.run()
    assert seen == [PAYLOAD]
    dead = rig.job(job)
    assert dead.error is not None
    assert dead.error.message == f"no such card: {HIDDEN}"
    assert str(CARD) not in (dead.error.traceback or "")
    assert dead.progress is not None
    assert dead.progress.message == f"mail to {HIDDEN}"
    assert [line.message for line in rig.container.job_logs.read(job.id)] == [f"charging {HIDDEN}"]
    events = json.dumps(rig.events(job))
    assert str(CARD) not in events
    assert "ada@shop.example" not in events
    output = rig.output.getvalue()
    assert f"card {HIDDEN}" in output
    assert str(CARD) not in output
    assert "ada@shop.example" not in output
    [line] = [each for each in rig.lines() if each["message"] == f"owner of {HIDDEN}"]
    assert (line["owner"], line["card"]) == ([{"email": HIDDEN}], HIDDEN)


def test_retries_and_redrives_get_the_values(rig: Rig) -> None:
    seen: list[Any] = []

    @rig.task("charge", redact=["card.number"], retries=1)
    def charge(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        seen.append(payload["card"]["number"])
        if len(seen) < 3:
            raise ValueError("again")
        return {"card": payload["card"]}

    job = rig.submit("charge", PAYLOAD, max_retries=1)
    rig.start()
    dead = rig.wait(job)
    assert dead.status is S.DLQ
    [again] = rig.container.job_retries.retry([dead]).values()
    assert isinstance(again, Job)
    rig.start()
    done = rig.wait(job)
    assert (done.status, seen) == (S.COMPLETED, [CARD] * 3)
    assert json.loads(done.result or "") == {"card": PAYLOAD["card"]}


def test_what_a_tenant_redacts_is_not_in_errors_and_logs(api: Api, alice: Person, rig: Rig) -> None:
    @rig.task("plain", retries=0)
    def plain(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.log(f"for {payload['name']}")
        raise ValueError(f"no {payload['name']}")

    redact(api, alice, "name")
    who = {"tenant_id": alice.user.tenant_id, "owner_id": alice.id, "max_retries": 0}
    job = rig.submit("plain", {"name": "Ada Lovelace"}, **who)
    rig.run()
    dead = rig.job(job)
    assert dead.error is not None
    assert dead.error.message == f"no {HIDDEN}"
    assert [line.message for line in rig.container.job_logs.read(job.id)] == [f"for {HIDDEN}"]
    assert "Lovelace" not in rig.output.getvalue()


def test_steps_are_shown_without_values(api: Api, alice: Person, rig: Rig) -> None:
    @rig.task("charge", redact=["card.number"], retries=0)
    def charge(ctx: TaskContext, payload: dict[str, Any]) -> Any:
        ctx.step("read", lambda: {"card": payload["card"]})

        def fail() -> None:
            raise DoNotRetry(f"no {payload['card']['number']}")

        ctx.step("fail", fail)

    who = {"tenant_id": alice.user.tenant_id, "owner_id": alice.id}
    job = rig.submit("charge", PAYLOAD, **who)
    rig.run()
    steps = api.get(f"/job/{job.id}/steps", by=alice, query={"results": "true"}).json["steps"]
    assert [each["name"] for each in steps] == ["read", "fail"]
    assert steps[0]["result"] == {"card": {"number": HIDDEN, "name": "Ada"}}
    assert steps[1]["error"]["message"] == f"no {HIDDEN}"
    assert str(CARD) not in json.dumps(steps)
