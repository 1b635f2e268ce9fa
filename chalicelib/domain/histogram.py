"""Histograms of durations with log-scaled buckets, and percentiles computed from them. Pure.

Bucket 0 holds durations below 1 ms; bucket ``i`` those in [1.2^(i-1), 1.2^i) ms. A percentile is the middle of its
bucket, at most 10 % from the true value. Keys are text, as MongoDB requires: ``{"<bucket>": count}``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

#: Ratio between the bounds of a bucket.
GROWTH: Final = 1.2
#: The last bucket also holds all longer durations (above about 23 days).
MAX_BUCKET: Final = 118

_LOG_GROWTH: Final = math.log(GROWTH)


def bucket(ms: float) -> int:
    """Return the bucket of a duration in ms."""
    if ms < 1:
        return 0
    return min(math.floor(math.log(ms) / _LOG_GROWTH) + 1, MAX_BUCKET)


def middle_ms(index: int) -> float:
    """Return the geometric middle of a bucket, in ms; 0 for bucket 0."""
    return GROWTH ** (index - 0.5) if index > 0 else 0.0


def merged(histograms: Iterable[Mapping[str, int]]) -> dict[int, int]:
    """Return the sum of stored histograms, by bucket number."""
    total: dict[int, int] = {}
    for histogram in histograms:
        for key, count in histogram.items():
            index = int(key)
            total[index] = total.get(index, 0) + count
    return total


def percentile_ms(histogram: Mapping[int, int], q: float) -> float | None:
    """Return the ``q``-quantile (0 < q ≤ 1) in ms by nearest rank, one decimal; ``None`` for an empty histogram."""
    count = sum(histogram.values())
    if count <= 0:
        return None
    rank = max(1, math.ceil(q * count))
    seen = 0
    for index in sorted(histogram):
        seen += histogram[index]
        if seen >= rank:
            return round(middle_ms(index), 1)
    return None  # pragma: no cover - the last bucket always reaches the rank
