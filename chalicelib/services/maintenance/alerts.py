"""Evaluates the alert rules that are due."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock

if TYPE_CHECKING:
    from chalicelib.services.alert_evaluation import AlertEvaluation
    from chalicelib.store.due_alerts import DueAlerts


class AlertRules:
    """Costs one query of an empty index, and imports nothing, while no rule is due."""

    name: Final = "alerts"

    def __init__(self, due: DueAlerts, evaluation: Callable[[], AlertEvaluation], clock: Clock) -> None:
        self._due = due
        self._evaluation = evaluation
        self._clock = clock

    def run(self) -> int:
        """Evaluate rules; return how many changed their status, and how many notices a crash had left."""
        return self._evaluation().run() if self._due.any(self._clock.now()) else 0
