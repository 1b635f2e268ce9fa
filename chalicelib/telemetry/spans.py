"""Spans, exported as OTLP over HTTP with JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp).

OpenTelemetry's SDK is not used: it takes 0.2 s of processor time to import, in every cold start
(``docs/decisions/157-tracing.md``). Loaded only where an exporter is configured.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import orjson

if TYPE_CHECKING:
    from chalicelib.domain.traces import TraceContext
    from chalicelib.telemetry.logger import Log


class Connection(Protocol):
    """Sends requests, one at a time."""

    def post(self, body: bytes) -> int:
        """Return the status of the answer, 0 without one."""
        ...

    def close(self) -> None:
        """End."""
        ...


#: Spans that wait to be sent at most; further ones are dropped.
MAX_WAITING: Final = 2_048
#: Spans of one request.
BATCH: Final = 512
#: How often a background thread sends.
INTERVAL_S: Final = 1.0
#: How long nothing is sent after a failure, so that a collector that is down costs one time-out in this time.
PAUSE_S: Final = 30.0
#: How long an exporter that ends may take to send what is left.
FLUSH_S: Final = 2.0
#: Longest text of an attribute.
MAX_TEXT_CHARS: Final = 4_096
#: Answers after which the same spans are sent again.
_RETRYABLE: Final = frozenset({0, 429, 502, 503, 504})
_ERROR: Final = 2


class Kind(IntEnum):
    """The kind of a span, by its number in OTLP."""

    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    PRODUCER = 4
    CONSUMER = 5


class SpanEvent(NamedTuple):
    """Something that happened within a span."""

    name: str
    at_ns: int
    attributes: Mapping[str, Any]


class Span(NamedTuple):
    """A span that has ended. Times are epoch nanoseconds; ``error`` says why it failed, empty if it did not."""

    name: str
    kind: Kind
    context: TraceContext
    start_ns: int
    end_ns: int
    #: The span id of its parent, which is in the same trace; empty: none.
    parent_id: str = ""
    links: Sequence[TraceContext] = ()
    attributes: Mapping[str, Any] = MappingProxyType({})
    error: str = ""
    events: Sequence[SpanEvent] = ()


class SpanExporter:
    """Collects spans and sends them. Thread-safe; nothing that fails here fails its caller.

    In the background: by a thread, started by the first span. Otherwise only ``flush`` sends.
    """

    def __init__(
        self,
        connection: Connection,
        resource: Mapping[str, str],
        log: Log,
        *,
        background: bool,
        count_dropped: Callable[[int], None] = lambda dropped: None,
    ) -> None:
        """``count_dropped`` is told how many spans were never sent: there were too many, or they were refused."""
        self._connection = connection
        self._resource = _attributes(resource)
        self._log = log
        self._background = background
        self._count_dropped = count_dropped
        self._waiting: deque[Span] = deque()
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._resume_at = 0.0
        self._dropped = 0

    def record(self, span: Span) -> None:
        """Keep a span to be sent, if it is sampled."""
        if not span.context.sampled:
            return
        with self._lock:
            if len(self._waiting) >= MAX_WAITING:
                self._dropped += 1
                return
            self._waiting.append(span)
            if self._background and self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="spans", daemon=True)
                self._thread.start()

    def flush(self, timeout_s: float = FLUSH_S) -> bool:
        """Send what waits, for about ``timeout_s``; return whether nothing is left."""
        until = time.monotonic() + timeout_s
        if not self._sending.acquire(timeout=timeout_s):
            return False
        try:
            while self._waiting and time.monotonic() < until and time.monotonic() >= self._resume_at:
                self._send()
        finally:
            self._sending.release()
        return not self._waiting

    def close(self) -> None:
        """Send what waits, and end the thread."""
        self._closing.set()
        self.flush()
        if self._thread is not None:
            self._thread.join(FLUSH_S)
        with self._lock:
            left = len(self._waiting) + self._dropped
        self._report(left)
        with self._sending:
            self._connection.close()

    def _serve(self) -> None:
        while not self._closing.wait(INTERVAL_S):
            self.flush()

    def _send(self) -> None:
        with self._lock:
            spans = list(islice(self._waiting, BATCH))
            dropped, self._dropped = self._dropped, 0
        try:
            status = self._connection.post(encode(self._resource, spans))
        except Exception as error:
            status = -1
            self._log.warning("spans were not encoded", event="spans_failed", error=repr(error)[:500])
        with self._lock:
            if status not in _RETRYABLE:
                for _ in spans:
                    self._waiting.popleft()
                if not 200 <= status < 300:
                    dropped += len(spans)
        if not 200 <= status < 300:
            self._resume_at = time.monotonic() + PAUSE_S
        if dropped or not 200 <= status < 300:
            self._log.warning("spans were not exported", event="spans_failed", status=status, dropped=dropped)
        self._report(dropped)

    def _report(self, dropped: int) -> None:
        if dropped:
            try:
                self._count_dropped(dropped)
            except Exception as error:  # a failure of metrics must not affect anything else
                self._log.warning("dropped spans were not counted", event="counts_failed", error=repr(error)[:500])


def encode(resource: Sequence[Mapping[str, Any]], spans: Sequence[Span]) -> bytes:
    """Return an ``ExportTraceServiceRequest`` as JSON: ids in hex, 64-bit numbers as text."""
    scope = {"scope": {"name": "queuecraft"}, "spans": [_span(span) for span in spans]}
    return orjson.dumps({"resourceSpans": [{"resource": {"attributes": resource}, "scopeSpans": [scope]}]})


def _span(span: Span) -> dict[str, Any]:
    encoded: dict[str, Any] = {
        "traceId": span.context.trace_id,
        "spanId": span.context.span_id,
        "name": span.name,
        "kind": int(span.kind),
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(max(span.start_ns, span.end_ns)),
        "flags": 1,
        "attributes": _attributes(span.attributes),
    }
    if span.parent_id:
        encoded["parentSpanId"] = span.parent_id
    if span.links:
        encoded["links"] = [
            {"traceId": each.trace_id, "spanId": each.span_id, "flags": int(each.sampled)} for each in span.links
        ]
    if span.events:
        encoded["events"] = [
            {"name": each.name, "timeUnixNano": str(each.at_ns), "attributes": _attributes(each.attributes)}
            for each in span.events
        ]
    if span.error:
        encoded["status"] = {"code": _ERROR, "message": _text(span.error)}
    return encoded


def _attributes(attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in attributes.items() if value is not None]


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"stringValue": _text(str(value))}


def _text(text: str) -> str:
    return text[:MAX_TEXT_CHARS].encode("utf-8", "replace").decode()
