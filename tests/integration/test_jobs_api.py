"""Creating and reading jobs, over the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from chalicelib.domain.job_logs import LogLine, seq_of
from chalicelib.domain.principals import Role
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import TASKS, InvocationLog, a_job, an_error, finish, prepare, put, start, submit
from tests.support import wait_until
from worker_fn.registration.registry import registry
from worker_fn.tasks import http_request as _http_request  # noqa: F401 - registers itself

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def invocations(container: Container) -> InvocationLog:
    return prepare(container)


def test_a_name_is_enough(api: Api, alice: Person, invocations: InvocationLog) -> None:
    answer = api.post("/job/create", {"name": "Report"}, by=alice, headers={"X-Trace-Id": "t-1"})

    job = answer.json["job"]
    assert answer.status == 201
    assert answer.json["success"] is True
    assert (job["name"], job["ownerId"], job["status"], job["retryCount"]) == ("Report", alice.id, "pending", 0)
    assert job["con"] == job["mon"]
    assert job["con"].endswith("Z")
    assert job["traceId"] == answer.trace_id == "t-1"
    assert invocations.made, "no worker listens, so one is invoked"


def test_all_fields_reach_the_job(api: Api, alice: Person) -> None:
    wanted = {
        "name": "Picture",
        "task": "resize",
        "payload": {"width": 5},
        "queue": "slow",
        "priority": 9,
        "delay_s": 60,
        "max_retries": 7,
        "timeout_s": 30,
        "tags": ["b", "a", "b"],
    }
    job = api.post("/job/create", wanted, by=alice).json["job"]
    assert job["status"] == "scheduled"
    assert (job["task"], job["queue"], job["priority"]) == ("resize", "slow", 9)
    assert (job["maxRetries"], job["timeoutS"], job["tags"]) == (7, 30, ["b", "a"])
    assert job["runAt"] == job["readyAt"] > job["con"]
    full = api.get(f"/job/{job['_id']}", by=alice).json["job"]
    assert (full["payload"], full["result"], full["attempts"]) == ({"width": 5}, None, [])


def test_a_payload_may_use_every_name_and_alias_of_its_model(container: Container, api: Api, alice: Person) -> None:
    container.catalogue.register([*TASKS, registry.tasks["http_request"].spec])
    url = {"url": "https://example.com/"}
    for payload, status in (({"json": 1}, 201), ({"json_": 1}, 201), ({"jsonn": 1}, 400)):
        body = {"name": "x", "task": "http_request", "payload": url | payload}
        assert api.post("/job/create", body, by=alice).status == status


def test_defaults_of_the_task_fill_missing_fields(api: Api, alice: Person) -> None:
    job = api.post("/job/create", {"name": "P", "task": "resize", "payload": {"width": 1}}, by=alice).json["job"]
    assert (job["queue"], job["maxRetries"], job["timeoutS"]) == ("images", 1, 60)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": {"$gt": ""}}, "name"),
        ({"name": "x", "status": "completed"}, "status"),
        ({"name": "x", "_id": "a" * 24}, "_id"),
        ({"name": "x", "retryCount": 9}, "retryCount"),
        ({"name": "x", "task": "nope"}, "task"),
        ({"name": "x", "task": "resize"}, "payload.width"),
        ({"name": "x", "task": "resize", "payload": {"width": 0}}, "payload.width"),
        ({"name": "x", "payload": [1]}, "payload"),
        ({"name": "x", "priority": 10}, "priority"),
        ({"name": "x", "priority": True}, "priority"),
        ({"name": "x", "priority": "5"}, "priority"),
        ({"name": "x", "queue": "a/b"}, "queue"),
        ({"name": "x", "delay_s": -1}, "delay_s"),
        ({"name": "x", "run_at": "2030-01-01T00:00:00"}, "run_at"),
        ({"name": "x", "run_at": 5}, "run_at"),
        ({"name": "x", "run_at": "2099-01-01T00:00:00Z"}, "runAt"),
        ({"name": "x", "run_at": "9999-12-31T23:59:59-12:00"}, "run_at"),
        ({"name": "x", "tags": ["t"] * 21}, "tags"),
        ({"name": "x", "tags": [""]}, "tags.0"),
        ({"name": "x", "timeout_s": 841}, "timeout_s"),
        ({"name": "x", "max_retries": 26}, "max_retries"),
        ({"name": "x", "idempotency_key": ""}, "idempotency_key"),
    ],
)
def test_invalid_input_is_a_400_that_names_the_field(api: Api, alice: Person, body: dict[str, Any], field: str) -> None:
    answer = api.post("/job/create", body, by=alice)
    assert (answer.status, answer.json["code"], answer.json["field"]) == (400, "invalid_input", field)


def test_delay_and_time_exclude_each_other(api: Api, alice: Person) -> None:
    body = {"name": "x", "delay_s": 1, "run_at": "2026-12-01T00:00:00Z"}
    assert api.post("/job/create", body, by=alice).status == 400


def test_a_large_payload_is_a_413(api: Api, alice: Person) -> None:
    answer = api.post("/job/create", {"name": "x", "payload": {"a": "x" * 65_536}}, by=alice)
    assert (answer.status, answer.json["code"]) == (413, "too_large")


def test_viewers_create_nothing(api: Api, alice: Person) -> None:
    viewer = api.person(Role.VIEWER, tenant_id=alice.user.tenant_id)
    assert api.post("/job/create", {"name": "x"}, by=viewer).status == 403


# --- idempotency ---------------------------------------------------------------------------------------------


def test_a_key_gives_the_same_job_again(api: Api, alice: Person) -> None:
    body = {"name": "x", "delay_s": 5, "idempotency_key": "k1"}
    first, second = (api.post("/job/create", body, by=alice) for _ in range(2))
    assert (first.status, second.status) == (201, 200)
    assert first.json["job"]["_id"] == second.json["job"]["_id"]
    by_header = api.post("/job/create", {"name": "x", "delay_s": 5}, by=alice, headers={"Idempotency-Key": "k1"})
    assert (by_header.status, by_header.json["job"]["_id"]) == (200, first.json["job"]["_id"])


def test_a_key_with_another_body_is_a_409(api: Api, alice: Person) -> None:
    api.post("/job/create", {"name": "x", "idempotency_key": "k1"}, by=alice)
    for other in ({"name": "y"}, {"name": "x", "delay_s": 1}, {"name": "x", "payload": {"a": 1}}):
        answer = api.post("/job/create", {**other, "idempotency_key": "k1"}, by=alice)
        assert (answer.status, answer.json["code"]) == (409, "idempotency_mismatch")


def test_a_bad_key_in_the_header_is_a_400(api: Api, alice: Person) -> None:
    for key in ("", "a b", "x" * 201, "é"):
        answer = api.post("/job/create", {"name": "x"}, by=alice, headers={"Idempotency-Key": key})
        assert answer.status == 400, key
    answer = api.post("/job/create", {"name": "x", "idempotency_key": "a"}, by=alice, headers={"Idempotency-Key": "b"})
    assert answer.json["field"] == "idempotencyKey"


def test_20_parallel_calls_with_one_key_make_one_job(api: Api, alice: Person, container: Container) -> None:
    gate = Barrier(20)

    def call(_: int) -> tuple[int, str]:
        gate.wait(10)
        answer = api.post("/job/create", {"name": "x", "idempotency_key": "k"}, by=alice)
        return answer.status, answer.json["job"]["_id"]

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(call, range(20)))
    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    assert len({job_id for _, job_id in answers}) == 1
    assert container.db.jobs.count_documents({}) == 1
    assert container.engine.counts(f"o:{alice.id}")["submitted"] == 1


def test_a_known_key_is_answered_when_both_limits_are_reached(api: Api, alice: Person) -> None:
    body = {"name": "x", "idempotency_key": "k"}
    first = api.post("/job/create", body, by=alice)
    statuses = [api.post("/job/create", {"name": "more"}, by=alice).status for _ in range(12)]
    assert statuses[-1] == 429
    again = api.post("/job/create", body, by=alice)
    assert (again.status, again.json["job"]["_id"]) == (200, first.json["job"]["_id"])


def test_a_refused_call_frees_its_key(api: Api, alice: Person, container: Container) -> None:
    jobs = [submit(container, alice.principal) for _ in range(5)]
    body = {"name": "x", "idempotency_key": "k"}
    assert api.post("/job/create", body, by=alice).status == 429
    container.jobs.cancel(alice.principal, jobs[0].id)
    assert api.post("/job/create", body, by=alice).status == 201


# --- limits --------------------------------------------------------------------------------------------------


def test_the_6th_active_job_is_refused_with_the_documented_message(api: Api, alice: Person) -> None:
    answers = [api.post("/job/create", {"name": "x"}, by=alice) for _ in range(6)]
    assert [answer.status for answer in answers] == [201] * 5 + [429]
    assert answers[-1].json == {
        "success": False,
        "error": "Rate limit exceeded. Maximum 5 active jobs allowed.",
        "traceId": answers[-1].trace_id,
    }
    assert api.get("/metrics", by=alice).json["metrics"]["rate_limit:hits"] == 1


def test_the_11th_attempt_in_a_minute_is_refused_with_the_documented_message(api: Api, alice: Person) -> None:
    answers = [api.post("/job/create", {"name": "x"}, by=alice) for _ in range(11)]
    body = answers[-1].json
    assert answers[-1].status == 429
    wait_s = body["retryAfter"]
    assert 1 <= wait_s <= 60
    assert body == {
        "success": False,
        "error": "Rate limit exceeded",
        "message": f"Maximum 10 job creation attempts per minute. Try again in {wait_s} seconds.",
        "retryAfter": wait_s,
    }
    assert answers[-1].headers["Retry-After"] == str(wait_s)
    assert api.post("/job/create", {"name": "x"}, by=api.person()).status == 201


# --- many ----------------------------------------------------------------------------------------------------


@pytest.fixture
def without_limits(container: Container) -> Settings:
    settings = replace(container.settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)
    for name in ("engine", "limits", "jobs", "job_retries"):
        container.__dict__.pop(name, None)
    container.settings = settings
    return settings


@pytest.mark.usefixtures("without_limits")
def test_a_thousand_jobs_in_one_call(api: Api, alice: Person, container: Container) -> None:
    body = {"jobs": [{"name": f"job {n}", "priority": n % 10} for n in range(1000)]}
    answer = api.post("/job/bulk", body, by=alice)
    assert answer.status == 201
    assert answer.json["created"] == 1000
    assert [job["name"] for job in answer.json["jobs"]] == [job["name"] for job in body["jobs"]]
    assert container.engine.counts(f"t:{alice.user.tenant_id}")["pending"] == 1000
    body["jobs"].append({"name": "one more"})
    assert api.post("/job/bulk", body, by=alice).json["field"] == "jobs"


@pytest.mark.usefixtures("without_limits")
def test_keys_of_a_bulk_call_count_one_by_one(api: Api, alice: Person) -> None:
    known = api.post("/job/create", {"name": "a", "idempotency_key": "a"}, by=alice).json["job"]["_id"]
    jobs = [{"name": "a", "idempotency_key": "a"}, {"name": "b", "idempotency_key": "b"}, {"name": "c"}]
    answer = api.post("/job/bulk", {"jobs": jobs}, by=alice)
    assert answer.json["created"] == 2
    assert answer.json["jobs"][0]["_id"] == known
    twice = api.post("/job/bulk", {"jobs": [{"name": "d", "idempotency_key": "d"}] * 2}, by=alice).json
    assert (twice["created"], len({job["_id"] for job in twice["jobs"]})) == (1, 1)


def test_a_bulk_call_creates_all_jobs_or_none(api: Api, alice: Person, container: Container) -> None:
    answer = api.post("/job/bulk", {"jobs": [{"name": "x"}] * 6}, by=alice)
    assert answer.status == 429
    bad = api.post("/job/bulk", {"jobs": [{"name": "x"}, {"name": ""}]}, by=alice)
    assert (bad.status, bad.json["field"]) == (400, "jobs.1.name")
    assert container.db.jobs.count_documents({}) == 0


# --- reading -------------------------------------------------------------------------------------------------


def test_one_job_in_full(api: Api, alice: Person, container: Container) -> None:
    submit(container, alice.principal, payload='{"a":[1,2]}')
    [running] = start(container)
    job = finish(container, running, an_error("boom"))
    full = api.get(f"/job/{job.id}", by=alice).json["job"]
    assert full["status"] == "dlq"
    assert full["payload"] == {"a": [1, 2]}
    assert full["error"]["traceback"].startswith("Traceback")
    [attempt] = api.get(f"/job/{job.id}/attempts", by=alice).json["attempts"]
    assert attempt == full["attempts"][0]
    assert (attempt["number"], attempt["outcome"], attempt["runMs"], attempt["workerId"]) == (
        1,
        "failed",
        20,
        "worker-1",
    )


def test_a_result_is_given_as_json(api: Api, alice: Person, container: Container) -> None:
    submit(container, alice.principal)
    job = finish(container, start(container)[0], result='{"n":[1,"é"]}')
    assert api.get(f"/job/{job.id}", by=alice).json["job"]["result"] == {"n": [1, "é"]}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.VIEWER])
def test_jobs_of_another_tenant_do_not_exist(api: Api, alice: Person, container: Container, role: Role) -> None:
    [job] = put(container, [a_job(alice.principal)])
    stranger = api.person(role)
    for path in ("", "/attempts", "/logs"):
        answer = api.get(f"/job/{job.id}{path}", by=stranger)
        assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert api.get(f"/job/{'f' * 24}", by=alice).status == 404


def test_log_lines_are_paged_by_their_number(api: Api, alice: Person, container: Container) -> None:
    [job] = put(container, [a_job(alice.principal)])
    now = container.clock.now()
    lines = [LogLine(job.id, seq_of(1, n), 1, now, "info", f"line {n}") for n in range(1, 6)]
    container.job_logs.append(lines)
    wait_until(lambda: len(container.job_logs.read(job.id)) == 5, what="lines that a majority has")
    first = api.get(f"/job/{job.id}/logs", by=alice, query={"limit": "3"}).json
    assert [line["message"] for line in first["lines"]] == ["line 1", "line 2", "line 3"]
    rest = api.get(f"/job/{job.id}/logs", by=alice, query={"after": str(first["nextAfter"])}).json
    assert [line["message"] for line in rest["lines"]] == ["line 4", "line 5"]
    end = api.get(f"/job/{job.id}/logs", by=alice, query={"after": str(rest["nextAfter"])}).json
    assert (end["lines"], end["nextAfter"]) == ([], rest["nextAfter"])


def test_stats_count_states(api: Api, alice: Person, container: Container) -> None:
    for _ in range(4):
        submit(container, alice.principal)
    submit(container, alice.principal, delay_s=60.0)
    running = start(container)
    finish(container, running[0])
    finish(container, running[1], an_error())
    container.jobs.cancel(alice.principal, submit(container, alice.principal, delay_s=60.0).id)
    expected = {"pending": 1, "running": 2, "completed": 1, "failed": 1, "total": 6}
    assert api.get("/job/stats", by=alice).json == {"success": True, "stats": expected}
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    assert api.get("/job/stats", by=member).json["stats"]["total"] == 0
    assert api.get("/job/stats", by=member, query={"scope": "tenant"}).status == 403
    viewer = api.person(Role.VIEWER, tenant_id=alice.user.tenant_id)
    assert api.get("/job/stats", by=viewer, query={"scope": "tenant"}).json["stats"] == expected
    operator = api.person(Role.OPERATOR)
    assert api.get("/job/stats", by=operator, query={"scope": "all"}).json["stats"] == expected
