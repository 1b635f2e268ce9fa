"""Finishes deletions whose caller died before the counts were updated, and removes their tombstones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import deleted
from chalicelib.queue.engine import Engine
from chalicelib.services.maintenance.routine import BATCH, MAX_BATCHES
from chalicelib.store.jobs import JobStore

if TYPE_CHECKING:
    from chalicelib.queue.retention import ExpiredJobs
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.retention import RetentionStore

#: How long a tombstone is kept: longer than any call, and than what a restarted Redis may have lost.
TOMBSTONE_S: Final = 120
#: Redis keeps for an hour which tombstones it has counted. Older ones are found after the whole system stood still.
COUNTED_S: Final = 3_000


class Tombstones:
    """Tombstones of single jobs, and of pages of expired ones."""

    name: Final = "tombstones"

    def __init__(
        self,
        *,
        engine: Engine,
        expired: ExpiredJobs,
        rebuilder: ProjectionRebuilder,
        store: JobStore,
        retention: RetentionStore,
        logs: JobLogStore,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._expired = expired
        self._rebuilder = rebuilder
        self._store = store
        self._retention = retention
        self._logs = logs
        self._clock = clock

    def run(self) -> int:
        """Remove deleted jobs from the counts and delete their tombstones; return how many were still counted."""
        old = self._clock.now() - timedelta(seconds=TOMBSTONE_S)
        return self._recount() + self._jobs(old) + self._pages(old)

    def _recount(self) -> int:
        """Rebuild the queue if it cannot tell what was counted: the counts are then those of the records."""
        before = self._clock.now() - timedelta(seconds=COUNTED_S)
        if not self._store.tombstones(before, 1) and not self._retention.pages(before, 1):
            return 0
        return int(self._rebuilder.rebuild())

    def _jobs(self, old: datetime) -> int:
        jobs = self._store.tombstones(old, BATCH * 5)
        if not jobs:
            return 0
        done = self._engine.forget(jobs, [[deleted(job)] for job in jobs])
        self._store.delete_tombstones([job.id for job in jobs])
        return done

    def _pages(self, old: datetime) -> int:
        done = 0
        for _ in range(MAX_BATCHES):
            pages = self._retention.pages(old, BATCH)
            for page in pages:
                done += page.count if self._expired.forget(page) else 0
                self._logs.delete(page.job_ids)
            if pages:
                self._retention.delete_pages([page.id for page in pages])
            if len(pages) < BATCH:
                break
        return done
