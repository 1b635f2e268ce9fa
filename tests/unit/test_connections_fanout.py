"""Fan-out and outboxes without I/O: who gets which event, what a frame contains, the progress of delivery."""

from __future__ import annotations

import json

from chalicelib.domain.principals import Role, Scope
from chalicelib.domain.tenants import EVERY_TENANT
from chalicelib.queue.events import EventId, LogEntry
from tests.managers import connection, principal
from websocket_fn.fanout import Fanout, parse
from websocket_fn.sockets import BATCH_BYTES, HIGH_BYTES, Audience, Socket, frame

ALICE, BOB = principal(1), principal(2)


def entry(seq: int, size: int = 10, epoch: int = 1) -> LogEntry:
    message = json.dumps({"id": f"{epoch}-{seq}", "pad": "x" * size}).encode()
    return LogEntry(EventId(epoch, seq), ALICE.user_id, ALICE.tenant_id, message)


class Shard:
    """A fan-out with its sockets' outboxes."""

    def __init__(self, at: int = 10) -> None:
        self.sent: list[Socket] = []
        self.fanout = Fanout(self.sent.append)
        self.fanout.cursor = EventId(1, at)

    def seqs(self, connection_id: str) -> list[int]:
        return [seq for seq, _ in self.fanout.sockets[connection_id].pending]

    def types(self, connection_id: str) -> list[str]:
        return [json.loads(text).get("type", "event") for _, text in self.fanout.sockets[connection_id].pending]


def test_one_item_is_sent_unchanged_and_several_as_a_batch() -> None:
    assert frame([(1, b'{"a":1}')]) == b'{"a":1}'
    assert json.loads(frame([(1, b'{"a":1}'), (0, b'{"b":2}')])) == {"type": "batch", "events": [{"a": 1}, {"b": 2}]}


def test_a_frame_takes_what_fits_and_at_least_one() -> None:
    socket = Socket(connection("c"), EventId(1, 0))
    for seq, size in enumerate([BATCH_BYTES + 5, 60_000, 60_000, 60_000], start=1):
        socket.push((seq, b"x" * size))

    taken = []
    while socket.pending:
        items = socket.take()
        taken.append([seq for seq, _ in items])
        assert len(items) == 1 or len(frame(items)) <= BATCH_BYTES

    assert taken == [[1], [2, 3], [4]]
    assert socket.pending_bytes == 0


def test_what_concerns_every_tenant_goes_to_all_sockets() -> None:
    sockets = [
        Socket(connection("own", ALICE), EventId(1, 0)),
        Socket(connection("other", principal(5, 5), Scope.OWN), EventId(1, 0)),
        Socket(connection("tenant", principal(3, 1, Role.ADMIN), Scope.TENANT), EventId(1, 0)),
        Socket(connection("all", principal(4, 4, Role.OPERATOR), Scope.ALL), EventId(1, 0)),
    ]
    audience = Audience(sockets)
    assert set(audience.of("", EVERY_TENANT)) == set(sockets)
    audience.discard(sockets[0])
    assert set(audience.of("", EVERY_TENANT)) == set(sockets[1:])


def test_an_audience_is_found_by_index() -> None:
    own, tenant, everyone = (
        Socket(connection("own", ALICE), EventId(1, 0)),
        Socket(connection("tenant", principal(3, 1, Role.ADMIN), Scope.TENANT), EventId(1, 0)),
        Socket(connection("all", principal(4, 4, Role.OPERATOR), Scope.ALL), EventId(1, 0)),
    )
    audience = Audience([own, tenant, everyone])

    assert set(audience.of(ALICE.user_id, ALICE.tenant_id)) == {own, tenant, everyone}
    assert set(audience.of(BOB.user_id, BOB.tenant_id)) == {tenant, everyone}
    assert set(audience.of("", ALICE.tenant_id)) == {own, tenant, everyone}
    assert set(audience.of("", "another")) == {everyone}
    for socket in (own, tenant, everyone, own):
        audience.discard(socket)
    assert audience.of(ALICE.user_id, ALICE.tenant_id) == []


def test_live_sockets_get_only_new_events() -> None:
    shard = Shard(at=10)
    shard.fanout.join(connection("now"), EventId(1, 10))
    shard.fanout.join(connection("ahead"), EventId(1, 12))

    for seq in (10, 11, 12, 12, 13):
        shard.fanout.accept(entry(seq))

    assert shard.seqs("now") == [11, 12, 13]
    assert shard.seqs("ahead") == [13]


def test_a_socket_that_is_behind_lags_and_gets_nothing_live() -> None:
    shard = Shard(at=10)
    socket = shard.fanout.join(connection("behind"), EventId(1, 5))
    shard.fanout.accept(entry(11))

    assert (socket.live, socket in shard.fanout.lagging) == (False, True)
    assert shard.seqs("behind") == []


def test_a_missed_message_makes_all_sockets_lag() -> None:
    shard = Shard(at=10)
    socket = shard.fanout.join(connection("c"), EventId(1, 10))
    shard.fanout.accept(entry(11))
    shard.fanout.accept(entry(15))

    assert shard.seqs("c") == [11]
    assert (socket.live, socket.cursor, shard.fanout.cursor) == (False, EventId(1, 11), EventId(1, 15))


def test_an_older_epoch_is_ignored_and_a_newer_one_resyncs() -> None:
    shard = Shard(at=10)
    shard.fanout.join(connection("c"), EventId(1, 10))
    shard.fanout.accept(entry(11))
    shard.fanout.accept(entry(99, epoch=0))
    shard.fanout.accept(entry(1, epoch=2))

    assert shard.types("c") == ["resync", "event"]
    assert json.loads(shard.fanout.sockets["c"].pending[0][1])["id"] == "2-0"


def test_a_full_outbox_makes_a_socket_lag_where_it_stopped() -> None:
    shard = Shard(at=0)
    socket = shard.fanout.join(connection("c"), EventId(1, 0))
    size = HIGH_BYTES // 4
    for seq in range(1, 10):
        shard.fanout.accept(entry(seq, size))

    assert (socket.full, socket.live) == (True, False)
    assert shard.seqs("c") == list(range(1, socket.cursor.seq + 1))
    assert socket.pending_bytes <= HIGH_BYTES + 2 * size


def test_resubscribing_drops_queued_events_and_keeps_answers() -> None:
    shard = Shard(at=10)
    made = connection("c")
    shard.fanout.join(made, EventId(1, 10))
    shard.fanout.accept(entry(11))
    shard.fanout.subscribe(made, EventId(1, 3), b'{"type":"first"}')
    shard.fanout.subscribe(made, EventId(0, 0), b'{"type":"second"}')

    assert shard.types("c") == ["first", "second", "resync"]


def test_progress_is_what_was_delivered() -> None:
    shard = Shard(at=10)
    quick, stuck = (shard.fanout.join(connection(name), EventId(1, 10)) for name in ("quick", "stuck"))
    shard.fanout.join(connection("lagging"), EventId(1, 4))
    for seq in (11, 12, 13):
        shard.fanout.accept(entry(seq))
    for socket, since in ((quick, 100.0), (stuck, 1.0)):
        socket.flight, socket.flight_seq, socket.flight_since = b"", socket.take()[0][0], since
        socket.pending.clear()

    assert shard.fanout.progress(50.0) == (EventId(1, 10), {"stuck": EventId(1, 10), "lagging": EventId(1, 4)})
    quick.flight, quick.flight_seq = None, 0
    assert shard.fanout.progress(50.0)[0] == EventId(1, 13)
    quick.push((13, b"again"))
    assert shard.fanout.progress(50.0, final=True)[1]["quick"] == EventId(1, 12)


def test_a_socket_that_left_gets_nothing() -> None:
    shard = Shard(at=10)
    socket = shard.fanout.join(connection("c"), EventId(1, 10))

    assert shard.fanout.leave("c") is socket
    assert shard.fanout.leave("c") is None
    shard.fanout.accept(entry(11))
    assert not socket.busy


def test_a_message_is_an_entry() -> None:
    payload = b'{"id":"3-7","type":"job:created","tenantId":"t","ownerId":"o","data":{}}'

    assert parse(payload) == LogEntry(EventId(3, 7), "o", "t", payload)
