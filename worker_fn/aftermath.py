"""What follows once attempts are written down: leases are let go of, the log and the statistics told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.jobs import JobStatus, to_ms
from chalicelib.errors import Unavailable
from worker_fn.admit import Admission
from worker_fn.chronicle import Chronicle
from worker_fn.claiming import MAX_HELD
from worker_fn.commit import Change
from worker_fn.holdings import Holdings
from worker_fn.reports import Reports
from worker_fn.run import Run
from worker_fn.upkeep import Upkeep

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log


class Aftermath:
    """The observer of the group commit, called from its threads. ``look`` wakes the drain loop."""

    def __init__(
        self, *, holdings: Holdings, reports: Reports, chronicle: Chronicle, upkeep: Upkeep, admission: Admission,
        look: Callable[[], None], is_leaving: Callable[[], bool], log: Log,
    ) -> None:  # fmt: skip
        self._holdings = holdings
        self._reports = reports
        self._chronicle = chronicle
        self._upkeep = upkeep
        self._admission = admission
        self._look = look
        self._is_leaving = is_leaving
        self._log = log

    def ending(self, runs: Sequence[Run]) -> None:
        """What they said is told before their end."""
        self._reports.finish(runs)

    def written(self, changes: Sequence[Change]) -> None:
        """Let go of what ended."""
        ends = [change for change in changes if not change.is_start]
        self._holdings.let_go((change.after.id, change.run.token) for change in ends)
        self._chronicle.note(changes)
        for change in ends:
            if change.after.status is JobStatus.RETRYING:
                self._upkeep.note_due(to_ms(change.after.ready_at))
        held = len(self._holdings)
        if ends and (self._is_leaving() or held == 0 or held + len(ends) >= MAX_HELD > held):
            self._look()

    def stale(self, changes: Sequence[Change]) -> None:
        """Drop what came too late, and put its leases right."""
        leases = {change.after.id: change.run.token for change in changes}
        for change in changes:
            self._log.warning(
                "an attempt came too late; its result is dropped", event="stale", jobId=change.after.id,
                traceId=change.after.trace_id, attempt=change.after.attempt, status=change.after.status.value,
            )  # fmt: skip
            change.run.lose()
        try:
            self._admission.reconcile(leases)
        except (Unavailable, RedisError, PyMongoError) as error:
            self._log.warning("leases of dropped attempts will run out", event="reconcile_failed", error=str(error))
        self._holdings.let_go(leases.items())
        self._look()

    def dropped(self, run: Run) -> None:
        """Renew its lease no more. A job put back at once would be repeated for ever, with no trace in its record."""
        self._holdings.let_go([(run.job.id, run.token)])
        self._look()

    def closed(self) -> None:
        """Have the queue rebuilt."""
        self._upkeep.sweep_soon()
