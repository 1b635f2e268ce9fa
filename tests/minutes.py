"""A second computation of when cron expressions fire: minute by minute, without a cron library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 1440
#: Every change of a clock in these years comes at a quarter of an hour.
QUARTER = 15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Pattern:
    """An expression, and what it means in sets of numbers. ``fixed``: neither minute nor hour begins with ``*``."""

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    fixed: bool
    days: frozenset[int] = frozenset(range(1, 32))
    months: frozenset[int] = frozenset(range(1, 13))
    #: Sunday is 0.
    weekdays: frozenset[int] = frozenset(range(7))
    #: Whether either day or weekday is enough.
    either: bool = False

    def has_day(self, number: int) -> bool:
        """Return whether the day with this number since 1970 matches."""
        day = date(1970, 1, 1) + timedelta(days=number)
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (by_day or by_weekday if self.either else by_day and by_weekday)


def minute_of(at: datetime) -> int:
    """Return the number of a UTC minute since 1970."""
    return int((at - _EPOCH) / timedelta(minutes=1))


def time_of(minute: int) -> datetime:
    """Return the UTC time of a minute."""
    return _EPOCH + timedelta(minutes=minute)


@cache
def clock(zone: str, first: datetime, last: datetime) -> list[int]:
    """Return what the clock of ``zone`` shows at each quarter of an hour from ``first``, in minutes since 1970."""
    # the rules of the lock: those of the machine may be of another year
    with resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as file:
        rules = ZoneInfo.from_file(file)
    shown = []
    for minute in range(minute_of(first), minute_of(last), QUARTER):
        offset = time_of(minute).astimezone(rules).utcoffset()
        assert offset is not None
        shown.append(minute + offset // timedelta(minutes=1))
    return shown


def changes(zone: str, first: datetime, last: datetime) -> list[datetime]:
    """Return when the clock of ``zone`` is changed."""
    shown = clock(zone, first, last)
    start = minute_of(first)
    return [time_of(start + QUARTER * (n + 1)) for n, (a, b) in enumerate(pairwise(shown)) if b - a != QUARTER]


def fires(pattern: Pattern, zone: str, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the fires from ``first`` to before ``last``, both at a whole day in UTC.

    Fixed times fire when the clock first shows or passes them, others whenever it shows them.
    """
    days = {n: pattern.has_day(n) for n in range(minute_of(first) // DAY - 2, minute_of(last) // DAY + 3)}
    matching = [minute // 60 in pattern.hours and minute % 60 in pattern.minutes for minute in range(DAY)]
    any_in = [any(matching[n : n + QUARTER]) for n in range(0, DAY, QUARTER)]

    def matches(local: int) -> bool:
        return days[local // DAY] and matching[local % DAY]

    passed = clock(zone, first, last)[0] - 1
    for n, local in enumerate(clock(zone, first, last)):
        skipped = range(passed + 1, local) if pattern.fixed else ()
        if any(matches(minute) for minute in skipped) and not matches(local):
            yield time_of(minute_of(first) + n * QUARTER)
        if days[local // DAY] and any_in[local % DAY // QUARTER]:
            for minute in range(QUARTER):
                if matches(local + minute) and (local + minute > passed or not pattern.fixed):
                    yield time_of(minute_of(first) + n * QUARTER + minute)
        passed = max(passed, local + QUARTER - 1)
