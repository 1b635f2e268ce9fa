"""What kind of callable a task is, seen through ``functools.wraps``, ``functools.partial`` and ``__call__``."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def is_async(function: Callable[..., Any]) -> bool:
    """Whether a call gives a coroutine. A decorator without ``functools.wraps`` may hide that until it is called."""
    return any(inspect.iscoroutinefunction(layer) for layer in _layers(function))


def is_generator(function: Callable[..., Any]) -> bool:
    """Whether a call gives a generator, which runs nothing of the function."""
    return any(inspect.isgeneratorfunction(f) or inspect.isasyncgenfunction(f) for f in _layers(function))


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function that was written down: below wrappers; the ``__call__`` of an object that can be called."""
    return _layers(function)[-1]


def _layers(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """``function`` and what it wraps, from the outside in."""
    layers: list[Callable[..., Any]] = []
    current: Any = function
    while current is not None and not any(current is layer for layer in layers):
        layers.append(current)
        current = _below(current)
    return layers


def _below(function: Any) -> Any:
    if isinstance(function, functools.partial):
        return function.func
    if inspect.ismethod(function):
        return function.__func__
    if inspect.isfunction(function) or inspect.isclass(function):
        return getattr(function, "__wrapped__", None)
    wrapped = getattr(function, "__wrapped__", None)
    return wrapped if wrapped is not None else getattr(type(function), "__call__", None)  # noqa: B004
