"""A clock that stands still until a test moves it, and ids without chance."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

_START: Final = datetime(2030, 1, 1, 12, tzinfo=UTC)
_UNITS_S: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d)\s*")


class FakeClock:
    """Implements ``Clock`` of the worker. For any thread."""

    def __init__(self, start: datetime = _START) -> None:
        self._lock = threading.Lock()
        self._now = _to_ms(start)
        self._passed_s = 0.0

    def now(self) -> datetime:
        """Return the time, in UTC."""
        with self._lock:
            return self._now

    def now_ms(self) -> int:
        """Return epoch milliseconds."""
        return round(self.now().timestamp() * 1000)

    def monotonic(self) -> float:
        """Return the seconds by which it was advanced."""
        with self._lock:
            return self._passed_s

    def advance(self, duration: str | float | timedelta) -> datetime:
        """Move the time on by seconds, a ``timedelta``, or text such as ``1h30m``; return it. Nothing runs by that.

        Raises ``ValueError`` for text that is no duration, and for one below 0.
        """
        seconds = seconds_of(duration)
        with self._lock:
            self._now = _to_ms(self._now + timedelta(seconds=seconds))
            self._passed_s += seconds
            return self._now

    def advance_to(self, time: datetime) -> None:
        """Move the time on to ``time``, unless it has passed. Raises ``ValueError`` without a time zone."""
        if time.tzinfo is None:
            raise ValueError("a time needs a time zone, such as datetime.UTC")
        left_s = (time - self.now()).total_seconds()
        if left_s > 0:
            self.advance(left_s)


class CountedIds:
    """Implements ``Ids`` of the worker: the same ids and the middle of each range in every run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def object_id(self) -> str:
        """Return 24 hex digits, which increase."""
        return f"{next(self._numbers):024x}"

    def token(self) -> str:
        """Return a new text."""
        return f"token-{next(self._numbers)}"

    def trace_id(self) -> str:
        """Return a new text."""
        return f"trace-{next(self._numbers)}"

    def random(self) -> float:
        """Return 0.5, with which a backoff has no jitter."""
        return 0.5


def seconds_of(duration: str | float | timedelta) -> float:
    """Return a duration in seconds. Raises ``ValueError``."""
    if isinstance(duration, timedelta):
        seconds = duration.total_seconds()
    elif isinstance(duration, str):
        parts = _PART.findall(duration)
        if not parts or _PART.sub("", duration).strip():
            raise ValueError(f"{duration!r} is no duration, such as 90s, 1h30m, 2d or 500ms")
        seconds = sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    else:
        seconds = float(duration)
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"time goes on by 0 or more, not by {seconds:g} s")
    return seconds


def _to_ms(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(microsecond=time.microsecond // 1000 * 1000)
