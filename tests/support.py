"""Helpers for tests: waiting on a condition, a clock that tests move."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
_TICK = threading.Event()


def wait_until(condition: Callable[[], T], timeout_s: float = 30.0, what: str = "the condition") -> T:
    """Poll ``condition`` until it is truthy and return it; fail after ``timeout_s``."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not hold within {timeout_s} s; last value: {value!r}")
        _TICK.wait(0.01)


def soon(call: Callable[[], T], within_s: float, what: str = "the call") -> T:
    """The answer of a call that is quick; one that is slow five times in a row is so by itself, not by other load."""
    for _ in range(5):
        began = time.monotonic()
        answer = call()
        if time.monotonic() - began < within_s:
            return answer
    raise AssertionError(f"{what} took longer than {within_s} s, five times in a row")


class ManualClock:
    """A clock that stands still until ``advance``."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or datetime(2026, 1, 1, tzinfo=UTC)
        self.elapsed_s = 0.0

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.elapsed_s += seconds

    def now(self) -> datetime:
        return self.at

    def now_ms(self) -> int:
        return int(self.at.timestamp() * 1000)

    def monotonic(self) -> float:
        return self.elapsed_s
