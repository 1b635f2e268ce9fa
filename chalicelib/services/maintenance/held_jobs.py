"""Makes held-back jobs due where their owners are below the limit of active jobs."""

from __future__ import annotations

from typing import Final

from chalicelib.queue.engine import Engine
from chalicelib.services.maintenance.routine import BATCH, MAX_BATCHES

#: Number of owners with held-back jobs that one script checks.
HELD_OWNERS: Final = 100


class HeldJobs:
    """Releases jobs after a raised limit or a lost script; the end of an active job releases others at once."""

    name: Final = "held_jobs"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self) -> int:
        """Release held-back jobs, to be promoted next; return how many."""
        count, owner = 0, ""
        for _ in range(MAX_BATCHES):
            released, owner = self._engine.release_held(owner, HELD_OWNERS, BATCH)
            count += released
            if not owner:
                break
        return count
