"""Tells the log and the statistics what was written down about attempts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.jobs import JobStatus, Outcome, iso
from chalicelib.telemetry.logger import JobEvent, Log
from worker_fn.commit import Change
from worker_fn.stats import Stats

_Line = tuple[JobEvent, Any, Mapping[str, Any]]


class Chronicle:
    """Two lines for an attempt that went well, three for one that failed."""

    def __init__(self, worker_id: str, stats: Stats, log: Log) -> None:
        self._worker_id = worker_id
        self._stats = stats
        self._log = log

    def note(self, changes: Sequence[Change]) -> None:
        """These changes are written."""
        lines: list[_Line] = []
        for change in changes:
            job = change.after
            if change.at_once or change.is_start:
                self._stats.started(job)
                about = {
                    "status": JobStatus.RUNNING.value,
                    "worker": self._worker_id,
                    "waitMs": job.attempts[-1].wait_ms,
                }
                lines.append((JobEvent.START, job, about))
            if not change.is_start:
                self._stats.ended(job)
                lines.extend(self._end(change))
        self._log.jobs(lines)

    def _end(self, change: Change) -> Iterator[_Line]:
        job, ending = change.after, change.run.ending
        attempt = job.attempts[-1] if job.attempts else None
        run_ms = attempt.run_ms if attempt else 0
        if job.status is JobStatus.COMPLETED:
            yield JobEvent.FINISH, job, {"runMs": run_ms}
        elif attempt is None or ending is None or ending.outcome in {Outcome.CANCELLED, Outcome.SNOOZED}:
            outcome = ending.outcome.value if ending else "ended"
            about = {"jobId": job.id, "traceId": job.trace_id, "userId": job.owner_id, "readyAt": iso(job.ready_at)}
            if ending and ending.error:
                about |= {"error": ending.error.type, "reason": ending.error.message}
            self._log.info(f"job {outcome}", event=outcome, status=job.status.value, attempt=job.attempt, **about)
        else:
            error = attempt.error
            why = {"error": error.type, "reason": error.message, "group": error.group} if error else {}
            yield JobEvent.FAIL, job, {"runMs": run_ms, **why}
            if job.status is JobStatus.DLQ:
                yield JobEvent.DLQ, job, {}
            else:
                yield JobEvent.RETRY, job, {"readyAt": iso(job.ready_at), "retryCount": job.retry_count}
