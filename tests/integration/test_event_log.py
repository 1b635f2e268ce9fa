"""The event log: order, limits, and unreadable entries."""

from __future__ import annotations

from chalicelib.domain.events import Event, EventType
from chalicelib.queue.events import EventId
from tests.container import Container


def _event(container: Container, number: int) -> Event:
    return Event(EventType.QUEUE_UPDATED, "1" * 24, "", {"number": number}, container.clock.now())


def test_entries_come_in_order_after_the_given_id(container: Container) -> None:
    log = container.event_log
    log.publish([_event(container, n) for n in range(5)])

    entries = log.read(EventId(1, 2), count=2)

    assert [str(entry.id) for entry in entries] == ["1-3", "1-4"]
    assert b'"number":2' in entries[0].message
    assert str(log.last_id()) == "1-5"
    assert str(log.first_id()) == "1-1"


def test_unreadable_entries_are_quarantined_once_and_skipped(container: Container) -> None:
    log, redis, keys = container.event_log, container.redis, container.keys
    log.publish([_event(container, 1)])
    for n in range(3):
        redis.xadd(keys.events, {"junk": "x"}, id=f"1-{n + 2}")
    redis.set(keys.seq, 4)
    log.publish([_event(container, 2)])

    assert [str(entry.id) for entry in log.read(EventId(1, 0), count=2)] == ["1-1"]
    assert [str(entry.id) for entry in log.read(EventId(1, 1), count=2)] == ["1-5"]
    assert [str(entry.id) for entry in log.read(EventId(1, 0))] == ["1-1", "1-5"]
    assert redis.llen(keys.quarantine) == 3
    assert container.engine.counts("all")["quarantined"] == 3


def test_the_log_is_capped(container: Container) -> None:
    container.scripts.constants["events_kept"] = 100
    log = container.event_log
    for _ in range(10):
        log.publish([_event(container, n) for n in range(100)])

    # the cap is approximate: Redis drops whole nodes of the stream
    assert 100 <= container.redis.xlen(container.keys.events) <= 300
