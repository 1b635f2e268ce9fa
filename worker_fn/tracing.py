"""Spans of attempts, steps and deliveries. Loaded only where an exporter is configured.

An attempt is a trace of its own, which is linked to the submission of its job and to the attempt before
(``docs/decisions/157-tracing.md``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from chalicelib.domain.jobs import Job, JobError, Outcome
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.domain.retry import Snooze
from chalicelib.domain.steps import StepKey
from chalicelib.domain.traces import TraceContext, attempt_context, parse
from chalicelib.domain.webhooks import DeliveryAttempt
from chalicelib.telemetry.logger import current_span
from chalicelib.telemetry.spans import Kind, Span, SpanEvent, SpanExporter
from worker_fn.attempt import Attempt

#: Outcomes that are errors. A job that waits, is snoozed, handed over or cancelled did what was asked.
_ERRORS: Final = frozenset({Outcome.FAILED, Outcome.TIMED_OUT, Outcome.LOST})


class WorkerTracing:
    """Records what a worker does. ``ratio``: which part of the traces without a submission is recorded."""

    def __init__(self, exporter: SpanExporter, ratio: float, worker_id: str) -> None:
        self._exporter = exporter
        self._ratio = ratio
        self._worker_id = worker_id

    def context(self, job: Job, number: int) -> TraceContext:
        """Return the context of an attempt of ``job``."""
        return attempt_context(job, number, self._ratio)

    def attempt(self, attempt: Attempt, job: Job, result: AttemptResult) -> None:
        """Record an attempt that ended; ``job`` is as it is after it."""
        context = self.context(job, job.attempt)
        if attempt.started_at is None or not context.sampled:
            return
        error = result.error if result.outcome in _ERRORS else None
        end_ns = _ns(result.at)
        self._exporter.record(
            Span(
                f"process {job.task}", Kind.CONSUMER, context, _ns(attempt.started_at), end_ns,
                links=self._links(job), error=error.message or error.type if error else "",
                attributes={
                    "messaging.system": "queuecraft", "messaging.operation.type": "process",
                    "messaging.operation.name": "process", "messaging.destination.name": job.queue,
                    "messaging.message.id": job.id, "messaging.client.id": self._worker_id,
                    "queuecraft.task": job.task, "queuecraft.tenant": job.tenant_id,
                    "queuecraft.attempt": job.attempt, "queuecraft.outcome": result.outcome.value,
                    "queuecraft.status": job.status.value, "queuecraft.trace_id": job.trace_id,
                    "queuecraft.wait_ms": job.attempts[-1].wait_ms if job.attempts else None,
                    "error.type": error.type if error else None,
                },
                events=[_exception(error, end_ns)] if error else (),
            )
        )  # fmt: skip

    def _links(self, job: Job) -> Sequence[TraceContext]:
        submission = parse(job.traceparent)
        links = [] if submission is None else [submission]
        return [*links, self.context(job, job.attempt - 1)] if job.attempt > 1 else links

    @contextmanager
    def step(self, job: Job, key: StepKey, parent: TraceContext) -> Iterator[None]:
        """Record a call of a step's function as a child of its attempt. Logs and ``ctx.traceparent`` name it."""
        with self._child(parent, f"step {key.name}", Kind.INTERNAL, job, key):
            yield

    @contextmanager
    def invoke(self, job: Job, key: StepKey, parent: TraceContext) -> Iterator[TraceContext]:
        """Record the submission of a job by another one; its context is for the job that is submitted."""
        with self._child(parent, "publish", Kind.PRODUCER, job, key) as context:
            yield context

    @contextmanager
    def _child(self, parent: TraceContext, name: str, kind: Kind, job: Job, key: StepKey) -> Iterator[TraceContext]:
        context, began_ns, error = parent.child(), time.time_ns(), ""
        token = current_span.set(context)
        try:
            yield context
        except Exception as failure:  # those that are none suspend or cancel the job
            error = "" if isinstance(failure, Snooze) else f"{type(failure).__name__}: {failure}"
            raise
        finally:
            current_span.reset(token)
            about = {"queuecraft.step": key.name, "queuecraft.step.n": key.n, "messaging.message.id": job.id}
            self._exporter.record(
                Span(name, kind, context, began_ns, time.time_ns(), parent.span_id, attributes=about, error=error)
            )

    def child_of(self, traceparent: str | None) -> tuple[TraceContext, TraceContext] | None:
        """Return a context and a new one below it, ``None`` if there is none."""
        parent = parse(traceparent)
        return None if parent is None else (parent, parent.child())

    def delivery(self, context: TraceContext, parent: TraceContext, webhook_id: str, tried: DeliveryAttempt) -> None:
        """Record a request to a webhook as a child of what it reports."""
        end_ns = _ns(tried.at) + tried.duration_ms * 1_000_000
        about = {
            "http.request.method": "POST", "http.response.status_code": tried.status, "queuecraft.webhook": webhook_id,
        }  # fmt: skip
        error = "" if tried.succeeded else tried.error or str(tried.status)
        self._exporter.record(
            Span("POST", Kind.CLIENT, context, _ns(tried.at), end_ns, parent.span_id, attributes=about, error=error)
        )


def _exception(error: JobError, at_ns: int) -> SpanEvent:
    about = {
        "exception.type": error.type, "exception.message": error.message, "exception.stacktrace": error.traceback
    }  # fmt: skip
    return SpanEvent("exception", at_ns, about)


def _ns(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000) * 1_000
