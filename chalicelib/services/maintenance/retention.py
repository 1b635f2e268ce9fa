"""Removes the tombstones of deleted jobs after the jobs were removed from the counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import deleted
from chalicelib.queue.engine import Engine
from chalicelib.services.maintenance.routine import BATCH
from chalicelib.store.jobs import JobStore

#: How long a tombstone is kept: longer than any call, and than what a restarted Redis may have lost.
TOMBSTONE_S: Final = 120


class Retention:
    """Finishes deletions whose caller died before the counts were updated."""

    name: Final = "retention"

    def __init__(self, *, engine: Engine, store: JobStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock

    def run(self) -> int:
        """Remove deleted jobs from the counts and delete their tombstones; return how many were still counted."""
        old = self._clock.now() - timedelta(seconds=TOMBSTONE_S)
        jobs = self._store.tombstones(old, BATCH * 5)
        if not jobs:
            return 0
        done = self._engine.forget(jobs, [[deleted(job)] for job in jobs])
        self._store.delete_tombstones([job.id for job in jobs])
        return done
