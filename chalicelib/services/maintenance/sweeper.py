"""Runs the maintenance routines."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.services.maintenance.routine import Routine
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.store.maintenance import RoutineCounts


class Sweeper:
    """Runs routines. Safe in several processes at once."""

    def __init__(
        self,
        rebuilder: ProjectionRebuilder,
        *,
        due: Sequence[Routine],
        routines: Sequence[Routine],
        counts: RoutineCounts,
        log: Log,
    ) -> None:
        """``due`` are cheap ones, run when a job becomes due; ``routines`` are all, in the order in which they run."""
        self._rebuilder = rebuilder
        self._due = due
        self._routines = routines
        self._counts = counts
        self._log = log
        self._lock = threading.Lock()
        self._mended: Counter[str] = Counter()

    def sweep(self) -> int:
        """Rebuild the queue if Redis lost it, and run every routine; return the number of repairs.

        Run each minute, and when a worker starts. Raises ``QueueClosed`` and errors of the databases, with a note that
        names the routine.
        """
        self._rebuilder.ensure_open()
        mended = self._run(self._routines)
        self._rebuilder.raise_mark()
        self.flush()
        return mended

    def catch_up(self) -> int:
        """Run the routines for due jobs, when ``Claim.next_due_ms`` is reached. Returns and raises as ``sweep``."""
        return self._run(self._due)

    def flush(self) -> None:
        """Add the repairs since the last call to the metrics; after a failure they are kept for the next call."""
        with self._lock:
            mended, self._mended = self._mended, Counter()
        if not mended:
            return
        try:
            self._counts.add(mended)
        except Exception as error:  # a failure of metrics must not affect jobs
            self._log.warning("metrics of maintenance were not written", event="counts_failed", error=repr(error)[:500])
            with self._lock:
                self._mended += mended

    def mended(self) -> dict[str, int]:
        """Return the number of repairs of each routine so far, in all processes, by name."""
        counted = self._counts.read()
        return {routine.name: counted.get(routine.name, 0) for routine in self._routines}

    def _run(self, routines: Sequence[Routine]) -> int:
        total = 0
        for routine in routines:
            try:
                mended = routine.run()
            except Exception as error:
                error.add_note(f"in the routine {routine.name}")
                raise
            if mended:
                with self._lock:
                    self._mended[routine.name] += mended
            total += mended
        return total
