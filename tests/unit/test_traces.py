"""Trace contexts and their export: the header, what derives from a job, OTLP, and a collector that does not answer."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws.otlp import OtlpConnection, parse_headers
from chalicelib.aws.signing import Credentials
from chalicelib.domain.traces import TraceContext, attempt_context, parse, root, sampled
from chalicelib.errors import MisconfiguredError
from chalicelib.settings import Settings
from chalicelib.telemetry import spans
from chalicelib.telemetry.logger import Log
from chalicelib.telemetry.spans import Kind, Span, SpanEvent, SpanExporter, encode
from tests.collector import Collector
from tests.support import wait_until
from tests.unit.test_documents import FULL

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CONTEXT = TraceContext(TRACE, SPAN)
LEAST = {"MONGODB_URI": "mongodb://127.0.0.1/", "REDIS_URL": "redis://127.0.0.1/0", "SECRET_KEY": "s" * 32}


class TestHeader:
    @pytest.mark.parametrize(("flags", "recorded"), [("01", True), ("00", False), ("03", True), ("02", False)])
    def test_a_valid_one(self, flags: str, recorded: bool) -> None:
        assert parse(f"00-{TRACE}-{SPAN}-{flags}") == TraceContext(TRACE, SPAN, recorded)

    def test_it_is_read_as_it_is_written(self) -> None:
        for context in (CONTEXT, CONTEXT._replace(sampled=False)):
            assert parse(context.traceparent) == context

    @pytest.mark.parametrize(
        "text",
        [
            None, "", "00", f"00-{TRACE}-{SPAN}", f"00-{TRACE.upper()}-{SPAN}-01", f"ff-{TRACE}-{SPAN}-01",
            f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE}-{SPAN}-01-more",
            f"00-{TRACE}-{SPAN}-1", f"00-{TRACE}-{SPAN}-01\n00", "x" * 100_000,
        ],
    )  # fmt: skip
    def test_an_invalid_one(self, text: str | None) -> None:
        assert parse(text) is None

    def test_a_later_version_is_read_as_far_as_it_is_known(self) -> None:
        assert parse(f"01-{TRACE}-{SPAN}-01-more") == CONTEXT


class TestAttempts:
    def test_each_has_a_trace_of_its_own_which_is_always_the_same(self) -> None:
        made = {attempt_context(FULL, number, 1.0) for number in (1, 2)}
        assert made == {attempt_context(FULL, number, 1.0) for number in (1, 2)}
        assert len({each.trace_id for each in made}) == 2
        assert all(parse(each.traceparent) == each for each in made)
        assert attempt_context(FULL.with_(id="9" * 24), 1, 1.0) not in made

    def test_the_submission_decides_whether_they_are_recorded(self) -> None:
        off = FULL.with_(traceparent=CONTEXT._replace(sampled=False).traceparent)
        assert not attempt_context(off, 1, 1.0).sampled
        assert attempt_context(FULL, 1, 0.0).sampled
        assert not attempt_context(FULL.with_(traceparent=None), 1, 0.0).sampled

    def test_a_ratio_records_such_a_part(self) -> None:
        contexts = [attempt_context(FULL.with_(traceparent=None), number, 0.25) for number in range(2_000)]
        assert 400 < sum(each.sampled for each in contexts) < 600
        assert all(each.sampled == sampled(each.trace_id, 0.25) for each in contexts)
        assert root("0" * 31 + "1", 0.001).sampled
        assert not root("f" * 32, 0.999).sampled


def span(name: str = "process", **fields: Any) -> Span:
    return Span(name, Kind.CONSUMER, CONTEXT, 1_000_000_000_000_000_001, 1_000_000_000_000_000_002, **fields)


class TestEncoding:
    def test_a_whole_span(self) -> None:
        event = SpanEvent("exception", 3, {"exception.type": "E", "exception.stacktrace": None})
        made = span(
            parent_id="a" * 16, links=[CONTEXT, CONTEXT._replace(sampled=False)], error="no",
            attributes={"text": "t", "whole": 2**60, "yes": True, "part": 0.5, "none": None}, events=[event],
        )  # fmt: skip
        body = json.loads(encode([], [made]))
        [scope] = body["resourceSpans"][0]["scopeSpans"]
        assert scope["scope"] == {"name": "queuecraft"}
        assert scope["spans"] == [
            {
                "traceId": TRACE, "spanId": SPAN, "parentSpanId": "a" * 16, "name": "process", "kind": 5, "flags": 1,
                "startTimeUnixNano": "1000000000000000001", "endTimeUnixNano": "1000000000000000002",
                "attributes": [
                    {"key": "text", "value": {"stringValue": "t"}},
                    {"key": "whole", "value": {"intValue": str(2**60)}},
                    {"key": "yes", "value": {"boolValue": True}},
                    {"key": "part", "value": {"doubleValue": 0.5}},
                ],
                "links": [
                    {"traceId": TRACE, "spanId": SPAN, "flags": 1}, {"traceId": TRACE, "spanId": SPAN, "flags": 0}
                ],
                "events": [
                    {
                        "name": "exception", "timeUnixNano": "3",
                        "attributes": [{"key": "exception.type", "value": {"stringValue": "E"}}],
                    }
                ],
                "status": {"code": 2, "message": "no"},
            }
        ]  # fmt: skip

    def test_texts_are_cut_and_made_unicode(self) -> None:
        [encoded] = json.loads(encode([], [span(error="x" * 10_000 + "", attributes={"a": "\ud800"})]))[
            "resourceSpans"
        ][0]["scopeSpans"][0]["spans"]
        assert len(encoded["status"]["message"]) == spans.MAX_TEXT_CHARS
        assert encoded["attributes"][0]["value"] == {"stringValue": "?"}


class Wire:
    """A connection that answers ``status``."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.bodies: list[dict[str, Any]] = []
        self.is_closed = False

    def post(self, body: bytes) -> int:
        self.bodies.append(json.loads(body))
        return self.status

    def close(self) -> None:
        self.is_closed = True

    @property
    def names(self) -> list[str]:
        return [each["name"] for body in self.bodies for each in body["resourceSpans"][0]["scopeSpans"][0]["spans"]]


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


def exporter(
    wire: Wire, output: io.StringIO, *, background: bool = False, counted: list[int] | None = None
) -> SpanExporter:
    """``counted`` gets what is dropped; without it, that cannot be counted."""

    def count(dropped: int) -> None:
        if counted is None:
            raise ConnectionError("no database")
        counted.append(dropped)

    log = Log("spans", "INFO", output)
    return SpanExporter(wire, {"service.name": "s"}, log, background=background, count_dropped=count)


class TestExporter:
    def test_spans_leave_with_a_flush_in_order(self, output: io.StringIO) -> None:
        wire = Wire()
        made = exporter(wire, output)
        for number in range(spans.BATCH + 1):
            made.record(span(str(number)))
        assert wire.bodies == []
        assert made.flush()
        assert [len(body["resourceSpans"][0]["scopeSpans"][0]["spans"]) for body in wire.bodies] == [spans.BATCH, 1]
        assert wire.names == [str(number) for number in range(spans.BATCH + 1)]

    def test_what_is_not_sampled_is_not_kept(self, output: io.StringIO) -> None:
        wire = Wire()
        made = exporter(wire, output)
        made.record(span()._replace(context=CONTEXT._replace(sampled=False)))
        assert made.flush()
        assert wire.bodies == []

    @pytest.mark.parametrize("status", [0, 503, 429])
    def test_a_collector_that_is_down_is_left_alone_and_gets_the_spans_later(
        self, output: io.StringIO, status: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wire = Wire(status)
        made = exporter(wire, output)
        made.record(span("first"))
        assert not made.flush()
        made.record(span("second"))
        assert not made.flush()
        assert len(wire.bodies) == 1
        assert "spans were not exported" in output.getvalue()
        wire.status = 200
        monkeypatch.setattr(made, "_resume_at", 0.0)
        assert made.flush()
        assert wire.names == ["first", "first", "second"]

    def test_spans_that_are_refused_are_dropped(self, output: io.StringIO) -> None:
        wire, counted = Wire(400), list[int]()
        made = exporter(wire, output, counted=counted)
        made.record(span())
        assert made.flush()
        assert '"status":400' in output.getvalue()
        assert counted == [1]

    def test_what_is_left_at_the_end_is_counted(self, output: io.StringIO) -> None:
        counted = list[int]()
        made = exporter(Wire(503), output, counted=counted)
        made.record(span())
        made.record(span())
        made.close()
        assert counted == [2]

    def test_a_count_that_fails_fails_nobody(self, output: io.StringIO) -> None:
        made = exporter(Wire(400), output)
        made.record(span())
        assert made.flush()
        assert "dropped spans were not counted" in output.getvalue()

    def test_more_than_fit_are_dropped_and_counted(self, output: io.StringIO) -> None:
        wire = Wire()
        made = exporter(wire, output)
        for _ in range(spans.MAX_WAITING + 3):
            made.record(span())
        made.flush()
        assert len(wire.names) == spans.MAX_WAITING
        assert '"dropped":3' in output.getvalue()

    def test_a_thread_sends_in_the_background_and_ends(
        self, output: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(spans, "INTERVAL_S", 0.01)
        wire = Wire()
        made = exporter(wire, output, background=True)
        assert not any(thread.name == "spans" for thread in threading.enumerate())
        made.record(span())
        wait_until(lambda: wire.names == ["process"], what="the span is sent")
        made.record(span("last"))
        made.close()
        assert wire.names[-1] == "last"
        assert wire.is_closed
        assert not any(thread.name == "spans" for thread in threading.enumerate())

    def test_a_connection_that_raises_fails_nobody(self, output: io.StringIO) -> None:
        wire = Wire()
        wire.post = lambda body: 1 // 0  # type: ignore[method-assign]
        made = exporter(wire, output)
        made.record(span())
        assert made.flush()
        assert "ZeroDivisionError" in output.getvalue()


class TestConnection:
    def test_headers_and_path_are_sent_over_a_kept_connection(self) -> None:
        with Collector() as collector:
            connection = OtlpConnection(
                f"{collector.url}/v1/traces", {"api-key": "k"}, Credentials("", ""), now_ms=lambda: 0
            )
            assert [connection.post(encode([], [span()])) for _ in range(2)] == [200, 200]
            connection.close()
        assert collector.paths == ["/v1/traces"] * 2
        assert collector.headers[0]["api-key"] == "k"
        assert collector.headers[0]["content-type"] == "application/json"
        assert "authorization" not in collector.headers[0]
        assert len(collector.spans) == 2

    def test_nobody_listens(self) -> None:
        with Collector() as collector:
            url = collector.url
        assert OtlpConnection(url, {}, Credentials("", ""), now_ms=lambda: 0).post(b"{}") == 0

    def test_requests_to_x_ray_are_signed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connection = OtlpConnection(
            "https://xray.eu-west-1.amazonaws.com/v1/traces", {}, Credentials("AKID", "secret", "session"), lambda: 0
        )
        sent: list[dict[str, str]] = []

        def request(method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
            sent.append({"method": method, "path": path, **headers})
            return 200

        monkeypatch.setattr(connection._connection, "request", request)
        assert connection.post(b"{}") == 200
        assert (sent[0]["method"], sent[0]["path"]) == ("POST", "/v1/traces")
        assert "Credential=AKID/19700101/eu-west-1/xray/aws4_request" in sent[0]["authorization"]
        assert sent[0]["x-amz-security-token"] == "session"

    def test_headers_are_read_as_opentelemetry_writes_them(self) -> None:
        assert parse_headers("api-key=a%3Db, x=y=z,bad") == {"api-key": "a=b", "x": "y=z"}
        assert parse_headers("") == {}


class TestSettings:
    @pytest.mark.parametrize(
        ("env", "url"),
        [
            ({}, ""),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, "http://localhost:4318/v1/traces"),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318/"}, "http://localhost:4318/v1/traces"),
            ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://a/b"}, "https://a/b"),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_SDK_DISABLED": "true"}, ""),
        ],
    )
    def test_where_spans_are_sent(self, env: dict[str, str], url: str) -> None:
        assert Settings.from_env({**LEAST, **env}).otlp_url == url

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "grpc://x"),
            ("OTEL_TRACES_SAMPLER_ARG", "1.5"),
            ("OTEL_TRACES_SAMPLER_ARG", "half"),
            ("TRACE_URL", "https://traces"),
            ("TRACE_URL", "javascript:{traceId}"),
        ],
    )
    def test_a_bad_value_is_named(self, name: str, value: str) -> None:
        with pytest.raises(MisconfiguredError, match=name):
            Settings.from_env({**LEAST, name: value})

    def test_headers_are_in_no_text_about_settings(self) -> None:
        made = Settings.from_env({**LEAST, "OTEL_EXPORTER_OTLP_HEADERS": "api-key=very-secret"})
        assert made.otlp_headers == "api-key=very-secret"
        assert "very-secret" not in repr(made)


def test_without_an_endpoint_nothing_of_tracing_is_loaded() -> None:
    script = (
        "import sys\n"
        "from dataclasses import replace\n"
        "from tests.container import Container\n"
        "import app, worker_fn.handler, worker_fn.worker\n"
        "from chalicelib.settings import Settings\n"
        f"container = Container(Settings.from_env({LEAST!r}))\n"
        "assert container.spans is None and container.worker_tracing('w') is None\n"
        "from chalicelib.api import tracing\n"
        "assert tracing.begin(container, {}, '/job')[1] is None\n"
        "ours = {'chalicelib.telemetry.spans', 'chalicelib.domain.traces', 'worker_fn.tracing'}\n"
        "print(*sorted(set(sys.modules) & ours), *[name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
