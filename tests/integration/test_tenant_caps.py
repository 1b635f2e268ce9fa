"""Limits of one tenant, and that its use of lists, pauses and logs does not affect others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import orjson
import pytest
from pymongo import monitoring

import chalicelib.api.container as composition
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import JobStatus, precedence
from chalicelib.queue.events import EventId
from chalicelib.services.throttles import PAUSES_PER_MINUTE
from tests.api_client import Api
from tests.container import Container
from tests.jobs import a_job, finish, prepare, put, start
from tests.script_harness import NOW, OWNER, TENANT, ScriptHarness

pytestmark = pytest.mark.integration
MEGABYTE = 1024 * 1024
FREE: dict[str, Any] = {"rate_limit_max_requests": 0, "max_active_jobs_per_user": 0}


@pytest.fixture
def bound(container: Container, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Api]:
    """The API with other limits."""

    def bind(**limits: Any) -> Api:
        limited = Container(replace(container.settings, **{**FREE, **limits}))
        for name in ("mongo", "redis"):
            limited.__dict__[name] = getattr(container, name)
        prepare(limited)
        monkeypatch.setattr(composition, "get_container", lambda: limited)
        return Api(limited)

    return bind


# --- limits of a tenant ------------------------------------------------------------------------------


def test_open_jobs_of_a_tenant_are_limited_over_all_its_users(bound: Callable[..., Api]) -> None:
    api = bound(max_open_jobs_per_tenant=3)
    alice, stranger = api.person(), api.person()
    bob = api.person(tenant_id=alice.user.tenant_id)
    job = {"name": "x", "delay_s": 600}

    assert api.post("/job/bulk", {"jobs": [job] * 2}, by=alice).status == 201
    assert api.post("/job/bulk", {"jobs": [job] * 2}, by=bob).json["code"] == "too_many_open_jobs"
    assert api.post("/job/create", {"name": "x"}, by=bob).status == 201
    assert api.post("/job/create", job, by=alice).status == 429
    assert api.post("/job/create", job, by=stranger).status == 201
    finish(api.container, start(api.container)[0])
    assert api.post("/job/create", job, by=alice).status == 201


def test_queues_of_a_tenant_are_limited_and_empty_ones_do_not_count(bound: Callable[..., Api]) -> None:
    api = bound(max_queues_per_tenant=2)
    alice = api.person()

    def create(*queues: str) -> tuple[int, str | None]:
        answer = api.post("/job/bulk", {"jobs": [{"name": "x", "queue": queue} for queue in queues]}, by=alice)
        return answer.status, answer.json.get("code")

    assert create("one", "two", "two") == (201, None)
    assert create("one", "three") == (429, "too_many_queues")
    assert create("two") == (201, None)
    for job in start(api.container):
        if job.queue == "one":
            finish(api.container, job)
    assert create("three") == (201, None)
    assert set(api.container.engine.open_by_queue(alice.user.tenant_id)) == {"two", "three"}


def test_paused_queues_of_a_tenant_are_limited(bound: Callable[..., Api]) -> None:
    api = bound(max_queues_per_tenant=2)
    alice, other = api.person(), api.person()
    statuses = [api.post(f"/queues/q{n}/pause", by=alice).status for n in range(3)]

    assert statuses == [200, 200, 429]
    assert api.post("/queues/q9/pause", by=other).status == 200
    assert api.post("/queues/q0/resume", by=alice).status == 200
    assert api.post("/queues/q2/pause", by=alice).status == 200


def test_pausing_and_resuming_is_throttled_for_all_admins_together(bound: Callable[..., Api]) -> None:
    api = bound()
    admins = [api.person()]
    admins.append(api.person(tenant_id=admins[0].user.tenant_id))
    api.container.throttles.pause(admins[0].user.tenant_id)
    key = api.container.keys.throttle("pause", admins[0].user.tenant_id)
    api.container.redis.set(key, PAUSES_PER_MINUTE - 1, keepttl=True)

    assert api.post("/queues/q/pause", by=admins[0]).status == 200
    answer = api.post("/queues/q/resume", by=admins[1])
    assert (answer.status, answer.json["code"]) == (429, "throttled")


# --- cost of lists ------------------------------------------------------------------------------------------


class Reads(monitoring.CommandListener):
    """Records the reads of jobs."""

    def __init__(self) -> None:
        self.of_jobs: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command.get(event.command_name) == "jobs":
            self.of_jobs.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""


@contextmanager
def reading(container: Container) -> Iterator[Reads]:
    from pymongo import MongoClient

    reads, known = Reads(), container.__dict__["mongo"]
    client: MongoClient[Any] = MongoClient(container.settings.mongodb_uri, event_listeners=[reads], tz_aware=True)
    container.__dict__["mongo"] = client
    for name in ("db", "queues", "queue_store", "series_store", "user_store", "sessions", "job_search"):
        container.__dict__.pop(name, None)
    yield reads
    container.__dict__["mongo"] = known
    client.close()


def test_the_list_of_queues_reads_no_job(bound: Callable[..., Api]) -> None:
    """So its cost does not depend on the number of jobs."""
    api = bound()
    alice = api.person()
    for body in ({"name": "x", "priority": 1}, {"name": "x", "priority": 9}, {"name": "x", "delay_s": 600}):
        api.post("/job/create", body, by=alice)
    put(api.container, [a_job(alice.principal, status=JobStatus.PENDING) for _ in range(3)])

    with reading(api.container) as reads:
        answer = api.get("/queues", by=alice)

    assert reads.of_jobs == []
    [queue] = answer.json["queues"]
    assert (queue["ready"], queue["scheduled"]) == (2, 1), "as Redis has it"
    assert queue["oldestAgeMs"] >= 0


def test_the_oldest_is_found_behind_higher_priorities_of_a_strict_queue(harness: ScriptHarness) -> None:
    waiting = [harness.job(priority=9, ready=50), harness.job(priority=0, ready=5), harness.job(priority=5, ready=20)]
    jobs = [job.with_(precedence=precedence(job.priority, age_s=60, strict=True)) for job in waiting]
    harness.put(*jobs)

    [wait] = harness.engine.waits(TENANT, ["default"])

    assert (wait.ready, wait.since_ms) == (3, int(jobs[1].ready_at.timestamp() * 1000))


def test_a_queue_of_an_earlier_layout_is_rebuilt_once(container: Container) -> None:
    """It has no counts by queue."""
    epoch = int(container.redis.get(container.keys.epoch) or 0)
    container.redis.delete(container.keys.layout)

    container.rebuilder.ensure_open()
    container.rebuilder.ensure_open()

    assert int(container.redis.get(container.keys.epoch) or 0) == epoch + 1


# --- the event log --------------------------------------------------------------------------------------------


def logs(size: int, tenant: str = TENANT) -> Event:
    return Event(EventType.LOG, tenant, OWNER, {"lines": ["x" * size]}, NOW)


def test_the_log_is_bounded_in_bytes(harness: ScriptHarness) -> None:
    harness.container.scripts.constants["log_mb"] = 3
    for _ in range(2):  # 8 MB by tenants within their shares
        for n in range(64):
            harness.container.event_log.publish([logs(MEGABYTE // 16, f"{n:024x}")])

    kept = sum(len(message) for message in harness.events())

    assert 2 * MEGABYTE <= kept <= 4 * MEGABYTE
    first = harness.container.event_log.first_id()
    assert first is not None and first.seq > 1, "the loss is known: clients get resync"


def test_one_tenant_cannot_fill_the_log(harness: ScriptHarness) -> None:
    """Events of others stay; a client that resumes gets ``resync`` in place of the missing ones."""
    harness.container.scripts.constants["log_mb"] = 8
    harness.container.event_log.publish([logs(10, "c" * 24)])
    channel = harness.redis.pubsub(ignore_subscribe_messages=True)
    channel.subscribe(harness.container.settings.job_events_channel)
    for _ in range(12):
        harness.container.event_log.publish([logs(MEGABYTE, TENANT)])

    entries = harness.container.event_log.read(EventId(0, 0), 100)
    messages = [orjson.loads(entry.message) for entry in entries]
    assert entries[0].tenant_id == "c" * 24
    assert [entry.id.seq for entry in entries] == list(range(1, 14)), "no gap"
    assert {message["type"] for message in messages[2:]} == {"resync"}
    assert messages[-1]["data"]["lastEventId"] == str(entries[-1].id)
    live = [message for _ in range(50) if (message := channel.get_message(timeout=1.0 if _ == 0 else 0.05))]
    assert {orjson.loads(message["data"])["type"] for message in live} == {"job:log"}, "live, all are published"
    channel.close()
