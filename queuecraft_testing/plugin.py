"""The pytest plugin: the fixture ``qc``. Load it by ``-p queuecraft_testing.plugin``, or by its entry point."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest

from queuecraft_testing.harness import QueueCraft


@pytest.fixture
def qc(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[QueueCraft]:
    """Return a queue in memory, for the tasks of the project and those that the test has imported.

    In a project of its own, ``tasks`` has them, and the variables of ``queuecraft.toml`` are set.
    """
    from infra.local.deployed import project  # noqa: PLC0415 - only tests with tasks need it
    from worker_fn.registration.loading import TaskModules  # noqa: PLC0415 - as above

    of = project.of(request.config.rootpath)
    for name, value in of.variables.items():
        if name not in os.environ:  # noqa: TID251 - tests may set their own
            monkeypatch.setenv(name, value)
    if of.file is not None and str(of.root) not in sys.path:
        sys.path.insert(0, str(of.root))
    failures = TaskModules(import_module(project.TASKS)).load(own="" if of.file is None else of.tasks)
    if failures:
        pytest.fail("; ".join(f"{each.module} cannot be loaded: {each.reason}" for each in failures), pytrace=False)
    made = QueueCraft()
    yield made
    made.close()
