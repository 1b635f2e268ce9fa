"""What raises each alarm of the template, as the writer of its metric writes it, and what leaves it quiet.

Names and dimensions come from what the code logs and from what AWS documents of its own metrics, never from the alarm.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: Functions by the slug that their alarms have.
FUNCTIONS = {
    "api": "APIHandler",
    "websocket-connect": "WebsocketConnect",
    "websocket-message": "WebsocketMessage",
    "worker": "Worker",
    "connection-manager": "ConnectionManager",
}
#: Those of which a few refused events are normal: a bell that rings while all of them run.
BELLS = ("worker", "connection-manager")
Values = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as CloudWatch knows it."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """One alarm, by the slug of its name: what is written in a period of trouble, and the most in one without."""

    alarm: str
    metric: Metric
    trouble: Values
    healthy: Values
    period_s: int = 300
    #: for how many periods on end trouble raises the alarm
    periods: int = 1


def trials(log: Iterable[str], names: Mapping[str, str]) -> list[Trial]:
    """A trial for each alarm, with the parameters' defaults.

    `log` has lines with each of our metrics; `names` are those that AWS has for the resources in its own metrics, by
    logical id.
    """
    return [*_of_our_metrics(log), *_of_functions(names), *_of_services(names)]


def _of_our_metrics(log: Iterable[str]) -> list[Trial]:
    logged = {metric.name: metric for metric, _ in embedded(log)}
    return [
        Trial("dlq-depth", logged["DlqDepth"], (11,), (10,), 60, 3),
        Trial("oldest-job", logged["OldestJobAge"], (300.5,), (300,), 60, 3),
        # a worker that has gone writes nothing
        Trial("worker-heartbeat", logged["Heartbeat"], (), (1,), 60, 5),
        Trial("connection-manager", logged["UnattendedShards"], (1,), (0,), 60, 3),
        Trial("server-errors", logged["ServerErrors"], (1,) * 6, (1,) * 5),
    ]


def _of_functions(names: Mapping[str, str]) -> Iterator[Trial]:
    def of(slug: str, name: str) -> Metric:
        return Metric("AWS/Lambda", name, {"FunctionName": names[FUNCTIONS[slug]]})

    for slug in FUNCTIONS:
        yield Trial(f"{slug}-errors", of(slug, "Errors"), (1,), (0,))
    for slug in ("api", "websocket-message"):
        yield Trial(f"{slug}-throttles", of(slug, "Throttles"), (1,), (0,), periods=2)
    for slug in BELLS:
        yield Trial(f"{slug}-throttles", of(slug, "Throttles"), (31,), (30,), periods=2)
        yield Trial(f"{slug}-events-dropped", of(slug, "AsyncEventsDropped"), (31,), (30,), periods=2)


def _of_services(names: Mapping[str, str]) -> Iterator[Trial]:
    yield Trial("gateway-errors", Metric("AWS/ApiGateway", "5XXError", {"ApiName": names["RestAPI"]}), (6,), (5,))
    cache = Metric("AWS/ElastiCache", "ThrottledCmds", {"clusterId": names["RedisCache"]})
    yield Trial("redis-throttles", cache, (1,), (0,))


def embedded(log: Iterable[str]) -> Iterator[tuple[Metric, Values]]:
    """The metrics that CloudWatch takes out of the lines in its embedded format (EMF); other lines have none.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    for line in log:
        tree = json.loads(line) if line.startswith("{") and '"_aws"' in line else {}
        for directive in tree.get("_aws", {}).get("CloudWatchMetrics", ()):
            for names in directive["Dimensions"]:
                dimensions = {name: tree[name] for name in names}
                for metric in directive["Metrics"]:
                    values = tree[metric["Name"]]
                    told = Metric(directive["Namespace"], metric["Name"], dimensions)
                    yield told, tuple(values if isinstance(values, list) else [values])
