"""Traces of a whole stack: its functions send spans to a collector that the caller's environment names."""

from __future__ import annotations

import pytest

from infra.local.testing import LocalStack
from tests.collector import Collector
from tests.e2e.clients import Api

pytestmark = pytest.mark.e2e
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_functions_send_spans_to_the_collector_of_the_environment() -> None:
    with Collector() as collector:
        env = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "SIMULATED_JOB_S": "0", "TRACE_URL": "https://t/{traceId}"}
        with LocalStack(env=env) as stack:
            api = Api.signed_up(stack)
            job = api.create("traced", traceparent=TRACEPARENT)
            [attempt] = collector.wait("process simulated")
            shown = api.job(job["_id"])
        [request] = collector.named("POST /job/create")
    assert attempt.links == [("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")]
    assert (request.resource["service.name"].rpartition("-")[2], request.has_failed) == ("api", False)
    assert attempt.resource["service.name"].endswith("-worker")
    assert [each["traceUrl"] for each in shown["attempts"]] == [f"https://t/{attempt.trace_id}"]
