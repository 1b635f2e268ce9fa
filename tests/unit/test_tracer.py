"""X-Ray spans as its daemon receives them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.settings import trace_header
from chalicelib.telemetry.tracer import HEADER, Tracing

ROOT, PARENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
SAMPLED = f"Root={ROOT};Parent={PARENT};Sampled=1"


@pytest.fixture
def daemon() -> Iterator[socket.socket]:
    """Listens as X-Ray's daemon does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(10)
        yield listening


@pytest.fixture
def tracing(daemon: socket.socket) -> Iterator[Callable[[str], Tracing]]:
    """Creates a tracing whose invocation has a header."""
    made: list[Tracing] = []

    def make(header: str) -> Tracing:
        made.append(Tracing(f"127.0.0.1:{daemon.getsockname()[1]}", lambda: header))
        return made[-1]

    yield make
    for each in made:
        each.close()


def sent(daemon: socket.socket) -> dict[str, Any]:
    header, _, document = daemon.recv(65536).partition(b"\n")
    assert header + b"\n" == HEADER
    read: dict[str, Any] = json.loads(document)
    return read


def test_a_span_lies_below_the_segment_of_the_invocation(
    tracing: Callable[[str], Tracing], daemon: socket.socket
) -> None:
    before = time.time()
    with tracing(f"{SAMPLED};Lineage=a:0").span("GET /job/{id}") as note:
        note("traceId", "t-1")
        note("status", 200)

    span = sent(daemon)
    assert (span["trace_id"], span["parent_id"], span["type"]) == (ROOT, PARENT, "subsegment")
    assert span["name"] == "## GET /job/id", "X-Ray takes no braces"
    assert span["annotations"] == {"traceId": "t-1", "status": 200}
    assert before <= span["start_time"] <= span["end_time"] <= time.time()
    assert len(span["id"]) == 16 and "fault" not in span


def test_an_exception_is_recorded_and_propagates(tracing: Callable[[str], Tracing], daemon: socket.socket) -> None:
    with pytest.raises(ValueError, match="boom"), tracing(SAMPLED).span("x"):
        raise ValueError("boom")

    span = sent(daemon)
    assert span["fault"] is True
    (cause,) = span["cause"]["exceptions"]
    assert (cause["type"], cause["message"]) == ("ValueError", "boom")


def test_the_sdk_of_x_ray_would_send_the_same(tracing: Callable[[str], Tracing], daemon: socket.socket) -> None:
    """The SDK sends these fields, and no other that matters."""
    script = (
        "from aws_xray_sdk.core.models.segment import Segment\n"
        "from aws_xray_sdk.core.models.subsegment import Subsegment\n"
        f"theirs = Subsegment('## x', 'local', Segment('function', traceid={ROOT!r}, parent_id={PARENT!r}))\n"
        "theirs.put_annotation('status', 200)\n"
        "theirs.close()\n"
        "print(theirs.serialize())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    with tracing(SAMPLED).span("x") as note:
        note("status", 200)

    ours, theirs = sent(daemon), json.loads(done.stdout)
    assert ours.keys() - {"parent_id"} == theirs.keys() - {"namespace", "in_progress"}
    assert {name: type(value) for name, value in ours.items() if name in theirs} == {
        name: type(value) for name, value in theirs.items() if name in ours
    }


@pytest.mark.parametrize("header", ["", f"Root={ROOT};Parent={PARENT};Sampled=0", f"Root={ROOT};Sampled=1", "nonsense"])
def test_an_unsampled_trace_is_not_sent(header: str, tracing: Callable[[str], Tracing], daemon: socket.socket) -> None:
    with tracing(header).span("x") as note:
        note("a", "b")

    daemon.setblocking(False)
    with pytest.raises(BlockingIOError):
        daemon.recv(65536)


def test_where_there_is_no_daemon_nothing_fails() -> None:
    with Tracing("", lambda: SAMPLED).span("x") as note:
        note("a", "b")
    gone = Tracing("127.0.0.1:9", lambda: SAMPLED)
    for _ in range(2):  # the second send fails: there is no daemon
        with gone.span("x"):
            pass
    gone.close()
    gone.close()


def test_the_header_is_read_for_each_invocation() -> None:
    assert trace_header({"_X_AMZN_TRACE_ID": SAMPLED}) == SAMPLED
    assert trace_header({}) == ""


def test_neither_the_sdk_nor_botocore_is_loaded() -> None:
    """They would take longer than the rest of a cold start."""
    script = (
        "import sys\n"
        "from chalicelib.telemetry.tracer import Tracing\n"
        f"with Tracing('127.0.0.1:9', lambda: {SAMPLED!r}).span('x') as note: note('a', 'b')\n"
        "print([name for name in ('aws_xray_sdk', 'botocore') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
