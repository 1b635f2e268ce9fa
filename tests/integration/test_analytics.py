"""Analytics over the API: exact to the job, compared with the range before."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Role
from chalicelib.domain.retry import DoNotRetry
from chalicelib.domain.rollups import Span, span_start
from chalicelib.store.rollups import Increments
from tests.api_client import Api, Person
from tests.container import Container
from tests.support import wait_until
from tests.worker_support import Rig
from worker_fn import TaskContext
from worker_fn.version import version

pytestmark = pytest.mark.integration


def ask(api: Api, person: Person, hours: float = 1, **query: str) -> Any:
    now = api.container.clock.now()
    bounds = {"from": iso(now - timedelta(hours=hours)), "to": iso(now + timedelta(seconds=1))}
    answer = api.get("/analytics", by=person, query={**bounds, **query})
    assert answer.status == 200, answer.text
    return answer.json


@pytest.fixture
def worked(rig: Rig, alice: Person) -> Rig:
    """Jobs of two tasks and two queues that completed, failed once, or failed for good."""

    @rig.task("good")
    def good(ctx: TaskContext, payload: dict[str, Any]) -> None:
        if ctx.attempt == 1 and payload.get("flaky"):
            raise RuntimeError("once")

    @rig.task("bad")
    def bad(ctx: TaskContext, payload: dict[str, Any]) -> None:
        raise DoNotRetry(f"number {payload['n']} is bad")

    who = {"tenant_id": alice.user.tenant_id, "owner_id": alice.id}
    quick: dict[str, Any] = {"retry_backoff_base_s": 0.01, "rate_limit_max_requests": 0, "worker_linger_s": 0.5}
    rig.container.settings = replace(rig.container.settings, **quick)
    jobs = [rig.new("good", {"flaky": n % 3 == 0}, queue="ab"[n % 2], **who) for n in range(12)]
    jobs += [rig.new("bad", {"n": n}, queue="a", **who) for n in range(5)]
    rig.enqueue(jobs)
    rig.start()
    wait_until(lambda: not rig.container.db.jobs.count_documents({"open": True}), 60, "the jobs to end")
    rig.settled()
    rig.close()
    return rig


def recount(container: Container, tenant_id: str) -> dict[str, Counter[str]]:
    """Counts by task, from the records."""
    found: dict[str, Counter[str]] = {}
    for job in container.db.jobs.find({"tenant_id": ObjectId(tenant_id)}):
        counts = found.setdefault(job["task"], Counter())
        for attempt in job["attempts"]:
            counts["started"] += 1
            counts["completed"] += attempt["outcome"] == "completed"
            counts["failed"] += attempt["outcome"] == "failed"
        counts["dlq"] += job["status"] == "dlq"
        counts["retried"] += job["retry_count"]
    return found


def test_counts_are_exact_to_the_job(api: Api, alice: Person, worked: Rig) -> None:
    by_record = recount(worked.container, alice.user.tenant_id)
    for hours in (1, 24, 24 * 7, 24 * 30):
        report = ask(api, alice, hours)
        found = {group["name"]: group["current"] for group in report["groups"]}
        shown = {task: Counter({name: found[task][name] for name in counts}) for task, counts in by_record.items()}
        assert shown == by_record, hours
        total = sum(by_record.values(), Counter())
        assert {name: report["total"][name] for name in total} == dict(total)
        assert {name: sum(bucket[name] for bucket in report["buckets"]) for name in total} == dict(total)
        assert report["previous"]["started"] == 0
    assert by_record["good"] == Counter(started=16, completed=12, failed=4, retried=4, dlq=0)
    assert {group["name"] for group in ask(api, alice, by="queue")["groups"]} == {"a", "b"}
    assert ask(api, alice, task="bad")["total"]["started"] == 5


def test_the_worst_are_named(api: Api, alice: Person, worked: Rig) -> None:
    report = ask(api, alice, by="worker")
    assert [group["name"] for group in report["mostRetried"]] == ["good"]
    assert {group["name"] for group in report["slowest"]} == {"good", "bad"}
    [error] = report["errors"]
    assert (error["type"], error["current"], error["previous"], error["tasks"]) == ("DoNotRetry", 5, 0, ["bad"])
    [worker] = report["workers"]
    assert (worker["attempts"], worker["completed"], worker["failed"]) == (21, 12, 9)


def test_a_range_is_compared_with_the_one_before(api: Api, alice: Person, container: Container) -> None:
    now = container.clock.now()
    for age, number in ((timedelta(minutes=10), 3), (timedelta(minutes=75), 2)):
        each = Increments(alice.user.tenant_id, "a", "t", span_start(now - age, Span.MINUTE))
        each.counts.update(started=number, completed=number)
        container.rollups.add([each])
    report = ask(api, alice)
    assert (report["total"]["completed"], report["previous"]["completed"]) == (3, 2)
    assert report["previousRange"]["to"] == report["range"]["from"]
    [group] = report["groups"]
    assert (group["name"], group["current"]["started"], group["previous"]["started"]) == ("t", 3, 2)


def test_operators_compare_tenants(api: Api, alice: Person, worked: Rig) -> None:
    operator, tenant = api.person(Role.OPERATOR), alice.user.tenant_id
    report = ask(api, operator, by="tenant")
    assert [(group["name"], group["current"]["started"]) for group in report["groups"]] == [(tenant, 21)]
    assert set(report["tenants"]) == {tenant}
    assert ask(api, operator, tenant=tenant)["total"]["started"] == 21
    assert ask(api, operator, tenant=operator.user.tenant_id)["total"]["started"] == 0
    assert ask(api, api.person())["total"]["started"] == 0, "a stranger sees nothing of it"
    bounds = {"from": "2030-01-01T00:00:00Z", "to": "2030-01-02T00:00:00Z"}
    assert api.get("/analytics", by=alice, query={**bounds, "by": "tenant"}).status == 403
    assert api.get("/analytics", by=alice, query={**bounds, "tenant": operator.user.tenant_id}).status == 403
    refused = api.get("/analytics", by=alice, query={"from": bounds["to"], "to": bounds["from"]})
    assert (refused.status, refused.json["field"]) == (400, "to")


def test_a_forecast_tells_when_waiting_jobs_are_done(api: Api, alice: Person, container: Container, rig: Rig) -> None:
    who = {"tenant_id": alice.user.tenant_id, "owner_id": alice.id}
    assert api.get("/analytics/forecast", by=alice).json["forecast"]["drainS"] == 0
    rig.enqueue([rig.new("t", **who) for _ in range(4)])
    found = api.get("/analytics/forecast", by=alice).json["forecast"]
    assert (found["waiting"], found["drainS"]) == (4, None), "nothing ends"
    each = Increments(alice.user.tenant_id, "a", "t", span_start(container.clock.now(), Span.MINUTE))
    each.counts.update(completed=1_000)
    container.rollups.add([each])
    found = api.get("/analytics/forecast", by=alice).json["forecast"]
    assert found["endedPerMin"] > found["submittedPerMin"] > 0
    assert 0 < found["drainS"] < 60


def test_deployments_are_marked_once_for_a_version(api: Api, alice: Person, container: Container) -> None:
    now = container.clock.now()
    assert container.deployments.note("0.1.0+a", now - timedelta(minutes=5))
    assert not container.deployments.note("0.1.0+a", now)
    assert container.deployments.note(version(), now)
    marks = ask(api, alice)["deployments"]
    assert [mark["version"] for mark in marks] == ["0.1.0+a", version()]
