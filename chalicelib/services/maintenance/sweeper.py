"""Runs the routines of maintenance."""

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
    """Safe to run in several processes at once."""

    def __init__(
        self,
        rebuilder: ProjectionRebuilder,
        *,
        due: Sequence[Routine],
        routines: Sequence[Routine],
        counts: RoutineCounts,
        log: Log,
    ) -> None:
        """``due`` are cheap, for when something falls due; ``routines`` are all, in the order in which they run."""
        self._rebuilder = rebuilder
        self._due = due
        self._routines = routines
        self._counts = counts
        self._log = log
        self._lock = threading.Lock()
        self._mended: Counter[str] = Counter()

    def sweep(self) -> int:
        """Rebuild the queue if Redis lost it, run every routine; how many things were put right.

        Each minute, and when a worker starts. Raises ``QueueClosed``, and what the databases raise; an error has a
        note of its routine.
        """
        self._rebuilder.ensure_open()
        mended = self._run(self._routines)
        self._rebuilder.raise_mark()
        self.flush()
        return mended

    def catch_up(self) -> int:
        """Run the routines for what is due, when ``Claim.next_due_ms`` has come; as ``sweep``."""
        return self._run(self._due)

    def flush(self) -> None:
        """Add what was put right since the last time to the metrics; on failure it is kept for the next time."""
        with self._lock:
            mended, self._mended = self._mended, Counter()
        if not mended:
            return
        try:
            self._counts.add(mended)
        except Exception as error:  # metrics must not harm jobs
            self._log.warning("metrics of maintenance were not written", event="counts_failed", error=repr(error)[:500])
            with self._lock:
                self._mended += mended

    def mended(self) -> dict[str, int]:
        """How many things each routine has put right, in all processes so far, by its name."""
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
