"""Calls about many: bulk submissions, lists, logs, the dead letter queue."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from queuecraft_client._blocking import run
from queuecraft_client.models import Batch, Job
from tests.client.fake_io import JOB_ID, LOST, FakeIo, calls, job, ok


async def listed(found: Any) -> list[Any]:
    return [each async for each in found]


def test_a_submission_has_the_name_of_its_task_by_default() -> None:
    io = FakeIo(ok(201, job=job(), duplicate=False), ok(200, job=job(), duplicate=True))
    jobs = calls(io).jobs
    assert not run(jobs.submit("resize", {"width": 3}, priority=9)).duplicate
    assert run(jobs.submit("resize", name="cat", depends_on=[JOB_ID])).duplicate
    assert io.body(0) == {"task": "resize", "name": "resize", "payload": {"width": 3}, "priority": 9}
    assert io.body(1) == {"task": "resize", "name": "cat", "dependsOn": [JOB_ID]}


def test_a_bulk_submission_has_one_key() -> None:
    io = FakeIo(LOST, ok(201, ids=["1", "2"], jobs=[], created=2, duplicates=[False, True]))
    done = run(calls(io).jobs.submit_many([{"task": "a"}, {"task": "b", "payload": {"x": 1}}]))
    assert done.ids == ("1", "2")
    assert done.duplicates == (False, True)
    assert io.asked[0].headers["Idempotency-Key"] == io.asked[1].headers["Idempotency-Key"]
    assert io.body() == {"jobs": [{"task": "a", "name": "a"}, {"task": "b", "name": "b", "payload": {"x": 1}}]}


def test_jobs_with_keys_of_their_own_need_none_for_the_call() -> None:
    io = FakeIo(LOST, ok(201, ids=["1"]), LOST)
    jobs = calls(io).jobs
    run(jobs.submit_many([{"task": "a", "idempotency_key": "k"}]))
    assert "Idempotency-Key" not in io.asked[0].headers
    assert io.body()["jobs"][0]["idempotencyKey"] == "k"

    with pytest.raises(type(LOST)):  # one job has no key, so the call is not repeated
        run(jobs.submit_many([{"task": "a", "idempotency_key": "k"}, {"task": "b"}]))


def page(ids: range, following: str | None) -> Any:
    return ok(jobs=[job() | {"_id": str(n)} for n in ids], nextCursor=following)


def test_lists_read_pages_as_they_are_needed() -> None:
    io = FakeIo(page(range(200), "c1"), page(range(200, 250), None))
    found = run(listed(calls(io).jobs.list(status="dlq")))
    assert [each.id for each in found] == [str(n) for n in range(250)]
    assert [each.query for each in io.asked] == [
        {"status": "dlq", "limit": "200"},
        {"status": "dlq", "limit": "200", "cursor": "c1"},
    ]


def test_lists_end_at_their_limit() -> None:
    io = FakeIo(page(range(200), "c1"), page(range(200, 210), "c2"))
    assert len(run(listed(calls(io).jobs.list(limit=210)))) == 210
    assert io.asked[1].query["limit"] == "10"
    assert run(listed(calls(FakeIo()).jobs.list(limit=0))) == []


def test_jobs_of_a_batch_are_a_list_of_jobs() -> None:
    io = FakeIo(page(range(1), None))
    run(listed(calls(io).batches.jobs(Batch.parse({"_id": "b1", "name": "b", "status": "running"}))))
    assert io.asked[0].query == {"batch": "b1", "limit": "200"}


def test_logs_are_read_to_their_end() -> None:
    lines = [{"seq": n, "message": f"line {n}"} for n in range(1, 502)]
    io = FakeIo(ok(lines=lines[:500], nextAfter=500), ok(lines=lines[500:], nextAfter=501))
    found = run(listed(calls(io).jobs.logs(Job.parse(job()))))
    assert [line.seq for line in found] == list(range(1, 502))
    assert [each.query["after"] for each in io.asked] == ["0", "500"]
    assert urlsplit(io.asked[0].url).path == f"/job/{JOB_ID}/logs"


def test_many_dead_jobs_are_redriven_part_by_part() -> None:
    refused = {"id": JOB_ID, "error": "taken", "code": "not_unique"}
    io = FakeIo(
        ok(matched=1500, changed=1000, failed=[], dryRun=False, nextAfter="a1"),
        ok(matched=500, changed=499, failed=[refused], dryRun=False, nextAfter=None),
    )
    done = run(calls(io).dlq.redrive_many(filter={"task": "resize", "q": "timeout"}))
    assert (done.matched, done.changed, len(done.failed)) == (1500, 1499, 1)
    assert io.body(0) == {"filter": {"task": "resize", "q": "timeout"}, "dryRun": False}
    assert io.body(1)["after"] == "a1"


def test_a_dry_run_is_one_call() -> None:
    io = FakeIo(ok(matched=1500, changed=0, failed=[], dryRun=True, nextAfter="a1"))
    assert run(calls(io).dlq.delete_many(group="9f2c", scope="tenant", dry_run=True)).matched == 1500
    assert io.body() == {"group": "9f2c", "scope": "tenant", "dryRun": True}


def test_a_bound_is_lifted_by_none_and_kept_if_it_is_left_out() -> None:
    io = FakeIo(ok(limit={"name": "stripe"}))
    run(calls(io).limits.change("stripe", concurrency=None, rate="30/min"))
    assert io.body() == {"concurrency": None, "rate": "30/min"}
