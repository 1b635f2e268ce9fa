"""Kinds of callables, through ``functools.wraps``, ``functools.partial`` and ``__call__``."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def is_async(function: Callable[..., Any]) -> bool:
    """Return whether a call returns a coroutine. A decorator without ``functools.wraps`` hides that until the call."""
    return any(inspect.iscoroutinefunction(layer) for layer in _layers(function))


def is_generator(function: Callable[..., Any]) -> bool:
    """Return whether a call returns a generator, which runs nothing of the function."""
    return any(inspect.isgeneratorfunction(f) or inspect.isasyncgenfunction(f) for f in _layers(function))


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function below wrappers, or the ``__call__`` of a callable object."""
    return _layers(function)[-1]


def _layers(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Return ``function`` and the functions that it wraps, outermost first."""
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
