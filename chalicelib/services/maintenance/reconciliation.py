"""Compares the records of open jobs with Redis, a page at a time, and enqueues missing ones."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.store.jobs import JobStore
from chalicelib.store.meta import MetaStore

if TYPE_CHECKING:
    from chalicelib.services.rebuilder import ProjectionRebuilder

#: Open records that one run compares with Redis.
PAGE: Final = 1_000
#: Younger records may not be enqueued yet.
SETTLED_S: Final = 30


class Reconciliation:
    """Finds jobs that are missing without an intent. Covers all open records in many runs."""

    name: Final = "reconciliation"

    def __init__(self, *, rebuilder: ProjectionRebuilder, store: JobStore, meta: MetaStore, clock: Clock) -> None:
        self._rebuilder = rebuilder
        self._store = store
        self._meta = meta
        self._clock = clock

    def run(self) -> int:
        """Compare the next page; return how many jobs Redis lacked."""
        page = self._store.open_jobs(self._meta.cursor(), PAGE)
        self._meta.set_cursor(page.last)
        settled = self._clock.now() - timedelta(seconds=SETTLED_S)
        return self._rebuilder.requeue([job for job in self._rebuilder.readable(page) if job.updated_at < settled])
