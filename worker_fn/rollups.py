"""Counts attempts per tenant, queue, task and minute, and adds the counts to the roll-ups every few seconds."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.histogram import bucket
from chalicelib.domain.jobs import Job, JobStatus, Outcome
from chalicelib.store.rollups import Increments, RollupStore

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log

#: How often counts are added to the roll-ups.
FLUSH_S: Final = 5.0
_FAILURES: Final = frozenset({Outcome.FAILED, Outcome.TIMED_OUT})


class RollupCounter:
    """Counts in memory. Counts that a killed worker had not added are lost: roll-ups are for charts, not for totals."""

    def __init__(self, store: RollupStore, log: Log) -> None:
        self._store = store
        self._log = log
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str, str, int, int, int], Increments] = {}

    def started(self, job: Job) -> None:
        """Count an attempt of ``job`` that began."""
        if job.started_at is None:
            return
        with self._lock:
            each = self._of(job, job.started_at)
            each.counts["started"] += 1
            each.wait[bucket(job.attempts[-1].wait_ms)] += 1

    def ended(self, job: Job) -> None:
        """Count an attempt that ended; ``job`` is as it is afterwards."""
        attempt = job.attempts[-1] if job.attempts else None
        if attempt is None or attempt.ended_at is None:
            return
        with self._lock:
            each = self._of(job, attempt.ended_at)
            each.run[bucket(attempt.run_ms)] += 1
            if job.status is JobStatus.COMPLETED:
                each.counts["completed"] += 1
            elif attempt.outcome in _FAILURES:
                each.counts["failed"] += 1
                each.counts["dlq" if job.status is JobStatus.DLQ else "retried"] += 1

    def flush(self) -> None:
        """Add the counts to the roll-ups; after a failure they are kept for the next time."""
        with self._lock:
            counted, self._counted = self._counted, {}
        if not counted:
            return
        try:
            self._store.add(counted.values())
        except Exception as error:  # a failure must not affect jobs
            self._log.warning("roll-ups were not written", event="rollups_failed", error=str(error)[:500])
            with self._lock:
                for key, kept in counted.items():
                    newer = self._counted.get(key)
                    if newer is not None:
                        kept.counts.update(newer.counts)
                        kept.wait.update(newer.wait)
                        kept.run.update(newer.run)
                    self._counted[key] = kept

    def _of(self, job: Job, at: datetime) -> Increments:
        key = (job.tenant_id, job.queue, job.task, at.day, at.hour, at.minute)
        found = self._counted.get(key)
        if found is None:
            minute = at.replace(second=0, microsecond=0)
            found = self._counted[key] = Increments(job.tenant_id, job.queue, job.task, minute)
        return found
