"""Metrics as JSON, and charts."""

from __future__ import annotations

from typing import Any

from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.metrics import (
    AskSeries,
    MetricsAnswer,
    MetricsOut,
    ResetAnswer,
    SeriesAnswer,
    series_body,
)
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import KeyScope, Permission

routes = Routes(__name__, tag="Metrics")


@routes.get("/metrics", answer=MetricsAnswer, scope=KeyScope.JOBS_READ)
def get_metrics(call: Call) -> MetricsAnswer:
    """Get counts and rates of the caller's tenant; of all tenants for an operator."""
    metrics = MetricsOut.of(call.container.metrics.of(call.principal))
    return MetricsAnswer(timestamp=iso(call.container.clock.now()), metrics=metrics)


@routes.post(
    "/metrics/reset",
    answer=ResetAnswer,
    needs=Permission.MANAGE_TENANTS,
    scope=KeyScope.ADMIN,
    audit=Audited("metrics.reset"),
)
def reset_metrics(call: Call) -> ResetAnswer:
    """Reset the totals of all tenants to 0. Counts of existing jobs stay."""
    call.container.metrics.reset()
    return ResetAnswer()


@routes.get("/metrics/series", query=AskSeries, answer=SeriesAnswer, scope=KeyScope.JOBS_READ)
def get_series(call: Call[Nothing, AskSeries]) -> dict[str, Any]:
    """Get throughput, failures and latencies over time, per task and per queue.

    Percentiles of wait and run time are computed from histograms and are within 10 percent.
    """
    asked = call.query
    return series_body(call.container.series.series(call.principal, asked.window, task=asked.task, queue=asked.queue))
