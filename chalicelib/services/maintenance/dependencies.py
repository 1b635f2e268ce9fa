"""Asks again about jobs that wait for others, where a crash, or a process of an older version, left them waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.services.dependencies import Dependencies
from chalicelib.services.maintenance.routine import BATCH
from chalicelib.services.maintenance.walk import Step, walk

if TYPE_CHECKING:
    from chalicelib.store.dependencies import DependencyStore
    from chalicelib.store.meta import MetaStore

_WALK: Final = "blocked"


class DependencySweep:
    """Walks through all blocked jobs, up to ``BATCH * MAX_BATCHES`` in a run; the next run continues."""

    name: Final = "dependencies"

    def __init__(self, dependencies: Dependencies, store: DependencyStore, meta: MetaStore) -> None:
        self._dependencies = dependencies
        self._store = store
        self._meta = meta

    def run(self) -> int:
        """Let jobs run, or skip them, whose needs have ended; return how many."""
        return walk(self._meta, _WALK, self._step)

    def _step(self, after: str | None) -> Step:
        page = self._store.blocked(after, BATCH)
        return Step(self._dependencies.release(page.jobs), page.last)
