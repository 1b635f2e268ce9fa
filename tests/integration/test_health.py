"""Health: really checked, quick to tell, and nothing hangs while Redis is down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import chalicelib.container as composition
from chalicelib.container import Container
from infra.local.databases import MongoServer, ValkeyServer, free_port
from tests.api_client import Api
from tests.jobs import prepare
from tests.support import soon, wait_until

pytestmark = pytest.mark.integration
#: Longest time that an answer may take while a dependency is down.
SOON_S = 2.0


def test_all_is_well(api: Api) -> None:
    answer = api.get("/health")
    assert answer.status == 200
    body = answer.json
    assert (body["success"], body["status"], body["service"]) == (True, "healthy", "queuecraft")
    assert body["checks"]["mongodb"]["ok"] is body["checks"]["redis"]["ok"] is body["checks"]["worker"]["ok"] is True
    assert body["checks"]["mongodb"]["latencyMs"] > 0
    scraped = api.get("/prometheus/health").json
    assert scraped == {"status": "healthy", "timestamp": scraped["timestamp"], "service": "queuecraft"}


def test_a_queue_that_is_not_rebuilt_yet_is_not_healthy(api: Api, container: Container) -> None:
    container.redis.delete(container.keys.epoch)
    answer = api.get("/health")
    assert answer.status == 503
    assert "rebuilt" in answer.json["checks"]["redis"]["detail"]
    container.keeper.ensure_open()
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
    other.keeper.ensure_open()
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
    lonely.container.keeper.ensure_open()
    assert lonely.get("/health").status == 200
    assert lonely.get("/job/stats", by=alice).json["stats"]["total"] == 1


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
