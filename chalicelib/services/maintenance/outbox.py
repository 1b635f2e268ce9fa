"""Handles outbox entries that a crash or a failure left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.services.maintenance.routine import BATCH, MAX_BATCHES
from chalicelib.services.outbox import Dispatcher

if TYPE_CHECKING:
    from chalicelib.store.outbox import OutboxStore

#: An end this old was published: by its writer, or by the routines for leases and intents, which run before.
OVERDUE_S: Final = 60


class OutboxSweep:
    """Makes one query per kind that has a handler."""

    name: Final = "outbox"

    def __init__(self, dispatcher: Dispatcher, store: OutboxStore, clock: Clock) -> None:
        self._dispatcher = dispatcher
        self._store = store
        self._clock = clock

    def run(self) -> int:
        """Handle overdue entries; return how many were handled. The next run tries failed ones again."""
        before = self._clock.now() - timedelta(seconds=OVERDUE_S)
        done = 0
        for kind in self._dispatcher.kinds:
            after: str | None = None
            for _ in range(MAX_BATCHES):
                page = self._store.waiting(kind, before, after, BATCH)
                done += self._dispatcher.dispatch(page.jobs)
                if (after := page.last) is None:
                    break
        return done
