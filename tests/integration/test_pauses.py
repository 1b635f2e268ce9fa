"""Pauses of all queues of a tenant and of everything. The fixture compares both stores at the end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

import chalicelib.api.container as composition
from chalicelib.domain.jobs import JobStatus, NewJob
from chalicelib.domain.principals import Principal, Role
from chalicelib.settings import Settings
from tests.api_client import Api
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration
ADMIN = Principal(ALICE.user_id, ALICE.tenant_id, Role.ADMIN)
BOB = Principal("b" * 24, "2" * 24, Role.ADMIN)
OPERATOR = Principal("c" * 24, "3" * 24, Role.OPERATOR)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)


def submit(timed: Timed, who: Principal, *queues: str) -> set[str]:
    news = [NewJob("a job", queue=queue) for queue in queues]
    return {each.job.id for each in timed.container.jobs.submit(who, news, "trace")}


def test_a_paused_tenant_gets_no_turn_and_others_do(timed: Timed) -> None:
    queues = timed.container.queues
    hers, his = submit(timed, ADMIN, "one", "two"), submit(timed, BOB, "one")
    assert queues.set_tenant_paused(ADMIN, ADMIN.tenant_id, paused=True)
    assert not queues.set_tenant_paused(ADMIN, ADMIN.tenant_id, paused=True)

    got = {job.id for job in timed.claim(want=10)}
    assert got == his
    later = submit(timed, ADMIN, "three")
    assert timed.claim("second") == []

    queues.set_tenant_paused(ADMIN, ADMIN.tenant_id, paused=False)
    assert {job.id for job in timed.claim("third")} == hers | later
    timed.travel(20)
    timed.container.lease_rescue.run()


def test_everything_is_paused_and_resumed(timed: Timed) -> None:
    queues = timed.container.queues
    jobs = submit(timed, ADMIN, "one", "two") | submit(timed, BOB, "one")
    assert queues.set_everything_paused(OPERATOR, paused=True)

    assert timed.claim() == []
    assert queues.pauses(BOB)[1] is not None

    queues.set_everything_paused(OPERATOR, paused=False)
    assert {job.id for job in timed.claim("second")} == jobs
    timed.travel(20)
    timed.container.lease_rescue.run()


def test_what_is_paused_by_itself_stays_paused(timed: Timed) -> None:
    queues = timed.container.queues
    jobs = submit(timed, ADMIN, "open", "held")
    queues.set_paused(ADMIN, "held", paused=True)
    queues.set_tenant_paused(ADMIN, ADMIN.tenant_id, paused=True)
    queues.set_everything_paused(OPERATOR, paused=True)
    assert timed.claim("a") == []
    queues.set_everything_paused(OPERATOR, paused=False)
    assert timed.claim("b") == []
    queues.set_tenant_paused(ADMIN, ADMIN.tenant_id, paused=False)

    (job,) = timed.claim("c")
    assert job.queue == "open"
    assert [queue.paused for queue in queues.list(ADMIN) if queue.name == "held"] == [True]
    queues.set_paused(ADMIN, "held", paused=False)
    assert {job.id for job in timed.claim("d")} == jobs - {job.id}
    timed.travel(20)
    timed.container.lease_rescue.run()


def test_more_lanes_than_one_resume_returns_at_once(timed: Timed) -> None:
    queues = timed.container.queues
    jobs = submit(timed, ADMIN, *(f"q{n}" for n in range(250)))
    for set_paused in (
        partial(queues.set_tenant_paused, ADMIN, ADMIN.tenant_id),
        partial(queues.set_everything_paused, OPERATOR),
    ):
        set_paused(paused=True)
        assert timed.claim("none", want=1) == []
        set_paused(paused=False)
    found: set[str] = set()
    for n in range(60):
        found |= {job.id for job in timed.claim(f"some {n}", want=10)}
    assert found == jobs
    timed.travel(20)
    while timed.container.lease_rescue.run():
        pass


def test_a_rebuild_and_the_sweep_restore_pauses(timed: Timed) -> None:
    container = timed.container
    submit(timed, ADMIN, "one")
    container.queues.set_tenant_paused(ADMIN, ADMIN.tenant_id, paused=True)
    container.queues.set_everything_paused(OPERATOR, paused=True)
    held = {f"{ADMIN.tenant_id}/", "*/"}
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.rebuilder.ensure_open()
    assert container.engine.paused_lanes() == held
    assert timed.claim() == []

    container.redis.srem(container.keys.paused, *held)
    container.sweeper.sweep()
    assert container.engine.paused_lanes() == held


def test_a_job_says_which_pause_it_waits_for(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "get_container", lambda: timed.container)
    api = Api(timed.container)
    admin = api.person(Role.ADMIN)
    operator = api.person(Role.OPERATOR)
    job = api.post("/job/create", {"name": "Held"}, by=admin).json["job"]["_id"]

    def waits_for() -> list[dict[str, object]]:
        found: list[dict[str, object]] = api.get(f"/job/{job}", by=admin).json["job"]["blockedBy"]
        return [{name: each[name] for name in ("queue", "tenant", "why")} for each in found]

    assert waits_for() == []
    assert api.post("/pause", by=operator).json == {"success": True, "paused": True, "changed": True}
    assert waits_for() == [{"queue": None, "tenant": None, "why": "paused"}]
    api.post("/tenant/pause", by=admin)
    assert waits_for() == [{"queue": None, "tenant": admin.user.tenant_id, "why": "paused"}]
    shown = api.get("/pauses", by=admin).json
    assert shown["tenant"]["by"] == admin.id
    assert shown["everything"]["by"] == operator.id
    api.post("/resume", by=operator)
    api.post("/tenant/resume", by=admin)
    assert waits_for() == []
    assert api.get("/pauses", by=admin).json == {
        "success": True,
        "tenant": None,
        "everything": None,
        "tasks": [],
    }
    assert timed.container.job_store.get(job).status is JobStatus.PENDING
    log = api.get("/audit", by=admin, query={"action": "tenant.pause"}).json["entries"]
    assert [entry["after"]["paused"] for entry in log] == [True]
    assert [kind for kind, _ in timed.event_types()].count("queue:updated") == 2
