"""A collector on the loopback address: takes OTLP over HTTP with JSON, and keeps the spans."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.support import wait_until


@dataclass(frozen=True)
class Taken:
    """One span as it came, its attributes and those of its resource as plain values."""

    raw: dict[str, Any]
    attributes: dict[str, Any]
    resource: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.raw["name"])

    @property
    def id(self) -> str:
        return str(self.raw["spanId"])

    @property
    def trace_id(self) -> str:
        return str(self.raw["traceId"])

    @property
    def parent(self) -> str:
        return str(self.raw.get("parentSpanId", ""))

    @property
    def kind(self) -> int:
        return int(self.raw["kind"])

    @property
    def links(self) -> list[tuple[str, str]]:
        return [(link["traceId"], link["spanId"]) for link in self.raw.get("links", [])]

    @property
    def has_failed(self) -> bool:
        return bool(self.raw.get("status", {}).get("code") == 2)

    @property
    def context(self) -> tuple[str, str]:
        return self.trace_id, self.id

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.id}-01"


@dataclass
class Collector:
    """Answers ``status`` to each request; ``headers`` has those of each."""

    status: int = 200
    spans: list[Taken] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # as collectors do; otherwise an answer in two packets takes 40 ms

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                collector.paths.append(self.path)
                collector.headers.append({name.lower(): value for name, value in self.headers.items()})
                if collector.status == 200:
                    collector.take(body)
                self.send_response(collector.status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base address, as in ``OTEL_EXPORTER_OTLP_ENDPOINT``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def take(self, body: dict[str, Any]) -> None:
        for group in body["resourceSpans"]:
            resource = _plain(group["resource"]["attributes"])
            for scope in group["scopeSpans"]:
                self.spans += [Taken(span, _plain(span["attributes"]), resource) for span in scope["spans"]]

    def named(self, name: str) -> list[Taken]:
        """The spans of a name, as they ended."""
        return [span for span in self.spans if span.name == name]

    def wait(self, name: str, count: int = 1) -> list[Taken]:
        """Wait for spans of a name."""
        wait_until(lambda: len(self.named(name)) >= count, what=f"{count} spans {name!r}")
        return self.named(name)


def _plain(attributes: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["key"]: _value(each["value"]) for each in attributes}


def _value(value: dict[str, Any]) -> Any:
    [(kind, plain)] = value.items()
    return int(plain) if kind == "intValue" else plain
