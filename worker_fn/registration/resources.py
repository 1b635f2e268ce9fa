"""Things that a worker makes once and its tasks share: clients, connection pools, models."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Generic, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Resource(Protocol[T_co]):
    """What ``resource`` makes of a function."""

    def __call__(self) -> T_co:
        """Return the value; of an ``async def`` an awaitable of it."""

    def forget(self) -> None:
        """Make a new value at the next call; for tests."""


def resource(function: Callable[[], T]) -> Resource[T]:
    """Call the decorated function once in a process, when it is called first; later calls return what it returned.

    For an ``async def`` a call returns an awaitable of the value. It runs once for each event loop, since what it makes
    may belong to the loop, and a worker of the same process may have another one.
    When it raises, the caller gets the exception, and the next call tries again. Raises ``TypeError`` for a function
    with parameters, and for a generator function.
    """
    if inspect.signature(function).parameters:
        raise TypeError(f"@resource: {function.__qualname__} must take no parameters")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(
            f"@resource: {function.__qualname__} must return the value in place of `yield`: a function on AWS is "
            "frozen or killed, so nothing could be closed"
        )
    made: Any = _OfLoop(function) if inspect.iscoroutinefunction(function) else _OfProcess(function)
    functools.update_wrapper(made, function)
    kept: Resource[T] = made
    return kept


class _OfProcess(Generic[T]):
    """The value of a plain function. Threads that ask while it is made wait for it."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function: Final = function
        self._lock = threading.Lock()
        self._values: list[T] = []

    def __call__(self) -> T:
        if not self._values:
            with self._lock:
                if not self._values:
                    self._values.append(self._function())
        return self._values[0]

    def forget(self) -> None:
        """Make a new value at the next call."""
        self._values = []


class _OfLoop(Generic[T]):
    """The value of an ``async def``: that of the running event loop."""

    def __init__(self, function: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._function: Final = function
        self._making: tuple[asyncio.AbstractEventLoop, asyncio.Task[T]] | None = None

    def __call__(self) -> Awaitable[T]:
        return self._value()

    async def _value(self) -> T:
        loop = asyncio.get_running_loop()
        making = self._making
        if making is None or making[0] is not loop or _has_failed(making[1]):
            making = self._making = loop, loop.create_task(self._function())
        return await asyncio.shield(making[1])  # the cancellation of one job does not end what others wait for

    def forget(self) -> None:
        """Make a new value at the next call."""
        self._making = None


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
