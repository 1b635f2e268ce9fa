"""The tasks of this worker: plain functions that ``@task`` gives a name, a payload type and limits."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, get_origin, get_type_hints

import orjson

from chalicelib.domain.jobs import (
    DEFAULT_MAX_RETRIES,
    DEFAULT_QUEUE,
    DEFAULT_TIMEOUT_S,
    MAX_QUEUE_CHARS,
    MAX_RETRIES,
    MAX_TASK_CHARS,
    MAX_TIMEOUT_S,
    QUEUE_PATTERN,
    TASK_PATTERN,
)
from chalicelib.domain.limits import Limit
from chalicelib.domain.steps import MAX_DURATION_S, OnVersion
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.unique import Unique
from chalicelib.errors import InvalidInput
from worker_fn.registration.around import Around, Surrounding, fault_of
from worker_fn.registration.callables import calls_on_context, is_async, is_generator, plain
from worker_fn.registration.limits import LimitError, check_alike, check_paths, checked

if TYPE_CHECKING:
    from chalicelib.domain.schedules import CodeSchedule
    from worker_fn.registration.schedules import Schedules

#: Methods of a task's context by which it takes steps.
STEP_METHODS: Final = frozenset({"step", "map", "sleep", "wait_for_event", "invoke", "now", "uuid", "checkpoint"})

F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S", bound=Surrounding)

#: The schema of a task that accepts any JSON object.
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
    """A function with its name, payload type and limits."""

    name: str
    function: Callable[[Any, Any], Any]
    is_async: bool
    #: The pydantic model of the payload; ``None`` takes any object, as a ``dict``.
    model: type[PayloadModel] | None = None
    retries: int = DEFAULT_MAX_RETRIES
    timeout_s: int = DEFAULT_TIMEOUT_S
    queue: str = DEFAULT_QUEUE
    limits: tuple[Limit, ...] = ()
    unique: Unique | None = None
    redact: tuple[str, ...] = ()
    schedules: tuple[CodeSchedule, ...] = ()
    #: What its steps are recorded under, and what becomes of jobs that began under another one.
    version: int = 1
    on_version: OnVersion = OnVersion.CONTINUE
    #: How long a job may take from its first step, with its waits.
    max_duration_s: int = MAX_DURATION_S
    #: Whether its code seems to take steps.
    uses_steps: bool = False
    #: Functions around attempts: all of its registry, also those that are registered later.
    surroundings: Sequence[Around] = field(default=(), compare=False)

    @property
    def around(self) -> list[Around]:
        """The functions around its attempts, the outermost first."""
        return [each for each in self.surroundings if each.covers(self.module)]

    @property
    def module(self) -> str:
        """The module that its function is defined in."""
        return _origin(self.function)[0]

    @property
    def spec(self) -> TaskSpec:
        """The task's entry in the catalogue. Raises ``TaskDefinitionError`` when it cannot be written down."""
        from worker_fn.registration.payload_schema import is_text  # noqa: PLC0415 - pydantic is loaded by now

        doc = inspect.getdoc(self.function) or ""
        if not is_text(doc):
            raise TaskDefinitionError(f"Task {self.name!r}: its docstring has a lone surrogate, which is no text")
        schema = self._schema()
        try:
            check_paths(self.limits, schema)
        except LimitError as error:
            raise TaskDefinitionError(f"Task {self.name!r}: {error}") from error
        return TaskSpec(
            name=self.name,
            schema=schema,
            max_retries=self.retries,
            timeout_s=self.timeout_s,
            queue=self.queue,
            doc=doc,
            module=self.module,
            limits=self.limits,
            unique=self.unique,
            redact=self.redact,
        )

    def _schema(self) -> dict[str, Any]:
        if self.model is None:
            return FREE_FORM
        from worker_fn.registration.payload_schema import SchemaError, schema_of  # noqa: PLC0415 - pydantic is loaded by now

        try:
            return schema_of(self.model)
        except SchemaError as error:
            raise TaskDefinitionError(f"Task {self.name!r}: {error}") from error

    def parse(self, payload: str | None) -> Any:
        """Return the payload as the function takes it. Raises pydantic's ``ValidationError`` (a ``ValueError``)."""
        text = payload or "{}"
        if self.model is not None:
            return self.model.model_validate_json(text)
        return orjson.loads(text) if text != "{}" else {}


class Registry:
    """Tasks by name."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        #: Names that several functions have, so that none is registered, with the first of these functions.
        self._contested: dict[str, Task] = {}
        self._surroundings: list[Around] = []

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
        limits: Iterable[Limit] = (),
        unique: Unique | None = None,
        redact: Sequence[str] = (),
        schedule: Schedules = None,
        version: int = 1,
        on_version: str = OnVersion.CONTINUE,
        max_duration_s: int = MAX_DURATION_S,
    ) -> Callable[[F], F]:
        """Make the decorated ``function(ctx, payload)``, sync or async, the task ``name``; it stays callable.

        ``retries``, ``timeout_s`` and ``queue`` are defaults of its jobs; ``limits`` bound how many of them run at once
        and how often they start; ``unique`` says how they are unique; ``redact`` names paths in payloads and results,
        such as ``card.number``, whose values nobody is shown; ``schedule`` makes some: ``Cron``, ``Every``, or a list
        of them. For durable tasks: ``version`` is recorded with each step, ``on_version`` says what becomes of
        jobs that began under another one (continue, restart, fail), ``max_duration_s`` how long a job may take from its
        first step, with its waits.

        Raises ``TaskDefinitionError`` for a name in use or not valid, an option out of range, a function with other
        parameters, a payload without a schema, a schedule that cannot be.
        """
        _check(name, retries, timeout_s, queue)
        _check_unique(name, unique)
        options: dict[str, Any] = {"retries": retries, "timeout_s": timeout_s, "queue": queue, "unique": unique}
        options |= _durable_options(name, version, on_version, max_duration_s)
        limited = self._limits(name, limits)
        if redact:
            options["redact"] = _redacted(name, redact, limited)

        def register(function: F) -> F:
            self.add(_with_schedules(_task(name, function, **options, limits=limited), schedule))
            return function

        return register

    def _limits(self, name: str, limits: Iterable[Limit]) -> tuple[Limit, ...]:
        try:
            limited = checked(limits)
            check_alike(limited, {task.name: task.limits for task in self._tasks.values() if task.name != name})
        except LimitError as error:
            raise TaskDefinitionError(f"Task {name!r}: {error}") from error
        return limited

    def add(self, task: Task) -> None:
        """Add ``task``. Raises ``TaskDefinitionError`` if another function has its name: then neither is registered."""
        known = self._contested.get(task.name) or self._tasks.get(task.name)
        if known is not None and _origin(known.function) != _origin(task.function):
            self._contested[task.name] = known
            self._tasks.pop(task.name, None)
            raise TaskDefinitionError(
                f"The name {task.name!r} is taken by {'.'.join(_origin(known.function))}; choose another "
                "(until then neither of the two runs)"
            )
        if task.name not in self._contested:
            self._tasks[task.name] = replace(task, surroundings=self._surroundings)

    def around(self, *, everywhere: bool = False) -> Callable[[S], S]:
        """Run the decorated generator function ``(ctx)`` around each attempt of the tasks of its module.

        The task runs at its ``yield``, where what the task raises comes out. It may raise something else in its place,
        and cannot turn it into a success. With ``everywhere`` it is around all tasks of each worker that imports its
        module. Several nest in the order in which they are registered. Raises ``TaskDefinitionError`` for another kind
        of function.
        """

        def register(function: S) -> S:
            if fault := fault_of(function):
                raise TaskDefinitionError(f"@around: {getattr(function, '__qualname__', function)!s}: {fault}")
            self._surroundings.append(Around(function, everywhere))
            return function

        return register

    def forget_surroundings(self, unwanted: Callable[[Around], bool]) -> None:
        """Remove functions around attempts."""
        self._surroundings[:] = [each for each in self._surroundings if not unwanted(each)]

    def forget(self, unwanted: Callable[[Task], bool]) -> None:
        """Remove tasks."""
        for task in [task for task in self._tasks.values() if unwanted(task)]:
            del self._tasks[task.name]

    def unfit(self) -> list[tuple[Task, TaskDefinitionError]]:
        """Remove tasks that the catalogue cannot list; return them with the errors.

        ``task`` refuses them already, except those whose model refers to classes that were not defined yet.
        """
        found = []
        for task in list(self._tasks.values()):
            try:
                _ = task.spec
            except TaskDefinitionError as error:
                found.append((task, error))
                del self._tasks[task.name]
        return found


def _check(name: str, retries: int, timeout_s: int, queue: str) -> None:
    """Check the arguments of the decorator against the limits of a job (``POST /job/create``)."""
    if not isinstance(name, str):
        raise TaskDefinitionError(f'A task needs a name: @task("name"), not {name!r}')
    if not re.fullmatch(TASK_PATTERN, name) or len(name) > MAX_TASK_CHARS:
        raise TaskDefinitionError(
            f"A task needs a name of 1 to {MAX_TASK_CHARS} characters that fits {TASK_PATTERN}, not {name!r}"
        )
    if not isinstance(queue, str) or not re.fullmatch(QUEUE_PATTERN, queue) or len(queue) > MAX_QUEUE_CHARS:
        raise TaskDefinitionError(
            f"Task {name!r}: queue must have 1 to {MAX_QUEUE_CHARS} characters and fit {QUEUE_PATTERN}, not {queue!r}"
        )
    for field_name, value, low, high in (
        ("retries", retries, 0, MAX_RETRIES),
        ("timeout_s", timeout_s, 1, MAX_TIMEOUT_S),
    ):
        if type(value) is not int or not low <= value <= high:
            raise TaskDefinitionError(
                f"Task {name!r}: {field_name} must be a whole number from {low} to {high}, not {value!r}"
            )


def _durable_options(name: str, version: int, on_version: str, max_duration_s: int) -> dict[str, Any]:
    if type(version) is not int or version < 1:
        raise TaskDefinitionError(f"Task {name!r}: version must be a whole number from 1, not {version!r}")
    if on_version not in set(OnVersion):
        known = ", ".join(OnVersion)
        raise TaskDefinitionError(f"Task {name!r}: on_version must be one of {known}, not {on_version!r}")
    if type(max_duration_s) is not int or not 1 <= max_duration_s <= MAX_DURATION_S:
        raise TaskDefinitionError(
            f"Task {name!r}: max_duration_s must be a whole number from 1 to {MAX_DURATION_S}, not {max_duration_s!r}"
        )
    return {"version": version, "on_version": OnVersion(on_version), "max_duration_s": max_duration_s}


def _check_unique(name: str, unique: Unique | None) -> None:
    if unique is None:
        return
    if not isinstance(unique, Unique):
        raise TaskDefinitionError(f"Task {name!r}: unique must be a Unique(...), not {unique!r}")
    try:
        unique.check("")
    except InvalidInput as error:
        raise TaskDefinitionError(f"Task {name!r}: unique: {error.message}") from error


def _redacted(name: str, paths: Sequence[str], limits: Iterable[Limit]) -> tuple[str, ...]:
    from chalicelib.domain.redaction import checked_paths, covers  # noqa: PLC0415 - few tasks redact anything

    if isinstance(paths, str) or not all(isinstance(path, str) for path in paths):
        raise TaskDefinitionError(f"Task {name!r}: redact must be a list of paths, not {paths!r}")
    try:
        redacted = checked_paths(paths)
    except InvalidInput as error:
        at = f"redact[{error.field}]" if error.field else "redact"
        raise TaskDefinitionError(f"Task {name!r}: {at}: {error.message}") from error
    for limit in limits:
        if limit.path and covers(redacted, limit.path):
            raise TaskDefinitionError(f"Task {name!r}: limit {limit.name!r} shows {limit.per!r}, which is redacted")
    return redacted


def _task(name: str, function: Callable[..., Any], **options: Any) -> Task:
    if is_generator(function):
        raise TaskDefinitionError(f"Task {name!r}: a generator would not run; return the result in place of `yield`")
    task = Task(
        name=name,
        function=function,
        is_async=is_async(function),
        uses_steps=calls_on_context(function, STEP_METHODS),
        model=_payload_model(name, function),
        **options,
    )
    if getattr(task.model, "__pydantic_complete__", True):
        _ = task.spec  # raises what its author should see here
    return task


def _with_schedules(task: Task, given: Schedules) -> Task:
    if given is None:
        return task
    from worker_fn.registration.schedules import (  # noqa: PLC0415 - few tasks have one
        ScheduleDefinitionError,
        schedules_of,
    )

    # a model that refers to classes defined later cannot check a payload yet; the worker does
    known = getattr(task.model, "__pydantic_complete__", True)
    try:
        schedules = schedules_of(task.name, given, task.parse if known else lambda payload: None)
    except ScheduleDefinitionError as error:
        raise TaskDefinitionError(f"Task {task.name!r}: its schedule cannot be: {error}") from error
    return replace(task, schedules=schedules)


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
around: Final = registry.around
