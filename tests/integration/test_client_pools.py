"""How many connections a process opens, and what happens when all are in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import WaitQueueTimeoutError
from pymongo.monitoring import (
    ConnectionCheckedInEvent,
    ConnectionCheckedOutEvent,
    ConnectionCheckOutFailedEvent,
    ConnectionCheckOutStartedEvent,
    ConnectionClosedEvent,
    ConnectionCreatedEvent,
    ConnectionPoolListener,
    ConnectionReadyEvent,
    PoolClearedEvent,
    PoolClosedEvent,
    PoolCreatedEvent,
    PoolReadyEvent,
)
from redis.exceptions import ConnectionError as RedisConnectionError

import chalicelib.queue.client as queue_client
import chalicelib.store.client as store_client
from chalicelib.api.container import ApiContainer
from chalicelib.domain.jobs import JobStatus
from chalicelib.settings import Settings
from tests.api_client import Api
from tests.container import Container
from tests.jobs import prepare
from tests.worker_support import QUICK, Rig
from websocket_fn.container import ManagerContainer
from worker_fn import TaskContext
from worker_fn.container import WorkerContainer

pytestmark = pytest.mark.integration


class Pool(ConnectionPoolListener):
    """Counts the connections of a client's pool."""

    def __init__(self) -> None:
        self.open = self.most = self.used = 0
        self._lock = threading.Lock()

    def connection_created(self, event: ConnectionCreatedEvent) -> None:
        with self._lock:
            self.open += 1
            self.most = max(self.most, self.open)

    def connection_closed(self, event: ConnectionClosedEvent) -> None:
        with self._lock:
            self.open -= 1

    def connection_checked_out(self, event: ConnectionCheckedOutEvent) -> None:
        self.used += 1

    def connection_checked_in(self, event: ConnectionCheckedInEvent) -> None: ...
    def connection_check_out_started(self, event: ConnectionCheckOutStartedEvent) -> None: ...
    def connection_check_out_failed(self, event: ConnectionCheckOutFailedEvent) -> None: ...
    def connection_ready(self, event: ConnectionReadyEvent) -> None: ...
    def pool_created(self, event: PoolCreatedEvent) -> None: ...
    def pool_ready(self, event: PoolReadyEvent) -> None: ...
    def pool_cleared(self, event: PoolClearedEvent) -> None: ...
    def pool_closed(self, event: PoolClosedEvent) -> None: ...


@pytest.fixture
def pool(container: Container, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """What clients made from now on open."""
    pool = Pool()
    monkeypatch.setattr(store_client, "MongoClient", partial(MongoClient, event_listeners=[pool]))
    return pool


@pytest.fixture
def own(settings: Settings, container: Container) -> Iterator[ApiContainer]:
    """The container of the API alone, on the databases of the test."""
    own = ApiContainer(settings)
    yield own
    own.close()


def test_sizes_are_those_of_the_function(settings: Settings) -> None:
    assert ApiContainer(settings).mongo_connections == ManagerContainer(settings).mongo_connections == 2
    assert WorkerContainer(settings).mongo_connections == settings.job_concurrency + 3


def test_calls_at_once_share_two_connections(pool: Pool, own: ApiContainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_client, "POOL_WAIT_MS", 60_000)  # waiters are served in any order
    with ThreadPoolExecutor(10) as threads:
        assert len(list(threads.map(lambda _: own.job_store.open_jobs(None, 10), range(100)))) == 100
    assert pool.most <= 2
    assert pool.used >= 100


def test_a_call_waits_for_a_connection_and_not_for_ever(
    pool: Pool, own: ApiContainer, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two operations run for long on the server; the third gives up, and that counts as an outage."""
    monkeypatch.setattr(store_client, "POOL_WAIT_MS", 100)
    container.db.waits.insert_one({})
    slow = {"$where": "sleep(3000) || true"}
    with ThreadPoolExecutor(2) as threads:
        held = [threads.submit(own.db.waits.find_one, slow) for _ in range(2)]
        while pool.used < 2:
            threading.Event().wait(0.01)
        with pytest.raises(WaitQueueTimeoutError) as refused:
            own.job_store.open_jobs(None, 1)
        assert all(each.result(30) for each in held)
    assert store_client.is_unavailable(refused.value)
    assert own.job_store.open_jobs(None, 1).jobs == []


def test_redis_too(own: ApiContainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_client, "POOL_WAIT_S", 0.1)
    connections: Any = own.redis.connection_pool
    held = [connections.get_connection() for _ in range(own.redis_connections)]
    assert len(connections._connections) == own.redis_connections
    with pytest.raises(RedisConnectionError) as refused:
        own.redis.ping()
    assert queue_client.is_unavailable(refused.value)
    for connection in held:
        connections.release(connection)
    assert own.redis.ping()


class TestWorker:
    """A worker and its maintenance."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        from dataclasses import replace

        return replace(settings, **QUICK, job_concurrency=2)

    def test_under_load(self, pool: Pool, container: Container, settings: Settings, rig: Rig) -> None:
        @rig.task("quick")
        def quick(ctx: TaskContext, payload: dict[str, Any]) -> None:
            ctx.log("a line")
            ctx.progress(50)

        own = Container(settings)
        own.__dict__.update({name: container.__dict__[name] for name in ("functions", "log")})
        try:
            jobs = [rig.submit("quick") for _ in range(100)]
            worker = rig.start(container=own)
            for job in jobs:
                rig.wait(job, JobStatus.COMPLETED)
            worker.join()
            assert 1 <= pool.most <= 4
            redis: Any = own.redis.connection_pool
            assert len(redis._connections) <= own.redis_connections
        finally:
            own.close()


def test_the_api_answers_with_its_own_sizes(
    pool: Pool, settings: Settings, container: Container, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    import chalicelib.api.container as composition

    prepare(container)
    alice = api.person()
    own = ApiContainer(settings)
    own.__dict__["functions"] = container.functions
    monkeypatch.setattr(composition, "get_container", lambda: own)
    try:
        calls = ["/job", "/queues", "/job/stats", "/health", "/metrics", "/tenant/settings"] * 5
        assert {api.get(path, by=alice).status for path in calls} == {200}
        assert pool.most <= 2
    finally:
        own.close()
