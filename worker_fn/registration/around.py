"""Code around attempts: generator functions that ``@around`` registers, entered before the task and left after it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from worker_fn.context import TaskContext

Surrounding = Callable[["TaskContext"], Iterator[None]]

#: What ``@around`` takes, for messages.
SHAPE: Final = "a generator function of (ctx) that yields once"


class Around(NamedTuple):
    """A function around the attempts of the tasks of its module, or of all tasks of the process."""

    function: Surrounding
    everywhere: bool = False

    @property
    def module(self) -> str:
        """The module that the function is defined in."""
        return self.function.__module__

    def covers(self, module: str) -> bool:
        """Return whether the tasks of a module are within it."""
        return self.everywhere or self.module == module


def fault_of(function: Any) -> str:
    """Return why ``function`` cannot surround attempts; empty if it can."""
    if not inspect.isgeneratorfunction(function):
        return f"it must be {SHAPE}, without `async`"
    positional = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    required = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    if len(required) != 1 or required[0].kind not in positional:
        return f"it must be {SHAPE}: it takes other parameters"
    return ""


def enter(surroundings: Iterable[Around], context: TaskContext) -> ExitStack:
    """Enter functions in order; return the stack that leaves them in reverse order.

    Raises what one of them raises before its ``yield``; those entered before are left then.
    """
    with ExitStack() as stack:
        for each in surroundings:
            stack.enter_context(_Kept(contextmanager(each.function)(context)))
        return stack.pop_all()


class _Kept(AbstractContextManager[None]):
    """A context manager that cannot swallow an exception: a task that failed has not completed."""

    def __init__(self, manager: AbstractContextManager[None]) -> None:
        self._manager = manager

    def __enter__(self) -> None:
        self._manager.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._manager.__exit__(kind, error, trace)
