"""A worker whose databases do not answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from infra.local.databases import MongoServer, ValkeyServer, free_port
from tests.container import Container
from tests.support import wait_until
from tests.worker_support import QUICK, Gate, Rig

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **{**QUICK, "max_active_jobs_per_user": 0, "lease_ms": 1_000, "heartbeat_ms": 100})


@pytest.fixture
def own_servers(tmp_path: Path) -> Iterator[tuple[MongoServer, ValkeyServer]]:
    mongo, valkey = MongoServer(tmp_path / "m", free_port()), ValkeyServer(tmp_path / "v", free_port())
    with mongo, valkey:
        yield mongo, valkey


@pytest.fixture
def own_rig(own_servers: tuple[MongoServer, ValkeyServer], settings: Settings) -> Iterator[Rig]:
    mongo, valkey = own_servers
    container = Container(replace(settings, mongodb_uri=mongo.uri, redis_url=valkey.uri, lease_ms=5_000))
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()
    with Rig(container) as rig:
        yield rig
    container.close()


def test_a_worker_without_databases_ends(own_rig: Rig, own_servers: tuple[MongoServer, ValkeyServer]) -> None:
    own_servers[1].kill()
    assert own_rig.run(2.0).reason == "the databases do not answer"
    assert own_rig.lines("join_failed")
    own_servers[1].start()


def test_ends_wait_while_mongodb_is_down(own_rig: Rig, own_servers: tuple[MongoServer, ValkeyServer]) -> None:
    gate = Gate(own_rig)
    mongo, _ = own_servers
    jobs = [own_rig.submit("async", timeout_s=60) for _ in range(5)]
    own_rig.start()
    for job in jobs:
        own_rig.wait(job, JobStatus.RUNNING)
    mongo.kill()
    gate.open.set()
    for _ in jobs:
        assert gate.left.acquire(timeout=10)
    wait_until(lambda: own_rig.lines("retrying_write"), what="a write that is tried again")
    mongo.start()
    for job in jobs:
        done = own_rig.wait(job, timeout_s=20)
        assert (done.status, done.attempt) == (JobStatus.COMPLETED, 1)
    own_rig.settled()
    assert own_rig.counts()["completed"] == 5


def test_ends_wait_while_an_emptied_redis_is_rebuilt(
    own_rig: Rig, own_servers: tuple[MongoServer, ValkeyServer]
) -> None:
    gate = Gate(own_rig)
    jobs = [own_rig.submit("async", timeout_s=60) for _ in range(7)]
    own_rig.start()
    for _ in range(5):
        gate.wait()
    for job in jobs[:5]:
        own_rig.wait(job, JobStatus.RUNNING)
    own_rig.container.redis.flushall()
    gate.open.set()
    for job in jobs:
        done = own_rig.wait(job, timeout_s=20)
        assert done.status is JobStatus.COMPLETED
        assert sum(a.outcome is Outcome.COMPLETED for a in done.attempts) == 1
    own_rig.settled()
    wait_until(lambda: own_rig.counts() == {"submitted": 7, "completed": 7, "done": 7}, what="counts as recorded")
