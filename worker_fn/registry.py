"""The tasks of this worker: plain functions that ``@task`` gives a name, a payload type and limits."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, ModuleType
from typing import Any, Final, Protocol, TypeVar, get_origin, get_type_hints

import orjson

from chalicelib.domain.jobs import DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, DEFAULT_TIMEOUT_S, MAX_RETRIES, MAX_TIMEOUT_S
from chalicelib.domain.tasks import TaskSpec
from worker_fn.callables import is_async, is_generator, plain

F = TypeVar("F", bound=Callable[..., Any])

#: The schema of a task that takes any JSON object.
FREE_FORM: Final[dict[str, Any]] = {"type": "object"}


class TaskDefinitionError(Exception):
    """Raised at import when a function cannot be a task; the text says what to change."""


class PayloadModel(Protocol):
    """What the registry needs of a pydantic model; it never imports pydantic itself."""

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]: ...

    @classmethod
    def model_validate_json(cls, json_data: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Task:
    """A function and what its author said about it."""

    name: str
    function: Callable[[Any, Any], Any]
    is_async: bool
    #: The pydantic model of the payload; ``None`` takes any object, as a ``dict``.
    model: type[PayloadModel] | None = None
    retries: int = DEFAULT_MAX_RETRIES
    timeout_s: int = DEFAULT_TIMEOUT_S
    queue: str = DEFAULT_QUEUE

    @property
    def spec(self) -> TaskSpec:
        """The task's entry in the catalogue."""
        return TaskSpec(
            name=self.name,
            schema=self.model.model_json_schema() if self.model else FREE_FORM,
            max_retries=self.retries,
            timeout_s=self.timeout_s,
            queue=self.queue,
            doc=inspect.getdoc(self.function) or "",
        )

    def parse(self, payload: str | None) -> Any:
        """The payload as the function takes it. Raises pydantic's ``ValidationError`` (a ``ValueError``)."""
        text = payload or "{}"
        if self.model is not None:
            return self.model.model_validate_json(text)
        return orjson.loads(text) if text != "{}" else {}


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A module of tasks that could not be imported."""

    module: str
    error: BaseException


@dataclass(slots=True)
class Registry:
    """Tasks by name."""

    _tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def tasks(self) -> Mapping[str, Task]:
        """A read-only view."""
        return MappingProxyType(self._tasks)

    def task(
        self,
        name: str,
        *,
        retries: int = DEFAULT_MAX_RETRIES,
        timeout_s: int = DEFAULT_TIMEOUT_S,
        queue: str = DEFAULT_QUEUE,
    ) -> Callable[[F], F]:
        """Make the decorated ``function(ctx, payload)``, sync or async, the task ``name``; it stays callable.

        ``retries``, ``timeout_s`` and ``queue`` are what jobs get that do not say. Raises
        ``TaskDefinitionError`` for a name in use, a limit out of range, or a function of another shape.
        """

        def register(function: F) -> F:
            self.add(_task(name, function, retries=retries, timeout_s=timeout_s, queue=queue))
            return function

        return register

    def add(self, task: Task) -> None:
        """Add ``task``. Raises ``TaskDefinitionError`` when another function has its name."""
        known = self._tasks.get(task.name)
        if known is not None and _origin(known.function) != _origin(task.function):
            raise TaskDefinitionError(
                f"The name {task.name!r} is taken by {'.'.join(_origin(known.function))}; choose another"
            )
        self._tasks[task.name] = task


def load_package(package: ModuleType) -> list[LoadFailure]:
    """Import every module of ``package``, so that their tasks register; returns those that could not be."""
    failures = []
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        try:
            importlib.import_module(module.name)
        except Exception as error:  # one broken module must not take the others with it
            failures.append(LoadFailure(module.name, error))
    return failures


def _task(name: str, function: Callable[..., Any], *, retries: int, timeout_s: int, queue: str) -> Task:
    if not name or len(name) > 100 or name != name.strip():
        raise TaskDefinitionError(f"A task needs a name of 1 to 100 characters, not {name!r}")
    if not 0 <= retries <= MAX_RETRIES:
        raise TaskDefinitionError(f"Task {name!r}: retries must be 0 to {MAX_RETRIES}, not {retries}")
    if not 1 <= timeout_s <= MAX_TIMEOUT_S:
        raise TaskDefinitionError(f"Task {name!r}: timeout_s must be 1 to {MAX_TIMEOUT_S}, not {timeout_s}")
    if is_generator(function):
        raise TaskDefinitionError(f"Task {name!r}: a generator would not run; return the result in place of `yield`")
    return Task(
        name=name,
        function=function,
        is_async=is_async(function),
        model=_payload_model(name, function),
        retries=retries,
        timeout_s=timeout_s,
        queue=queue,
    )


def _payload_model(name: str, function: Callable[..., Any]) -> type[PayloadModel] | None:
    parameters = list(inspect.signature(function).parameters.values())
    positional = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    required = [p for p in parameters if p.default is p.empty]
    if len(required) != 2 or any(p.kind not in positional for p in required):
        raise TaskDefinitionError(f"Task {name!r}: the function must take exactly (ctx, payload)")
    payload = required[1]
    if payload.annotation is payload.empty:
        return None
    try:
        annotation: Any = get_type_hints(plain(function)).get(payload.name)
    except NameError as error:
        raise TaskDefinitionError(
            f"Task {name!r}: the type of its payload cannot be resolved ({error}); "
            "define the model at module level, before the function"
        ) from error
    if hasattr(annotation, "model_json_schema"):
        model: type[PayloadModel] = annotation
        return model
    if annotation in {Any, dict} or get_origin(annotation) in {dict, Mapping}:
        return None
    raise TaskDefinitionError(
        f"Task {name!r}: the payload must be a pydantic model or dict[str, Any], not {annotation!r}"
    )


def _origin(function: Callable[..., Any]) -> tuple[str, str]:
    written = plain(function)
    return written.__module__, written.__qualname__


#: The registry of this process; modules in ``worker_fn/tasks`` add to it.
registry: Final = Registry()
task: Final = registry.task
