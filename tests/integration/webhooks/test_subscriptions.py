"""What processes know of webhooks, and what it costs where there are none."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo import MongoClient, monitoring

from chalicelib.domain.jobs import JobStatus
from tests.api_client import Api, Person
from tests.container import Container
from tests.support import ManualClock, wait_until
from tests.webhooks import subscribe
from tests.worker_support import TENANT, Rig

pytestmark = pytest.mark.integration


class Commands(monitoring.CommandListener):
    """Counts the commands that MongoDB gets, by name and collection."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.seen.append((event.command_name, str(event.command.get(event.command_name))))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


def ends(container: Container, count: int, tenant: str) -> list[tuple[str, str]]:
    """End so many jobs of a tenant, a write each; return the commands of the writes."""
    commands = Commands()
    client: MongoClient[dict[str, Any]] = MongoClient(container.settings.mongodb_uri, event_listeners=[commands])
    rig = Rig(container)
    jobs = [rig.new("works", tenant_id=tenant) for _ in range(count)]
    container.job_store.insert(jobs)
    watched = Container(container.settings, clock=ManualClock(container.clock.now()))
    watched.__dict__["mongo"] = client
    now = container.clock.now()
    watched.subscriptions.exist()  # known before, as in a process that runs
    commands.seen.clear()
    for job in jobs:
        ended = job.with_(status=JobStatus.CANCELLED, rev=2, updated_at=now, finished_at=now)
        (written,) = watched.job_store.advance([(1, ended)])
        watched.dispatcher.dispatch([written] if written else [])
    seen = [*commands.seen]
    watched.close()
    return seen


def test_a_tenant_without_webhooks_pays_nothing(api: Api, admin: Person, container: Container) -> None:
    plain = ends(container, 20, TENANT)
    assert set(plain) == {("update", "jobs")}
    assert len(plain) == 20

    stranger = api.person()
    subscribe(api, stranger, "https://example.com/")
    beside = ends(container, 20, TENANT)

    assert beside == plain
    assert len(ends(container, 5, stranger.user.tenant_id)) > 15


def test_a_change_holds_in_another_process_a_second_later(api: Api, admin: Person, container: Container) -> None:
    other = Container(container.settings)
    assert other.subscriptions.of(TENANT) == frozenset()
    webhook, _ = subscribe(api, admin, "https://example.com/", "job.dead")
    wait_until(lambda: other.subscriptions.of(TENANT) == {"job.dead"}, 10)
    api.delete(f"/webhooks/{webhook}", by=admin)
    wait_until(lambda: not other.subscriptions.exist(), 10)
    other.close()
