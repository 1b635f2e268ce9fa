"""Analytics: a range compared with the one before, and a forecast."""

from __future__ import annotations

from typing import Any

from chalicelib.api.call import Call, Nothing
from chalicelib.api.routing import Routes
from chalicelib.api.schemas.analytics import (
    AnalyticsAnswer,
    AskAnalytics,
    AskForecast,
    ForecastAnswer,
    forecast_body,
    report_body,
)
from chalicelib.domain.analytics import Dimension, range_of
from chalicelib.domain.principals import KeyScope

routes = Routes(__name__, tag="Metrics")


@routes.get("/analytics", query=AskAnalytics, answer=AnalyticsAnswer, scope=KeyScope.JOBS_READ)
def get_analytics(call: Call[Nothing, AskAnalytics]) -> dict[str, Any]:
    """Compare a range of time with as long a range before it.

    Counts come from roll-ups per minute (2 hours back), 15 minutes (2 days), 2 hours (14 days) and day (400 days): the
    shortest spans that both ranges still have. They cover the caller's tenant, for operators all. Errors are those of
    jobs that are in the DLQ now.
    """
    asked, container = call.query, call.container
    wanted = range_of(asked.since, asked.until, container.clock.now())
    report = container.analytics.report(
        call.principal, wanted, asked.by, task=asked.task, queue=asked.queue, tenant=asked.tenant
    )
    by_tenant = asked.by is Dimension.TENANT
    names = container.tenant_store.names({group.name for group in report.groups}) if by_tenant else {}
    return report_body(report, names)


@routes.get("/analytics/forecast", query=AskForecast, answer=ForecastAnswer, scope=KeyScope.JOBS_READ)
def get_forecast(call: Call[Nothing, AskForecast]) -> dict[str, Any]:
    """Forecast when the open jobs that can run will be done, by the rates of the last 15 minutes."""
    return forecast_body(call.container.analytics.forecast(call.principal, call.query.tenant))
