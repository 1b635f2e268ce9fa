"""Schedules over the API."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Role
from chalicelib.queue.events import EventId
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import InvocationLog, prepare

pytestmark = pytest.mark.integration
DAILY: dict[str, Any] = {"cron": "0 7 * * 1-5", "tz": "Europe/Berlin"}


@pytest.fixture(autouse=True)
def invocations(container: Container) -> InvocationLog:
    return prepare(container)


def put(api: Api, who: Person, schedule: str = "nightly", status: int = 201, **body: Any) -> dict[str, Any]:
    answer = api.put(f"/schedules/{schedule}", body or DAILY, by=who)
    assert answer.status == status, answer.text
    found: dict[str, Any] = answer.json["schedule"]
    return found


def events(container: Container) -> list[dict[str, Any]]:
    return [json.loads(entry.message) for entry in container.event_log.read(EventId(0, 0), 1000)]


def test_put_creates_then_replaces(api: Api, alice: Person, container: Container) -> None:
    made = put(api, alice, **DAILY, name="Report", task="resize", payload={"width": 3}, tags=["a"], catchup_s=60)
    assert (made["name"], made["jobName"], made["task"], made["payload"]) == (
        "nightly",
        "Report",
        "resize",
        {"width": 3},
    )
    assert (made["state"], made["source"], made["words"]) == (
        "active", "api", "At 07:00 on Monday through Friday (Europe/Berlin)",
    )  # fmt: skip
    assert (made["missed"], made["catchupS"], made["overlap"], made["jitterS"]) == ("once", 60, "skip", 0)
    assert (made["ownerId"], made["tenantId"]) == (alice.id, alice.user.tenant_id)
    assert len(made["next"]) == 5

    again = put(api, alice, status=200, **DAILY, overlap="allow")
    assert (again["_id"], again["rev"], again["overlap"], again["jobName"]) == (made["_id"], 2, "allow", "nightly")
    assert again["next"] == made["next"]
    assert api.get("/schedules/nightly", by=alice).json["schedule"] == again
    assert [event["type"] for event in events(container)] == ["schedule:updated"] * 2
    assert events(container)[0]["data"]["words"] == made["words"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "cron"),
        ({"cron": "0 7 * * *", "every_s": 60}, "cron"),
        ({"cron": "often"}, "cron"),
        ({"cron": "0 0 30 2 *"}, "cron"),
        ({"cron": "0 7 * * *", "tz": "Europe/Atlantis"}, "tz"),
        ({"every_s": 0}, "every_s"),
        ({"every_s": 1.5}, "every_s"),
        ({"every_s": "60"}, "every_s"),
        ({"at": "2020-01-01T00:00:00Z"}, "at"),
        ({"every_s": 60, "task": "unknown"}, "task"),
        ({"every_s": 60, "task": "resize", "payload": {"width": 0}}, "payload.width"),
        ({"every_s": 60, "missed": "never"}, "missed"),
        ({"every_s": 60, "overlap": "never"}, "overlap"),
        ({"every_s": 60, "catchup_s": -1}, "catchup_s"),
        ({"every_s": 60, "jitter_s": 3601}, "jitter_s"),
        ({"every_s": 60, "status": "active"}, "status"),
    ],
)
def test_bad_input_names_the_field(api: Api, alice: Person, body: dict[str, Any], field: str) -> None:
    answer = api.put("/schedules/nightly", body, by=alice)
    assert answer.status == 400
    assert answer.json["field"] == field, answer.text
    assert api.get("/schedules", by=alice).json["schedules"] == []


@pytest.mark.parametrize("name", ["-x", "x" * 65, "a%20b"])
def test_names_that_no_schedule_has(api: Api, alice: Person, name: str) -> None:
    answer = api.put(f"/schedules/{name}", DAILY, by=alice)
    assert (answer.status, answer.json["field"]) == (400, "name")
    assert api.get(f"/schedules/{name}", by=alice).status == 404
    assert api.post(f"/schedules/{name}/run", by=alice).status == 404


def test_preview(api: Api, alice: Person) -> None:
    body: dict[str, Any] = {"cron": "30 2 * * *", "tz": "Europe/Berlin", "from": "2026-03-27T12:00:00Z"}
    answer = api.post("/schedules/preview", body, by=alice)
    assert answer.json == {
        "success": True,
        "words": "At 02:30 every day (Europe/Berlin)",
        "next": [
            "2026-03-28T01:30:00.000Z",
            "2026-03-29T01:00:00.000Z",
            "2026-03-30T00:30:00.000Z",
            "2026-03-31T00:30:00.000Z",
            "2026-04-01T00:30:00.000Z",
        ],
    }
    body = {"everyS": 90, "from": "2026-03-27T12:00:00Z"}
    assert api.post("/schedules/preview", body, by=alice).json["next"][0] == "2026-03-27T12:01:30.000Z"
    assert api.post("/schedules/preview", {"cron": "x"}, by=alice).json["field"] == "cron"


def test_pause_and_resume(api: Api, alice: Person, container: Container) -> None:
    put(api, alice, every_s=3600)
    paused = api.post("/schedules/nightly/pause", by=alice).json["schedule"]
    assert (paused["state"], paused["next"]) == ("paused", [])
    assert put(api, alice, status=200, every_s=3600)["state"] == "paused", "it stays as it is unless told"
    assert container.schedule_store.next_due_at() is None
    resumed = api.post("/schedules/nightly/resume", by=alice).json["schedule"]
    assert (resumed["state"], len(resumed["next"])) == ("active", 5)
    assert put(api, alice, status=200, every_s=3600, paused=True)["state"] == "paused"


def test_run_now_and_the_history(api: Api, alice: Person, container: Container) -> None:
    put(api, alice, every_s=3600, name="By hand")
    answer = api.post("/schedules/nightly/run", by=alice)
    assert answer.status == 201
    run = answer.json["run"]
    assert (run["manual"], run["skipped"], run["waiting"]) == (True, None, False)
    job = api.get(f"/job/{run['jobId']}", by=alice).json["job"]
    assert (job["name"], job["schedule"], job["ownerId"]) == ("By hand", "nightly", alice.id)
    assert api.post("/schedules/nightly/run", by=alice).status == 201, "whatever is open"
    page = api.get("/schedules/nightly/runs", by=alice, query={"limit": "1"}).json
    rest = api.get("/schedules/nightly/runs", by=alice, query={"cursor": page["nextCursor"]}).json
    assert [each["jobId"] for each in rest["runs"]] == [run["jobId"]]
    assert rest["nextCursor"] is None
    assert [event["type"] for event in events(container)].count("schedule:run") == 2


def test_lists_page_as_jobs_do(api: Api, alice: Person) -> None:
    for n in range(5):
        put(api, alice, f"s{n}")
    first = api.get("/schedules", by=alice, query={"limit": "2", "count": "true"}).json
    assert [each["name"] for each in first["schedules"]] == ["s4", "s3"]
    assert (first["total"], first["totalIsExact"], first["prevCursor"]) == (5, True, None)
    second = api.get("/schedules", by=alice, query={"limit": "2", "cursor": first["nextCursor"]}).json
    assert [each["name"] for each in second["schedules"]] == ["s2", "s1"]
    last = api.get("/schedules", by=alice, query={"limit": "2", "cursor": second["nextCursor"]}).json
    assert ([each["name"] for each in last["schedules"]], last["nextCursor"]) == (["s0"], None)
    back = api.get("/schedules", by=alice, query={"limit": "2", "cursor": second["prevCursor"]}).json
    assert [each["name"] for each in back["schedules"]] == ["s4", "s3"]
    assert back["prevCursor"] is None
    whole = api.get("/schedules", by=alice, query={"scope": "tenant"}).json
    assert whole["owners"] == {alice.id: alice.user.username}


def test_a_deleted_schedule_leaves_its_jobs(api: Api, alice: Person, container: Container) -> None:
    put(api, alice, every_s=3600)
    job_id = api.post("/schedules/nightly/run", by=alice).json["run"]["jobId"]
    assert api.delete("/schedules/nightly", by=alice).json == {"success": True}
    assert api.get("/schedules/nightly", by=alice).status == 404
    assert api.get(f"/job/{job_id}", by=alice).status == 200
    assert events(container)[-1]["type"] == "schedule:deleted"
    put(api, alice, every_s=3600)
    assert api.get("/schedules/nightly/runs", by=alice).json["runs"] == [], "of the new one"


def test_a_removed_members_schedules_pass_to_the_tenant(api: Api, alice: Person, container: Container) -> None:
    member = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    put(api, member, every_s=3600)
    assert api.delete(f"/members/{member.id}", by=alice).status == 200
    found = api.get("/schedules/nightly", by=alice).json["schedule"]
    assert (found["ownerId"], found["state"]) == (alice.user.tenant_id, "active")
    run = api.post("/schedules/nightly/run", by=alice).json["run"]
    assert api.get(f"/job/{run['jobId']}", by=alice).json["job"]["ownerId"] == alice.user.tenant_id


def test_a_name_is_unique_within_a_tenant(api: Api, alice: Person) -> None:
    put(api, alice)
    other = api.person(Role.MEMBER, tenant_id=alice.user.tenant_id)
    assert api.put("/schedules/nightly", DAILY, by=other).status == 409
    put(api, api.person())


def test_a_tenant_has_a_maximum(api: Api, alice: Person, container: Container) -> None:
    container.settings = replace(container.settings, max_schedules_per_tenant=2)
    put(api, alice, "a")
    put(api, alice, "b")
    answer = api.put("/schedules/c", DAILY, by=alice)
    assert (answer.status, answer.json["code"]) == (429, "too_many_schedules")
    put(api, alice, "b", status=200)


def test_a_near_fire_wakes_the_ticker(
    api: Api, alice: Person, container: Container, invocations: InvocationLog
) -> None:
    ticker = container.settings.ticker_function
    put(api, alice, every_s=3600)
    assert ticker not in [name for name, _ in invocations.made]
    soon = iso(container.clock.now() + timedelta(seconds=20))
    put(api, alice, "soon", at=soon)
    assert ticker in [name for name, _ in invocations.made]
    invocations.made.clear()
    assert container.ticker_lease.take("somebody")
    put(api, alice, "sooner", at=soon)
    assert invocations.made == [], "one ticks already"
