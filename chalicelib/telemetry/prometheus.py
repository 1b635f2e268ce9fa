"""Prometheus text exposition (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from chalicelib.domain.histogram import GROWTH, middle_ms

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
PREFIX: Final = "queuecraft_"
#: Every sixth bucket of ``domain.histogram`` is an upper bound here: 1 ms, 3 ms, 9 ms … 75 minutes.
_BOUNDS: Final = range(0, 90, 6)
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a metric. ``name`` has no prefix."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Durations:
    """One histogram of durations, in buckets of ``domain.histogram``."""

    name: str
    help: str
    buckets: Mapping[int, int]
    labels: Mapping[str, str] = field(default_factory=dict)


def exposition(samples: Iterable[Sample], histograms: Iterable[Durations] = ()) -> str:
    """Return the text of a scrape. Samples of one name must be adjacent."""
    lines: list[str] = []
    last = ""
    for sample in samples:
        name = PREFIX + sample.name
        if name != last:
            lines += (f"# HELP {name} {sample.help}", f"# TYPE {name} {sample.kind}")
            last = name
        lines.append(f"{name}{_labels(sample.labels)} {sample.value:.17g}")
    for histogram in histograms:
        name = PREFIX + histogram.name
        if name != last:
            lines += (f"# HELP {name} {histogram.help}", f"# TYPE {name} histogram")
            last = name
        lines += _series(name, histogram)
    return "\n".join(lines) + "\n"


def _series(name: str, histogram: Durations) -> list[str]:
    """Return cumulative buckets, sum and count; the sum assumes the middle of its bucket for each duration."""
    lines = []
    for bound in _BOUNDS:
        below = sum(n for bucket, n in histogram.buckets.items() if bucket <= bound)
        lines.append(f"{name}_bucket{_labels({**histogram.labels, 'le': f'{GROWTH**bound / 1000:.4g}'})} {below}")
    count = sum(histogram.buckets.values())
    total_s = sum(middle_ms(bucket) * n for bucket, n in histogram.buckets.items()) / 1000
    labels = _labels(histogram.labels)
    lines.append(f"{name}_bucket{_labels({**histogram.labels, 'le': '+Inf'})} {count}")
    return [*lines, f"{name}_sum{labels} {total_s:.6g}", f"{name}_count{labels} {count}"]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items()) + "}"
