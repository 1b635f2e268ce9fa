"""Finds and imports the task modules of a pool. One that cannot be imported is reported; the others work."""

from __future__ import annotations

import importlib
import inspect
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

from chalicelib.domain.pools import DEFAULT_POOL, PoolModules, pool_of
from worker_fn.registration.registry import Registry, TaskDefinitionError, registry

#: How long the import of one module may take, in seconds.
IMPORT_LIMIT_S: Final = 60.0
_MAX_REASON_CHARS: Final = 500
#: The modules of QueueCraft's tasks that a project of its own gets: those of the system, and those that any may use.
BUILT_IN: Final = ("http_request", "operations", "simulated")


class ImportTooLongError(BaseException):
    """Raised inside an import that takes too long. Not an ``Exception``, because a module may catch those."""


class NotAModuleError(Exception):
    """Raised for a file that cannot be imported as a module; the text says what to change."""


class LeftOutError(Exception):
    """Raised for a module that ``TASK_MODULES_LEFT_OUT`` names."""


class LoadFailure(NamedTuple):
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


class Found(NamedTuple):
    """The contents of a package of tasks."""

    #: Dotted names, a package before its modules.
    modules: list[str]
    #: Files that look like modules but are not, or that share a name.
    failures: list[LoadFailure]


class TaskModules:
    """The modules of one package of tasks, imported once in a process: those of one pool, or of all.

    A project of its own has its tasks in a package of another name; beside these, `BUILT_IN` of ``package`` are loaded.
    """

    def __init__(self, package: ModuleType, tasks: Registry = registry) -> None:
        self._package = package
        self._own = package.__name__
        self._tasks = tasks
        self._modules: PoolModules = {}
        self._failures: list[LoadFailure] | None = None
        #: Modules outside the package that define tasks, with the one of the package that imported them.
        self._imported_by: dict[str, str] = {}
        #: The pools whose modules this process imported.
        self.pools: tuple[str, ...] = ()

    def load(
        self,
        modules: PoolModules | None = None,
        pool: str | None = None,
        *,
        own: str = "",
        begin: Callable[[str], None] = lambda module: None,
        **options: Any,
    ) -> list[LoadFailure]:
        """Import them once, as ``load_package`` does with these options; return the failures.

        ``modules`` are those of each pool besides the default one, ``pool`` the pool of this process, ``None`` for all,
        ``own`` the package of a project of its own.
        """
        if self._failures is None:
            self._modules = modules or {}
            self.pools = (DEFAULT_POOL, *self._modules) if pool is None else (pool,)
            self._own = own or self._package.__name__
            wanted = None if pool is None else lambda module: self.pool_of(module) == pool
            begun: list[str] = []

            def note(module: str) -> None:
                self._note_imports(begun)
                begun.append(module)
                begin(module)

            options |= {"tasks": self._tasks, "begin": note, "wanted": wanted}
            if own:
                self._failures = load_package(self._package, only=BUILT_IN, **options)
                self._failures += load_own(own, **options)
            else:
                self._failures = load_package(self._package, **options)
            self._note_imports(begun)
        return self._failures

    def pool_of(self, module: str) -> str:
        """Return the pool of a module. One outside the package is of the pool that imported it first."""
        name = self._imported_by.get(module, module).replace("/", ".")
        if name.startswith(f"{self._own}."):
            return pool_of(name.removeprefix(f"{self._own}."), self._modules)
        return DEFAULT_POOL if name.startswith(f"{self._package.__name__}.") else self.pools[0]

    def _note_imports(self, begun: Sequence[str]) -> None:
        """Note the tasks of modules elsewhere that the last module imported."""
        packages = (f"{self._package.__name__}.", f"{self._own}.")
        for task in self._tasks.tasks.values():
            if begun and not task.module.startswith(packages):
                self._imported_by.setdefault(task.module, begun[-1])


def load_package(
    package: ModuleType,
    *,
    tasks: Registry = registry,
    leave_out: Collection[str] = (),
    limit_s: float = IMPORT_LIMIT_S,
    begin: Callable[[str], None] = lambda module: None,
    wanted: Callable[[str], bool] | None = None,
    only: Collection[str] | None = None,
) -> list[LoadFailure]:
    """Import every module of ``package`` and of the packages in it, or ``only`` those of these names, so that their
    tasks register.

    Returns the failures: modules that raise anything, ``SystemExit`` included, or take longer than ``limit_s`` seconds.
    Their tasks and what they put around attempts are removed from ``tasks``. ``begin`` is called with each name before
    its import. With ``wanted``, only modules whose name it accepts count; tasks of others are removed, should these be
    imported.
    """
    is_wanted = wanted or (lambda _: True)
    found = modules_of(package)
    failures = [failure for failure in found.failures if is_wanted(failure.module)]
    failed: list[str] = []
    names = None if only is None else {f"{package.__name__}.{name}" for name in only}
    for module in filter(is_wanted, found.modules):
        if names is not None and module not in names:
            continue
        if module.startswith(tuple(f"{name}." for name in failed)):
            continue  # its package failed, and each import would try it again
        begin(module)
        error = LeftOutError("left out by TASK_MODULES_LEFT_OUT") if module in leave_out else _imported(module, limit_s)
        if error is not None:
            failed.append(module)
            failures.append(LoadFailure(module, error))
            tasks.forget(lambda task: task.module not in sys.modules)
            tasks.forget_surroundings(lambda around: around.module not in sys.modules)
    tasks.forget(lambda task: not is_wanted(task.module))
    failures += [LoadFailure(task.module, error) for task, error in tasks.unfit()]
    return failures


def load_own(
    package: str, *, leave_out: Collection[str] = (), limit_s: float = IMPORT_LIMIT_S, **options: Any
) -> list[LoadFailure]:
    """Import a package by its name, and its modules as ``load_package`` does with these options."""
    if package in leave_out:
        return [LoadFailure(package, LeftOutError("left out by TASK_MODULES_LEFT_OUT"))]
    options.get("begin", lambda module: None)(package)
    error = _imported(package, limit_s)
    if error is not None:
        return [LoadFailure(package, error)]
    return load_package(sys.modules[package], leave_out=leave_out, limit_s=limit_s, **options)


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
