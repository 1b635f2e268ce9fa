"""Spans of attempts, steps and deliveries. Loaded only where an exporter is configured.

An attempt is a trace of its own, which is linked to the submission of its job and to the attempt before
(``docs/decisions/157-tracing.md``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.domain.jobs import Job
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.domain.retry import Snooze
from chalicelib.domain.steps import StepKey
from chalicelib.domain.traces import TraceContext, parse
from chalicelib.domain.webhooks import DeliveryAttempt
from chalicelib.telemetry.attempt_spans import AttemptSpans, ns
from chalicelib.telemetry.logger import current_span
from chalicelib.telemetry.spans import Kind, Span, SpanExporter
from worker_fn.attempt import Attempt


class WorkerTracing:
    """Records what a worker does. ``ratio``: which part of the traces without a submission is recorded."""

    def __init__(self, exporter: SpanExporter, ratio: float, worker_id: str) -> None:
        self._exporter = exporter
        self._attempts = AttemptSpans(exporter, ratio)
        self._worker_id = worker_id

    def context(self, job: Job, number: int) -> TraceContext:
        """Return the context of an attempt of ``job``."""
        return self._attempts.context(job, number)

    def attempt(self, attempt: Attempt, job: Job, result: AttemptResult) -> None:
        """Record an attempt that ended; ``job`` is as it is after it."""
        if attempt.started_at is not None:
            began, ended = attempt.started_at, result.at
            self._attempts.record(job, self._worker_id, began, ended, result.outcome, result.error)

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
        end_ns = ns(tried.at) + tried.duration_ms * 1_000_000
        about = {
            "http.request.method": "POST", "http.response.status_code": tried.status, "queuecraft.webhook": webhook_id,
        }  # fmt: skip
        error = "" if tried.succeeded else tried.error or str(tried.status)
        self._exporter.record(
            Span("POST", Kind.CLIENT, context, ns(tried.at), end_ns, parent.span_id, attributes=about, error=error)
        )
