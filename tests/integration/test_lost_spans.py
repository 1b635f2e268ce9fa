"""Spans of attempts whose worker died, and the count of spans that no collector got."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.traces import parse
from chalicelib.settings import Settings
from chalicelib.telemetry.spans import MAX_WAITING, Kind, Span
from tests.api_client import Api
from tests.collector import Collector
from tests.container import Container
from tests.timed import Timed

pytestmark = pytest.mark.integration
LEASE_S = 15.0
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector


@pytest.fixture
def settings(settings: Settings, collector: Collector) -> Settings:
    return replace(settings, otlp_url=f"{collector.url}/v1/traces")


def test_an_attempt_whose_worker_died_has_a_span_to_which_the_next_one_links(
    timed: Timed, collector: Collector
) -> None:
    job = timed.submit(traceparent=TRACEPARENT)
    (running,) = timed.start("dead")
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    timed.container.sweeper.catch_up()
    timed.container.flush_spans()
    [span] = collector.named("process simulated")
    assert timed.status(job) is JobStatus.RETRYING
    assert span.kind == Kind.CONSUMER
    assert span.attributes["queuecraft.outcome"] == "lost"
    assert span.attributes["messaging.client.id"] == running.attempts[-1].worker_id
    assert span.attributes["error.type"] == "WorkerLost"
    assert span.has_failed
    assert span.links == [("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")]
    began, ended = int(span.raw["startTimeUnixNano"]), int(span.raw["endTimeUnixNano"])
    assert ended - began == pytest.approx(LEASE_S * 1e9, rel=0.01)


def test_an_attempt_that_ended_or_never_began_is_not_recorded_by_the_sweep(timed: Timed, collector: Collector) -> None:
    timed.submit()
    timed.claim("dead")
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    (running,) = timed.start("slow")
    timed.record_end(running)
    timed.travel(LEASE_S)
    timed.container.sweeper.catch_up()
    timed.container.flush_spans()
    assert collector.named("process simulated") == []


def test_dropped_spans_are_counted_over_all_processes(api: Api, container: Container) -> None:
    context = parse(TRACEPARENT)
    assert context is not None
    assert "queuecraft_spans_dropped_total{" not in api.get("/prometheus/metrics").text
    exporter = container.spans
    assert exporter is not None
    for _ in range(MAX_WAITING + 2):
        exporter.record(Span("a span", Kind.INTERNAL, context, 0, 1))
    assert exporter.flush()
    container.span_counts.add("worker", 5)
    scraped = api.get("/prometheus/metrics").text
    function = container.settings.service_name
    assert f'queuecraft_spans_dropped_total{{function="{function}"}} 2' in scraped
    assert 'queuecraft_spans_dropped_total{function="worker"} 5' in scraped
