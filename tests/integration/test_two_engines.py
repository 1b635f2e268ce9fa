"""Two engines on one Valkey: each has a namespace, a channel of events and a database, and they share nothing else.

This is what docs/scale.md says of several engines.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from redis.crc import key_slot

from chalicelib.domain.jobs import JobStatus
from chalicelib.errors import QueueClosed
from chalicelib.queue.limit_instances import Definition
from chalicelib.settings import Settings
from tests.conftest import TEST_SECRET
from tests.container import Container
from tests.databases import Databases
from tests.worker_support import QUICK, TENANT, Rig
from worker_fn import TaskContext

pytestmark = pytest.mark.integration


@pytest.fixture
def engines(mongo_url: str, redis_url: str, databases: Databases) -> Iterator[list[Rig]]:
    rigs = []
    for number in (1, 2):
        name = f"engine-{number}-{uuid.uuid4().hex[:8]}"
        env = {
            "MONGODB_URI": mongo_url, "REDIS_URL": redis_url, "SECRET_KEY": TEST_SECRET,
            "MONGODB_DATABASE": databases.take(), "REDIS_NAMESPACE": name, "REDIS_JOB_EVENTS_CHANNEL": f"events-{name}",
        }  # fmt: skip
        container = Container(replace(Settings.from_env(env), **QUICK))
        container.rebuilder.ensure_open()
        rigs.append(Rig(container))
    yield rigs
    for rig in rigs:
        rig.container.redis.delete(*keys_of(rig))
        rig.container.close()
        databases.give_back(rig.container.settings.mongodb_database)


def keys_of(rig: Rig) -> list[bytes]:
    return list(rig.container.redis.scan_iter(rig.container.keys.pattern, count=1000))


def test_each_engine_runs_its_own_jobs(engines: list[Rig]) -> None:
    ran: list[tuple[int, str]] = []

    def add(number: int, rig: Rig) -> None:
        @rig.task("note")
        def note(ctx: TaskContext, payload: dict[str, str]) -> None:
            ran.append((number, payload["of"]))

    for number, rig in enumerate(engines):
        add(number, rig)
    jobs = [rig.submit("note", {"of": str(number)}) for number, rig in enumerate(engines) for _ in range(3)]
    engines[0].run()
    assert [rig.counts().get("done", 0) for rig in engines] == [3, 0]
    engines[1].run()
    assert [rig.counts()["done"] for rig in engines] == [3, 3]
    assert sorted(ran) == [(0, "0")] * 3 + [(1, "1")] * 3
    assert {engines[n // 3].job(job).status for n, job in enumerate(jobs)} == {JobStatus.COMPLETED}


def test_all_keys_of_an_engine_are_in_one_slot(engines: list[Rig]) -> None:
    for rig in engines:

        @rig.task("nothing")
        def nothing(ctx: TaskContext, payload: dict[str, str]) -> None:
            return None

        rig.submit("nothing")
        rig.run()
    slots = [{key_slot(key) for key in keys_of(rig)} for rig in engines]
    assert [len(each) for each in slots] == [1, 1]
    assert len(keys_of(engines[0])) > 5


def test_an_engine_that_loses_its_keys_is_rebuilt_while_the_other_goes_on(engines: list[Rig]) -> None:
    lost, other = engines
    kept = lost.submit("later")
    other.submit("later")
    epoch = other.container.redis.get(other.container.keys.epoch)
    lost.container.redis.delete(*keys_of(lost))
    with pytest.raises(QueueClosed):
        lost.container.engine.claim("t", 1)
    assert len(other.container.engine.claim("t", 1).ids) == 1

    lost.container.rebuilder.ensure_open()
    assert lost.container.engine.claim("t", 5).ids == [kept.id]
    assert other.container.redis.get(other.container.keys.epoch) == epoch


def test_a_limit_shared_by_tenants_is_counted_by_each_engine(engines: list[Rig]) -> None:
    for rig in engines:
        rig.container.limit_scripts.define([Definition("*", "all", concurrency=1)])
        rig.enqueue([rig.new("later", limits=("*all",)) for _ in range(2)])
    claimed = [rig.container.engine.claim("t", 2).ids for rig in engines]
    assert [len(ids) for ids in claimed] == [1, 1]


def test_slots_of_the_fleet_are_those_of_one_engine(engines: list[Rig]) -> None:
    whole = engines[0].container.settings.job_fleet_concurrency
    assert [rig.container.fleet.join("w", whole) for rig in engines] == [whole, whole]
    assert engines[0].container.fleet.join("another", 1) == 0


def test_counts_of_a_tenant_are_those_of_one_engine(engines: list[Rig]) -> None:
    engines[0].submit("later")
    counts = [rig.container.engine.counts(f"t:{TENANT}").get("submitted", 0) for rig in engines]
    assert counts == [1, 0]
