"""Finds and imports the task modules. One that cannot be imported is left out and reported; the others work."""

from __future__ import annotations

import importlib
import inspect
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from worker_fn.registration.registry import Registry, TaskDefinitionError, registry

#: How long the import of one module may take, in seconds.
IMPORT_LIMIT_S: Final = 60.0
_MAX_REASON_CHARS: Final = 500


class ImportTooLongError(BaseException):
    """Raised inside an import that takes too long. Not an ``Exception``, because a module may catch those."""


class NotAModuleError(Exception):
    """Raised for a file that cannot be imported as a module; the text says what to change."""


class LeftOutError(Exception):
    """Raised for a module that ``TASK_MODULES_LEFT_OUT`` names."""


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A task module that could not be imported, or one of its tasks that cannot be registered."""

    #: Dotted name; of a file that is not a module, its path below the package.
    module: str
    error: BaseException

    @property
    def reason(self) -> str:
        """One line: the error, and its file and line."""
        try:
            text = str(self.error)
        except Exception:  # an exception of the module may be broken too
            text = ""
        shown = type(self.error).__name__ + (f": {text}" if text else "")
        ours = isinstance(self.error, TaskDefinitionError | NotAModuleError | LeftOutError | ImportTooLongError)
        return (text if ours else shown)[:_MAX_REASON_CHARS] + self._place()

    def _place(self) -> str:
        """The last line of the module in the traceback."""
        frames = traceback.extract_tb(self.error.__traceback__)
        path = self.module.replace(".", "/")
        own = [frame for frame in frames if f"{path}.py" in frame.filename or f"{path}/__init__.py" in frame.filename]
        return f" (line {own[-1].lineno} of {path}.py)" if own else ""


@dataclass(frozen=True, slots=True)
class Found:
    """The contents of a package of tasks."""

    #: Dotted names, a package before its modules.
    modules: list[str]
    #: Files that look like modules but are not, or that share a name.
    failures: list[LoadFailure]


class TaskModules:
    """The modules of one package of tasks, imported once in a process."""

    def __init__(self, package: ModuleType) -> None:
        self._package = package
        self._failures: list[LoadFailure] | None = None

    def load(self, **options: Any) -> list[LoadFailure]:
        """Import them once, as ``load_package`` does with these options; return the failures."""
        if self._failures is None:
            self._failures = load_package(self._package, **options)
        return self._failures


def load_package(
    package: ModuleType,
    *,
    tasks: Registry = registry,
    leave_out: Collection[str] = (),
    limit_s: float = IMPORT_LIMIT_S,
    begin: Callable[[str], None] = lambda module: None,
) -> list[LoadFailure]:
    """Import every module of ``package`` and of the packages in it, so that their tasks register.

    Returns the failures: modules that raise anything, ``SystemExit`` included, or take longer than ``limit_s`` seconds.
    Their tasks are removed from ``tasks``. ``begin`` is called with each name before its import.
    """
    found = modules_of(package)
    failures = list(found.failures)
    failed: list[str] = []
    for module in found.modules:
        if module.startswith(tuple(f"{name}." for name in failed)):
            continue  # its package failed, and each import would try it again
        begin(module)
        error = LeftOutError("left out by TASK_MODULES_LEFT_OUT") if module in leave_out else _imported(module, limit_s)
        if error is not None:
            failed.append(module)
            failures.append(LoadFailure(module, error))
            tasks.forget(lambda task: task.module not in sys.modules)
    failures += [LoadFailure(task.module, error) for task, error in tasks.unfit()]
    return failures


def modules_of(package: ModuleType) -> Found:
    """Return the modules in the folders of ``package``, without importing any."""
    found = Found([], [])
    for folder in package.__path__:
        _look(Path(folder), package.__name__, found, set())
    return found


def _look(folder: Path, package: str, found: Found, seen: set[Path]) -> None:
    seen.add(folder.resolve())
    for name, paths in sorted(_by_name(folder, seen).items()):
        shown = "/".join([*package.split("."), paths[0].name])
        if not name.isidentifier():
            why = "its name cannot be imported, so it is not loaded: use letters, digits and underscores"
            found.failures.append(LoadFailure(shown, NotAModuleError(why)))
        elif len(paths) > 1:
            both = " and ".join(sorted(path.name for path in paths))
            why = f"{both} are both called {name}, so neither is loaded: rename one"
            found.failures.append(LoadFailure(f"{package}.{name}", NotAModuleError(why)))
        else:
            found.modules.append(f"{package}.{name}")
            if paths[0].is_dir():
                _look(paths[0], f"{package}.{name}", found, seen)


def _by_name(folder: Path, seen: Collection[Path]) -> dict[str, list[Path]]:
    """Return modules and packages of one folder, by the name of their import."""
    names: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        if path.name.startswith((".", "__")):
            continue
        if path.is_dir():
            name = path.name if path.resolve() not in seen and _has_modules(path) else None
        else:
            name = inspect.getmodulename(path.name)
        if name is not None:
            names.setdefault(name, []).append(path)
    return names


def _has_modules(folder: Path) -> bool:
    return any(inspect.getmodulename(path.name) for path in folder.rglob("*.*") if "__pycache__" not in path.parts)


def _imported(module: str, limit_s: float) -> BaseException | None:
    """Import a module; return the exception that it raised, if any."""
    try:
        with _limited(limit_s):
            importlib.import_module(module)
    except BaseException as error:  # one broken module must not affect the others
        return error
    return None


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise ``ImportTooLongError`` inside the block after ``seconds``. Works only on the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(*_: object) -> None:
        raise ImportTooLongError(f"its import took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)
