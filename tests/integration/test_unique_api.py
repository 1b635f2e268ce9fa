"""Unique jobs over HTTP: bodies in both spellings, answers, fields of errors, the default of a task."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.unique import OnConflict, Unique
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import TASKS, prepare, start

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def catalogue(container: Container) -> None:
    prepare(container)


def body(unique: Any, **fields: Any) -> dict[str, Any]:
    return {"name": "Sync", "unique": unique, **fields}


def test_a_duplicate_is_a_200_with_the_job_that_stands(api: Api, alice: Person) -> None:
    first = api.post("/job/create", body({"key": "k"}), by=alice)
    second = api.post("/job/create", body({"key": "k"}, payload={"a": 1}), by=alice)
    assert (first.status, first.json["duplicate"]) == (201, False)
    assert (second.status, second.json["duplicate"]) == (200, True)
    job = second.json["job"]
    assert job["_id"] == first.json["job"]["_id"]
    assert job["uniqueKey"] == "k"
    assert "runsAfter" not in job
    listed = api.get("/job", by=alice).json["jobs"]
    assert [each["uniqueKey"] for each in listed] == ["k"]
    assert api.get(f"/job/{job['_id']}", by=alice).json["job"]["unique"] == {
        "key": "k", "states": ["scheduled", "pending", "running", "retrying"], "periodS": None, "onConflict": "keep",
        "maxWaitS": None,
    }  # fmt: skip


def test_plain_jobs_have_no_unique_key(api: Api, alice: Person) -> None:
    answer = api.post("/job/create", {"name": "plain"}, by=alice).json
    assert answer["duplicate"] is False
    assert "uniqueKey" not in answer["job"]
    assert api.get(f"/job/{answer['job']['_id']}", by=alice).json["job"]["unique"] is None


def test_a_rejected_job_is_a_409_that_names_the_job(api: Api, alice: Person) -> None:
    first = api.post("/job/create", body({}), by=alice).json["job"]
    answer = api.post("/job/create", body({"onConflict": "reject"}), by=alice)
    assert (answer.status, answer.json["code"]) == (409, "not_unique")
    assert (answer.json["jobId"], answer.json["field"]) == (first["_id"], "unique")


def test_both_spellings_are_taken(api: Api, alice: Person) -> None:
    for unique in (
        {"key": "a", "onConflict": "push_back", "maxWaitS": 60, "periodS": 3600},
        {"key": "b", "on_conflict": "push_back", "max_wait_s": 60, "period_s": 3600},
    ):
        answer = api.post("/job/create", body(unique, delayS=30), by=alice)
        assert answer.status == 201
        detail = api.get(f"/job/{answer.json['job']['_id']}", by=alice).json["job"]["unique"]
        assert (detail["onConflict"], detail["maxWaitS"], detail["periodS"]) == ("push_back", 60, 3600)
        assert detail["states"] == ["scheduled", "pending"]


@pytest.mark.parametrize(
    ("unique", "field"),
    [
        (True, "unique"),
        ({"key": ""}, "unique.key"),
        ({"key": "x" * 201}, "unique.key"),
        ({"key": "a\tb"}, "unique.key"),
        ({"key": 5}, "unique.key"),
        ({"keys": "a"}, "unique.keys"),
        ({"states": []}, "unique.states"),
        ({"states": ["asleep"]}, "unique.states.0"),
        ({"states": ["pending"]}, "unique.states"),
        ({"states": ["scheduled", "pending", "completed"]}, "unique.states"),
        ({"period_s": 0}, "unique.period_s"),
        ({"periodS": "60"}, "unique.periodS"),
        ({"onConflict": "ignore"}, "unique.onConflict"),
        ({"maxWaitS": 60}, "unique.maxWaitS"),
        ({"onConflict": "push_back"}, "delayS"),
        ({"onConflict": "run_after", "states": ["scheduled", "pending"]}, "unique.states"),
    ],
)
def test_what_does_not_fit_is_a_400_that_names_the_field(api: Api, alice: Person, unique: Any, field: str) -> None:
    answer = api.post("/job/create", body(unique), by=alice)
    assert (answer.status, answer.json["code"], answer.json["field"]) == (400, "invalid_input", field)
    many = api.post("/job/bulk", {"jobs": [{"name": "plain"}, body(unique)]}, by=alice)
    assert (many.status, many.json["field"]) == (400, f"jobs.1.{field}")


def test_a_bulk_call_has_an_entry_for_each_job(api: Api, alice: Person) -> None:
    jobs = [{"name": "plain"}, body({"key": "k"}), body({"key": "k"}), body({"key": "other"})]
    answer = api.post("/job/bulk", {"jobs": jobs}, by=alice)
    assert (answer.status, answer.json["created"]) == (201, 3)
    assert answer.json["duplicates"] == [False, False, True, False]
    assert answer.json["ids"][1] == answer.json["ids"][2]
    again = api.post("/job/bulk", {"jobs": jobs[1:]}, by=alice)
    assert (again.status, again.json["created"], again.json["duplicates"]) == (200, 0, [True] * 3)


def test_a_job_that_waits_for_another_one_says_so(api: Api, alice: Person, container: Container) -> None:
    first = api.post("/job/create", body({"key": "k", "onConflict": "run_after"}), by=alice).json["job"]
    start(container)
    second = api.post("/job/create", body({"key": "k", "onConflict": "run_after"}), by=alice)
    assert (second.status, second.json["duplicate"]) == (201, False)
    assert second.json["job"]["runsAfter"] == first["_id"]
    retry = api.post(f"/job/{second.json['job']['_id']}/retry", {}, by=alice)
    assert retry.status == 409


def test_a_task_says_how_its_jobs_are_unique(api: Api, alice: Person, container: Container) -> None:
    unique = Unique(on_conflict=OnConflict.REPLACE)
    container.catalogue.register([TASKS[0]._replace(unique=unique), *TASKS[1:]])
    assert api.post("/job/create", {"name": "a", "delayS": 60}, by=alice).status == 201
    assert api.post("/job/create", {"name": "b", "delayS": 60}, by=alice).json["duplicate"] is True
    assert api.post("/job/create", body({"key": "own"}), by=alice).json["duplicate"] is False
    tasks = {task["name"]: task["unique"] for task in api.get("/tasks", by=alice).json["tasks"]}
    assert tasks["simulated"]["onConflict"] == "replace"
    assert tasks["resize"] is None
