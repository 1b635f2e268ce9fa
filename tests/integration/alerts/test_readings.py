"""What alert rules measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bson import ObjectId

from chalicelib.domain.alerts import AlertKind, Condition
from chalicelib.domain.principals import Role, Scope
from tests.alerts import ended
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import submit
from tests.support import ManualClock

pytestmark = pytest.mark.integration


def measured(container: Container, person: Person, condition: Condition) -> tuple[float | None, str, int | None]:
    reading = container.alerts.preview(person.principal, condition)
    return reading.value, reading.subject, reading.jobs


def test_failures_are_counted_within_the_window_for_one_tenant_or_all(api: Api, container: Container) -> None:
    operator = api.person(Role.OPERATOR)
    other = api.person(Role.ADMIN)
    tenant = operator.user.tenant_id
    ended(container, tenant, "send", 6, 1)
    ended(container, tenant, "render", 0, 3, minutes_ago=3)
    ended(container, tenant, "send", 0, 50, minutes_ago=20)
    ended(container, other.user.tenant_id, "send", 0, 5)
    growth = Condition(AlertKind.DLQ_GROWTH, 1, 300)
    rate = Condition(AlertKind.FAILURE_RATE, 1, 300)
    assert measured(container, operator, growth) == (4, "render", None)
    assert measured(container, operator, replace(growth, task="send")) == (1, "send", None)
    assert measured(container, operator, replace(growth, queue="other")) == (0, "", None)
    assert measured(container, operator, replace(growth, scope=Scope.ALL)) == (9, "send", None)
    assert measured(container, operator, replace(growth, window_s=7200))[0] == 54
    assert measured(container, operator, rate) == (40.0, "render", 10)
    assert measured(container, operator, replace(rate, queue="other")) == (None, "", 0)
    assert measured(container, other, rate) == (100.0, "send", 5)


def test_the_oldest_waiting_job_is_found(api: Api, admin: Person, container: Container, clock: ManualClock) -> None:
    operator = api.person(Role.OPERATOR)
    any_queue = Condition(AlertKind.QUEUE_AGE, 1)
    assert measured(container, admin, any_queue) == (0, "", None)
    submit(container, admin.principal, queue="mail")
    clock.advance(30)
    age, queue, _ = measured(container, admin, any_queue)
    assert age == pytest.approx(30, abs=5)
    assert queue == "mail"
    assert measured(container, admin, replace(any_queue, queue="other")) == (0, "", None)
    assert measured(container, operator, any_queue)[0] == 0
    of_all, name, _ = measured(container, operator, replace(any_queue, scope=Scope.ALL))
    assert of_all == pytest.approx(30, abs=5)
    assert name == ""


def test_schedules_that_are_late_or_stopped_are_found(api: Api, admin: Person, container: Container) -> None:
    operator = api.person(Role.OPERATOR)
    for name in ("nightly", "hourly"):
        answer = api.put(f"/schedules/{name}", {"everyS": 3600, "name": "Report"}, by=admin)
        assert answer.status == 201, answer.text
    late = Condition(AlertKind.SCHEDULE_OVERDUE, 60)
    assert measured(container, admin, late) == (0, "", None)
    schedules = container.db["schedules"]
    now = container.clock.now()
    schedules.update_one({"name": "hourly"}, {"$set": {"due_at": now - timedelta(seconds=200)}})
    value, subject, _ = measured(container, admin, late)
    assert value == pytest.approx(200, abs=5)
    assert subject == "hourly"
    assert measured(container, admin, replace(late, schedule="nightly")) == (0, "", None)
    value, subject, _ = measured(container, operator, replace(late, scope=Scope.ALL))
    assert value == pytest.approx(200, abs=5)
    assert subject == ""
    schedules.update_one(
        {"name": "nightly"}, {"$unset": {"due_at": ""}, "$set": {"updated_at": now - timedelta(seconds=900)}}
    )
    assert measured(container, admin, late)[1] == "nightly"


def test_a_schedule_whose_last_jobs_failed_is_found(api: Api, admin: Person, container: Container) -> None:
    api.put("/schedules/nightly", {"everyS": 3600, "name": "Report", "overlap": "allow"}, by=admin)
    failures = Condition(AlertKind.SCHEDULE_FAILURES, 3)
    made: list[str] = []
    for _ in range(4):
        answer = api.post("/schedules/nightly/run", by=admin)
        assert answer.status in {200, 201}, answer.text
        made = [run["jobId"] for run in api.get("/schedules/nightly/runs", by=admin).json["runs"]]
    newest_first = made
    jobs = container.db["jobs"]

    def end(number: int, status: str) -> None:
        change = {"status": status, "open": False, "finished_at": container.clock.now()}
        jobs.update_one({"_id": ObjectId(newest_first[number])}, {"$set": change})

    assert measured(container, admin, failures) == (0, "", None)
    end(3, "completed")
    end(2, "dlq")
    end(1, "dlq")
    assert measured(container, admin, failures) == (2, "nightly", None)
    assert measured(container, admin, replace(failures, schedule="nightly"))[0] == 2
    end(0, "cancelled")
    assert measured(container, admin, failures) == (2, "nightly", None)
    end(0, "completed")
    assert measured(container, admin, failures) == (0, "", None)
