"""Time, ids and chance as values to pass in, so that tests decide them."""

from __future__ import annotations

import random
import secrets
import time
import uuid
from datetime import UTC, datetime
from itertools import count
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """UTC, cut to milliseconds (what MongoDB keeps)."""
        ...

    def now_ms(self) -> int:
        """Epoch milliseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean something."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class Ids(Protocol):
    """Where ids and chance come from."""

    def object_id(self) -> str:
        """24 hex digits; rises with time within one process (MongoDB's ObjectId layout)."""
        ...

    def token(self) -> str:
        """A secret of 128 bits, URL-safe; names one claim."""
        ...

    def trace_id(self) -> str:
        """A UUIDv4."""
        ...

    def random(self) -> float:
        """A number in [0, 1), for jitter."""
        ...


class SystemIds:
    """Ids from the system's randomness.

    An object id has the second in its first 4 bytes, as MongoDB's do, and the fraction of the second in the next 2, so
    that lists by id are in order of time also when several processes make ids within one second. Then 3 random
    bytes of the process, and 3 that count.
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
