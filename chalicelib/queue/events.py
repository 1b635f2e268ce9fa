"""The event log: a capped stream to replay from, and the pub/sub channel that carries the same messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.queue.messages import encode_tail
from chalicelib.queue.quarantine import Quarantine
from chalicelib.queue.scripts import Scripts

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.domain.events import Event


#: Log lines and progress of one tenant may fill 1 / TENANTS_SHARE of the log in a minute.
TENANTS_SHARE: Final = 8
_MEGABYTE: Final = 1024 * 1024


class EventId(NamedTuple):
    """``epoch-sequence``: the epoch grows with each rebuild of the queue, the sequence with each event."""

    epoch: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> EventId | None:
        """Return the id in ``text``, ``None`` if it is not valid."""
        epoch, dash, seq = text.partition("-")
        if dash and epoch.isascii() and epoch.isdigit() and seq.isascii() and seq.isdigit() and len(text) <= 40:
            return cls(int(epoch), int(seq))
        return None

    def __str__(self) -> str:
        return f"{self.epoch}-{self.seq}"


class LogEntry(NamedTuple):
    """One entry of the log. ``message`` is the JSON that clients get, encoded once."""

    id: EventId
    owner_id: str
    tenant_id: str
    message: bytes


class EventLog:
    """Appends to and reads the log."""

    def __init__(self, redis: Redis, scripts: Scripts, quarantine: Quarantine) -> None:
        self._redis = redis
        self._quarantine = quarantine
        self._keys = scripts.keys
        self._scripts = scripts

    def publish(self, events: Sequence[Event]) -> None:
        """Append events that change no state (progress, logs, queues). Raises ``QueueClosed``."""
        if events:
            share = int(self._scripts.constants["log_mb"]) * _MEGABYTE // TENANTS_SHARE
            batch = self._scripts.batch("publish")
            for event in events:
                batch.add(owner_id=event.owner_id, tenant_id=event.tenant_id, event=encode_tail(event))
            for answer in batch.run(share_bytes=share):
                self._scripts.marked(answer)

    def last_id(self) -> EventId | None:
        """Return the id of the newest event, ``None`` while the queue is closed."""
        epoch, seq = self._answer(self._redis.mget(self._keys.epoch, self._keys.seq))
        return EventId(int(epoch), int(seq or 0)) if epoch else None

    def first_id(self) -> EventId | None:
        """Return the id of the oldest entry of the log, ``None`` if the log is empty."""
        entries = self._answer(self._redis.xrange(self._keys.events, count=1))
        return EventId.parse(entries[0][0].decode()) if entries else None

    def read(self, after: EventId, count: int = 500) -> list[LogEntry]:
        """Return up to ``count`` entries after ``after``, oldest first. Unreadable entries are quarantined."""
        entries = self._answer(self._redis.xrange(self._keys.events, min=f"({after}", count=count))
        while entries:
            readable = [entry for entry in map(self._entry, entries) if entry]
            if readable:
                return readable
            entries = self._answer(self._redis.xrange(self._keys.events, min=b"(" + entries[-1][0], count=count))
        return []

    def _entry(self, raw: tuple[bytes, dict[bytes, bytes]]) -> LogEntry | None:
        raw_id, fields = raw
        found = EventId.parse(raw_id.decode())
        try:
            if found is not None:
                return LogEntry(found, fields[b"o"].decode(), fields[b"t"].decode(), fields[b"e"])
        except (KeyError, UnicodeDecodeError):
            pass
        self._quarantine.add(repr((raw_id, fields)), "an event that cannot be read")
        self._redis.xdel(self._keys.events, raw_id)
        return None

    @staticmethod
    def _answer(value: Any) -> Any:
        """Return ``value`` as the type of a sync answer; redis-py types answers as sync or async."""
        return value
