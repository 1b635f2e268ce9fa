"""The trace of a call: taken from the caller's ``traceparent`` or begun, and its spans if these are exported.

Without an exporter, and without a ``traceparent``, a call has no trace, and no code of tracing is loaded.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from chalicelib.api import parsing
from chalicelib.api.errors import status_of
from chalicelib.api.schemas.submissions import CreateJob
from chalicelib.errors import QueueCraftError

if TYPE_CHECKING:
    from chalicelib.api.container import ApiContainer
    from chalicelib.domain.traces import TraceContext
    from chalicelib.telemetry.spans import SpanExporter

#: Routes that are called by monitoring, every few seconds: without spans unless the caller has a trace.
_QUIET: Final = ("/health", "/prometheus")


class RequestTrace:
    """``kept``: the context for what is submitted, unless the call has spans: then that of its span ``publish``."""

    __slots__ = ("_began_ns", "_exporter", "_kept", "_parent", "_publish", "_published_ns", "_span")

    def __init__(
        self, span: TraceContext, parent: TraceContext | None, exporter: SpanExporter | None, kept: str | None
    ) -> None:
        self._span = span
        self._parent = parent
        self._exporter = exporter if span.sampled else None
        self._kept = kept
        self._began_ns = time.time_ns()
        self._publish = span.child()
        self._published_ns = 0

    @property
    def trace_id(self) -> str:
        """Its trace id: 32 hex digits."""
        return self._span.trace_id

    def submission(self) -> str:
        """Return the context to keep on jobs. From here on the call submits."""
        if self._kept is not None:
            return self._kept
        self._published_ns = self._published_ns or time.time_ns()
        return self._publish.traceparent

    @contextmanager
    def ending(self, name: str, attributes: Mapping[str, Any]) -> Iterator[None]:
        """End when a block ends, by which error it did, unless that is the caller's."""
        error, ok = "", False
        try:
            yield
            ok = True
        except Exception as failure:
            known = isinstance(failure, QueueCraftError) and status_of(failure) < 500
            error = "" if known else type(failure).__name__
            raise
        finally:
            self.end(name, error, attributes, ok=ok)

    def end(self, name: str, error: str, attributes: Mapping[str, Any], *, ok: bool = True) -> None:
        """Record the call, with what it submitted if it is ``ok``.

        What is recorded is sent now: a function may be frozen once it has answered.
        """
        if self._exporter is None:
            return
        from chalicelib.telemetry.spans import Kind, Span  # noqa: PLC0415 - only with an exporter

        now_ns, parent = time.time_ns(), self._parent.span_id if self._parent else ""
        self._exporter.record(
            Span(name, Kind.SERVER, self._span, self._began_ns, now_ns, parent, attributes=attributes, error=error)
        )
        if self._published_ns and ok:
            about = {
                "messaging.system": "queuecraft", "messaging.operation.type": "publish",
                "messaging.operation.name": "publish",
            }  # fmt: skip
            self._exporter.record(
                Span(
                    "publish", Kind.PRODUCER, self._publish, self._published_ns, now_ns, self._span.span_id,
                    attributes=about,
                )
            )  # fmt: skip
        self._exporter.flush()


def begin(container: ApiContainer, headers: Mapping[str, str], path: str) -> tuple[str, RequestTrace | None]:
    """Return the trace id of a request, by which logs and answers name it, and its trace if it is part of one.

    The id is the caller's ``X-Trace-Id``, else that of its trace context, else a new one.
    """
    known = parsing.trace_id_of(headers)
    given = headers.get("traceparent")
    exporter = None if given is None and path.startswith(_QUIET) else container.spans
    if given is None and exporter is None:
        return known or container.ids.trace_id(), None
    trace = _trace(container, given, exporter)
    if trace is None:
        return known or container.ids.trace_id(), None
    return known or trace.trace_id, trace


def begin_message(container: ApiContainer, body: BaseModel) -> tuple[str, RequestTrace | None]:
    """As ``begin``, of a message. Only those that submit are traced; their field ``traceparent`` is the job's too."""
    if not isinstance(body, CreateJob) or (body.traceparent is None and container.spans is None):
        return container.ids.trace_id(), None
    given = body.traceparent
    trace = _trace(container, given, container.spans)
    return (container.ids.trace_id(), None) if trace is None else (trace.trace_id, trace)


def _trace(container: ApiContainer, given: str | None, exporter: SpanExporter | None) -> RequestTrace | None:
    """Return the trace of a call, ``None`` if it has a bad header, and there is no exporter."""
    from chalicelib.domain import traces  # noqa: PLC0415 - for calls with a trace

    parent = traces.parse(given)
    if exporter is None:
        return None if parent is None else RequestTrace(parent, None, None, parent.traceparent)
    if parent is None:
        span = traces.root(container.ids.trace_id().replace("-", ""), container.settings.trace_ratio)
    else:
        span = parent.child()
    return RequestTrace(span, parent, exporter, None)
