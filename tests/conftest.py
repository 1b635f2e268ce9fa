"""Fixtures: one real MongoDB and one real Valkey for the whole run; an empty database and keyspace per test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from redis import Redis

from chalicelib.queue.keys import Keys
from chalicelib.settings import Settings
from infra.local.databases import MongoServer, ValkeyServer, free_port
from tests import declared, distribution
from tests.container import Container
from tests.databases import Databases

TEST_SECRET = "a-secret-of-the-tests-0123456789abcdef"

declared.install()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> distribution.Distribution:
    return distribution.Distribution(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    distribution.longest_first(items)
    distribution.without_coverage(items)


@pytest.fixture(scope="session")
def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    server = MongoServer(Path(tmp_path_factory.mktemp("mongo")), free_port())
    server.start()
    with MongoClient[dict[str, Any]](server.uri) as client:  # in the past of many tests everything has expired
        client.admin.command("setParameter", 1, ttlMonitorEnabled=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    server = ValkeyServer(Path(tmp_path_factory.mktemp("valkey")), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mongo_url(mongo_server: MongoServer) -> str:
    return mongo_server.uri


@pytest.fixture(scope="session")
def redis_url(valkey_server: ValkeyServer) -> str:
    return valkey_server.uri


@pytest.fixture(scope="session")
def databases(mongo_url: str) -> Iterator[Databases]:
    databases = Databases(mongo_url)
    yield databases
    databases.close()


@pytest.fixture
def env(mongo_url: str, redis_url: str, databases: Databases) -> Iterator[dict[str, str]]:
    """The environment of a function that is bound to a database, with its indexes, and a keyspace of this test."""
    name, database = f"t{uuid.uuid4().hex[:12]}", databases.take()
    yield {
        "MONGODB_URI": mongo_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": TEST_SECRET,
        "MONGODB_DATABASE": database,
        "REDIS_NAMESPACE": name,
        "REDIS_JOB_EVENTS_CHANNEL": f"events-{name}",
    }
    databases.give_back(database)


@pytest.fixture
def settings(env: dict[str, str]) -> Settings:
    return Settings.from_env(env)


@pytest.fixture
def container(settings: Settings) -> Iterator[Container]:
    """A container on real servers, queue open; afterwards no undeclared key without TTL is left."""
    container = Container(settings)
    container.rebuilder.ensure_open()
    yield container
    left = undeclared_keys(container.redis, container.keys)
    keys = list(container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    if keys:
        container.redis.delete(*keys)
    container.close()
    assert not left, f"keys without TTL that keys.py does not declare: {left}"


def undeclared_keys(redis: Redis, keys: Keys) -> list[str]:
    """Keys of this namespace that have no TTL and are not among ``Keys.persistent``."""
    found = []
    for raw in redis.scan_iter(match=keys.prefix + "*", count=1000):
        key = raw.decode()
        declared = any(key == p or (p.endswith(":") and key.startswith(p)) for p in keys.persistent)
        if not declared and redis.ttl(key) == -1:
            found.append(key)
    return found
