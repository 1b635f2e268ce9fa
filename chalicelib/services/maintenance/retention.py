"""Removes what is kept for a time: the tombstones of deleted jobs, once the counts in Redis know of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import deleted
from chalicelib.queue.engine import Engine
from chalicelib.services.maintenance.routine import BATCH
from chalicelib.store.jobs import JobStore

#: How long a deletion is remembered in MongoDB: beyond any call, and beyond what a restarted Redis may have lost.
TOMBSTONE_S: Final = 120


class Retention:
    """Counts deletions whose caller died before it did."""

    name: Final = "retention"

    def __init__(self, *, engine: Engine, store: JobStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock

    def run(self) -> int:
        """Take deleted jobs out of the counts that still have them; how many. Their tombstones go."""
        old = self._clock.now() - timedelta(seconds=TOMBSTONE_S)
        jobs = self._store.tombstones(old, BATCH * 5)
        if not jobs:
            return 0
        done = self._engine.forget(jobs, [[deleted(job)] for job in jobs])
        self._store.bury([job.id for job in jobs])
        return done
