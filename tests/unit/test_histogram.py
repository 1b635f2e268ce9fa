"""Histograms: buckets in order, percentiles within ten percent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.histogram import MAX_BUCKET, bucket, merged, middle_ms, percentile_ms


@given(st.floats(min_value=1, max_value=1e9))
def test_middle_of_a_bucket_is_within_ten_percent(ms: float) -> None:
    assert middle_ms(bucket(ms)) == pytest.approx(ms, rel=0.1)


@given(st.lists(st.integers(1, 10**8), min_size=1), st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_percentiles_are_within_ten_percent_of_the_exact_ones(values: list[int], q: float) -> None:
    histogram: dict[int, int] = {}
    for value in values:
        histogram[bucket(value)] = histogram.get(bucket(value), 0) + 1
    exact = sorted(values)[max(1, -int(-q * len(values) // 1)) - 1]
    assert percentile_ms(histogram, q) == pytest.approx(exact, rel=0.1, abs=0.15)


def test_edges() -> None:
    assert bucket(0) == bucket(0.99) == 0
    assert bucket(1) == 1
    assert bucket(1e30) == MAX_BUCKET
    assert percentile_ms({}, 0.5) is None
    assert percentile_ms({0: 3}, 0.5) == 0.0


def test_merging_adds() -> None:
    assert merged([{"1": 2, "3": 1}, {"3": 4}, {}]) == {1: 2, 3: 5}
