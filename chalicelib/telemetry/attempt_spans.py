"""Spans of attempts, whoever records them: the worker that made one, or the sweep that found its worker dead.

Loaded only where an exporter is configured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.domain.jobs import Job, JobError, Outcome
from chalicelib.domain.traces import TraceContext, attempt_context, parse
from chalicelib.telemetry.spans import Kind, Span, SpanEvent, SpanExporter

#: Outcomes that are errors. A job that waits, is snoozed, handed over or cancelled did what was asked.
_ERRORS: Final = frozenset({Outcome.FAILED, Outcome.TIMED_OUT, Outcome.LOST})


class AttemptSpans:
    """Records attempts that ended. ``ratio``: which part of the traces without a submission is recorded."""

    def __init__(self, exporter: SpanExporter, ratio: float) -> None:
        self._exporter = exporter
        self._ratio = ratio

    def context(self, job: Job, number: int) -> TraceContext:
        """Return the context of an attempt of ``job``."""
        return attempt_context(job, number, self._ratio)

    def record(
        self, job: Job, worker_id: str, began: datetime, at: datetime, outcome: Outcome, error: JobError | None
    ) -> None:
        """Record the last attempt of ``job``, which is as it is after it."""
        context = self.context(job, job.attempt)
        if not context.sampled:
            return
        error = error if outcome in _ERRORS else None
        end_ns = ns(at)
        self._exporter.record(
            Span(
                f"process {job.task}", Kind.CONSUMER, context, ns(began), end_ns,
                links=self._links(job), error=error.message or error.type if error else "",
                attributes={
                    "messaging.system": "queuecraft", "messaging.operation.type": "process",
                    "messaging.operation.name": "process", "messaging.destination.name": job.queue,
                    "messaging.message.id": job.id, "messaging.client.id": worker_id,
                    "queuecraft.task": job.task, "queuecraft.tenant": job.tenant_id,
                    "queuecraft.attempt": job.attempt, "queuecraft.outcome": outcome.value,
                    "queuecraft.status": job.status.value, "queuecraft.trace_id": job.trace_id,
                    "queuecraft.wait_ms": job.attempts[-1].wait_ms if job.attempts else None,
                    "error.type": error.type if error else None,
                },
                events=[_exception(error, end_ns)] if error else (),
            )
        )  # fmt: skip

    def lost(self, job: Job) -> None:
        """Record the last attempt of ``job``, whose worker died; it ends when that was found."""
        last = job.attempts[-1] if job.attempts else None
        if last is not None and last.outcome is not None:
            self.record(job, last.worker_id, last.started_at, last.ended_at or job.updated_at, last.outcome, last.error)

    def _links(self, job: Job) -> Sequence[TraceContext]:
        submission = parse(job.traceparent)
        links = [] if submission is None else [submission]
        return [*links, self.context(job, job.attempt - 1)] if job.attempt > 1 else links


def _exception(error: JobError, at_ns: int) -> SpanEvent:
    about = {
        "exception.type": error.type, "exception.message": error.message, "exception.stacktrace": error.traceback
    }  # fmt: skip
    return SpanEvent("exception", at_ns, about)


def ns(at: datetime) -> int:
    """Return epoch nanoseconds."""
    return round(at.timestamp() * 1_000_000) * 1_000
