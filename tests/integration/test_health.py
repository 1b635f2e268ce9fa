"""Health: checked by real calls, answered quickly, and nothing hangs while Redis is down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import BulkWriteError, NotPrimaryError, OperationFailure
from redis.exceptions import ResponseError

import chalicelib.api.container as composition
from chalicelib.api.errors import wrap_dependency_error
from chalicelib.domain.principals import Role
from chalicelib.errors import Unavailable
from infra.local.databases import MongoServer, ValkeyServer, free_port
from tests.api_client import Api
from tests.container import Container
from tests.jobs import prepare
from tests.support import soon, wait_until

pytestmark = pytest.mark.integration
#: Longest time that an answer may take while a dependency is down.
SOON_S = 2.0


def test_health_of_running_databases(api: Api) -> None:
    answer = api.get("/health")
    assert answer.status == 200
    body = answer.json
    assert (body["success"], body["status"], body["service"]) == (True, "healthy", "queuecraft")
    assert body["checks"]["mongodb"]["ok"] is body["checks"]["redis"]["ok"] is body["checks"]["worker"]["ok"] is True
    assert body["checks"]["worker"] == {"ok": True, "alive": 0, "pools": {"default": 0}}
    assert body["checks"]["mongodb"]["latencyMs"] > 0
    scraped = api.get("/prometheus/health").json
    assert scraped == {"status": "healthy", "timestamp": scraped["timestamp"], "service": "queuecraft"}


def test_a_queue_that_is_not_rebuilt_yet_is_not_healthy(api: Api, container: Container) -> None:
    container.redis.delete(container.keys.epoch)
    answer = api.get("/health")
    assert answer.status == 503
    assert "rebuilt" in answer.json["checks"]["redis"]["detail"]
    container.rebuilder.ensure_open()
    assert api.get("/health").status == 200


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A Valkey of this test's own, to be stopped."""
    server = ValkeyServer(tmp_path / "valkey", free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def lonely(container: Container, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The API on that Valkey."""
    other = Container(replace(container.settings, redis_url=valkey.uri))
    other.rebuilder.ensure_open()
    prepare(other)
    monkeypatch.setattr(composition, "get_container", lambda: other)
    yield Api(other)
    other.close()


def test_with_redis_down_requests_fail_fast_and_recover(lonely: Api, valkey: ValkeyServer) -> None:
    alice = lonely.person()
    assert lonely.post("/job/create", {"name": "x"}, by=alice).status == 201
    valkey.stop()
    for method, path, body, status in (
        ("GET", "/health", None, 503),
        ("GET", "/prometheus/health", None, 503),
        ("GET", "/job/stats", None, 503),
        ("GET", "/metrics", None, 503),
        ("POST", "/job/create", {"name": "y"}, 503),
        ("GET", "/job", None, 200),
        ("GET", "/sync", None, 200),
    ):
        answer = soon(partial(lonely.call, method, path, body, by=alice), SOON_S, path)
        assert answer.status == status, (path, answer.text)
    health = lonely.get("/health").json
    assert (health["checks"]["mongodb"]["ok"], health["checks"]["redis"]["ok"]) == (True, False)

    valkey.start()
    lonely.container.rebuilder.ensure_open()
    assert lonely.get("/health").status == 200
    assert lonely.get("/job/stats", by=alice).json["stats"]["total"] == 1


#: Name of a refusal, how it starts, how it ends, its name in the health check
REFUSALS = [
    ("replicas", "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0", "NOREPLICAS"),
    ("replica", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE", "ReadOnlyError"),
    ("rights", "ACL SETUSER default -set -zadd -hincrby -sadd -srem", "ACL SETUSER default +@all", "NoPermission"),
    # of scripts, it refuses only those that begin with a command that needs memory
    ("memory", "CONFIG SET maxmemory 100kb", "CONFIG SET maxmemory 0", "OutOfMemoryError"),
]


@pytest.mark.parametrize(("name", "begin", "end", "word"), REFUSALS, ids=[refusal[0] for refusal in REFUSALS])
def test_nothing_is_half_written_while_redis_refuses_writes(
    lonely: Api, name: str, begin: str, end: str, word: str
) -> None:
    redis: Any = lonely.container.redis
    admin = lonely.person(Role.ADMIN)
    assert lonely.post("/queues/held/pause", by=admin).status == 200

    redis.execute_command(begin)
    health = lonely.get("/health")
    create = lonely.post("/job/create", {"name": "x"}, by=admin)
    pause = lonely.post("/queues/open/pause", by=admin)
    resume = lonely.post("/queues/held/resume", by=admin)
    redis.execute_command(end)

    assert (health.status, health.json["checks"]["redis"]["ok"]) == (503, False)
    assert word in health.json["checks"]["redis"]["detail"]
    for answer in (create, pause, resume):
        refused = (answer.status, answer.headers.get("Retry-After")) == (503, "2")
        assert refused or (name == "memory" and answer.status in {200, 201}), answer.text
    assert pause.status == 503
    lonely.container.sweeper.sweep()
    queues = {queue["name"]: queue["paused"] for queue in lonely.get("/queues", by=admin).json["queues"]}
    assert not queues.get("open")
    assert queues.get("held", False) is (resume.status == 503)
    assert lonely.get("/health").status == 200
    assert lonely.post("/job/create", {"name": "x"}, by=admin).status == 201


def test_an_eviction_policy_is_reported(lonely: Api) -> None:
    for policy, dropped in (("allkeys-lru", "jobs of the queue"), ("volatile-ttl", "live connections")):
        lonely.container.redis.config_set("maxmemory-policy", policy)
        answer = lonely.get("/health")
        assert answer.status == 200
        assert dropped in answer.json["checks"]["redis"]["detail"]
    lonely.container.redis.config_set("maxmemory-policy", "noeviction")
    assert lonely.get("/health").json["checks"]["redis"]["detail"] == ""


def test_nothing_is_half_written_while_mongodb_refuses_writes(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, admin_db = container.settings.mongodb_database, container.mongo.admin
    admin_db.command("createUser", database, pwd="word", roles=[{"role": "readWrite", "db": database}])
    uri = re.sub("//.*@", f"//{database}:word@", container.settings.mongodb_uri)
    other = Container(replace(container.settings, mongodb_uri=uri))
    prepare(other)
    monkeypatch.setattr(composition, "get_container", lambda: other)
    api = Api(other)
    admin = api.person(Role.ADMIN)
    assert api.get("/health").status == 200

    admin_db.command("updateUser", database, roles=[{"role": "read", "db": database}])
    health = api.get("/health")
    calls = [
        api.post("/job/create", {"name": "x"}, by=admin),
        api.post("/queues/default/pause", by=admin),
        api.call("PATCH", "/me", {"username": "Other"}, by=admin),
    ]
    admin_db.command("updateUser", database, roles=[{"role": "readWrite", "db": database}])

    assert (health.status, health.json["checks"]["mongodb"]["ok"]) == (503, False)
    assert [(answer.status, "Retry-After" in answer.headers) for answer in calls] == [(503, True)] * 3
    assert api.get("/health").status == 200
    assert [queue["paused"] for queue in api.get("/queues", by=admin).json["queues"]] == [False]
    assert api.post("/job/create", {"name": "x"}, by=admin).status == 201
    admin_db.command("dropUser", database)
    other.close()


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OperationFailure("out of disk space", 14_031), True),
        (OperationFailure("over your space quota", 8_000), True),
        (OperationFailure("bad operator", 2), False),
        (BulkWriteError({"writeErrors": [{"code": 14_031}], "writeConcernErrors": []}), True),
        (BulkWriteError({"writeErrors": [{"code": 14_031}, {"code": 121}], "writeConcernErrors": []}), False),
        (BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]}), True),
        (NotPrimaryError("stepped down"), True),
        (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), True),
        (ResponseError("Command # 1 (SET x) of pipeline caused error: NOREPLICAS Not enough"), True),
        (ResponseError("WRONGTYPE Operation against a key"), False),
        (ValueError("MISCONF"), False),
    ],
)
def test_a_refusal_that_passes_is_unavailable(error: Exception, passes: bool) -> None:
    assert isinstance(wrap_dependency_error(error), Unavailable) is passes


def test_with_mongodb_down_health_says_so(
    container: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MongoServer(tmp_path / "mongo", free_port())
    server.start()
    other = Container(replace(container.settings, mongodb_uri=server.uri))
    monkeypatch.setattr(composition, "get_container", lambda: other)
    api = Api(other)
    assert wait_until(lambda: api.get("/health").status == 200)
    server.stop()
    answer = soon(lambda: api.get("/health"), SOON_S)
    assert answer.status == 503
    assert (answer.json["checks"]["mongodb"]["ok"], answer.json["checks"]["redis"]["ok"]) == (False, True)
    other.close()
