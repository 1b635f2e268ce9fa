"""Continues the work on batches that a crash interrupted, and undoes those that were never submitted whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.batches import BatchStatus
from chalicelib.services.batch_work import BatchWork
from chalicelib.services.maintenance.routine import BATCH
from chalicelib.services.maintenance.walk import Step, walk

if TYPE_CHECKING:
    from chalicelib.domain.batches import Batch
    from chalicelib.store.batches import BatchStore
    from chalicelib.store.meta import MetaStore


class BatchSweep:
    """Walks through the batches with something left to do; the next run continues."""

    name: Final = "batches"

    def __init__(self, work: BatchWork, store: BatchStore, meta: MetaStore) -> None:
        self._work = work
        self._store = store
        self._meta = meta

    def run(self) -> int:
        """Release, cancel, undo and end what a call left; return the number of jobs and ends."""
        return walk(self._meta, self.name, self._step)

    def _step(self, after: str | None) -> Step:
        page = self._store.unfinished(after, BATCH)
        done = sum(self._mend(batch) for batch in page)
        return Step(done, page[-1].id if len(page) == BATCH else None)

    def _mend(self, batch: Batch) -> int:
        if batch.status is BatchStatus.SUBMITTING:
            return self._work.undo(batch) if self._work.give_up(batch) else 0
        if batch.status is BatchStatus.UNDONE:
            return self._work.undo(batch)
        return self._work.carry_on(batch.id)
