"""When schedules fire, compared with a second computation, minute by minute, in zones with unusual clocks."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.schedules import Timing
from chalicelib.errors import InvalidInput
from chalicelib.services.timetable import check, fires, next_after, upcoming, words
from tests import minutes
from tests.minutes import Pattern

LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"
#: All of 2015 to 2035; otherwise the years in which Brazil, Samoa, Chile and Morocco did something unusual.
YEARS = [(2015, 2035)] if LONG else [(2018, 2018), (2021, 2021)]
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/Santiago",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Antarctica/Troll",
    "Africa/Casablanca",
]
ALL_HOURS, ALL_MINUTES = frozenset(range(24)), frozenset(range(60))


def some(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


#: Few fires a day: compared over all years.
RARE = [
    Pattern("30 2 * * *", some(30), some(2), fixed=True),
    Pattern("0 0 * * *", some(0), some(0), fixed=True),
    Pattern("0,30 1-3 * * 0,6", some(0, 30), some(1, 2, 3), fixed=True, weekdays=some(0, 6)),
    Pattern("15 0 1,15 * 1", some(15), some(0), fixed=True, days=some(1, 15), weekdays=some(1), either=True),
    Pattern("59 23 31 3,10 *", some(59), some(23), fixed=True, days=some(31), months=some(3, 10)),
    Pattern("*/30 2 * * *", some(0, 30), some(2), fixed=False),
    Pattern("10 */6 * * *", some(10), some(0, 6, 12, 18), fixed=False),
]
#: Many fires a day: compared around each change of the clock.
OFTEN = [
    Pattern("* * * * *", ALL_MINUTES, ALL_HOURS, fixed=False),
    Pattern("*/20 * * * *", some(0, 20, 40), ALL_HOURS, fixed=False),
    Pattern("* 0-3 * * *", ALL_MINUTES, some(0, 1, 2, 3), fixed=False),
    Pattern("7 * * * *", some(7), ALL_HOURS, fixed=False),
    Pattern("5-50/15 1,2,3 * * *", some(5, 20, 35, 50), some(1, 2, 3), fixed=True),
]


def compare(pattern: Pattern, zone: str, first: datetime, last: datetime) -> None:
    timing = Timing(cron=pattern.text, tz=zone)
    expected = list(minutes.fires(pattern, zone, first, last))
    found = []
    for at in fires(timing, first, first - timedelta(minutes=1)):
        if at >= last:
            break
        found.append(at)
    assert found == expected, (pattern.text, zone)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("pattern", RARE, ids=lambda pattern: pattern.text)
def test_fires_are_those_of_the_second_computation(pattern: Pattern, zone: str) -> None:
    for first, last in YEARS:
        compare(pattern, zone, datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("pattern", OFTEN, ids=lambda pattern: pattern.text)
def test_fires_around_changes_of_the_clock(pattern: Pattern, zone: str) -> None:
    for first, last in YEARS:
        for change in minutes.changes(zone, datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)):
            day = change.replace(hour=0, minute=0)
            compare(pattern, zone, day - timedelta(days=1), day + timedelta(days=2))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago"])
@pytest.mark.parametrize("text", ["30 2 * * *", "0 0 * * *", "*/30 1,2 * * *", "45 1 * * *"])
def test_the_next_fire_is_later_than_every_start(text: str, zone: str) -> None:
    """Also when the start is within an hour that comes twice."""
    timing = Timing(cron=text, tz=zone)
    years = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    for change in minutes.changes(zone, *years):
        all_ = upcoming(timing, change, change - timedelta(days=2), 20)
        for minute in range(-240, 240, 5):
            start = change + timedelta(minutes=minute)
            assert next_after(timing, start, start) == next(at for at in all_ if at > start), (text, start)


def test_seconds_keep_the_rules_of_the_clock() -> None:
    timing = Timing(cron="10,40 30 2 * * *", tz="Europe/Berlin")
    found = upcoming(timing, datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 28, 1, 30, 10, tzinfo=UTC), 5)
    assert [f"{at:%d %H:%M:%S}" for at in found] == [
        "28 01:30:40",
        "29 01:00:10",  # the clock goes from 2:00 to 3:00
        "29 01:00:40",
        "30 00:30:10",
        "30 00:30:40",
    ]


@pytest.mark.parametrize("late_s", [-0.5, 0, 1, 86_399, 86_400, 86_400 * 400.5])
def test_intervals_keep_their_phase(late_s: float) -> None:
    anchor = datetime(2026, 1, 1, 10, 0, 0, 250_000, tzinfo=UTC)
    after = anchor + timedelta(seconds=late_s)
    found = next_after(Timing(every_s=86_400), anchor, after)
    assert found is not None
    assert found > after
    assert (found - anchor) % timedelta(days=1) == timedelta()
    assert found - after <= timedelta(days=1) or late_s < 0


def test_a_time_fires_once() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    timing = Timing(at=at)
    assert upcoming(timing, at, at - timedelta(seconds=1), 5) == [at]
    assert next_after(timing, at, at) is None


@pytest.mark.parametrize(
    ("timing", "text"),
    [
        (Timing(cron="0 7 * * 1-5", tz="Europe/Berlin"), "At 07:00 on Monday through Friday (Europe/Berlin)"),
        (Timing(cron="*/10 * * * * *"), "Every minute, at second 0, 10, 20, 30, 40, 50 (UTC)"),
        (Timing(cron="* 5 4 * * *"), "At 04:05 every day, every second (UTC)"),
        (Timing(every_s=1), "Every second"),
        (Timing(every_s=90), "Every 90 seconds"),
        (Timing(every_s=7200), "Every 2 hours"),
        (Timing(every_s=86_400), "Every day"),
        (Timing(at=datetime(2030, 1, 31, 12, tzinfo=UTC)), "Once, at 2030-01-31 12:00:00 UTC"),
    ],
)
def test_words(timing: Timing, text: str) -> None:
    assert words(timing) == text


@pytest.mark.parametrize(
    ("timing", "field"),
    [
        (Timing(), "cron"),
        (Timing(cron="* * * * *", every_s=5), "cron"),
        (Timing(cron="every day"), "cron"),
        (Timing(cron=""), "cron"),
        (Timing(cron="60 * * * *"), "cron"),
        (Timing(cron="0 0 0 30 2 *"), "cron"),
        (Timing(cron="* * * * * * *"), "cron"),
        (Timing(cron="0 7 * * *", tz="Europe/Atlantis"), "tz"),
        (Timing(cron="0 7 * * *", tz="../../etc/passwd"), "tz"),
        (Timing(at=datetime(2025, 1, 1, tzinfo=UTC)), "at"),
    ],
)
def test_what_is_wrong_is_named(timing: Timing, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(timing, datetime(2026, 1, 1, tzinfo=UTC))
    assert refused.value.field == field
    assert refused.value.message
