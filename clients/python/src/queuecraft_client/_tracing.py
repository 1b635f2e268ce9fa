"""The W3C trace context of the caller, if it uses OpenTelemetry. The client does not depend on it."""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress


def trace_headers() -> dict[str, str]:
    """Return the headers that OpenTelemetry's propagators add to a request; none where it is not loaded."""
    headers: dict[str, str] = {}
    if "opentelemetry.trace" in sys.modules:
        with suppress(Exception):  # a call does not fail for its trace
            importlib.import_module("opentelemetry.propagate").inject(headers)
    return headers
