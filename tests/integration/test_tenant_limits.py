"""The concurrency of a tenant over the API: what it lets begin, what waits, and what is shown of it."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chalicelib.domain.principals import Role
from chalicelib.queue.census import Census
from chalicelib.queue.events import EventId
from chalicelib.queue.shares import Share
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import InvocationLog, finish, prepare, start, submit

pytestmark = pytest.mark.integration


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, "RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}


@pytest.fixture(autouse=True)
def invocations(container: Container) -> InvocationLog:
    return prepare(container)


def set_concurrency(api: Api, who: Person, concurrency: int | None) -> None:
    answer = api.put("/tenant/settings", {"concurrency": concurrency}, by=who)
    assert answer.status == 200, answer.text


def limit(api: Api, who: Person, **query: str) -> dict[str, Any]:
    answer = api.get("/limits", by=who, query=query)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json["tenant"]
    return found


def blocks(api: Api, who: Person, job_id: str) -> Any:
    return api.get(f"/job/{job_id}", by=who).json["job"]["blockedBy"]


def test_it_holds_for_jobs_that_wait_already(api: Api, alice: Person, container: Container) -> None:
    stranger = api.person()
    jobs = [submit(container, alice.principal, queue=f"q{n % 2}") for n in range(5)]
    submit(container, stranger.principal)
    set_concurrency(api, alice, 2)
    running = [job for job in start(container) if job.tenant_id == alice.user.tenant_id]
    assert len(running) == 2
    assert limit(api, alice) == {"concurrency": 2, "held": 2, "waiting": 3, "waitingIsExact": True}
    (waiting,) = {job.id for job in jobs[4:]} - {job.id for job in running}
    assert blocks(api, alice, waiting) == [
        {"limit": None, "key": None, "queue": None, "tenant": alice.user.tenant_id, "task": None, "why": "full",
         "held": 2, "of": 2, "until": None}
    ]  # fmt: skip
    assert start(container, "again") == []
    finish(container, running[0])
    assert len(start(container, "t")) == 1
    assert limit(api, alice)["waiting"] == 2


def test_jobs_that_run_when_it_is_set_count(api: Api, alice: Person, container: Container) -> None:
    for _ in range(4):
        submit(container, alice.principal)
    claimed = container.engine.claim("first", 2).ids
    set_concurrency(api, alice, 3)
    assert limit(api, alice)["held"] == len(claimed) == 2
    assert len(start(container)) == 1
    assert Census(container.redis, container.scripts).differences() == []


def test_a_raise_wakes_a_worker(
    api: Api, alice: Person, container: Container, invocations: InvocationLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_concurrency(api, alice, 1)
    for _ in range(3):
        submit(container, alice.principal)
    assert len(start(container)) == 1
    container.redis.delete(container.keys.waking)
    invocations.made.clear()
    set_concurrency(api, alice, None)
    assert len(invocations.made) == 1
    assert len(start(container, "t")) == 2
    assert limit(api, alice) == {"concurrency": None, "held": None, "waiting": 0, "waitingIsExact": True}


def test_the_maximum_of_the_operator_is_a_limit_too(api: Api, alice: Person, container: Container) -> None:
    operator, tenant = api.person(Role.OPERATOR), alice.user.tenant_id
    for _ in range(3):
        submit(container, alice.principal)
    assert api.put(f"/tenants/{tenant}/maxima", {"concurrency": 1}, by=operator).status == 200
    assert len(start(container)) == 1
    assert limit(api, operator, tenant=tenant)["concurrency"] == 1
    assert api.get("/limits", by=alice, query={"tenant": operator.user.tenant_id}).status == 403
    assert limit(api, operator, tenant="f" * 24)["concurrency"] is None, "there is no such tenant"


def test_a_change_is_an_event_of_the_tenant(api: Api, alice: Person, container: Container) -> None:
    set_concurrency(api, alice, 7)
    (event,) = [e for e in container.event_log.read(EventId(0, 0), 100) if b'"tenant:updated"' in e.message]
    assert b'"concurrency":7' in event.message and alice.user.tenant_id.encode() in event.message


def test_prometheus_counts_all_tenants_together(api: Api, alice: Person, container: Container) -> None:
    for who in (alice, api.person()):
        set_concurrency(api, who, 1)
        for _ in range(3):
            submit(container, who.principal)
    start(container)
    families = {f.name: f for f in text_string_to_metric_families(api.get("/prometheus/metrics").text)}
    assert families["queuecraft_tenant_limit_held"].samples[0].value == 2
    assert families["queuecraft_tenant_limit_waiting_lanes"].samples[0].value == 2


class TestLoss:
    """Redis follows the records."""

    def test_the_sweep_sets_what_was_lost_alone(self, api: Api, alice: Person, container: Container) -> None:
        set_concurrency(api, alice, 1)
        for n in range(4):
            submit(container, alice.principal, queue=f"q{n}")
        first = start(container)
        container.redis.delete(container.keys.costs)
        finish(container, first[0])
        assert len(start(container, "t")) == 3
        assert container.tenant_settings_settlement.run() == 1
        assert limit(api, alice)["held"] == 3
        assert container.tenant_settings_settlement.run() == 0

    def test_a_rebuild_counts_running_jobs(self, api: Api, alice: Person, container: Container) -> None:
        set_concurrency(api, alice, 2)
        for _ in range(4):
            submit(container, alice.principal)
        running = start(container)
        assert len(running) == 2
        container.redis.delete(*container.redis.scan_iter(match=container.keys.pattern, count=1000))
        container.rebuilder.ensure_open()
        assert container.shares.of([alice.user.tenant_id]) == {alice.user.tenant_id: Share(1, 2)}
        assert limit(api, alice)["held"] == 2
        assert start(container, "t") == []
        finish(container, running[0])
        assert len(start(container, "t")) == 1
