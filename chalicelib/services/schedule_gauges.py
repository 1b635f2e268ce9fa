"""Gauges of schedules that are 0 in a healthy system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.schedules import OVERDUE_S

if TYPE_CHECKING:
    from chalicelib.store.schedules import ScheduleStore

#: Limit of counting.
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class ScheduleNumbers:
    """Counted up to ``MOST``."""

    #: Schedules whose next fire is late by more than ``OVERDUE_S``.
    overdue: int
    #: Schedules that should fire again, and have no next fire.
    without_next: int


class ScheduleGauges:
    """Reads two indexes that hold nothing else."""

    def __init__(self, store: ScheduleStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def read(self) -> ScheduleNumbers:
        """Return the numbers over all tenants."""
        late = self._clock.now() - timedelta(seconds=OVERDUE_S)
        return ScheduleNumbers(self._store.count_due(late, MOST), self._store.count_without_next(MOST))
