"""Lets jobs begin whose rates allow them by now."""

from __future__ import annotations

from typing import Final

from chalicelib.queue.engine import Engine


class DueRates:
    """Does what claims do, for pools in which no worker claims."""

    name: Final = "due_rates"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self) -> int:
        """Let jobs begin, and wake workers for them. Nothing is repaired."""
        self._engine.kick_due()
        return 0
