"""Connections in Redis: each script on a real server, the good path, the lost race, the replay."""

from __future__ import annotations

import pytest

from chalicelib.domain.principals import Scope
from chalicelib.queue.connections import ConnectionRegistry
from chalicelib.queue.events import EventId
from chalicelib.queue.shards import Claim, Lease, NoteKind, Shard
from tests.container import Container
from tests.managers import connection, publish

pytestmark = pytest.mark.integration

NOW = 1_800_000_000_000


def shard(container: Container, token: str, lease_ms: int = 10_000) -> Shard:
    return Shard(container.redis, container.scripts, 0, shards=1, token=token, lease_ms=lease_ms)


@pytest.fixture
def registry(container: Container) -> ConnectionRegistry:
    return container.connection_registry


def test_the_first_to_connect_wakes_a_manager_and_no_other(container: Container, registry: ConnectionRegistry) -> None:
    assert registry.connect(connection("a"))
    assert not registry.connect(connection("b"))

    assert shard(container, "m").claim() is Claim.TAKEN
    assert not registry.connect(connection("c"))
    assert registry.touch("a") is not None


def test_notes_are_in_the_order_of_the_calls(container: Container, registry: ConnectionRegistry) -> None:
    publish(container, 3)
    newest = container.event_log.last_id() or EventId(0, 0)
    asked = connection("a", scope=Scope.OWN)
    registry.connect(asked)
    early = newest._replace(seq=1)
    registry.subscribe(asked, early, {"any": "json"})
    registry.subscribe(asked, None, "r")
    registry.disconnect("a")

    opened, subscribed, again, closed = shard(container, "m").inbox()

    assert (opened.kind, opened.connection, opened.at) == (NoteKind.OPEN, asked, newest)
    assert (subscribed.kind, subscribed.at, subscribed.request_id) == (NoteKind.SUBSCRIBE, early, {"any": "json"})
    assert (again.request_id, again.at) == ("r", newest)
    assert (closed.kind, closed.connection_id) == (NoteKind.CLOSE, "a")
    assert shard(container, "m").inbox() == []


@pytest.mark.parametrize(("epochs", "seqs"), [(-1, 0), (1, 0), (0, 1), (0, 10**15)])
def test_a_client_whose_events_are_lost_starts_anew(
    container: Container, registry: ConnectionRegistry, epochs: int, seqs: int
) -> None:
    publish(container, 3)
    newest = container.event_log.last_id() or EventId(0, 0)
    strange = EventId(newest.epoch + epochs, newest.seq + seqs)
    registry.connect(connection("a"), strange)
    registry.subscribe(connection("a"), strange)

    assert [note.at for note in shard(container, "m").inbox()] == [EventId(0, 0)] * 2


def test_an_unreadable_note_is_dropped(container: Container, registry: ConnectionRegistry) -> None:
    for rubbish in (
        b"",
        b"open",
        b"open 1-1 {",
        b"what 1-1 x",
        b"open 1-1 []",
        b'open 1-1 {"id":7}',
        b"\xff \xff \xff",
    ):
        container.redis.rpush(container.keys.manager_inbox(0), rubbish)
    container.redis.expire(container.keys.manager_inbox(0), 60)
    registry.connect(connection("a"))

    assert [note.connection_id for note in shard(container, "m").inbox()] == ["a"]


def test_an_unknown_connection_is_not_extended(registry: ConnectionRegistry) -> None:
    assert registry.touch("nobody") is None
    assert not registry.subscribe(connection("nobody"), None)
    assert not registry.disconnect("nobody")


def test_an_expired_connection_that_sends_a_message_is_registered_again(
    container: Container, registry: ConnectionRegistry
) -> None:
    registry.connect(connection("a"))
    container.redis.zrem(container.keys.connections(0), "a")
    shard(container, "m").inbox()

    assert registry.touch("a") is not None

    assert [note.kind for note in shard(container, "m").inbox()] == [NoteKind.OPEN]
    assert container.redis.zscore(container.keys.connections(0), "a") is not None


def test_records_expire(container: Container, registry: ConnectionRegistry) -> None:
    registry.connect(connection("a"))
    k = container.keys

    for key in (k.connections(0), k.connection("a"), k.manager_inbox(0), k.manager_waking(0)):
        assert 0 < container.redis.ttl(key) <= 130 * 60


def test_only_one_manager_holds_the_lease(container: Container, registry: ConnectionRegistry) -> None:
    registry.connect(connection("a"))
    first, second = shard(container, "one"), shard(container, "two")

    assert first.claim() is Claim.TAKEN
    assert first.claim() is Claim.TAKEN
    assert second.claim() is Claim.HELD
    assert first.hold(EventId(1, 1), {}).lease is Lease.HELD
    assert second.hold(EventId(1, 1), {}).lease is Lease.LOST
    assert not second.pass_on()
    assert second.leave(), "it is another manager's lease"
    assert container.redis.get(container.keys.manager(0)) == b"one"


def test_a_shard_is_handed_over_to_the_manager_that_waits(container: Container, registry: ConnectionRegistry) -> None:
    registry.connect(connection("a"))
    first, second, third = (shard(container, name) for name in ("one", "two", "three"))
    first.claim()
    assert not first.hold(EventId(1, 1), {}).successor
    second.claim(wait=True)

    assert first.hold(EventId(1, 1), {}).successor
    assert first.pass_on()

    assert third.claim() is Claim.HELD
    assert second.claim() is Claim.TAKEN
    assert first.hold(EventId(1, 1), {}).lease is Lease.LOST


def test_a_shard_that_no_manager_waits_for_is_released(container: Container, registry: ConnectionRegistry) -> None:
    registry.connect(connection("a"))
    first = shard(container, "one")
    first.claim()

    assert not first.pass_on()

    assert shard(container, "two").claim() is Claim.TAKEN


def test_an_empty_shard_is_not_claimed(container: Container, registry: ConnectionRegistry) -> None:
    assert shard(container, "one").claim() is Claim.NO_CONNECTIONS
    registry.connect(connection("a"))
    container.redis.zadd(container.keys.connections(0), {"a": 1})

    assert shard(container, "one").claim() is Claim.NO_CONNECTIONS


def test_an_expired_lease_is_renewed_if_the_shard_is_free(container: Container, registry: ConnectionRegistry) -> None:
    registry.connect(connection("a"))
    first = shard(container, "one")
    first.claim()
    container.redis.delete(container.keys.manager(0))

    assert first.hold(EventId(1, 1), {}).lease is Lease.RETAKEN
    assert first.hold(EventId(1, 1), {}).lease is Lease.HELD


def test_a_shard_is_released_only_without_connections(container: Container, registry: ConnectionRegistry) -> None:
    registry.connect(connection("a"))
    manager = shard(container, "one")
    manager.claim()

    assert not manager.leave()
    registry.disconnect("a")
    assert not manager.leave(), "a note is left"
    manager.inbox()
    assert manager.leave()
    assert registry.connect(connection("b")), "a connect after it wakes a manager again"


def test_cursors_are_stored_for_the_shard_and_for_lagging_connections(
    container: Container, registry: ConnectionRegistry
) -> None:
    for name in ("a", "b"):
        registry.connect(connection(name))
    manager = shard(container, "one")
    manager.claim()

    manager.hold(EventId(2, 50), {"a": None, "b": EventId(2, 7), "gone": EventId(2, 1)})

    assert manager.cursor() == EventId(2, 50)
    found = {made.id: cursor for made, cursor in manager.load(EventId(2, 50))}
    assert found == {"a": EventId(2, 50), "b": EventId(2, 7)}
    assert not container.redis.exists(container.keys.connection("gone"))


def test_connections_that_redis_lost_are_registered_again(container: Container, registry: ConnectionRegistry) -> None:
    registry.connect(connection("a"))
    manager = shard(container, "one")
    container.redis.delete(container.keys.connection("a"), container.keys.connections(0))

    manager.restore([connection("a")])

    assert [made for made, _ in manager.load(EventId(0, 0))] == [connection("a")]


def test_connections_without_activity_expire(container: Container, registry: ConnectionRegistry) -> None:
    for name in ("a", "b"):
        registry.connect(connection(name))
    manager = shard(container, "one")
    container.redis.zadd(container.keys.connections(0), {"a": 1, "b": 1})
    manager.touch(["a", "nobody"], NOW)

    assert manager.lapsed(NOW) == ["b"]
    manager.forget(["b"])
    assert manager.lapsed(NOW) == []
    assert [made.id for made, _ in manager.load(EventId(0, 0))] == ["a"]


def test_unattended_shards_are_found_and_woken_once(container: Container, registry: ConnectionRegistry) -> None:
    assert registry.unattended() == []
    registry.connect(connection("a"))
    assert registry.unattended() == [0]
    assert not registry.may_wake(0), "connecting has woken it"
    container.redis.delete(container.keys.manager_waking(0))
    assert registry.may_wake(0)
    shard(container, "one").claim()
    assert registry.unattended() == []
