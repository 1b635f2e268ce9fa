"""Modules of tasks: found, imported, and skipped when they fail."""

from __future__ import annotations

import importlib
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from worker_fn.registration.loading import LoadFailure, TaskModules, load_package
from worker_fn.registration.registry import registry

TASK = '''
from worker_fn import task

@task("{name}")
def run(ctx, payload):
    """A task."""
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Creates a package of tasks with these files, by name."""
    before = dict(registry.tasks)
    names: list[str] = []

    def make(**files: str) -> ModuleType:
        name = f"own_tasks_{len(names)}_{tmp_path.name}"
        names.append(name)
        for path, text in {"__init__": "", **files}.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            (file if file.suffix else file.with_suffix(".py")).write_text(text)
        return importlib.import_module(name)

    monkeypatch.syspath_prepend(str(tmp_path))
    yield make
    registry.forget(lambda task: task.name not in before)
    registry._contested.clear()
    for module in [module for module in sys.modules if module.startswith(tuple(names))]:
        del sys.modules[module]


def reasons(failures: list[LoadFailure]) -> dict[str, str]:
    """Return reasons by the module's name below its package, or by the file's."""
    return {re.split(r"[./]", failure.module, maxsplit=1)[1]: failure.reason for failure in failures}


def test_whatever_a_module_does_only_its_tasks_are_missing(package: Callable[..., ModuleType]) -> None:
    late = TASK.format(name="late")
    made = package(
        leaves="import sys\nsys.exit(3)",
        interrupts="raise KeyboardInterrupt",
        half="def f(:",
        late=late + "raise RuntimeError('after its task')",
        mute="class Mute(Exception):\n    def __str__(self):\n        raise ValueError\nraise Mute",
        good=TASK.format(name="good"),
    )
    found = reasons(load_package(made))
    path = made.__name__
    assert found["leaves"] == f"SystemExit: 3 (line 2 of {path}/leaves.py)"
    assert found["interrupts"].startswith("KeyboardInterrupt")
    assert found["half"].startswith("SyntaxError: ")
    assert found["late"].startswith("RuntimeError: after its task (line 7")
    assert found["mute"].startswith("Mute")
    assert set(found) == {"leaves", "interrupts", "half", "late", "mute"}
    assert "good" in registry.tasks
    assert "late" not in registry.tasks, "half a module is none"


def test_an_import_has_a_time_limit_that_no_except_catches(package: Callable[..., ModuleType]) -> None:
    sleeps = "import time\ntry:\n    time.sleep(3600)\nexcept Exception:\n    pass\ntime.sleep(3600)"
    made = package(sleeps=sleeps, spins="while True:\n    pass", good=TASK.format(name="quick"))
    handler = signal.getsignal(signal.SIGALRM)
    found = reasons(load_package(made, limit_s=0.05))
    assert found["sleeps"] == f"its import took longer than 0.05 s (line 3 of {made.__name__}/sleeps.py)"
    assert found["spins"].startswith("its import took longer")
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert "quick" in registry.tasks


def test_packages_in_the_package_are_loaded(package: Callable[..., ModuleType]) -> None:
    made = package(
        **{
            "media/resize": TASK.format(name="resize"),  # a folder needs no __init__.py
            "deep/er/__init__": "",
            "deep/er/cut": TASK.format(name="cut"),
            "data/words.txt": "no module",
            ".hidden.py": "1 / 0",
        }
    )
    assert load_package(made) == []
    assert {"resize", "cut"} <= set(registry.tasks)


def test_a_package_that_fails_is_tried_once(package: Callable[..., ModuleType]) -> None:
    made = package(**{"media/__init__.py": "raise RuntimeError('no')", "media/one.py": "", "media/two.py": ""})
    begun: list[str] = []
    assert list(reasons(load_package(made, begin=begun.append))) == ["media"]
    assert begun == [f"{made.__name__}.media"]


def test_files_that_are_no_modules_and_names_given_twice_are_named(package: Callable[..., ModuleType]) -> None:
    made = package(
        **{
            "resize.py": TASK.format(name="resized"),
            "resize copy.py": TASK.format(name="copied"),
            "two.py": TASK.format(name="two"),
            "two/inside.py": TASK.format(name="inside"),
            "first.py": TASK.format(name="claimed"),
            "second.py": TASK.format(name="claimed"),
        }
    )
    found = reasons(load_package(made))
    assert "its name cannot be imported" in found["resize copy.py"]
    assert found["two"] == "two and two.py are both called two, so neither is loaded: rename one"
    assert "'claimed' is taken by" in found["second"]
    assert "first.run" in found["second"]
    assert "resized" in registry.tasks
    assert not {"copied", "two", "inside", "claimed"} & set(registry.tasks), "nothing is guessed"


def test_modules_that_would_end_the_process_can_be_left_out(package: Callable[..., ModuleType]) -> None:
    made = package(ends="import os\nos._exit(1)", good=TASK.format(name="stays"))
    assert reasons(load_package(made, leave_out=[f"{made.__name__}.ends"])) == {
        "ends": "left out by TASK_MODULES_LEFT_OUT"
    }
    assert "stays" in registry.tasks


def test_a_model_that_is_completed_later_in_its_module_is_no_mistake(package: Callable[..., ModuleType]) -> None:
    head = "from pydantic import BaseModel\nfrom worker_fn import task\n\nclass P(BaseModel):\n    inner: 'Later'\n"
    run = "\n@task('{name}')\ndef run(ctx, payload: P):\n    pass\n"
    made = package(
        good=head + run.format(name="later") + "\nclass Later(BaseModel):\n    x: int\n",
        bad=head + run.format(name="never"),
    )
    found = reasons(load_package(made))
    assert list(found) == ["bad"]
    assert "Task 'never': its payload has no JSON schema" in found["bad"]
    assert "Later" in str(registry.tasks["later"].spec.schema)
    assert "never" not in registry.tasks


# --- pools

MODULES = {"heavy": ["reports", "media"]}


def test_a_pool_imports_its_own_modules_only(package: Callable[..., ModuleType]) -> None:
    files = {
        "reports": TASK.format(name="report"),
        "media/resize": TASK.format(name="resized_in_heavy"),
        "media/broken": "1 / 0",
        "small": "import sys\nsys.exit()",
        "resize copy.py": "",
    }
    heavy = TaskModules(package(**files))
    found = reasons(heavy.load(MODULES, "heavy"))
    assert list(found) == ["media.broken"], "what fails in another pool is not its failure"
    assert heavy.pools == ("heavy",)
    assert {"report", "resized_in_heavy"} <= set(registry.tasks)
    assert f"{heavy._package.__name__}.small" not in sys.modules


def test_the_default_pool_imports_the_rest(package: Callable[..., ModuleType]) -> None:
    made = package(
        **{
            "reports": TASK.format(name="report"),
            "small": TASK.format(name="little"),
            "resize copy.py": "",
        }
    )
    default = TaskModules(made)
    assert list(reasons(default.load(MODULES, "default"))) == ["resize copy.py"]
    assert "little" in registry.tasks
    assert "report" not in registry.tasks


def test_a_module_of_another_pool_may_be_imported_and_brings_no_tasks(package: Callable[..., ModuleType]) -> None:
    made = package(reports=TASK.format(name="report") + "\nSIZE = 1\n")
    (Path(made.__path__[0]) / "small.py").write_text(
        f"from {made.__name__}.reports import SIZE\n" + TASK.format(name="little")
    )
    assert TaskModules(made).load(MODULES, "default") == []
    assert "little" in registry.tasks
    assert "report" not in registry.tasks


def test_a_process_for_all_pools_knows_the_pool_of_each_task(package: Callable[..., ModuleType]) -> None:
    elsewhere = package(prices=TASK.format(name="priced"))
    made = package(
        reports=f"import {elsewhere.__name__}.prices\n" + TASK.format(name="report"), small=TASK.format(name="little")
    )
    every = TaskModules(made)
    begun: list[str] = []
    assert every.load(MODULES, begin=begun.append) == []
    assert begun == [f"{made.__name__}.reports", f"{made.__name__}.small"]
    assert every.pools == ("default", "heavy")
    by_task = {name: every.pool_of(registry.tasks[name].module) for name in ("report", "little", "priced")}
    assert by_task == {"report": "heavy", "little": "default", "priced": "heavy"}, "priced: it imported it"
