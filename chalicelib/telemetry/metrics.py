"""CloudWatch metrics of the API and the queue, written as log lines (EMF) by Powertools.

Only deployed stages write them; a local stack has Prometheus. A line costs about 0.13 ms. Loading Powertools' metrics
takes about 0.1 s, so it happens at the first line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NAMESPACE: Final = "QueueCraft"


class ApiMetrics:
    """Counts and latencies per route.

    Each call writes one line at once, so that nothing is lost when Lambda freezes.
    """

    def __init__(self, service: str, stack: str, *, enabled: bool) -> None:
        self._service = service
        self._stack = stack
        self._enabled = enabled

    def request(self, route: str, status: int, duration_ms: float) -> None:
        """Record an answered request. ``route`` is the declared one, not the path, to keep their number small."""
        values = {"Requests": ("Count", 1.0), "Latency": ("Milliseconds", duration_ms)}
        if status == 429:
            values["Refused"] = ("Count", 1.0)
        self._write(values, {"route": route})
        if status >= 500:  # an alarm needs one metric over all routes, because it cannot sum over dimensions
            self._write({"ServerErrors": ("Count", 1.0)}, {})

    def submitted(self, jobs: int) -> None:
        """Record the number of jobs that a call created."""
        if jobs:
            self._write({"JobsSubmitted": ("Count", float(jobs))}, {})

    def deduplicated(self, jobs: int) -> None:
        """Record the number of jobs of a call for which others stand."""
        if jobs:
            self._write({"JobsDeduplicated": ("Count", float(jobs))}, {})

    def replayed(self, jobs: int) -> None:
        """Record the number of jobs of a call that are replays of ended ones."""
        if jobs:
            self._write({"JobsReplayed": ("Count", float(jobs))}, {})

    def _write(self, values: dict[str, tuple[str, float]], dimensions: dict[str, str]) -> None:
        if self._enabled:
            _write(self._service, values, {"stack": self._stack, **dimensions})


def spans_dropped(service: str, stack: str, dropped: int) -> None:
    """Record spans that were never sent."""
    _write(service, {"SpansDropped": ("Count", float(dropped))}, {"stack": stack})


class QueueMetrics:
    """The metrics that alarms use: dimensions ``stack`` and ``service``."""

    def __init__(self, stack: str, *, enabled: bool) -> None:
        self._stack = stack
        self.enabled = enabled

    def vitals(self, values: Mapping[str, float]) -> None:
        """Write one line; names that end in ``Age`` are seconds, all others are counts."""
        units = {name: "Seconds" if name.endswith("Age") else "Count" for name in values}
        _write("worker", {name: (units[name], float(n)) for name, n in values.items()}, {"stack": self._stack})


def _write(service: str, values: dict[str, tuple[str, float]], dimensions: dict[str, str]) -> None:
    from aws_lambda_powertools.metrics import EphemeralMetrics  # noqa: PLC0415 - slow to load, see above

    metrics: Any = EphemeralMetrics(namespace=NAMESPACE, service=service)
    for name, value in dimensions.items():
        metrics.add_dimension(name, value)
    for name, (unit, number) in values.items():
        metrics.add_metric(name, unit, number)
    metrics.flush_metrics()
