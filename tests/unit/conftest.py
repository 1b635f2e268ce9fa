"""Fixtures of several unit tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queuecraft_testing import QueueCraft
from worker_fn.registration.registry import Registry


@pytest.fixture
def tasks() -> Registry:
    """A registry without tasks."""
    return Registry()


@pytest.fixture
def queue(tasks: Registry) -> Iterator[QueueCraft]:
    """The harness on that registry."""
    made = QueueCraft(tasks)
    yield made
    made.close()
