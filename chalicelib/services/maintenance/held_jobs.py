"""Lets jobs that are held back fall due where their owners have room."""

from __future__ import annotations

from typing import Final

from chalicelib.queue.engine import Engine
from chalicelib.services.maintenance.routine import BATCH, MAX_BATCHES

#: Owners with jobs held back that one script looks at.
HELD_OWNERS: Final = 100


class HeldJobs:
    """Ends make room and release jobs at once; this finds the room that a raised limit or a lost script left."""

    name: Final = "held_jobs"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self) -> int:
        """Release them, to be promoted next; how many."""
        count, owner = 0, ""
        for _ in range(MAX_BATCHES):
            released, owner = self._engine.unhold(owner, HELD_OWNERS, BATCH)
            count += released
            if not owner:
                break
        return count
