"""Spans of X-Ray."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.telemetry.tracer import Tracing


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What goes to X-Ray's daemon, within the segment of an invocation."""
    from aws_xray_sdk.core import xray_recorder  # type: ignore[import-untyped]

    class Emitter:
        def __init__(self) -> None:
            self.sent: list[Any] = []

        def send_entity(self, entity: Any) -> None:
            self.sent.append(entity)

    emitter = Emitter()
    monkeypatch.setenv("LAMBDA_TASK_ROOT", "/var/task")
    monkeypatch.setattr(xray_recorder, "_emitter", emitter)
    monkeypatch.setattr(xray_recorder, "_sampling", False)
    xray_recorder.begin_segment("invocation")
    yield emitter.sent
    xray_recorder.clear_trace_entities()


def test_a_span_is_annotated(sent: list[Any]) -> None:
    with Tracing("api", enabled=True).span("GET /job/{id}") as note:
        note("traceId", "t-1")
        note("status", 200)

    (span,) = sent
    assert span.name == "## GET /job/{id}"
    assert span.annotations == {"traceId": "t-1", "status": 200}
    assert span.end_time


def test_an_exception_is_recorded_and_goes_on(sent: list[Any]) -> None:
    with pytest.raises(ValueError, match="boom"), Tracing("api", enabled=True).span("x"):
        raise ValueError("boom")

    assert sent[0].fault


def test_elsewhere_there_are_none_and_nothing_is_loaded() -> None:
    script = (
        "import sys\n"
        "from chalicelib.telemetry.tracer import Tracing\n"
        "with Tracing('api', enabled=False).span('x') as note: note('a', 'b')\n"
        "print('aws_xray_sdk' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
