"""Roll-ups: counts of what happened to jobs, per tenant, queue, task and span of time. Pure.

Each count goes into four spans at once, so that a chart reads about a hundred spans whatever its window. A roll-up
is one MongoDB document, which workers only ever add to:
``{_id: "<tenant>|<queue>|<task>|<span>|<start>", tenant_id, queue, task, span, start, expires_at,
started, completed, failed, retried, dlq, wait: {"<bucket>": n}, run: {"<bucket>": n}}`` (buckets: ``histogram``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final


class Span(StrEnum):
    """The length of a span."""

    MINUTE = "1m"
    QUARTER = "15m"
    TWO_HOURS = "2h"
    DAY = "1d"


class Window(StrEnum):
    """The window of a chart."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


#: Length of a span, in seconds.
SPAN_S: Final = {Span.MINUTE: 60, Span.QUARTER: 900, Span.TWO_HOURS: 7200, Span.DAY: 86400}
#: Retention of a roll-up: twice the window that shows it.
KEPT: Final = {
    Span.MINUTE: timedelta(hours=2),
    Span.QUARTER: timedelta(days=2),
    Span.TWO_HOURS: timedelta(days=14),
    Span.DAY: timedelta(days=400),
}
#: The span from which a window is drawn.
SPAN_OF: Final = {Window.HOUR: Span.MINUTE, Window.DAY: Span.QUARTER, Window.WEEK: Span.TWO_HOURS}
WINDOW_S: Final = {Window.HOUR: 3600, Window.DAY: 86400, Window.WEEK: 7 * 86400}
#: The counts of a roll-up; ``failed`` counts failed attempts, ``dlq`` jobs that went to the DLQ.
COUNTERS: Final = ("started", "completed", "failed", "retried", "dlq")


def span_start(at: datetime, span: Span) -> datetime:
    """Return the start of the span that contains ``at``, aligned to UTC."""
    length = SPAN_S[span]
    return datetime.fromtimestamp(int(at.timestamp()) // length * length, UTC)


def rollup_id(tenant_id: str, queue: str, task: str, span: Span, start: datetime) -> str:
    """Return the document's id."""
    return f"{tenant_id}|{queue}|{task}|{span}|{int(start.timestamp())}"


@dataclass(frozen=True, slots=True)
class Frame:
    """The spans of a window whose last span is the current one."""

    span: Span
    first: datetime
    count: int

    @property
    def starts(self) -> list[datetime]:
        """Starts of the spans, oldest first."""
        step = timedelta(seconds=SPAN_S[self.span])
        return [self.first + i * step for i in range(self.count)]


def frame(window: Window, now: datetime) -> Frame:
    """Return the spans that ``window`` shows at ``now``: 60, 96 or 84 of them, the current one last."""
    span = SPAN_OF[window]
    count = WINDOW_S[window] // SPAN_S[span]
    first = span_start(now, span) - timedelta(seconds=SPAN_S[span] * (count - 1))
    return Frame(span, first, count)
