"""Services of the routes that watch the system: metrics, charts, health; and what watches the API."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.api.containers.jobs import JobServices
from chalicelib.api.containers.queues import QueueServices
from chalicelib.settings import trace_header

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.services.analytics import Analytics
    from chalicelib.services.health import HealthService
    from chalicelib.services.metrics import MetricsService
    from chalicelib.services.series import SeriesService
    from chalicelib.services.workers import WorkerService
    from chalicelib.store.span_counts import SpanCounts
    from chalicelib.store.totals import TotalStore
    from chalicelib.telemetry.metrics import ApiMetrics
    from chalicelib.telemetry.tracer import Tracing


class MetricsServices(JobServices, QueueServices):
    """Metrics, charts, health."""

    @cached_property
    def tracing(self) -> Tracing:
        from chalicelib.telemetry.tracer import Tracing

        return Tracing(self.settings.tracing_daemon if self.settings.deployed else "", trace_header)

    @cached_property
    def api_metrics(self) -> ApiMetrics:
        from chalicelib.telemetry.metrics import ApiMetrics

        s = self.settings
        return ApiMetrics(s.service_name, s.stack_name, enabled=s.deployed)

    @cached_property
    def metrics(self) -> MetricsService:
        from chalicelib.queue.totals import Totals
        from chalicelib.services.metrics import MetricsService

        return MetricsService(self.engine, Totals(self.redis, self.keys), self.tenant_store)

    @cached_property
    def series(self) -> SeriesService:
        from chalicelib.services.series import SeriesService

        return SeriesService(self.series_store, self.clock)

    @cached_property
    def analytics(self) -> Analytics:
        from chalicelib.services.analytics import Analytics

        return Analytics(
            series=self.series_store, search=self.job_search, engine=self.engine, deployments=self.deployments,
            clock=self.clock,
        )  # fmt: skip

    @cached_property
    def span_counts(self) -> SpanCounts:
        from chalicelib.store.span_counts import SpanCounts

        return SpanCounts(self.db, self.settings.redis_namespace)

    @cached_property
    def totals(self) -> TotalStore:
        from chalicelib.store.totals import TotalStore

        return TotalStore(self.db)

    @cached_property
    def workers(self) -> WorkerService:
        from chalicelib.services.workers import WorkerService

        return WorkerService(self.engine, self.fleet, self.job_search)

    @cached_property
    def health(self) -> HealthService:
        from chalicelib.services.health import HealthService

        return HealthService(self.meta, self.impatient_redis, self.keys, self.settings.pool_names)

    @cached_property
    def impatient_redis(self) -> Redis:
        """For health checks: its time-outs are shorter than those of a check."""
        from chalicelib.queue.client import connect
        from chalicelib.services.health import CHECK_S

        return connect(self.settings.redis_url, 1, socket_timeout_s=CHECK_S / 2, connect_s=CHECK_S / 2)

    def close(self) -> None:
        """Close all connections that were opened."""
        super().close()
        self._close("impatient_redis", "tracing")
