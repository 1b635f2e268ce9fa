"""Looks at waiting jobs again, where a crash left them waiting, or left Redis behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.services.maintenance.routine import BATCH
from chalicelib.services.maintenance.walk import Step, walk

if TYPE_CHECKING:
    from chalicelib.queue.suspended import SuspendedJobs
    from chalicelib.services.waits import Waits
    from chalicelib.store.meta import MetaStore

_WALK: Final = "suspended"


class WaitSweep:
    """Walks through all waiting jobs, about ``BATCH * MAX_BATCHES`` in a run; the next run continues."""

    name: Final = "waits"

    def __init__(self, waits: Waits, suspended: SuspendedJobs, meta: MetaStore) -> None:
        self._waits = waits
        self._suspended = suspended
        self._meta = meta

    def run(self) -> int:
        """Resume jobs whose wait is over; return how many."""
        return walk(self._meta, _WALK, self._step)

    def _step(self, after: str | None) -> Step:
        following, found = self._suspended.walk(int(after or 0), BATCH)
        return Step(self._waits.look(list(found)), str(following) if following else None)
