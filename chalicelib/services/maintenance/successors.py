"""Lets jobs run that waited for the end of another one, where a crash, or an older version, left them waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.services.maintenance.routine import BATCH, MAX_BATCHES
from chalicelib.services.successors import Successors, is_released

if TYPE_CHECKING:
    from chalicelib.store.uniqueness import UniqueStore


class SuccessorSweep:
    """Reads all jobs that wait for the end of another one, by a partial index."""

    name: Final = "successors"

    def __init__(self, successors: Successors, store: UniqueStore) -> None:
        self._successors = successors
        self._store = store

    def run(self) -> int:
        """Release successors whose predecessors ended; return how many."""
        done = 0
        after: str | None = None
        for _ in range(MAX_BATCHES):
            jobs = self._store.waiting_for_others(after, BATCH)
            parked = [job.unique for job in jobs if job.unique is not None and not is_released(job)]
            done += self._successors.release(parked)
            self._successors.make_due([job for job in jobs if is_released(job)])
            if len(jobs) < BATCH:
                break
            after = jobs[-1].runs_after
        return done
