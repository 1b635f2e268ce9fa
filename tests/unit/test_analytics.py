"""Ranges of time, in the spans that are kept for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.analytics import MAX_SPANS, end_of, range_of
from chalicelib.domain.rollups import KEPT, SPAN_S, Span

NOW = datetime(2030, 6, 15, 13, 37, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "span"),
    [
        (timedelta(hours=1), Span.MINUTE),
        (timedelta(hours=3), Span.QUARTER),
        (timedelta(days=1), Span.QUARTER),
        (timedelta(days=7), Span.TWO_HOURS),
        (timedelta(days=30), Span.DAY),
        (timedelta(days=200), Span.DAY),
    ],
)
def test_a_range_has_the_shortest_spans_that_the_range_before_still_has(length: timedelta, span: Span) -> None:
    found = range_of(NOW - length, NOW, NOW)
    assert found.current.span is found.previous.span is span
    assert found.first <= NOW - length < found.first + timedelta(seconds=SPAN_S[span])
    assert end_of(found.previous) == found.first
    assert found.previous.count == found.current.count <= MAX_SPANS
    assert found.end - timedelta(seconds=SPAN_S[span]) < NOW <= found.end
    kept_until = found.previous.first + timedelta(seconds=SPAN_S[span]) + KEPT[span]
    assert kept_until > NOW - timedelta(seconds=2 * SPAN_S[span])


def test_an_hour_of_long_ago_is_a_part_of_its_day() -> None:
    found = range_of(NOW - timedelta(days=40, hours=1), NOW - timedelta(days=40), NOW)
    assert (found.current.span, found.current.count) == (Span.DAY, 1)


def test_what_is_no_range_is_refused() -> None:
    for since, until in ((NOW, NOW), (NOW, NOW - timedelta(seconds=1)), (NOW - timedelta(days=201), NOW)):
        with pytest.raises(ValueError, match="range"):
            range_of(since, until, NOW)
