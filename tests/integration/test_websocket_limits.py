"""Limits of the WebSocket per user and tenant: connections, frames, replays."""

from __future__ import annotations

import pytest

from chalicelib.queue.events import EventId
from chalicelib.queue.shards import NoteKind, Shard
from chalicelib.services.throttles import REPLAYS_PER_MINUTE
from tests.api_client import Api, Person
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.integration.test_websocket_handlers import Client
from tests.managers import Invoker, publish

pytestmark = pytest.mark.integration


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    caps = {"MAX_CONNECTIONS_PER_USER": "2", "MAX_CONNECTIONS_PER_TENANT": "3", "WEBSOCKET_FRAMES_PER_MINUTE": "5"}
    return {**env, **caps}


@pytest.fixture(autouse=True)
def quiet(managers: Invoker) -> Invoker:
    """The endpoint without a manager, so that all posts are the handlers'."""
    managers.works = False
    return managers


def test_connections_of_a_user_and_of_a_tenant_are_limited(api: Api, endpoint: Endpoint, alice: Person) -> None:
    bob = api.person(tenant_id=alice.user.tenant_id)
    clients = [Client(endpoint, f"c{n}") for n in range(4)]

    assert [client.connect(token=alice.token) for client in clients[:3]] == [200, 200, 429]
    assert [client.connect(token=bob.token) for client in clients[2:]] == [200, 429]
    assert Client(endpoint, "stranger").connect(token=api.person().token) == 200


def test_a_connection_that_is_gone_does_not_count(
    api: Api, container: Container, endpoint: Endpoint, alice: Person
) -> None:
    one, two, three = (Client(endpoint, name) for name in ("one", "two", "three"))
    assert [one.connect(token=alice.token), two.connect(token=alice.token)] == [200, 200]

    one.leave()
    assert three.connect(token=alice.token) == 200
    Shard(container.redis, container.scripts, 0, shards=1, token="m", lease_ms=1000).forget(["two"])
    assert one.connect(token=alice.token) == 200


def test_frames_are_limited_over_all_connections_of_a_user(api: Api, endpoint: Endpoint, alice: Person) -> None:
    one, two, other = (Client(endpoint, name) for name in ("one", "two", "other"))
    for client, person in ((one, alice), (two, alice), (other, api.person())):
        client.connect(token=person.token)

    assert [one.ask({"action": "ping"})["type"] for _ in range(5)] == ["pong"] * 5
    refused = two.ask({"action": "ping"})
    assert (refused["type"], refused["code"]) == ("error", "throttled")
    assert refused["retryAfter"] > 0
    assert other.ask({"action": "ping"})["type"] == "pong"


def test_replays_beyond_the_limit_are_answered_by_resync(
    container: Container, endpoint: Endpoint, alice: Person
) -> None:
    publish(container, 3)
    newest = container.event_log.last_id() or EventId(0, 0)
    client = Client(endpoint)
    client.connect(token=alice.token, since=str(newest))
    touched = container.connection_registry.touch("c")
    assert touched is not None
    connection = touched.connection

    for _ in range(REPLAYS_PER_MINUTE):
        container.connections.subscribe(connection, connection.scope, EventId(newest.epoch, 1), 1)
    container.connections.subscribe(connection, connection.scope, None, 2)

    notes = Shard(container.redis, container.scripts, 0, shards=1, token="m", lease_ms=1000).inbox()
    asked = [note.at for note in notes if note.kind is NoteKind.SUBSCRIBE]
    assert asked[:-2] == [EventId(newest.epoch, 1)] * (REPLAYS_PER_MINUTE - 1), "the first replay was the connection's"
    assert asked[-2:] == [EventId(0, 0), newest], "a client without replay is not refused"
