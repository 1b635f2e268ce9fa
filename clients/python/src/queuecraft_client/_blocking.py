"""Blocking methods, made of asynchronous ones whose I/O never suspends (``_io.BlockingIo``)."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

C = TypeVar("C")
P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")


class Blocking(Generic[C]):
    """A blocking face of ``core``, which holds a ``BlockingIo``."""

    def __init__(self, core: C) -> None:
        self._core = core


def run(awaitable: Awaitable[T]) -> T:
    """Return what ``awaitable`` returns, in one step. Raises ``RuntimeError`` if it suspends."""
    steps = awaitable.__await__()
    try:
        next(steps)
    except StopIteration as end:
        value: T = end.value
        return value
    raise RuntimeError("A call of the blocking client waits for an event loop")


def blocking(method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]]) -> Callable[Concatenate[Any, P], T]:
    """Return ``method`` of the core as a blocking method with the same signature and docstring."""

    @functools.wraps(method)
    def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return run(method(self._core, *args, **kwargs))

    return call


def blocking_iterator(
    method: Callable[Concatenate[S, P], AsyncIterator[T]],
) -> Callable[Concatenate[Any, P], Iterator[T]]:
    """Return ``method`` of the core, an asynchronous generator, as a generator."""

    @functools.wraps(method)
    def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        found = method(self._core, *args, **kwargs)
        try:
            while True:
                try:
                    one = run(anext(found))
                except StopAsyncIteration:
                    return
                yield one
        finally:
            if (close := getattr(found, "aclose", None)) is not None:
                run(close())

    return call
