"""The interface of a maintenance routine."""

from __future__ import annotations

from typing import Final, Protocol

#: Number of jobs that a routine handles in one step.
BATCH: Final = 200
#: Maximum number of batches in one run; the rest is left to the next run.
MAX_BATCHES: Final = 50


class Routine(Protocol):
    """Finds and repairs one kind of fault. Safe to repeat, and to run in several processes at once."""

    @property
    def name(self) -> str:
        """Its name in metrics and logs: lower-case words joined by ``_``."""
        ...

    def run(self) -> int:
        """Run the routine; return the number of repairs. Raises ``QueueClosed`` and errors of the databases."""
        ...
