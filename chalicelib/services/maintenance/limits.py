"""Makes the definitions of limits in Redis equal to those in MongoDB."""

from __future__ import annotations

from typing import Final

from chalicelib.services.limit_definitions import LimitDefinitions


class LimitSettlement:
    """Repairs definitions whose writer died between MongoDB and Redis: a change at run time, or a new catalogue."""

    name: Final = "limits"

    def __init__(self, definitions: LimitDefinitions) -> None:
        self._definitions = definitions

    def run(self) -> int:
        """Write and remove definitions; return how many."""
        return self._definitions.repair()
