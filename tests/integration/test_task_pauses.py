"""Pauses of tasks: their jobs wait in whatever queues, those of other tasks go on, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

import chalicelib.api.container as composition
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Principal, Role
from chalicelib.domain.tasks import TaskSpec
from chalicelib.settings import Settings
from tests.api_client import Api
from tests.container import Container
from tests.worker_support import OWNER, QUICK, TENANT, Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration
ADMIN = Principal(OWNER, TENANT, Role.ADMIN)
OPERATOR = Principal("c" * 24, "3" * 24, Role.OPERATOR)


@pytest.fixture
def container(settings: Settings) -> Iterator[Container]:
    container = Container(replace(settings, **QUICK))
    container.rebuilder.ensure_open()
    container.catalogue.register([TaskSpec("send", {}), TaskSpec("other", {}), TaskSpec("queuecraft.export", {})])
    yield container
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()


@pytest.fixture
def rig(container: Container) -> Iterator[Rig]:
    with Rig(container) as rig:
        for name in ("send", "other"):

            @rig.task(name)
            def run(ctx: TaskContext, payload: dict[str, Any]) -> None:
                """End well."""

        yield rig


def statuses(rig: Rig, jobs: list[Job]) -> list[JobStatus]:
    return [rig.job(job).status for job in jobs]


def test_jobs_of_a_paused_task_wait_in_all_queues_and_others_go_on(rig: Rig) -> None:
    queues = rig.container.queues
    assert queues.set_task_paused(ADMIN, "send", paused=True)
    assert not queues.set_task_paused(ADMIN, "send", paused=True)
    held = [rig.submit("send", queue=f"q{n % 3}") for n in range(9)]
    free = [rig.submit("other", queue=f"q{n % 3}") for n in range(9)]
    rig.run()
    assert statuses(rig, free) == [JobStatus.COMPLETED] * 9
    assert statuses(rig, held) == [JobStatus.PENDING] * 9
    assert rig.container.engine.leases() == []
    assert all(job.attempt == 0 for job in map(rig.job, held))
    assert sum(queue.ready for queue in queues.list(ADMIN)) == 9

    assert queues.set_task_paused(ADMIN, "send", paused=False)
    rig.run()
    assert statuses(rig, held) == [JobStatus.COMPLETED] * 9
    rig.settled()
    assert rig.counts()["done"] == 18
    assert "pending" not in rig.counts()


def test_parked_jobs_keep_no_worker_and_are_claimed_once(rig: Rig) -> None:
    rig.container.queues.set_task_paused(ADMIN, "send", paused=True)
    for _ in range(5):
        rig.submit("send")
    rig.run()
    claim = rig.container.engine.claim("token", 10)
    assert (claim.ids, claim.groups_left) == ([], 0)
    # the next ones join the parked lane after one claim
    rig.submit("send")
    rig.run()
    assert rig.container.engine.claim("token", 10).ids == []
    rig.container.queues.set_task_paused(ADMIN, "send", paused=False)
    assert len(rig.container.engine.claim("token", 10).ids) == 6


def test_another_tenant_is_not_affected_unless_all_are_paused(rig: Rig) -> None:
    queues = rig.container.queues
    queues.set_task_paused(ADMIN, "send", paused=True)
    own, other = rig.submit("send"), rig.submit("send", tenant_id="9" * 24, owner_id="8" * 24)
    rig.run()
    assert statuses(rig, [own, other]) == [JobStatus.PENDING, JobStatus.COMPLETED]
    assert queues.set_task_paused(OPERATOR, "send", paused=True, every_tenant=True)
    other = rig.submit("send", tenant_id="9" * 24, owner_id="8" * 24)
    rig.run()
    assert rig.job(other).status is JobStatus.PENDING
    # each pause ends by itself
    queues.set_task_paused(ADMIN, "send", paused=False)
    rig.run()
    assert statuses(rig, [own, other]) == [JobStatus.PENDING] * 2
    queues.set_task_paused(OPERATOR, "send", paused=False, every_tenant=True)
    rig.run()
    assert statuses(rig, [own, other]) == [JobStatus.COMPLETED] * 2


def test_limits_hold_after_the_pause_and_are_not_used_up_by_it(rig: Rig) -> None:
    container = rig.container
    container.queues.set_task_paused(ADMIN, "send", paused=True)
    held = [rig.submit("send", limits=("account",)) for _ in range(3)]
    rig.run()
    assert statuses(rig, held) == [JobStatus.PENDING] * 3
    assert container.redis.zcard(container.keys.holders) == 0
    container.queues.set_task_paused(ADMIN, "send", paused=False)
    rig.run()
    assert statuses(rig, held) == [JobStatus.COMPLETED] * 3
    rig.settled()
    assert container.redis.zcard(container.keys.holders) == 0


def test_more_lanes_than_one_resume_returns_at_once(rig: Rig) -> None:
    queues = rig.container.queues
    for set_paused in (
        partial(queues.set_task_paused, ADMIN, "send"),
        partial(queues.set_task_paused, OPERATOR, "send", every_tenant=True),
    ):
        set_paused(paused=True)
        jobs = [rig.submit("send", queue=f"q{n}") for n in range(230)]
        rig.run()
        assert set(statuses(rig, jobs)) == {JobStatus.PENDING}
        set_paused(paused=False)
        rig.run()
        assert set(statuses(rig, jobs)) == {JobStatus.COMPLETED}
        rig.settled()


def test_a_rebuild_and_the_sweep_restore_the_pause(rig: Rig) -> None:
    container = rig.container
    container.queues.set_task_paused(ADMIN, "send", paused=True)
    held = rig.submit("send")
    rig.run()
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.rebuilder.ensure_open()
    name = f"{TENANT}/~task.send"
    assert container.engine.paused_lanes() == {name}
    rig.run()
    assert rig.job(held).status is JobStatus.PENDING
    container.redis.srem(container.keys.paused, name)
    container.sweeper.sweep()
    assert container.engine.paused_lanes() == {name}
    # and a resume whose caller died before Redis knew of it
    container.queue_store.set_paused(TENANT, "~task.send", paused=False, by=OWNER, at=container.clock.now())
    container.sweeper.sweep()
    rig.run()
    assert rig.job(held).status is JobStatus.COMPLETED


def test_held_jobs_are_cancelled_and_deleted_as_others_are(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "get_container", lambda: rig.container)
    api = Api(rig.container)
    api.container.tenant_store.add(TENANT, "a tenant", rig.container.clock.now())
    admin = api.person(Role.ADMIN, tenant_id=TENANT)
    rig.container.queues.set_task_paused(ADMIN, "send", paused=True)
    job = rig.submit("send")
    rig.run()
    assert api.post(f"/job/{job.id}/cancel", by=admin).status == 200
    assert rig.job(job).status is JobStatus.CANCELLED
    assert api.delete(f"/job/{job.id}", by=admin).status == 200
    rig.container.queues.set_task_paused(ADMIN, "send", paused=False)
    rig.run()
    assert "pending" not in rig.counts()


def test_nothing_is_asked_while_nothing_is_paused(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def paused_tasks(tasks: Any) -> set[Any]:
        asked.append(tasks)
        return set()

    monkeypatch.setattr(rig.container.engine, "paused_tasks", paused_tasks)
    job = rig.submit("send")
    rig.run()
    assert rig.job(job).status is JobStatus.COMPLETED
    assert asked == []


def test_routes_pause_a_task_and_say_so(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "get_container", lambda: rig.container)
    api = Api(rig.container)
    admin, operator = api.person(Role.ADMIN), api.person(Role.OPERATOR)
    since = rig.container.event_log.last_id()
    assert api.post("/tasks/send/pause", by=admin).json == {"success": True, "paused": True, "changed": True}
    job = api.post("/job/create", {"name": "Held", "task": "send"}, by=admin).json["job"]["_id"]
    (block,) = api.get(f"/job/{job}", by=admin).json["job"]["blockedBy"]
    assert {name: block[name] for name in ("task", "queue", "tenant", "limit", "why")} == {
        "task": "send", "queue": None, "tenant": None, "limit": None, "why": "paused",
    }  # fmt: skip
    (shown,) = api.get("/pauses", by=admin).json["tasks"]
    assert (shown["name"], shown["by"], shown["everyTenant"]) == ("send", admin.id, False)
    assert all(queue["name"] == "default" for queue in api.get("/queues", by=admin).json["queues"])
    assert api.post("/tasks/send/pause", by=operator, query={"scope": "all"}).json["changed"] is True
    assert [each["everyTenant"] for each in api.get("/pauses", by=admin).json["tasks"]] == [False, True]
    assert 'queuecraft_pauses{kind="task"} 2' in api.get("/prometheus/metrics").text
    for wrong, status in (("absent", 404), ("queuecraft.export", 404), ("a%20b", 404)):
        assert api.post(f"/tasks/{wrong}/pause", by=admin).status == status
    assert api.post("/tasks/send/pause", by=admin, query={"scope": "all"}).status == 403
    both = api.post("/tasks/send/pause", by=operator, query={"scope": "all", "tenant": TENANT})
    assert both.status == 400
    for by, query in ((admin, {}), (operator, {"scope": "all"})):
        assert api.post("/tasks/send/resume", by=by, query=query).json["changed"] is True
    assert api.get("/pauses", by=admin).json["tasks"] == []
    log = api.get("/audit", by=admin, query={"target": "task:send"}).json["entries"]
    assert [(entry["action"], entry["after"]["paused"]) for entry in log] == [
        ("task.resume", False),
        ("task.pause", True),
    ]
    assert since is not None
    updates = [entry for entry in rig.container.event_log.read(since) if b"task:updated" in entry.message]
    assert [entry.tenant_id for entry in updates] == [admin.user.tenant_id, "*", admin.user.tenant_id, "*"]
