"""The pytest plugin: the fixture ``qc``. Load it by ``-p queuecraft_testing.plugin``, or by its entry point."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest

from queuecraft_testing.harness import QueueCraft


@pytest.fixture
def qc() -> Iterator[QueueCraft]:
    """Return a queue in memory, for the tasks of ``worker_fn/tasks`` and those that the test has imported."""
    from worker_fn.registration.loading import load_package  # noqa: PLC0415 - only tests with tasks need it

    failures = load_package(import_module("worker_fn.tasks"))
    if failures:
        pytest.fail("; ".join(f"{each.module} cannot be loaded: {each.reason}" for each in failures), pytrace=False)
    made = QueueCraft()
    yield made
    made.close()
