"""Runs the maintenance routines."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.errors import Unavailable
from chalicelib.services.maintenance.routine import Routine
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.store.maintenance import RoutineCounts

#: Errors that end a sweep: the routines that follow would meet them too.
DATABASE_ERRORS: Final = (Unavailable, RedisError, PyMongoError)


@dataclass(frozen=True, slots=True)
class RoutineTotals:
    """What one routine did so far, in all processes."""

    #: Repairs.
    mended: int = 0
    #: Runs that failed with an error other than one of a database.
    failed: int = 0


class Sweeper:
    """Runs routines; one that fails does not stop those after it. Safe in several processes at once."""

    def __init__(
        self,
        rebuilder: ProjectionRebuilder,
        *,
        due: Sequence[Routine],
        routines: Sequence[Routine],
        long: Sequence[Routine] = (),
        counts: RoutineCounts,
        log: Log,
    ) -> None:
        """``due`` are cheap ones, run when a job becomes due; ``routines`` are run by each sweep, in this order.
        ``long`` may take half a minute and repair nothing that jobs wait for.
        """
        self._rebuilder = rebuilder
        self._due = due
        self._routines = routines
        self._long = long
        self._counts = counts
        self._log = log
        self._lock = threading.Lock()
        self._mended: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def sweep(self, *, only_due: bool = False) -> int:
        """Rebuild the queue if Redis lost it, and run every routine; return the number of repairs.

        Run each minute, and when a worker starts; with ``only_due``, as in workers of other pools than the default one,
        the routines are those of ``catch_up``. Raises ``QueueClosed`` and errors of the databases, with a note that
        names the routine. Another error of a routine is logged and counted.
        """
        self._rebuilder.ensure_open()
        mended = self._run(self._due if only_due else self._routines)
        self._rebuilder.raise_mark()
        self.flush()
        return mended

    def catch_up(self) -> int:
        """Run the routines for due jobs, when ``Claim.next_due_ms`` is reached. Returns and raises as ``sweep``."""
        return self._run(self._due)

    def tidy(self) -> int:
        """Run the long routines, once a minute, after a sweep. Returns and raises as ``sweep``."""
        mended = self._run(self._long)
        self.flush()
        return mended

    def flush(self) -> None:
        """Add what was counted since the last call to the metrics; after a failure it is kept for the next call."""
        with self._lock:
            mended, self._mended = self._mended, Counter()
            failed, self._failed = self._failed, Counter()
        if not (mended or failed):
            return
        try:
            self._counts.add(mended, failed)
        except Exception as error:  # a failure of metrics must not affect jobs
            self._log.warning("metrics of maintenance were not written", event="counts_failed", error=repr(error)[:500])
            with self._lock:
                self._mended += mended
                self._failed += failed

    def totals(self) -> dict[str, RoutineTotals]:
        """Return the totals of each routine by name, as of the last ``flush``."""
        mended, failed = self._counts.read()
        names = [routine.name for routine in (*self._routines, *self._long)]
        return {name: RoutineTotals(mended.get(name, 0), failed.get(name, 0)) for name in names}

    def _run(self, routines: Sequence[Routine]) -> int:
        return sum(self._run_one(routine) for routine in routines)

    def _run_one(self, routine: Routine) -> int:
        try:
            mended = routine.run()
        except DATABASE_ERRORS as error:
            error.add_note(f"in the routine {routine.name}")
            raise
        except Exception:  # a bug in one routine must not stop the others
            self._log.error("a maintenance routine failed", event="routine_failed", routine=routine.name, exc_info=True)
            with self._lock:
                self._failed[routine.name] += 1
            return 0
        if mended:
            with self._lock:
                self._mended[routine.name] += mended
        return mended
