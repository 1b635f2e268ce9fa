"""Tasks that are not plain functions: decorated, partial, objects, generators."""

from __future__ import annotations

import functools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from worker_fn.registration.callables import calls_on_context
from worker_fn.registration.registry import STEP_METHODS, Registry, TaskDefinitionError


class Size(BaseModel):
    width: int


def traced(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


async def plain_async(ctx: Any, payload: Size) -> int:
    return payload.width


def plain_sync(ctx: Any, payload: Size) -> int:
    return payload.width


async def with_more(scale: int, ctx: Any, payload: Size) -> int:
    return payload.width * scale


class AsyncObject:
    """Resizes."""

    async def __call__(self, ctx: Any, payload: Size) -> int:
        return payload.width


class SyncObject:
    def __call__(self, ctx: Any, payload: Size) -> int:
        return payload.width


@pytest.mark.parametrize(
    ("function", "is_async"),
    [
        (plain_async, True),
        (plain_sync, False),
        (traced(plain_async), True),
        (traced(traced(plain_async)), True),
        (traced(plain_sync), False),
        (functools.partial(with_more, 2), True),
        (AsyncObject(), True),
        (SyncObject(), False),
        (AsyncObject().__call__, True),
    ],
)
def test_a_task_is_found_below_its_decorators(function: Callable[..., Any], is_async: bool) -> None:
    registry = Registry()
    registry.task("resize")(function)
    registry.task("resize")(function)  # a module that is loaded twice

    task = registry.tasks["resize"]
    assert (task.is_async, task.model) == (is_async, Size)
    assert task.spec.name == "resize"


def generator(ctx: Any, payload: Size) -> Iterator[int]:
    yield payload.width


async def async_generator(ctx: Any, payload: Size) -> AsyncIterator[int]:
    yield payload.width


@pytest.mark.parametrize("function", [generator, async_generator, traced(generator)])
def test_a_generator_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(TaskDefinitionError, match="'resize': a generator would not run"):
        Registry().task("resize")(function)


def steps(ctx: Any, payload: Any) -> None:
    ctx.step("a", print)


async def steps_within(context: Any, payload: Any) -> None:
    async def inner() -> None:
        await context.sleep("a", 1)

    await inner()


def sleeps(ctx: Any, payload: Any) -> list[str]:
    time.sleep(0)
    ctx.log("awake")
    return list(map(str, payload))


@pytest.mark.parametrize(("function", "takes"), [(steps, True), (steps_within, True), (sleeps, False)])
def test_a_task_takes_steps_if_its_code_has_them_on_its_context(function: Callable[..., Any], takes: bool) -> None:
    assert calls_on_context(function, STEP_METHODS) is takes
    assert calls_on_context(functools.partial(function), STEP_METHODS) is takes
