"""Declaring tasks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from worker_fn import tasks
from worker_fn.registration.loading import load_package
from worker_fn.registration.registry import FREE_FORM, Registry, TaskDefinitionError, registry


class Size(BaseModel):
    width: int = Field(ge=1)


@pytest.fixture
def fresh() -> Registry:
    return Registry()


def test_a_task_keeps_its_declared_options(fresh: Registry) -> None:
    @fresh.task("resize", retries=5, timeout_s=60, queue="images")
    def resize(ctx: Any, payload: Size) -> int:
        """Resize a picture."""
        return payload.width

    spec = fresh.tasks["resize"].spec
    assert (spec.max_retries, spec.timeout_s, spec.queue, spec.doc) == (5, 60, "images", "Resize a picture.")
    assert spec.schema["properties"]["width"]["minimum"] == 1
    assert resize(None, Size(width=3)) == 3  # still a plain function
    assert fresh.tasks["resize"].parse('{"width":4}') == Size(width=4)
    with pytest.raises(ValidationError):
        fresh.tasks["resize"].parse('{"width":0}')


def test_payloads_without_a_model_are_objects(fresh: Registry) -> None:
    @fresh.task("a")
    async def a(ctx, payload):  # type: ignore[no-untyped-def]
        pass

    @fresh.task("b")
    def b(ctx: Any, payload: dict[str, Any]) -> None:
        pass

    @fresh.task("c")
    def c(ctx: Any, payload: Any, scale: int = 2) -> None:
        pass

    assert {task.spec.schema == FREE_FORM for task in fresh.tasks.values()} == {True}
    assert [task.is_async for task in fresh.tasks.values()] == [True, False, False]
    assert fresh.tasks["b"].parse('{"x":[1]}') == {"x": [1]}
    assert fresh.tasks["b"].parse(None) == {}


def test_a_name_is_used_once(fresh: Registry) -> None:
    @fresh.task("twice")
    def one(ctx: Any, payload: dict[str, Any]) -> None:
        pass

    with pytest.raises(TaskDefinitionError, match=r"'twice' is taken by .*one"):

        @fresh.task("twice")
        def two(ctx: Any, payload: dict[str, Any]) -> None:
            pass


def _no_payload(ctx: Any) -> None: ...


def _too_many(ctx: Any, payload: Any, more: Any) -> None: ...


def _keyword(ctx: Any, *, payload: Any) -> None: ...


def _number(ctx: Any, payload: int) -> None: ...


def _unknown(ctx: Any, payload: Nowhere) -> None: ...  # type: ignore[name-defined] # noqa: F821


@pytest.mark.parametrize("function", [_no_payload, _too_many, _keyword, _number, _unknown])
def test_functions_of_another_shape_are_refused(fresh: Registry, function: Any) -> None:
    with pytest.raises(TaskDefinitionError, match="'odd'"):
        fresh.task("odd")(function)


@pytest.mark.parametrize(
    ("name", "limits", "why"),
    [
        ("", {}, "a name of 1 to 100"),
        (" x", {}, "fits"),
        ("images/resize", {}, r"'images/resize'"),
        ("x" * 101, {}, "a name of 1 to 100"),
        ("x\n", {}, "fits"),
        (lambda ctx, payload: None, {}, r'@task\("name"\)'),
        ("x", {"retries": 26}, "retries must be a whole number from 0 to 25, not 26"),
        ("x", {"retries": -1}, "retries"),
        ("x", {"retries": 2.5}, "retries must be a whole number"),
        ("x", {"retries": True}, "retries"),
        ("x", {"timeout_s": 0}, "timeout_s"),
        ("x", {"timeout_s": 1.5}, "timeout_s"),
        ("x", {"queue": "high prio"}, "queue must .*'high prio'"),
        ("x", {"queue": None}, "queue must .*None"),
        ("x", {"queue": "q" * 65}, "queue"),
    ],
)
def test_options_that_no_job_could_have_are_refused(
    fresh: Registry, name: Any, limits: dict[str, Any], why: str
) -> None:
    with pytest.raises(TaskDefinitionError, match=why):
        fresh.task(name, **limits)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    folder = tmp_path / "some_tasks"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "broken.py").write_text("raise RuntimeError('half-written')")
    (folder / "good.py").write_text("LOADED = True")
    monkeypatch.syspath_prepend(str(tmp_path))
    import some_tasks  # type: ignore[import-not-found]

    yield some_tasks
    for name in [name for name in sys.modules if name.startswith("some_tasks")]:
        del sys.modules[name]


def test_a_broken_module_does_not_take_the_others_with_it(package: ModuleType) -> None:
    failures = load_package(package)
    assert [(failure.module, str(failure.error)) for failure in failures] == [("some_tasks.broken", "half-written")]
    assert "some_tasks.good" in sys.modules


def test_the_built_in_tasks_are_there() -> None:
    assert load_package(tasks) == []
    assert {"simulated", "http_request"} <= set(registry.tasks)
    assert registry.tasks["simulated"].is_async
