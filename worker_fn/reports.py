"""Log lines and progress of running tasks, written and published at most ten times a second per job."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain import events
from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event
from chalicelib.domain.job_logs import LogLine, seq_of
from chalicelib.domain.jobs import MAX_LOG_LINES, Job, Progress, iso
from chalicelib.store.job_logs import JobLogStore
from worker_fn.attempt import Attempt
from worker_fn.context import Line, Notes

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.store.jobs import JobStore
    from chalicelib.telemetry.logger import Log
    from worker_fn.masking import Masking

#: Reports of one job within this time are merged.
INTERVAL_S: Final = 0.1
#: Log lines in one event.
LINES_PER_EVENT: Final = 50
#: A job's log is trimmed to its limit each time this many lines were added.
_TRIM_EVERY: Final = 250


class Reports:
    """Collects log lines and progress of running attempts; one thread writes and publishes them.

    While MongoDB or Redis is unreachable, lines are kept for a later try as long as their attempt runs; progress is
    replaced by the next.
    """

    def __init__(
        self, *, logs: JobLogStore, jobs: JobStore, event_log: EventLog, masking: Masking, clock: Clock, log: Log
    ) -> None:
        self._logs = logs
        self._jobs = jobs
        self._event_log = event_log
        self._masking = masking
        self._clock = clock
        self._log = log
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._pending: dict[int, Attempt] = {}
        #: The attempts whose reports the thread is writing.
        self._being_written: frozenset[int] = frozenset()
        self._written: dict[int, int] = {}
        #: Jobs whose log may be longer than it should.
        self._long: set[str] = set()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="reports", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def note(self, attempt: Attempt) -> None:
        """Note that ``attempt`` has something to report."""
        with self._lock:
            self._pending[id(attempt)] = attempt
        self._wake.set()

    def finish(self, attempts: Sequence[Attempt]) -> None:
        """Write and publish the rest of these ended attempts, before their end is written and published.

        Redacted values are taken out of their errors, too.
        """
        self._masking.ending(attempts)
        if self._pending or self._being_written or self._written:
            with self._lock:
                ended = [attempt for attempt in attempts if self._pending.pop(id(attempt), None)]
                being_written = any(id(attempt) in self._being_written for attempt in attempts)
            if ended or being_written:
                with self._flushing:  # also waits for the thread
                    self._flush(ended)
            for attempt in attempts:
                self._note_length(attempt, self._written.pop(id(attempt), 0))

    def _note_length(self, attempt: Attempt, lines: int) -> None:
        """Have a job's log trimmed soon, if ``lines`` of this attempt may exceed the limit."""
        if lines > MAX_LOG_LINES or (lines and attempt.begun is not None and attempt.begun.attempt > 1):
            with self._lock:
                self._long.add(attempt.job.id)
            self._wake.set()

    def close(self, timeout_s: float = 2.0) -> None:
        """Write the rest and stop the thread."""
        self._closing.set()
        self._wake.set()
        self._thread.join(timeout_s)

    def _serve(self) -> None:
        while not self._closing.is_set():
            self._wake.wait()
            self._closing.wait(INTERVAL_S)
            self._wake.clear()
            with self._flushing:
                with self._lock:
                    attempts = list(self._pending.values())
                    self._being_written = frozenset(self._pending)  # first: `finish` reads both without the lock
                    self._pending = {}
                    long, self._long = self._long, set()
                self._flush(attempts)
                self._being_written = frozenset()
            for job_id in long:
                self._trim(job_id)

    def _flush(self, attempts: Sequence[Attempt]) -> None:
        """Write and publish what these attempts reported; under ``_flushing``. A failure never affects the jobs."""
        lines: list[LogLine] = []
        try:
            progress: list[tuple[Attempt, Progress]] = []
            job_events: list[Event] = []
            for attempt in attempts:
                if attempt.begun is None or attempt.context is None or attempt.lost:
                    continue
                latest, new = self._taken(attempt.begun, attempt.context.notes)
                lines += [_log_line(attempt.begun, line) for line in new]
                job_events += self._log_events(attempt.begun, new)
                self._written[id(attempt)] = self._written.get(id(attempt), 0) + len(new)
                if latest is not None and attempt.result is None:
                    progress.append((attempt, latest))
                    job_events.append(events.progressed(attempt.begun.with_(progress=latest), self._clock.now()))
            self._logs.append(lines)
            for attempt, latest in progress:
                self._jobs.set_progress(attempt.job.id, attempt.token, latest)
            self._event_log.publish(job_events)
        except Exception as error:
            self._log.warning("reports were not written", event="reports_lost", error=str(error), lines=len(lines))
        for attempt in attempts:
            if self._written.get(id(attempt), 0) >= _TRIM_EVERY + MAX_LOG_LINES:
                self._written[id(attempt)] = MAX_LOG_LINES
                self._trim(attempt.job.id)

    def _taken(self, job: Job, notes: Notes) -> tuple[Progress | None, list[Line]]:
        """Return what was reported since the last call, without redacted values."""
        latest, new = notes.take()
        lines = [line._replace(message=self._masking.written(job, line.message)) for line in new]
        return latest if latest is None else self._masking.progress(job, latest), lines

    def _trim(self, job_id: str) -> None:
        try:
            self._logs.trim(job_id)
        except Exception as error:
            self._log.warning("a job's log was not trimmed", event="trim_failed", jobId=job_id, error=str(error))

    def _log_events(self, job: Job, lines: list[Line]) -> list[Event]:
        now = self._clock.now()
        data = [_line_data(job, line) for line in lines]
        return [
            events.logged(job, data[first : first + LINES_PER_EVENT], now)
            for first in range(0, len(data), LINES_PER_EVENT)
        ]


def _log_line(job: Job, line: Line) -> LogLine:
    return LogLine(job.id, seq_of(job.attempt, line.seq), job.attempt, line.at, line.level, line.message)


def _line_data(job: Job, line: Line) -> dict[str, Any]:
    return {
        "seq": seq_of(job.attempt, line.seq), "at": iso(line.at), "level": line.level, "message": line.message
    }  # fmt: skip
