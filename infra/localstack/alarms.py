"""The metrics that raise each alarm of the template, as their writers write them, and those that leave it quiet.

Names and dimensions are taken from what the code logs and from AWS's documentation of its own metrics, never from the
alarm.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.deployed.pools import logical_id

#: Functions by the slug in the names of their alarms, without those of further pools.
FUNCTIONS = {
    "api": "APIHandler",
    "websocket-connect": "WebsocketConnect",
    "websocket-message": "WebsocketMessage",
    "worker": "Worker",
    "ticker": "Ticker",
    "connection-manager": "ConnectionManager",
}
Values = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as CloudWatch identifies it."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial of one alarm, by the slug of its name: what a bad period writes, and the most that a good one does."""

    alarm: str
    metric: Metric
    trouble: Values
    healthy: Values
    period_s: int = 300
    #: number of consecutive bad periods that raise the alarm
    periods: int = 1


def functions(template: Mapping[str, Any]) -> dict[str, str]:
    """Return the functions that have alarms, by the slug in the names of these."""
    globally = template["Globals"]["Function"]["Environment"]["Variables"]
    pools = json.loads(globally.get("POOLS", "{}"))
    return FUNCTIONS | {f"worker-{pool}": logical_id(pool) for pool in pools}


def trials(log: Iterable[str], names: Mapping[str, str], slugs: Mapping[str, str]) -> list[Trial]:
    """Return a trial for each alarm, with the parameters' defaults.

    `log` has lines with each of our metrics; `names` are the resources' names in AWS's own metrics, by logical id;
    `slugs` are the `functions`.
    """
    return [*_of_our_metrics(log), *_of_functions(names, slugs), *_of_services(names)]


def _of_our_metrics(log: Iterable[str]) -> list[Trial]:
    logged = {metric.name: metric for metric, _ in embedded(log)}
    return [
        Trial("dlq-depth", logged["DlqDepth"], (11,), (10,), 60, 3),
        Trial("oldest-job", logged["OldestJobAge"], (300.5,), (300,), 60, 3),
        # a worker that does not run writes nothing
        Trial("worker-heartbeat", logged["Heartbeat"], (), (1,), 60, 5),
        Trial("connection-manager", logged["UnattendedShards"], (1,), (0,), 60, 3),
        Trial("schedules-overdue", logged["SchedulesOverdue"], (1,), (0,), 60, 3),
        Trial("schedules-without-next", logged["SchedulesWithoutNext"], (1,), (0,), 60, 3),
        Trial("server-errors", logged["ServerErrors"], (1,) * 6, (1,) * 5),
    ]


def _of_functions(names: Mapping[str, str], slugs: Mapping[str, str]) -> Iterator[Trial]:
    def of(slug: str, name: str) -> Metric:
        return Metric("AWS/Lambda", name, {"FunctionName": names[slugs[slug]]})

    # a few throttled events are normal for them: a wake-up while all of them run
    woken = [slug for slug in slugs if slug.startswith("worker") or slug in {"ticker", "connection-manager"}]
    for slug in slugs:
        yield Trial(f"{slug}-errors", of(slug, "Errors"), (1,), (0,))
    for slug in ("api", "websocket-message"):
        yield Trial(f"{slug}-throttles", of(slug, "Throttles"), (1,), (0,), periods=2)
    for slug in woken:
        # LocalStack adds the metrics of `STACK-worker-NAME` to those of `STACK-worker`: it compares beginnings of names
        most = 0 if slug.startswith("worker-") else 30
        yield Trial(f"{slug}-throttles", of(slug, "Throttles"), (31,), (most,), periods=2)
        yield Trial(f"{slug}-events-dropped", of(slug, "AsyncEventsDropped"), (31,), (most,), periods=2)


def _of_services(names: Mapping[str, str]) -> Iterator[Trial]:
    yield Trial("gateway-errors", Metric("AWS/ApiGateway", "5XXError", {"ApiName": names["RestAPI"]}), (6,), (5,))
    cache = Metric("AWS/ElastiCache", "ThrottledCmds", {"clusterId": names["RedisCache"]})
    yield Trial("redis-throttles", cache, (1,), (0,))


def embedded(log: Iterable[str]) -> Iterator[tuple[Metric, Values]]:
    """Yield the metrics that CloudWatch extracts from lines in its embedded format (EMF); other lines have none.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    for line in log:
        tree = json.loads(line) if line.startswith("{") and '"_aws"' in line else {}
        for directive in tree.get("_aws", {}).get("CloudWatchMetrics", ()):
            for names in directive["Dimensions"]:
                dimensions = {name: tree[name] for name in names}
                for metric in directive["Metrics"]:
                    values = tree[metric["Name"]]
                    metric_of = Metric(directive["Namespace"], metric["Name"], dimensions)
                    yield metric_of, tuple(values if isinstance(values, list) else [values])
