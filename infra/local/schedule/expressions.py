"""The next time of a rule: `rate(…)` and `cron(…)` of EventBridge.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

RATE = re.compile(r"^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$")
CRON = re.compile(r"^cron\((.+)\)$")
UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
#: EventBridge numbers days from Sunday, 1
WEEKDAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
LAST_YEAR = 2199


class ExpressionError(ValueError):
    """Raised when EventBridge would not accept an expression."""


class Expression(Protocol):
    """A parsed schedule."""

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first time after `moment` (UTC) at which it fires; None if there is none."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Fires at equal intervals from `start`."""

    interval: timedelta
    start: datetime

    def next_after(self, moment: datetime) -> datetime:
        """Return the first multiple of the interval since `start` that is after `moment`."""
        elapsed = max(-1, (moment - self.start) // self.interval)
        return self.start + (elapsed + 1) * self.interval


@dataclass(frozen=True, slots=True)
class Cron:
    """Fires in the minutes that match all six fields."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: str
    months: frozenset[int]
    weekdays: str
    years: frozenset[int]

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first matching minute after `moment`."""
        start = (moment + timedelta(minutes=1)).replace(second=0, microsecond=0)
        for day in self._days_from(start.date().year, start):
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    candidate = day.replace(hour=hour, minute=minute)
                    if candidate >= start:
                        return candidate
        return None

    def _days_from(self, year: int, start: datetime) -> Iterator[datetime]:
        for candidate_year in sorted(y for y in self.years if y >= year):
            for month in sorted(self.months):
                for day in sorted(self._days_of(candidate_year, month)):
                    midnight = datetime(candidate_year, month, day, tzinfo=UTC)
                    if midnight + timedelta(days=1) > start:
                        yield midnight

    def _days_of(self, year: int, month: int) -> set[int]:
        last = calendar.monthrange(year, month)[1]
        if self.days != "?":
            return _month_days(self.days, year, month, last)
        return _week_days(self.weekdays, year, month, last)


def parse(expression: str, start: datetime) -> Expression:
    """Parse a schedule; a rate counts from `start`. Raises ExpressionError if it is invalid."""
    if match := RATE.match(expression):
        count = int(match[1])
        if count < 1:
            raise ExpressionError(f"The rate must be at least 1: {expression}")
        return Rate(count * UNITS[match[2]], start)
    match = CRON.match(expression)
    fields = match[1].split() if match else []
    if len(fields) != 6:
        raise ExpressionError(f"Neither rate(n unit) nor cron with six fields: {expression}")
    minutes, hours, days, months, weekdays, years = (field.upper() for field in fields)
    if (days == "?") == (weekdays == "?"):
        raise ExpressionError(f"Day of month or day of week must be ?: {expression}")
    try:
        return Cron(
            minutes=_numbers(minutes, 0, 59),
            hours=_numbers(hours, 0, 23),
            days=days,
            months=_numbers(months, 1, 12, MONTHS),
            weekdays=weekdays,
            years=_numbers(years, 1970, LAST_YEAR),
        )
    except ValueError as error:
        raise ExpressionError(f"{error} in {expression}") from error


def _numbers(field: str, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    """Return the numbers of a field: `*`, `a`, `a-b`, `a,b`, `a/step`."""
    found: set[int] = set()
    for part in field.split(","):
        body, _, step = part.partition("/")
        if body == "*":
            first, last = low, high
        elif "-" in body:
            first, last = (_number(text, names) for text in body.split("-", 1))
        else:
            first = _number(body, names)
            last = high if step else first
        if not low <= first <= last <= high:
            raise ValueError(f"{part} is not within {low}-{high}")
        found.update(range(first, last + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, names: dict[str, int] | None) -> int:
    return names[text] if names and text in names else int(text)


def _month_days(field: str, year: int, month: int, last: int) -> set[int]:
    if field == "L":
        return {last}
    if field.endswith("W"):
        wanted = last if field == "LW" else min(int(field[:-1]), last)
        return {_nearest_weekday(year, month, wanted, last)}
    return {day for day in _numbers(field, 1, 31) if day <= last}


def _nearest_weekday(year: int, month: int, day: int, last: int) -> int:
    weekday = calendar.weekday(year, month, day)
    if weekday == calendar.SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == calendar.SUNDAY:
        return day + 1 if day < last else day - 2
    return day


def _week_days(field: str, year: int, month: int, last: int) -> set[int]:
    def weekday(day: int) -> int:
        return (calendar.weekday(year, month, day) + 1) % 7 + 1

    if "#" in field:
        name, nth = field.split("#", 1)
        matching = [day for day in range(1, last + 1) if weekday(day) == _number(name, WEEKDAYS)]
        return set(matching[int(nth) - 1 : int(nth)])
    if field.endswith("L"):
        wanted = _number(field[:-1], WEEKDAYS) if field != "L" else 7
        return {max(day for day in range(1, last + 1) if weekday(day) == wanted)}
    wanted_days = _numbers(field, 1, 7, WEEKDAYS)
    return {day for day in range(1, last + 1) if weekday(day) in wanted_days}
