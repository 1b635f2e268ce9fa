"""Code around attempts (``@around``), and what a worker makes once (``@resource``)."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from queuecraft_testing import QueueCraft
from worker_fn import Retry, Snooze, TaskContext, resource
from worker_fn.registration.loading import load_package
from worker_fn.registration.registry import Registry, TaskDefinitionError

current = contextvars.ContextVar("current", default="nobody")


def plain(ctx: TaskContext, payload: dict[str, Any]) -> str:
    return current.get()


async def awaited(ctx: TaskContext, payload: dict[str, Any]) -> str:
    await asyncio.sleep(0)
    return current.get()


# --- around -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("function", [plain, awaited])
def test_functions_around_attempts_nest_and_their_context_reaches_the_task(
    tasks: Registry, queue: QueueCraft, function: Callable[..., Any]
) -> None:
    seen = []

    @tasks.around()
    def outer(ctx: TaskContext) -> Iterator[None]:
        seen.append(f"before {ctx.task} {ctx.attempt}")
        yield
        seen.append("after")

    tasks.task("t")(function)

    @tasks.around(everywhere=True)
    def inner(ctx: TaskContext) -> Iterator[None]:
        token = current.set("somebody")
        seen.append("within")
        yield
        current.reset(token)

    queue.submit("t")
    (job,) = queue.drain()
    assert (job.status, job.result) == ("completed", "somebody")
    assert seen == ["before t 1", "within", "after"]
    assert current.get() == "nobody"


@pytest.mark.parametrize("is_async", [False, True])
def test_what_a_task_raises_comes_out_at_the_yield_and_cannot_be_swallowed(
    tasks: Registry, queue: QueueCraft, is_async: bool
) -> None:
    seen = []

    @tasks.around()
    def swallow(ctx: TaskContext) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            seen.append(str(error))

    def fails(ctx: TaskContext, payload: dict[str, Any]) -> None:
        raise ValueError("broken")

    async def fails_later(ctx: TaskContext, payload: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        raise ValueError("broken")

    tasks.task("t", retries=0)(fails_later if is_async else fails)
    queue.submit("t")
    (job,) = queue.drain()
    assert (job.status, seen) == ("dlq", ["broken"])
    assert job.record.error is not None
    assert job.record.error.type == "ValueError"
    traceback = job.record.error.traceback or ""
    assert traceback.splitlines()[1].strip().startswith(f'File "{Path(__file__).relative_to(Path.cwd())}"'), traceback


def test_a_function_around_an_attempt_may_raise_another_error(tasks: Registry, queue: QueueCraft) -> None:
    @tasks.around()
    def translate(ctx: TaskContext) -> Iterator[None]:
        try:
            yield
        except ConnectionError as error:
            raise Snooze(30) from error

    @tasks.task("t", retries=0)
    def fails(ctx: TaskContext, payload: dict[str, Any]) -> str:
        if not ctx.attempt > 1:
            raise ConnectionError
        return "now"

    queue.submit("t")
    queue.drain()
    queue.clock.advance(30)
    (job,) = queue.drain()
    assert job.result == "now"
    assert [attempt.outcome for attempt in job.record.attempts] == ["snoozed", "completed"]


def test_an_error_before_the_yield_fails_the_attempt_and_leaves_what_was_entered(
    tasks: Registry, queue: QueueCraft
) -> None:
    seen = []

    @tasks.around()
    def entered(ctx: TaskContext) -> Iterator[None]:
        try:
            yield
        finally:
            seen.append("left")

    @tasks.around()
    def refuses(ctx: TaskContext) -> Iterator[None]:
        raise Retry("not yet")
        yield

    @tasks.task("t", retries=0)
    def never(ctx: TaskContext, payload: dict[str, Any]) -> None:
        seen.append("ran")

    queue.submit("t")
    (job,) = queue.drain()
    assert job.status == "dlq"
    assert job.record.error is not None
    assert job.record.error.message == "not yet"
    assert "contextlib" not in (job.record.error.traceback or "")
    assert seen == ["left"]


def test_only_tasks_of_the_same_module_are_surrounded_unless_everywhere(tasks: Registry) -> None:
    def near(ctx: TaskContext) -> Iterator[None]:
        yield

    def far(ctx: TaskContext) -> Iterator[None]:
        yield

    near.__module__ = far.__module__ = "elsewhere"
    tasks.around()(near)
    tasks.around(everywhere=True)(far)
    tasks.task("t")(plain)
    assert [each.function for each in tasks.tasks["t"].around] == [far]


def test_other_functions_are_refused(tasks: Registry) -> None:
    def returns(ctx: TaskContext) -> None:
        pass

    async def awaits(ctx: TaskContext) -> Any:
        yield

    def takes_two(ctx: TaskContext, payload: Any) -> Iterator[None]:
        yield

    functions: tuple[Any, ...] = (returns, awaits, takes_two)
    for function in functions:
        with pytest.raises(TaskDefinitionError, match=rf"@around: .*{function.__name__}: it must be a generator"):
            tasks.around()(function)


def test_a_module_that_fails_leaves_nothing_around_attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry()
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "bundle_around").mkdir()
    (tmp_path / "bundle_around" / "__init__.py").touch()
    text = "from tests.unit.test_around import LOADED\n@LOADED[0].around(everywhere=True)\ndef f(ctx):\n    yield\n"
    (tmp_path / "bundle_around" / "good.py").write_text(text)
    (tmp_path / "bundle_around" / "wrong.py").write_text(text + "raise RuntimeError\n")
    LOADED[:] = [registry]
    package = ModuleType("bundle_around")
    package.__path__ = [str(tmp_path / "bundle_around")]
    monkeypatch.setitem(sys.modules, "bundle_around", package)
    failures = load_package(package, tasks=registry)
    registry.task("t")(plain)
    assert [failure.module for failure in failures] == ["bundle_around.wrong"]
    assert [each.module for each in registry.tasks["t"].around] == ["bundle_around.good"]


LOADED: list[Registry] = []


# --- resources ----------------------------------------------------------------------------------------------------
def test_a_resource_is_made_once_also_by_threads_that_ask_together() -> None:
    started, go_on = threading.Event(), threading.Event()
    made = []

    @resource
    def client() -> object:
        started.set()
        assert go_on.wait(20)
        made.append(object())
        return made[-1]

    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(client())) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert started.wait(20)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert got == made * 4


def test_a_resource_that_fails_is_made_at_the_next_call() -> None:
    answers: list[Any] = [ConnectionError("away"), 7, 8]

    @resource
    def client() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return int(answer)

    with pytest.raises(ConnectionError):
        client()
    assert (client(), client()) == (7, 7)
    client.forget()
    assert client() == 8


def test_an_async_resource_is_made_once_for_each_loop() -> None:
    made = []

    @resource
    async def session() -> object:
        await asyncio.sleep(0)
        made.append(object())
        return made[-1]

    async def three() -> set[int]:
        return {id(each) for each in await asyncio.gather(session(), session(), session())}

    assert len(asyncio.run(three())) == 1
    assert len(asyncio.run(three())) == 1
    assert len(made) == 2


def test_a_cancelled_caller_of_an_async_resource_does_not_cancel_it() -> None:
    async def run() -> None:
        gate = asyncio.Event()

        @resource
        async def session() -> int:
            await gate.wait()
            return 5

        first = asyncio.ensure_future(session())
        second = asyncio.ensure_future(session())
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        gate.set()
        assert first.cancelled()
        assert await second == 5

    asyncio.run(run())


def test_functions_that_cannot_be_resources_are_refused() -> None:
    def generator() -> Iterator[int]:
        yield 1

    def takes_one(url: str) -> str:
        return url

    with pytest.raises(TypeError, match=r"@resource: .*generator must return the value in place of `yield`"):
        resource(generator)
    with pytest.raises(TypeError, match=r"@resource: .*takes_one must take no parameters"):
        resource(takes_one)  # type: ignore[arg-type]
