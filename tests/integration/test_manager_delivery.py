"""Which events the connection manager delivers to which clients: real Valkey, a real HTTP endpoint."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from chalicelib.domain.principals import Role, Scope
from chalicelib.queue.events import EventId, EventLog
from chalicelib.queue.scripts import Scripts
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.managers import Invoker, connect, connection, events, principal, publish, wait_served
from tests.support import wait_until

pytestmark = pytest.mark.integration


def test_events_arrive_once_and_in_order(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)
    first = publish(container, 1)
    last = publish(container, 250)

    wait_until(lambda: last in endpoint.ids("c"))

    assert endpoint.ids("c") == list(range(first, last + 1))


def test_events_are_sent_as_a_batch_and_a_single_one_as_itself(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    connect(container, connection("c"))
    wait_served(container)
    alone = publish(container, 1)
    wait_until(lambda: alone in endpoint.ids("c"))
    last = publish(container, 50)
    wait_until(lambda: last in endpoint.ids("c"))

    frames = [orjson.loads(post) for post in endpoint.posts["c"]]

    assert frames[0]["type"] == "job:progress"
    assert frames[0]["id"] == str((container.event_log.last_id() or EventId(0, 0))._replace(seq=alone))
    assert {frame["type"] for frame in frames[1:]} == {"batch"}
    assert len(frames) < 10


def test_a_batch_stays_below_128_kb(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)
    last = publish(container, 100, size=5_000)

    wait_until(lambda: last in endpoint.ids("c"))

    assert max(len(post) for post in endpoint.posts["c"]) < 128 * 1024
    assert len(endpoint.ids("c")) == 100


def test_each_client_gets_the_events_of_its_scope_only(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    people = {
        "alice": connection("alice", principal(1, 1)),
        "bob": connection("bob", principal(2, 1)),
        "admin": connection("admin", principal(3, 1, Role.ADMIN), Scope.TENANT),
        "viewer": connection("viewer", principal(4, 1, Role.VIEWER), Scope.TENANT),
        "shy admin": connection("shy admin", principal(3, 1, Role.ADMIN), Scope.OWN),
        "stranger": connection("stranger", principal(5, 2, Role.ADMIN), Scope.TENANT),
        "operator": connection("operator", principal(6, 3, Role.OPERATOR), Scope.ALL),
    }
    for made in people.values():
        connect(container, made)
    wait_served(container)
    owners = {"alice": principal(1, 1), "bob": principal(2, 1), "admin": principal(3, 1), "stranger": principal(5, 2)}
    of = {name: publish(container, 1, owner) for name, owner in owners.items()}
    about_tenant = publish(container, 1, replace(principal(1, 1), user_id=""))

    wait_until(lambda: about_tenant in endpoint.ids("operator"))
    wait_until(lambda: all(about_tenant in endpoint.ids(name) for name in people if name != "stranger"))

    expected = {
        "alice": {"alice"},
        "bob": {"bob"},
        "admin": {"alice", "bob", "admin"},
        "viewer": {"alice", "bob", "admin"},
        "shy admin": {"admin"},
        "operator": {"alice", "bob", "admin", "stranger"},
    }
    for name, seen in expected.items():
        assert endpoint.ids(name) == [of[owner] for owner in owners if owner in seen] + [about_tenant], name
    wait_until(lambda: endpoint.ids("stranger"))
    assert endpoint.ids("stranger") == [of["stranger"]]


def test_a_client_that_resumes_gets_each_event_once_in_order(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    connect(container, connection("before"))
    wait_served(container)
    seen = publish(container, 20)
    wait_until(lambda: seen in endpoint.ids("before"))
    container.connection_registry.disconnect("before")
    publish(container, 1500)
    publish(container, 30, principal(9, 9))

    last_seen = (container.event_log.last_id() or EventId(0, 0))._replace(seq=seen)
    connect(container, connection("after"), last_seen)
    last = publish(container, 700)

    wait_until(lambda: last in endpoint.ids("after"))
    got = endpoint.ids("after")
    assert got == sorted(set(got))
    assert len(got) == 2200
    assert got[0] == seen + 1


def test_many_resuming_clients_are_served_by_one_pass_over_the_log(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    start = container.event_log.last_id()
    last = publish(container, 1200)
    for n in range(60):
        connect(container, connection(f"c{n}"), start)

    wait_until(lambda: all(last in endpoint.ids(f"c{n}") for n in range(60)), timeout_s=20)

    assert all(len(endpoint.ids(f"c{n}")) == 1200 for n in range(60))


def test_events_lost_by_pubsub_are_read_from_the_log(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    connect(container, connection("c"))
    wait_served(container)
    first = publish(container, 3)
    wait_until(lambda: first in endpoint.ids("c"))
    deaf = Scripts(container.redis, container.keys, channel="nobody listens", event_log_size=1000)
    EventLog(container.redis, deaf, container.quarantine).publish(events(container, 40))
    last = publish(container, 2)

    wait_until(lambda: last in endpoint.ids("c"))
    assert endpoint.ids("c") == list(range(first - 2, last + 1))


@pytest.mark.parametrize("since", ["0-3", "999-1", "1-999999999"])
def test_events_that_cannot_be_replayed_are_a_resync(
    container: Container, endpoint: Endpoint, managers: Invoker, since: str
) -> None:
    publish(container, 5)
    connect(container, connection("c"))
    wait_served(container)
    assert container.connection_registry.touch("c")
    wanted = EventId.parse(since)
    if wanted is not None and wanted.epoch == 1:
        wanted = (container.event_log.last_id() or wanted)._replace(seq=wanted.seq)
    container.connection_registry.subscribe(connection("c"), wanted, 7)
    wait_until(lambda: "resync" in endpoint.types("c"))
    last = publish(container, 1)
    wait_until(lambda: last in endpoint.ids("c"))

    answer, resync, event = endpoint.events("c")
    assert (answer["type"], answer["requestId"]) == ("subscribe:ok", 7)
    assert resync["type"] == "resync"
    assert resync["id"] == answer["data"]["lastEventId"] == resync["data"]["lastEventId"]
    assert event["id"].split("-")[1] == str(last)


def test_a_log_that_begins_later_is_a_resync(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    start = container.event_log.last_id()
    publish(container, 50)
    container.redis.xtrim(container.keys.events, maxlen=20, approximate=False)
    connect(container, connection("c"), start)
    wait_until(lambda: "resync" in endpoint.types("c"))
    last = publish(container, 1)
    wait_until(lambda: last in endpoint.ids("c"))

    assert endpoint.types("c") == ["resync", "job:progress"]


def test_subscribing_starts_anew_with_another_scope(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    admin = connection("c", principal(1, 1, Role.ADMIN))
    connect(container, admin)
    wait_served(container)
    start = container.event_log.last_id()
    hidden = publish(container, 5, principal(2, 1))
    mine = publish(container, 1)
    wait_until(lambda: mine in endpoint.ids("c"))
    assert hidden not in endpoint.ids("c")

    container.connection_registry.subscribe(admin.listening_to(Scope.TENANT), start, "r1")
    wait_until(lambda: hidden in endpoint.ids("c"))
    last = publish(container, 1, principal(2, 1))
    wait_until(lambda: last in endpoint.ids("c"))

    received = endpoint.events("c")
    answered = next(n for n, event in enumerate(received) if event["type"] == "subscribe:ok")
    assert received[answered]["data"]["scope"] == "tenant"
    assert [int(e["id"].split("-")[1]) for e in received[answered + 1 :]] == list(range(hidden - 4, last + 1))


def test_a_slow_client_gets_all_events_and_delays_no_other(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    endpoint.delay_s["slow"] = 0.05
    connect(container, connection("slow"))
    connect(container, connection("fast"))
    wait_served(container)
    first = publish(container, 1)
    last = publish(container, 2000, size=2_000)

    wait_until(lambda: last in endpoint.ids("fast"))
    wait_until(lambda: last in endpoint.ids("slow"), timeout_s=30)

    assert endpoint.ids("slow") == endpoint.ids("fast") == list(range(first, last + 1))


def test_a_failing_endpoint_is_tried_again(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)
    endpoint.status["c"] = 500
    first = publish(container, 1)
    wait_until(lambda: endpoint.asked["c"])
    endpoint.status["c"] = 429
    last = publish(container, 5)
    wait_until(lambda: endpoint.asked["c"] > 1)
    del endpoint.status["c"]

    wait_until(lambda: last in endpoint.ids("c"))
    assert endpoint.ids("c") == list(range(first, last + 1))


def test_a_client_still_connecting_is_waited_for_and_one_that_left_is_dropped(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    endpoint.status.update({"coming": 410, "gone": 410})
    connect(container, connection("coming", opened_ms=container.clock.now_ms()))
    connect(container, connection("gone", opened_ms=0))
    wait_served(container)
    last = publish(container, 1)
    wait_until(lambda: not container.redis.exists(container.keys.connection("gone")))
    assert container.redis.exists(container.keys.connection("coming"))

    del endpoint.status["coming"]

    wait_until(lambda: last in endpoint.ids("coming"))


def test_a_frame_that_is_too_large_is_a_resync(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    connect(container, connection("c"))
    wait_served(container)
    endpoint.status["c"] = 413
    publish(container, 1)
    wait_until(lambda: endpoint.asked["c"])
    del endpoint.status["c"]

    wait_until(lambda: "resync" in endpoint.types("c"))
    assert endpoint.ids("c") == []


def test_unreadable_messages_on_the_channel_are_skipped(
    container: Container, endpoint: Endpoint, managers: Invoker
) -> None:
    connect(container, connection("c"))
    wait_served(container)
    channel = container.settings.job_events_channel
    wait_until(lambda: dict(container.redis.pubsub_numsub(channel))[channel.encode()] == 1)
    rubbish = [b"", b"not json", b"[]", b"7", b'{"id":"x"}', b'{"id":7}', b'{"id":"1-1"}', b"\xff"]
    for owners in (b'"ownerId":7,"tenantId":"t"', b'"ownerId":"o","tenantId":null'):
        rubbish += [b'{"id":"1-1",' + owners + b"}"]
    for each in rubbish:
        container.redis.publish(channel, each)
    last = publish(container, 1)

    wait_until(lambda: last in endpoint.ids("c"))
    assert managers.runs[0].running
    assert container.redis.llen(container.keys.quarantine) == len(rubbish)  # each by itself: no new subscription


def test_a_new_epoch_is_a_resync_for_everyone(container: Container, endpoint: Endpoint, managers: Invoker) -> None:
    connect(container, connection("a"))
    connect(container, connection("b", principal(2, 2)))
    wait_served(container)
    before = publish(container, 3)
    wait_until(lambda: before in endpoint.ids("a"))
    k = container.keys
    epoch = container.redis.get(k.epoch)
    assert epoch is not None
    container.redis.mset({k.epoch: int(epoch) + 1, k.seq: 0})
    last = publish(container, 1)

    wait_until(lambda: "resync" in endpoint.types("b"))
    wait_until(lambda: endpoint.ids("a")[-1:] == [last])
    assert endpoint.types("a")[-2:] == ["resync", "job:progress"]
