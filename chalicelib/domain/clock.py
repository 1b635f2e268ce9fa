"""Time, ids and randomness as injected values, so that tests control them; times as numbers and text."""

from __future__ import annotations

import random
import secrets
import time
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Protocol


class Clock(Protocol):
    """A source of time."""

    def now(self) -> datetime:
        """Return the time in UTC, truncated to milliseconds (MongoDB's precision)."""
        ...

    def now_ms(self) -> int:
        """Return epoch milliseconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never decrease; only differences have a meaning."""
        ...


class SystemClock:
    """The clocks of the operating system."""

    def now(self) -> datetime:
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class Ids(Protocol):
    """A source of ids and randomness."""

    def object_id(self) -> str:
        """Return 24 hex digits in MongoDB's ObjectId layout; they increase with time within one process."""
        ...

    def token(self) -> str:
        """Return a URL-safe secret of 128 bits; it identifies one claim."""
        ...

    def trace_id(self) -> str:
        """Return a UUIDv4."""
        ...

    def random(self) -> float:
        """Return a number in [0, 1), for jitter."""
        ...


class SystemIds:
    """Ids from the random source of the operating system.

    An object id begins with the second in 4 bytes, as MongoDB's do, and the fraction of the second in the next 2, so
    that lists sorted by id are in order of time even when several processes create ids within one second. 3 random
    bytes of the process and a counter of 3 bytes follow.
    """

    def __init__(self) -> None:
        self._process = secrets.token_hex(3)
        self._counter = count(secrets.randbelow(1 << 23))

    def object_id(self) -> str:
        fine = (time.time_ns() << 16) // 1_000_000_000 & 0xFFFFFFFFFFFF
        return f"{fine:012x}{self._process}{next(self._counter) & 0xFFFFFF:06x}"

    def token(self) -> str:
        return secrets.token_urlsafe(16)

    def trace_id(self) -> str:
        return str(uuid.uuid4())

    def random(self) -> float:
        return random.random()  # noqa: S311 - jitter, not a secret


def to_ms(at: datetime) -> int:
    """Return the epoch milliseconds of a UTC time."""
    return int(at.timestamp() * 1000 + 0.5)


def from_ms(ms: int) -> datetime:
    """Return the UTC time of epoch milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)


@lru_cache(maxsize=8192)  # the same time appears in several fields and events of a job
def iso(at: datetime) -> str:
    """Return ISO 8601 with milliseconds and ``Z``."""
    text = at.isoformat(timespec="milliseconds")
    if not text.endswith("+00:00"):
        text = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return text[:-6] + "Z"
