"""What a routine of maintenance is."""

from __future__ import annotations

from typing import Final, Protocol

#: Jobs that a routine handles in one step.
BATCH: Final = 200
#: Batches of one kind that one run handles; what is left is the next run's.
MAX_BATCHES: Final = 50


class Routine(Protocol):
    """Finds one kind of thing and puts it right. Safe to repeat, and to run in several processes at once."""

    @property
    def name(self) -> str:
        """Its name in metrics and logs: lower-case words joined by ``_``."""
        ...

    def run(self) -> int:
        """Do it; how many things were put right. Raises ``QueueClosed``, and what the databases raise."""
        ...
