"""No response exceeds Lambda's limit, and one idempotency key makes a bulk call safe to repeat."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.api import answers
from chalicelib.domain.jobs import JobStatus
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import a_job, an_error, prepare, put

pytestmark = pytest.mark.integration
JSON = {"Content-Type": "application/json"}
KEY = {"Idempotency-Key": "call-1"}


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    """No limits on creation."""
    return {**env, "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}


@pytest.fixture(autouse=True)
def tasks(container: Container) -> None:
    prepare(container)


def weight(answer: Any) -> int:
    """Return the bytes of a response as Lambda's runtime sends it."""
    return len(json.dumps({"statusCode": answer.status, "headers": dict(answer.headers), "body": answer.text}))


def test_a_thousand_large_jobs_are_created_once_and_returned(api: Api, alice: Person, container: Container) -> None:
    tags = [f"{n:02}{'🚀' * 45}" for n in range(20)]
    raw = json.dumps({"jobs": [{"name": "x", "delay_s": 60, "tags": tags}] * 1000}, ensure_ascii=False)
    first, again = (api.post("/job/bulk", raw=raw, headers={**JSON, **KEY}, by=alice) for _ in range(2))
    assert (first.status, first.json["created"], first.json["jobs"]) == (201, 1000, [])
    assert (again.status, again.json["created"], again.json["ids"]) == (200, 0, first.json["ids"])
    assert len(set(first.json["ids"])) == 1000
    assert weight(first) < 100_000
    page = api.get("/job", by=alice, query={"limit": "200"})
    assert len(page.json["jobs"]) == 200
    assert weight(page) < 6 * 1024 * 1024


def test_one_key_covers_the_whole_call(api: Api, alice: Person, container: Container) -> None:
    jobs = [{"name": name, "delay_s": 60} for name in ("one", "two", "two")]
    first = api.post("/job/bulk", {"jobs": jobs, "idempotency_key": "call-1"}, by=alice)
    again = api.post("/job/bulk", {"jobs": jobs}, headers=KEY, by=alice)
    assert (first.status, first.json["created"], len(set(first.json["ids"]))) == (201, 3, 3)
    assert (again.status, again.json["created"]) == (200, 0)
    assert [job["_id"] for job in again.json["jobs"]] == again.json["ids"] == first.json["ids"]
    for other in (jobs[:2], [*jobs, jobs[0]], [jobs[1], jobs[0], jobs[2]], [{**jobs[0], "priority": 9}, *jobs[1:]]):
        refused = api.post("/job/bulk", {"jobs": other}, headers=KEY, by=alice)
        assert (refused.status, refused.json["code"]) == (409, "idempotency_mismatch")
    both = api.post("/job/bulk", {"jobs": [jobs[0], {**jobs[1], "idempotency_key": "k"}]}, headers=KEY, by=alice)
    assert (both.status, both.json["field"]) == (400, "jobs.1.idempotencyKey")
    bad = api.post("/job/bulk", {"jobs": jobs}, headers={"Idempotency-Key": "a b"}, by=alice)
    assert (bad.status, bad.json["field"]) == (400, "Idempotency-Key")
    stranger = api.person()
    assert api.post("/job/bulk", {"jobs": jobs}, headers=KEY, by=stranger).json["created"] == 3
    assert api.get("/job", by=alice, query={"count": "true"}).json["total"] == 3


def test_the_largest_pages_fit(api: Api, alice: Person, container: Container) -> None:
    """Names, tags and errors of jobs at their limits, of letters that take the most room."""
    error = an_error("\x01" * 1024, "E" * 200)
    tags = tuple(f"{n:02}{'🚀' * 48}" for n in range(20))
    largest = [
        a_job(alice.principal, name="🚀" * 200, tags=tags, error=error, status=JobStatus.DLQ) for _ in range(200)
    ]
    put(container, largest)
    page = api.get("/dlq", by=alice, query={"limit": "200"})
    assert len(page.json["jobs"]) == 200
    assert weight(page) < 6 * 1024 * 1024
    # each refused with a long reason
    failed = api.post("/job/actions", {"action": "cancel", "ids": [job.id for job in largest]}, by=alice)
    assert (failed.json["changed"], len(failed.json["failed"])) == (0, 200)


def test_a_response_that_would_be_too_large_is_an_error(
    api: Api, alice: Person, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(container, [a_job(alice.principal) for _ in range(20)])
    monkeypatch.setattr(answers, "MAX_ANSWER_BYTES", 5_000)
    refused = api.get("/job", by=alice)
    assert (refused.status, refused.json["code"]) == (413, "too_large")
    assert api.get("/job", by=alice, query={"limit": "1"}).status == 200


@pytest.mark.parametrize("letter", ["a", '"', "\\", "é", "🚀", "\x01"])
def test_the_size_of_a_response_is_that_on_the_wire(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"a": letter * 1000}, ensure_ascii=False)
    on_the_wire = len(json.dumps(text))
    monkeypatch.setattr(answers, "MAX_ANSWER_BYTES", on_the_wire)
    assert answers.fits(text)
    monkeypatch.setattr(answers, "MAX_ANSWER_BYTES", on_the_wire - 1)
    assert not answers.fits(text)
