"""Kinds of callables, through ``functools.wraps``, ``functools.partial`` and ``__call__``."""

from __future__ import annotations

import dis
import functools
import inspect
from collections.abc import Callable
from types import CodeType
from typing import Any


def is_async(function: Callable[..., Any]) -> bool:
    """Return whether a call returns a coroutine. A decorator without ``functools.wraps`` hides that until the call."""
    return any(inspect.iscoroutinefunction(layer) for layer in _layers(function))


def is_generator(function: Callable[..., Any]) -> bool:
    """Return whether a call returns a generator, which runs nothing of the function."""
    return any(inspect.isgeneratorfunction(f) or inspect.isasyncgenfunction(f) for f in _layers(function))


def calls_on_context(function: Callable[..., Any], names: frozenset[str]) -> bool:
    """Return whether the code of a task, or of functions within it, has ``ctx.<name>`` with one of ``names``.

    ``ctx`` is the first parameter. Functions that it passes its context to are not looked into.
    """
    code = getattr(plain(function), "__code__", None)
    if code is None or not code.co_argcount:
        return False
    first = code.co_varnames[0]
    if first == "self" and code.co_argcount > 1:
        first = code.co_varnames[1]
    pending = [code]
    while pending:
        code = pending.pop()
        if not names.isdisjoint(code.co_names) and _reads(code, first, names):
            return True
        pending += [each for each in code.co_consts if isinstance(each, CodeType)]
    return False


def _reads(code: CodeType, owner: str, names: frozenset[str]) -> bool:
    loaded: Any = None
    for step in dis.get_instructions(code):
        of_owner = loaded == owner or (isinstance(loaded, tuple) and loaded[-1] == owner)
        if of_owner and step.opname in {"LOAD_ATTR", "LOAD_METHOD"} and step.argval in names:
            return True
        loaded = step.argval if step.opname.startswith("LOAD_") else None
    return False


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
