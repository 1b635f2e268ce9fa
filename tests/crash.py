"""Crashes at a step. The steps of a process are its calls of public methods of the stores and of the queue."""

from __future__ import annotations

import functools
import inspect
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.container import Container

#: Parts by which a process changes the databases. Each of their public methods is a step.
PARTS = (
    "job_store",
    "engine",
    "limits",
    "event_log",
    "queue_store",
    "key_store",
    "meta",
    "job_logs",
    "fleet",
    "outbox_store",
    "retention_store",
    "expired_jobs",
    "unique_store",
    "due_times",
    "dependency_store",
    "batch_store",
    "workflow_store",
    "step_store",
    "step_events",
    "operation_store",
)


class DiedError(SystemExit):
    """The process died. A ``SystemExit`` ends threads silently, and no ``except Exception`` catches it."""


class CrashError(Exception):
    """Raised by ``crash``, which replaces a step."""


def crash(*_: object, **__: object) -> None:
    """Fail in place of a step."""
    raise CrashError


@dataclass(frozen=True, order=True)
class Point:
    """The point right before or after the ``nth`` call of a step."""

    step: str
    nth: int
    after: bool

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.step} #{self.nth}"


def steps_of(container: Container) -> dict[str, Callable[..., Any]]:
    """Return every step by its name ``part.method``."""
    found: dict[str, Callable[..., Any]] = {}
    for part in PARTS:
        thing = getattr(container, part)
        for name, method in inspect.getmembers(thing, inspect.ismethod):
            if not name.startswith("_"):
                found[f"{part}.{name}"] = method
    return found


class Process:
    """A container that records its steps and dies at a point; later calls have no effect."""

    def __init__(
        self,
        container: Container,
        dies_at: Point | None = None,
        *,
        notice: Callable[[str, tuple[Any, ...]], None] = lambda step, args: None,
    ) -> None:
        """``notice`` is called right before each step, with its name and arguments."""
        self.container = container
        self._notice = notice
        self.dies_at = dies_at
        self.dead = threading.Event()
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        for step, method in steps_of(container).items():
            part, _, name = step.partition(".")
            setattr(getattr(container, part), name, self._watched(step, method))

    def _watched(self, step: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            if self.dead.is_set():
                raise DiedError
            with self._lock:
                self.calls[step] += 1
                nth = self.calls[step]
            self._maybe_die(Point(step, nth, after=False))
            self._notice(step, args)
            answer = method(*args, **kwargs)
            if inspect.isgenerator(answer):
                answer = iter(list(answer))
            self._maybe_die(Point(step, nth, after=True))
            return answer

        return call

    def _maybe_die(self, point: Point) -> None:
        if point == self.dies_at:
            self.dead.set()
        if self.dead.is_set():
            raise DiedError


@contextmanager
def dying() -> Iterator[None]:
    """Catch the death of a process."""
    with suppress(DiedError):
        yield


def points(calls: Counter[str], most: int) -> list[Point]:
    """Return the points before and after each call that was made, at most ``most`` calls of a step."""
    return [
        Point(step, nth, after)
        for step, number in sorted(calls.items())
        for nth in range(1, min(number, most) + 1)
        for after in (False, True)
    ]
