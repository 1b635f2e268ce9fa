"""Find and import the modules of tasks. One that cannot be imported is left out and named; the others work on."""

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
    """Raised inside an import that takes too long. No ``Exception``: a module may catch those."""


class NotAModuleError(Exception):
    """Raised for a file beside the modules that cannot be imported as one; the text says what to change."""


class LeftOutError(Exception):
    """Raised for a module that ``TASK_MODULES_LEFT_OUT`` names."""


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A module of tasks that could not be imported, or one of its tasks that cannot be offered."""

    #: Dotted name; of a file that is no module, its path below the package.
    module: str
    error: BaseException

    @property
    def reason(self) -> str:
        """One line for people: what was raised, and in which line of which file."""
        try:
            text = str(self.error)
        except Exception:  # the module's own exception may be broken too
            text = ""
        shown = type(self.error).__name__ + (f": {text}" if text else "")
        ours = isinstance(self.error, TaskDefinitionError | NotAModuleError | LeftOutError | ImportTooLongError)
        return (text if ours else shown)[:_MAX_REASON_CHARS] + self._place()

    def _place(self) -> str:
        """Where the module was, by its last line in the traceback."""
        frames = traceback.extract_tb(self.error.__traceback__)
        path = self.module.replace(".", "/")
        own = [frame for frame in frames if f"{path}.py" in frame.filename or f"{path}/__init__.py" in frame.filename]
        return f" (line {own[-1].lineno} of {path}.py)" if own else ""


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a package of tasks."""

    #: Dotted names, a package before its modules.
    modules: list[str]
    #: Files that look like modules, but are none, or that share a name.
    failures: list[LoadFailure]


class TaskModules:
    """The modules of one package of tasks, imported once in a process."""

    def __init__(self, package: ModuleType) -> None:
        self._package = package
        self._failures: list[LoadFailure] | None = None

    def load(self, **options: Any) -> list[LoadFailure]:
        """Import them, as ``load_package`` does with these options, unless that was done; those that could not be."""
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

    Returns those that could not be: whatever they raise, `SystemExit` included, and those that take longer than
    ``limit_s`` seconds. Their tasks are taken out of ``tasks`` again. ``begin`` is called with each name before.
    """
    found = modules_of(package)
    failures = list(found.failures)
    failed: list[str] = []
    for module in found.modules:
        if module.startswith(tuple(f"{name}." for name in failed)):
            continue  # its package failed, which each import would try anew
        begin(module)
        error = LeftOutError("left out by TASK_MODULES_LEFT_OUT") if module in leave_out else _imported(module, limit_s)
        if error is not None:
            failed.append(module)
            failures.append(LoadFailure(module, error))
            tasks.forget(lambda task: task.module not in sys.modules)
    failures += [LoadFailure(task.module, error) for task, error in tasks.unfit()]
    return failures


def modules_of(package: ModuleType) -> Found:
    """The modules in the folders of ``package``, without importing any."""
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
    """Modules and packages of one folder, by the name that they would be imported under."""
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
    """Import it; what it raised, if it did."""
    try:
        with _limited(limit_s):
            importlib.import_module(module)
    except BaseException as error:  # one broken module must not take the others with it, whatever it does
        return error
    return None


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise ``ImportTooLongError`` inside the block after so long. Only a main thread can be interrupted so."""
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
