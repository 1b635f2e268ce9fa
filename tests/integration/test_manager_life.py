"""The connection manager's life: starts, one per shard, hand-over, retirement, crashes, a Redis that restarts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.principals import Scope
from chalicelib.settings import Settings
from infra.local.databases import ValkeyServer, free_port
from tests.api_client import Person
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.managers import (
    QUICK,
    CrashingRun,
    Invoker,
    Run,
    connect,
    connection,
    principal,
    publish,
    wait_served,
)
from tests.support import wait_until
from websocket_fn.feed import Feed
from websocket_fn.handler import handle
from websocket_fn.manager import Ended

pytestmark = pytest.mark.integration


class Context:
    """Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def test_a_tick_with_nobody_connected_ends_at_once(
    container: Container, managers: Invoker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("websocket_fn.handler.get_container", lambda: container)

    assert handle({"source": "schedule"}, Context()) == {"ended": Ended.NO_CONNECTIONS}
    assert handle({"source": "connect", "shard": 0}, Context()) == {"ended": Ended.NO_CONNECTIONS, "shard": 0}


def test_a_tick_serves_connections_without_a_manager(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    managers.works = False
    connect(container, connection("c"))
    container.redis.delete(container.keys.manager_waking(0))
    managers.works = True
    managers.invoke_async(container.settings.connection_manager_function, {"source": "schedule"})
    wait_served(container)
    last = publish(container, 1)

    wait_until(lambda: last in endpoint.ids("c"))


def test_one_manager_serves_a_shard(container: Container, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)

    second = Run(container, {"source": "connect", "shard": 0}, QUICK)

    assert second.ended() == Ended.SERVED


def test_a_manager_retires_without_connections_and_the_next_connection_starts_another(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    connect(container, connection("c"))
    wait_served(container)
    container.connection_registry.disconnect("c")

    assert managers.runs[0].ended() == Ended.RETIRED
    assert not container.redis.exists(container.keys.manager(0))

    connect(container, connection("d"))
    wait_served(container)
    last = publish(container, 1)
    wait_until(lambda: last in endpoint.ids("d"))
    assert len(managers.runs) == 2


def test_a_hand_over_neither_loses_nor_repeats_events(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    for n in range(5):
        connect(container, connection(f"c{n}"))
    wait_served(container)
    first = publish(container, 1)
    for turn in range(3):
        publish(container, 50)
        managers.runs[turn].remaining_ms = 20_000
        while managers.runs[turn].running:
            publish(container, 1)
        assert managers.runs[turn].ended() == Ended.PASSED
    last = publish(container, 50)

    wait_until(lambda: all(last in endpoint.ids(f"c{n}") for n in range(5)))

    for n in range(5):
        assert endpoint.ids(f"c{n}") == list(range(first, last + 1))


def test_without_a_successor_the_shard_is_released(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)
    managers.works = False
    managers.runs[0].remaining_ms = 500

    assert managers.runs[0].ended() == Ended.SET_FREE
    missed = publish(container, 3)
    managers.works = True
    assert container.waker.wake_managers() == 1
    wait_until(lambda: missed in endpoint.ids("c"))
    assert len(endpoint.ids("c")) == 3


def test_a_manager_that_is_terminated_hands_over_in_order(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    managers.works = False
    container.connection_registry.connect(connection("c"))
    first = CrashingRun(container)
    wait_served(container)
    last = publish(container, 20)
    managers.works = True

    first.terminate()
    wait_until(lambda: managers.runs)
    last = publish(container, 20)

    wait_until(lambda: last in endpoint.ids("c"))
    assert endpoint.ids("c") == list(range(last - 39, last + 1))


def test_after_a_crash_the_next_manager_continues_at_its_cursor(
    settings: Settings, container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    managers.works = False
    container.settings = replace(container.settings, lease_ms=400)
    container.connection_registry.connect(connection("c"))
    first = CrashingRun(container)
    wait_served(container)
    seen = publish(container, 20)
    wait_until(lambda: seen in endpoint.ids("c"))
    first.crash()
    last = publish(container, 20)
    managers.works = True

    wait_until(container.waker.wake_managers, what="the lease to lapse")
    wait_until(lambda: last in endpoint.ids("c"))

    assert list(dict.fromkeys(endpoint.ids("c"))) == list(range(seen - 19, last + 1))


def test_a_manager_whose_task_fails_is_replaced(
    container: Container, endpoint: Endpoint, managers: Invoker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a bug in the reader of the channel, events continue: a manager that delivers nothing would go unnoticed."""
    subscribed, bugs = Feed._on_subscribed, iter([True])

    async def fail_once(self: Feed) -> None:
        await subscribed(self)
        if next(bugs, False):
            raise AttributeError("a bug")

    monkeypatch.setattr(Feed, "_on_subscribed", fail_once)
    connect(container, connection("c"))

    assert managers.runs[0].ended() == Ended.SET_FREE
    last = publish(container, 1)
    wait_until(lambda: last in endpoint.ids("c"))


def test_a_manager_that_lost_its_lease_stops(container: Container, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)

    container.redis.set(container.keys.manager(0), "another", px=60_000)

    assert managers.runs[0].ended() == Ended.LOST
    container.redis.delete(container.keys.manager(0))


def test_each_shard_has_its_manager(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    container.settings = replace(container.settings, websocket_shards=3)
    container.__dict__.pop("connection_registry", None)
    for n in range(30):
        connect(container, connection(f"c{n}"))
    for shard in range(3):
        wait_served(container, shard)
    last = publish(container, 1)

    wait_until(lambda: all(last in endpoint.ids(f"c{n}") for n in range(30)))
    assert len(managers.runs) == 3


def test_logging_out_closes_the_connections_of_the_session(
    container: Container, endpoint: Endpoint, managers: Invoker, alice: Person
) -> None:
    managers.timing = replace(QUICK, sessions_s=0.05)
    session = container.sessions.open(alice.token)
    for connection_id in ("c", "d"):
        container.connections.open(connection_id, session, Scope.OWN, None)
    wait_served(container)
    last = publish(container, 1, alice.principal)
    wait_until(lambda: last in endpoint.ids("c"))

    container.sessions.revoke(session)

    wait_until(lambda: set(endpoint.deleted) == {"c", "d"})
    assert endpoint.events("c")[-1]["code"] == "logged_out"
    assert managers.runs[0].ended() == Ended.RETIRED


def test_silent_connections_expire(container: Container, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)

    container.redis.zadd(container.keys.connections(0), {"c": 1})

    wait_until(lambda: not container.redis.exists(container.keys.connection("c")))
    assert managers.runs[0].ended() == Ended.RETIRED


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A server that a test may restart."""
    server = ValkeyServer(tmp_path, free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def frail(settings: Settings, own_valkey: ValkeyServer, endpoint: Endpoint) -> Iterator[Container]:
    """A container on a server that will be restarted."""
    container = Container(replace(settings, redis_url=own_valkey.uri, websocket_api_endpoint=endpoint.url))
    container.rebuilder.ensure_open()
    managers = Invoker(container)
    container.__dict__["functions"] = managers
    yield container
    managers.end()
    container.close()


def test_events_go_on_after_a_restart_of_redis(frail: Container, own_valkey: ValkeyServer, endpoint: Endpoint) -> None:
    connect(frail, connection("c"))
    wait_served(frail)
    before = publish(frail, 10)
    wait_until(lambda: before in endpoint.ids("c"))

    own_valkey.restart()
    publish(frail, 10)
    own_valkey.kill()
    own_valkey.start()
    frail.rebuilder.ensure_open()  # on a slow disk it may have lost the last events
    last = publish(frail, 10)

    wait_until(lambda: last in endpoint.ids("c"))
    got = endpoint.ids("c")
    assert got == list(range(before - 9, last + 1)) or "resync" in endpoint.types("c")


def test_an_emptied_redis_causes_a_resync_and_closes_no_connection(frail: Container, endpoint: Endpoint) -> None:
    connect(frail, connection("c"))
    connect(frail, connection("d", principal(2, 2)))
    wait_served(frail)
    before = publish(frail, 10)
    wait_until(lambda: before in endpoint.ids("c"))

    frail.redis.flushall()
    frail.rebuilder.ensure_open()
    wait_until(lambda: frail.connection_registry.touch("c") and frail.connection_registry.touch("d"))
    last = publish(frail, 3)

    wait_until(lambda: endpoint.ids("c")[-1:] == [last])
    assert "resync" in endpoint.types("c")
    wait_until(lambda: "resync" in endpoint.types("d"))


def test_a_manager_whose_time_is_over_while_redis_is_down_invokes_another(
    frail: Container, own_valkey: ValkeyServer, endpoint: Endpoint
) -> None:
    managers = frail.functions
    assert isinstance(managers, Invoker)
    connect(frail, connection("c"))
    wait_served(frail)
    before = publish(frail, 3)
    wait_until(lambda: before in endpoint.ids("c"))

    managers.works = False
    own_valkey.kill()
    managers.runs[-1].remaining_ms = 0
    assert managers.runs[-1].ended() == Ended.SET_FREE
    name, payload = managers.noted[-1]
    assert payload == {"source": "connect", "shard": 0}
    own_valkey.start()
    wait_until(frail.rebuilder.is_complete)
    last = publish(frail, 3)

    managers.works = True
    wait_until(lambda: not frail.redis.exists(frail.keys.manager(0)), timeout_s=40, what="the lease lapsed")
    managers.invoke_async(name, payload)
    wait_until(lambda: last in endpoint.ids("c"), timeout_s=20)
    assert sorted(set(endpoint.ids("c"))) == list(range(before - 2, last + 1))
