"""The payloads of a group of dead jobs side by side, and when ended jobs are deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.services import search
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import a_job, an_error, put

pytestmark = pytest.mark.integration
S = JobStatus


def dead(container: Container, who: Person, payloads: list[Any], message: str = "boom") -> list[Job]:
    error = an_error(message)
    made = [a_job(who.principal, status=S.DLQ, error=error, payload=json.dumps(each)) for each in payloads]
    return put(container, made)


def compared(api: Api, who: Person, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/dlq/payloads", by=who, query=query).json
    return found


def test_a_group_is_compared(api: Api, alice: Person, container: Container) -> None:
    jobs = dead(container, alice, [{"url": "x", "customer": {"id": n % 2}} for n in range(5)])
    dead(container, alice, [{"other": 1}], "another")
    put(container, [a_job(alice.principal, status=S.COMPLETED)])
    [group] = {job.error.group for job in jobs if job.error}

    found = compared(api, alice, group=group)

    assert (found["examined"], found["more"], found["fieldsLeftOut"]) == (5, False, 0)
    assert found["same"] == [
        {"path": "url", "present": 5, "distinct": 1, "values": [
            {"json": '"x"', "cut": False, "count": 5, "jobId": jobs[-1].id},
        ]},
    ]  # fmt: skip
    [customer] = found["differ"]
    assert [(each["json"], each["count"]) for each in customer["values"]] == [("0", 3), ("1", 2)]


def test_the_sample_is_of_the_newest_and_says_that_there_are_more(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = dead(container, alice, [{"n": n, "text": "x" * 1000} for n in range(5)])
    found = compared(api, alice, sample="2")
    assert (found["examined"], found["more"]) == (2, True)
    [numbers] = found["differ"]
    assert {each["jobId"] for each in numbers["values"]} == {job.id for job in jobs[-2:]}
    monkeypatch.setattr(search, "MAX_SAMPLE_SIZE", 2_500)
    assert compared(api, alice)["examined"] == 3
    assert compared(api, alice)["more"] is True


def test_jobs_in_any_state_are_compared(api: Api, alice: Person, container: Container) -> None:
    dead(container, alice, [{"n": 1}])
    put(container, [a_job(alice.principal, payload='{"n":2}', queue="q")])
    assert api.get("/job/payloads", by=alice).json["examined"] == 2
    [field] = api.get("/job/payloads", by=alice, query={"queue": "q"}).json["same"]
    assert (field["path"], field["values"][0]["json"]) == ("n", "2")


def test_filters_narrow_it(api: Api, alice: Person, container: Container) -> None:
    dead(container, alice, [{"n": 1}])
    assert compared(api, alice, q="boom")["examined"] == 1
    assert compared(api, alice, q="nothing")["examined"] == 0
    assert compared(api, alice, status="completed")["examined"] == 0
    for query, field in (({"sample": "0"}, "sample"), ({"sample": "501"}, "sample"), ({"group": "!"}, "group")):
        answer = api.get("/dlq/payloads", by=alice, query=query)
        assert (answer.status, answer.json["field"]) == (400, field)


@pytest.mark.parametrize(
    ("status", "expires_at"),
    [(S.DLQ, "2026-04-02T00:00:00.000Z"), (S.COMPLETED, "2026-01-05T00:00:00.000Z"), (S.CANCELLED, None)],
)
def test_a_job_says_when_it_is_deleted(
    api: Api, alice: Person, container: Container, status: JobStatus, expires_at: str | None
) -> None:
    settings = {"keepCompletedDays": 3, "keepCancelledDays": 0}
    assert api.put("/tenant/settings", settings, by=alice).status == 200
    ended = datetime(2026, 1, 1, 23, 59, tzinfo=UTC)
    jobs = put(
        container, [a_job(alice.principal, status=status, finished_at=ended), a_job(alice.principal, status=S.PENDING)]
    )
    shown = [api.get(f"/job/{job.id}", by=alice).json["job"]["expiresAt"] for job in jobs]
    assert shown == [expires_at, None]
