"""Models of stats, metrics, series and health routes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import QueueName, TaskName
from chalicelib.domain.jobs import iso
from chalicelib.domain.rollups import COUNTERS, Window

if TYPE_CHECKING:
    from chalicelib.services.health import Health
    from chalicelib.services.metrics import Metrics
    from chalicelib.services.series import Series, Tally


class StatsOut(Output):
    """Jobs per state. ``pending``: all open ones that do not run. ``failed``: in the DLQ."""

    pending: int
    running: int
    completed: int
    failed: int
    total: int


class StatsAnswer(Output):
    """Counts for the dashboard's cards."""

    success: Literal[True] = True
    stats: StatsOut


class MetricsOut(Output):
    """``pending``, ``running``, ``dlq``, ``active``, ``waiting`` and ``total`` count existing jobs. The others count
    since the last reset.

    Rates are percentages of the jobs that completed or went to the DLQ.
    """

    total: int = Field(alias="jobs:total")
    submitted: int = Field(alias="jobs:submitted")
    pending: int = Field(alias="jobs:pending")
    running: int = Field(alias="jobs:running")
    completed: int = Field(alias="jobs:completed")
    failed: int = Field(alias="jobs:failed")
    retries: int = Field(alias="jobs:retries")
    dlq: int = Field(alias="jobs:dlq")
    active: int = Field(alias="jobs:active")
    waiting: int = Field(alias="jobs:waiting")
    rate_limit_hits: int = Field(alias="rate_limit:hits")
    success_rate: float = Field(alias="jobs:success_rate")
    failure_rate: float = Field(alias="jobs:failure_rate")

    @classmethod
    def of(cls, metrics: Metrics) -> MetricsOut:
        """Metrics as clients see them."""
        return cls(**asdict(metrics), success_rate=metrics.success_rate, failure_rate=metrics.failure_rate)


class MetricsAnswer(Output):
    """Metrics of the caller's tenant; of all tenants for an operator."""

    success: Literal[True] = True
    timestamp: str
    metrics: MetricsOut


class ResetAnswer(Output):
    """The totals were reset to 0."""

    success: Literal[True] = True
    message: Literal["All metrics reset"] = "All metrics reset"


class AskSeries(Input):
    """Which chart: the last hour per minute, day per 15 minutes, or week per 2 hours."""

    window: Window = Window.HOUR
    task: TaskName | None = None
    queue: QueueName | None = None


class PercentilesOut(Output):
    """In ms, within 10 percent; null for an empty histogram."""

    p50: float | None
    p95: float | None
    p99: float | None


class TallyOut(Output):
    """``failed`` counts failed attempts, ``dlq`` jobs that went to the DLQ. ``wait``: from ready to start."""

    started: int
    completed: int
    failed: int
    retried: int
    dlq: int
    wait: PercentilesOut
    run: PercentilesOut


class BucketOut(TallyOut):
    """A span of time that begins at ``t``."""

    t: str


class NamedTally(TallyOut):
    """Totals of a task or queue over the window."""

    name: str


class SeriesAnswer(Output):
    """``buckets`` are contiguous, the current one last."""

    success: Literal[True] = True
    window: Window
    bucket_s: int = Field(alias="bucketS")
    buckets: list[BucketOut]
    tasks: list[NamedTally]
    queues: list[NamedTally]
    total: TallyOut


def series_body(series: Series) -> dict[str, Any]:
    """Return ``SeriesAnswer`` as a plain dict."""
    return {
        "success": True,
        "window": series.window,
        "bucketS": series.span_s,
        "buckets": [{"t": iso(start), **tally_body(tally)} for start, tally in series.spans],
        "tasks": [{"name": name, **tally_body(tally)} for name, tally in series.tasks.items()],
        "queues": [{"name": name, **tally_body(tally)} for name, tally in series.queues.items()],
        "total": tally_body(series.total),
    }


def tally_body(tally: Tally) -> dict[str, Any]:
    """Return ``TallyOut`` as a plain dict."""
    counts: dict[str, Any] = {name: getattr(tally, name) for name in COUNTERS}
    return {**counts, "wait": asdict(tally.wait), "run": asdict(tally.run)}


class CheckOut(Output):
    """A dependency. ``detail`` says what failed."""

    ok: bool
    latency_ms: float = Field(alias="latencyMs")
    detail: str


class WorkerCheckOut(Output):
    """Live workers, also by pool. None is normal on an idle system: work starts them."""

    ok: bool
    alive: int
    pools: dict[str, int]


class ChecksOut(Output):
    """All checks."""

    mongodb: CheckOut
    redis: CheckOut
    worker: WorkerCheckOut


class HealthAnswer(Output):
    """Whether jobs can be accepted and run."""

    success: bool
    status: Literal["healthy", "unhealthy"]
    timestamp: str
    service: Literal["queuecraft"] = "queuecraft"
    checks: ChecksOut

    @classmethod
    def of(cls, health: Health, timestamp: str) -> HealthAnswer:
        """Health as clients see it."""
        mongodb, redis = (
            CheckOut(ok=check.ok, latency_ms=check.latency_ms, detail=check.detail)
            for check in (health.mongodb, health.redis)
        )
        worker = WorkerCheckOut(ok=True, alive=health.workers, pools=dict(health.pools))
        return cls(
            success=health.ok,
            status="healthy" if health.ok else "unhealthy",
            timestamp=timestamp,
            checks=ChecksOut(mongodb=mongodb, redis=redis, worker=worker),
        )


class ScrapedHealthAnswer(Output):
    """Health in the format of the original's monitoring."""

    status: Literal["healthy", "unhealthy"]
    timestamp: str
    service: Literal["queuecraft"] = "queuecraft"
