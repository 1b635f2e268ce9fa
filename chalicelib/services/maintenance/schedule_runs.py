"""Finishes runs of schedules that a crash left, and begins those that wait for a job that has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.services.firing import Firing

#: A run this old is no longer being made by the process that wrote it, or that process is frozen.
OVERDUE_S: Final = 60.0


class ScheduleRuns:
    """A run is normally finished by its fire, and begun by the end of the job that it waits for."""

    name: Final = "schedule_runs"

    def __init__(self, firing: Firing) -> None:
        self._firing = firing

    def run(self) -> int:
        """Finish and begin runs; return how many."""
        return self._firing.finish(OVERDUE_S)
