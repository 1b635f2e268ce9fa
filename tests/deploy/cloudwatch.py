"""Evaluate an alarm as CloudWatch documents it: datapoints by period, M out of N, and missing data.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.localstack.alarms import Metric, Values

STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": sum,
}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
}
#: CloudWatch reads this many periods more than it evaluates, in case some have no data.
BEYOND = 2


@dataclass(frozen=True)
class Written:
    """What was written to a metric, and how many seconds ago."""

    metric: Metric
    values: Values
    ago_s: float


def state(alarm: Mapping[str, Any], written: Iterable[Written]) -> str:
    """Return `OK` or `ALARM`; `alarm` has the properties of the resource, without functions."""
    watched = Metric(alarm["Namespace"], alarm["MetricName"], {d["Name"]: d["Value"] for d in alarm["Dimensions"]})
    periods: dict[int, list[float]] = defaultdict(list)
    for each in written:
        if each.metric == watched:
            periods[int(each.ago_s // alarm["Period"])].extend(each.values)
    compare, statistic = COMPARISONS[alarm["ComparisonOperator"]], STATISTICS[alarm["Statistic"]]
    number = alarm["EvaluationPeriods"]
    real = [
        compare(statistic(periods[ago]), float(alarm["Threshold"]))
        for ago in range(number + BEYOND)
        if periods.get(ago)
    ][:number]
    missing = [{"breaching": True, "notBreaching": False}[alarm["TreatMissingData"]]] * (number - len(real))
    return "ALARM" if (real + missing).count(True) >= alarm["DatapointsToAlarm"] else "OK"
