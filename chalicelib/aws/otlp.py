"""Sends OTLP requests to a collector, or to X-Ray, whose endpoint takes signed ones.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from chalicelib.aws.kept import NO_ANSWER, KeptConnection
from chalicelib.aws.signing import Credentials, Signer

#: A collector is near. One that does not answer in time is left alone for a while (``telemetry.spans``).
TIMEOUT_S: Final = 1.0
_X_RAY: Final = re.compile(r"xray\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?")


class OtlpConnection:
    """One kept connection. Not thread-safe."""

    def __init__(
        self, url: str, headers: Mapping[str, str], credentials: Credentials, now_ms: Callable[[], int]
    ) -> None:
        parts = urlsplit(url)
        self._path = parts.path or "/"
        self._connection = KeptConnection(f"{parts.scheme}://{parts.netloc}", TIMEOUT_S)
        self._headers = {"Content-Type": "application/json", **headers}
        self._now_ms = now_ms
        x_ray = _X_RAY.fullmatch(parts.hostname or "")
        self._signer = Signer(credentials, x_ray[1], "xray", parts.netloc) if x_ray else None

    def post(self, body: bytes) -> int:
        """Return the status of the answer, ``NO_ANSWER`` without one. A connection that was closed is opened again."""
        was_open = self._connection.is_open
        status = self._send(body)
        return self._send(body) if status == NO_ANSWER and was_open else status

    def _send(self, body: bytes) -> int:
        signed = {} if self._signer is None else self._signer.headers("POST", self._path, body, self._now_ms())
        return self._connection.request("POST", self._path, body, {**self._headers, **signed})

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def parse_headers(text: str) -> dict[str, str]:
    """Return the headers in ``OTEL_EXPORTER_OTLP_HEADERS``: ``name=value,name=value``, values percent-encoded."""
    pairs = (pair.partition("=") for pair in text.split(",") if "=" in pair)
    return {name.strip(): unquote(value.strip()) for name, _, value in pairs}
