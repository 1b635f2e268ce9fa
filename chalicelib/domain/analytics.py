"""Ranges of time that are compared with the range before, by roll-ups. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.rollups import KEPT, SPAN_S, Frame, Span, span_start

#: The longest range; as long a range before it is still there.
MAX_RANGE: Final = timedelta(days=200)
#: Spans of a range at most: finer ones make a chart that nobody can read.
MAX_SPANS: Final = 400


class Dimension(StrEnum):
    """What counts are grouped by."""

    TASK = "task"
    QUEUE = "queue"
    TENANT = "tenant"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Range:
    """A range of whole spans, and the one before it with as many."""

    current: Frame
    previous: Frame

    @property
    def first(self) -> datetime:
        """The start of the range."""
        return self.current.first

    @property
    def end(self) -> datetime:
        """The end of the range (exclusive)."""
        return end_of(self.current)


def end_of(frame: Frame) -> datetime:
    """Return the end of a frame (exclusive)."""
    return frame.first + timedelta(seconds=SPAN_S[frame.span]) * frame.count


def range_of(since: datetime, until: datetime, now: datetime) -> Range:
    """Return the range of whole spans that contains both times.

    Its spans are the shortest that are still kept for the range before. Raises ``ValueError`` for times that are none.
    """
    if since >= until:
        raise ValueError("The range must end after it begins")
    if until - since > MAX_RANGE:
        raise ValueError(f"A range has at most {MAX_RANGE.days} days")
    length = until - since
    span = next(
        (
            span
            for span in Span
            if KEPT[span] >= now - (since - length) and length.total_seconds() <= MAX_SPANS * SPAN_S[span]
        ),
        Span.DAY,
    )
    step = SPAN_S[span]
    first = span_start(since, span)
    last = span_start(until - timedelta(microseconds=1), span)
    count = int((last - first).total_seconds()) // step + 1
    return Range(Frame(span, first, count), Frame(span, first - timedelta(seconds=step) * count, count))
