"""Lets parked jobs begin where their limits allow it, and drops parked lanes without jobs."""

from __future__ import annotations

from typing import Final

from chalicelib.queue.limit_instances import LimitScripts
from chalicelib.services.maintenance.routine import MAX_BATCHES
from chalicelib.services.waker import Waker


class ParkedLanes:
    """Finishes what a process began that changed a limit and died. Other ends and changes let jobs begin at once."""

    name: Final = "parked_lanes"

    def __init__(self, limits: LimitScripts, waker: Waker) -> None:
        self._limits = limits
        self._waker = waker
        self._after = ""
        self._checked = b""

    def run(self) -> int:
        """Check the next instances that make jobs wait; return the number of pools that needed a worker."""
        for _ in range(MAX_BATCHES):
            self._checked, _ = self._limits.drop_emptied(self._checked)
            if not self._checked:
                break
        count = 0
        for _ in range(MAX_BATCHES):
            self._after, pools = self._limits.kick_parked(self._after)
            self._waker.wake_workers(pools)
            count += len(pools)
            if not self._after:
                break
        return count
