"""Makes what is due of schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.services.firing import Firing


class ScheduleFires:
    """Runs each minute, and whenever something falls due. Between two of them the ticker makes the fires in time."""

    name: Final = "schedules"

    def __init__(self, firing: Firing) -> None:
        self._firing = firing

    def run(self) -> int:
        """Make what is due; return the number of fires."""
        return self._firing.make_due()
