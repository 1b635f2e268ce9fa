"""Steps after attempts are written: release their leases, log them, add them to the roll-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.jobs import Job, JobStatus, Outcome, iso, to_ms
from chalicelib.errors import Unavailable
from chalicelib.telemetry.logger import JobEvent, Log
from worker_fn.attempt import Attempt
from worker_fn.commit import Change
from worker_fn.fetcher import MAX_HELD, ClaimLoader
from worker_fn.leases import LeaseTable
from worker_fn.outbox import OutboxThread
from worker_fn.reports import Reports
from worker_fn.rollups import RollupCounter

if TYPE_CHECKING:
    from worker_fn.maintenance import Maintenance
    from worker_fn.tracing import WorkerTracing

_Line = tuple[JobEvent, Any, Mapping[str, Any]]
_DUE = frozenset({JobStatus.RETRYING, JobStatus.WAITING})
#: Outcomes that are no failures.
_QUIET = frozenset({Outcome.CANCELLED, Outcome.SNOOZED, Outcome.WAITING, Outcome.CONTINUED})


def _is_followed(job: Job) -> bool:
    """Return whether something follows the end of an attempt: of the job, or its suspension."""
    return bool(job.outbox) or job.unique is not None or job.status is JobStatus.WAITING


class Completion:
    """Observes the group commit, called from its threads.

    ``give_up`` drops the result of an attempt and cancels its task if that runs; ``wake_loop`` wakes the drain loop.
    """

    def __init__(
        self, *, leases: LeaseTable, reports: Reports, attempt_log: AttemptLog, maintenance: Maintenance,
        loader: ClaimLoader, outbox: OutboxThread, give_up: Callable[[Attempt], object],
        wake_loop: Callable[[], None], is_leaving: Callable[[], bool], log: Log,
    ) -> None:  # fmt: skip
        self._leases = leases
        self._reports = reports
        self._attempt_log = attempt_log
        self._maintenance = maintenance
        self._loader = loader
        self._outbox = outbox
        self._give_up = give_up
        self._wake_loop = wake_loop
        self._is_leaving = is_leaving
        self._log = log

    def ending(self, attempts: Sequence[Attempt]) -> None:
        """Publish log lines and progress of these attempts before their end."""
        self._reports.finish(attempts)

    def published(self, ends: Sequence[Change]) -> None:
        """Dispatch the outbox of these ends, and release the jobs that run after unique ones."""
        if followed := [change.after for change in ends if _is_followed(change.after)]:
            self._outbox.put(followed)

    def written(self, changes: Sequence[Change]) -> None:
        """Release the leases of ended attempts and log the changes."""
        ends = [change for change in changes if not change.is_start]
        self._leases.remove((change.after.id, change.attempt.token) for change in ends)
        self._attempt_log.note(changes)
        for change in ends:
            if change.after.status in _DUE:
                self._maintenance.note_due(to_ms(change.after.ready_at))
        held = len(self._leases)
        if ends and (self._is_leaving() or held == 0 or held + len(ends) >= MAX_HELD > held):
            self._wake_loop()

    def stale(self, changes: Sequence[Change]) -> None:
        """Drop these changes and stop their tasks, and correct the leases of their jobs."""
        leases = {change.after.id: change.attempt.token for change in changes}
        for change in changes:
            self._log.warning(
                "another write came first; the result of an attempt is dropped", event="stale", jobId=change.after.id,
                traceId=change.after.trace_id, attempt=change.after.attempt, status=change.after.status.value,
            )  # fmt: skip
            self._give_up(change.attempt)
        try:
            self._loader.reconcile(leases)
        except (Unavailable, RedisError, PyMongoError) as error:
            self._log.warning(
                "leases of dropped attempts were not corrected and will expire",
                event="reconcile_failed",
                error=str(error),
            )
        self._leases.remove(leases.items())
        self._wake_loop()

    def dropped(self, attempt: Attempt) -> None:
        """Stop its task, and stop renewing its lease. Should the job return to its lane, it would repeat for ever."""
        self._give_up(attempt)
        self._leases.remove([(attempt.job.id, attempt.token)])
        self._wake_loop()

    def closed(self) -> None:
        """Request a rebuild of the queue."""
        self._maintenance.sweep_soon()


class AttemptLog:
    """Logs attempts, and records their spans: two lines for one that completed, three for one that failed."""

    def __init__(self, worker_id: str, rollups: RollupCounter, log: Log, tracing: WorkerTracing | None = None) -> None:
        self._worker_id = worker_id
        self._rollups = rollups
        self._log = log
        self._tracing = tracing

    def note(self, changes: Sequence[Change]) -> None:
        """Log changes that are written, and add them to the roll-ups."""
        lines: list[_Line] = []
        for change in changes:
            job = change.after
            if change.at_once or change.is_start:
                self._rollups.started(job)
                about = {
                    "status": JobStatus.RUNNING._value_,
                    "worker": self._worker_id,
                    "waitMs": job.attempts[-1].wait_ms,
                }
                lines.append((JobEvent.START, job, about))
            if not change.is_start:
                self._rollups.ended(job)
                lines.extend(self._end(change))
                if self._tracing is not None and change.attempt.result is not None:
                    self._tracing.attempt(change.attempt, job, change.attempt.result)
        self._log.jobs(lines)

    def _end(self, change: Change) -> Iterator[_Line]:
        job, result = change.after, change.attempt.result
        record = job.attempts[-1] if job.attempts else None
        run_ms = record.run_ms if record else 0
        if job.status is JobStatus.COMPLETED:
            yield JobEvent.FINISH, job, {"runMs": run_ms}
        elif record is None or result is None or result.outcome in _QUIET:
            outcome = result.outcome.value if result else "ended"
            about = {"jobId": job.id, "traceId": job.trace_id, "userId": job.owner_id, "readyAt": iso(job.ready_at)}
            if result and result.error:
                about |= {"error": result.error.type, "reason": result.error.message}
            self._log.info(f"job {outcome}", event=outcome, status=job.status.value, attempt=job.attempt, **about)
        else:
            error = record.error
            why = {"error": error.type, "reason": error.message, "group": error.group} if error else {}
            yield JobEvent.FAIL, job, {"runMs": run_ms, **why}
            if job.status is JobStatus.DLQ:
                yield JobEvent.DLQ, job, {}
            else:
                yield JobEvent.RETRY, job, {"readyAt": iso(job.ready_at), "retryCount": job.retry_count}
