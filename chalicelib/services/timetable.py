"""When a schedule fires. ``cronsim`` finds the matching minutes; the rules of time zones are of the pinned ``tzdata``.

``cronsim`` is given local times without a zone, within which it cannot go wrong, and the changes of the clock are
treated here (``docs/decisions/100-when-schedules-fire.md``):

- An expression whose minute and hour both begin with something other than ``*`` has *fixed times*. One that the clock
  skips in spring is made at the end of the gap, one that comes twice in autumn is made the first time.
- All others follow the clock: they are made whenever it shows a matching time, so twice or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import tzdata
from cronsim import CronSim, CronSimError

from chalicelib.domain.schedules import Timing
from chalicelib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
#: The offset of a zone is looked at this often when a change of it is searched.
_STRIDE: Final = timedelta(days=1)
_SECONDS: Final = range(60)


def check(timing: Timing, now: datetime, prefix: str = "") -> None:
    """Raise ``InvalidInput``, naming the field, unless ``timing`` has a fire after ``now``."""
    given = [name for name in ("cron", "every_s", "at") if getattr(timing, name) is not None]
    if len(given) != 1:
        raise InvalidInput("Give one of cron, everyS and at", f"{prefix}cron")
    if timing.tz not in zone_names():
        raise InvalidInput(f"There is no time zone {timing.tz!r}; an example is Europe/Berlin", f"{prefix}tz")
    if timing.cron is not None:
        _check_cron(timing, now, f"{prefix}cron")
    if timing.at is not None and timing.at <= now:
        raise InvalidInput("Input should be a time in the future", f"{prefix}at")


def _check_cron(timing: Timing, now: datetime, field: str) -> None:
    try:
        first = next_after(timing, now, now)
    except (CronSimError, ValueError) as error:
        raise InvalidInput(f"{error}; the fields are minute hour day month weekday", field) from None
    if first is None:
        raise InvalidInput("The expression never fires", field)


def next_after(timing: Timing, anchor: datetime, after: datetime) -> datetime | None:
    """Return the first fire that is later than ``after``, ``None`` if there is none.

    ``anchor`` is where the phase of an interval begins. All times are UTC. Raises ``CronSimError`` for an expression
    that is not valid.
    """
    if timing.at is not None:
        return timing.at if timing.at > after else None
    if timing.every_s is not None:
        interval = timedelta(seconds=timing.every_s)
        return anchor + max(1, (after - anchor) // interval + 1) * interval
    return _next_of_cron(timing, after)


def fires(timing: Timing, anchor: datetime, after: datetime) -> Iterator[datetime]:
    """Yield the fires that are later than ``after``, in order."""
    at = next_after(timing, anchor, after)
    while at is not None:
        yield at
        at = next_after(timing, anchor, at)


def upcoming(timing: Timing, anchor: datetime, after: datetime, count: int) -> list[datetime]:
    """Return the next ``count`` fires, fewer if there are no more."""
    return [at for at, _ in zip(fires(timing, anchor, after), range(count), strict=False)]


def words(timing: Timing) -> str:
    """Return the timing in words, without its zone unless it has a cron expression."""
    if timing.at is not None:
        return f"Once, at {timing.at:%Y-%m-%d %H:%M:%S} UTC"
    if timing.every_s is not None:
        return f"Every {_duration(timing.every_s)}"
    seconds, minutes = _parts(timing.cron or "")
    text = CronSim(minutes, datetime(2026, 1, 1)).explain()
    if seconds != (0,):
        text += f", at second {', '.join(map(str, seconds))}" if len(seconds) < len(_SECONDS) else ", every second"
    return f"{text} ({timing.tz})"


def zone_names() -> frozenset[str]:
    """Return the names of all time zones."""
    return _zone_names()


# --- cron ----------------------------------------------------------------------------------------------------
def _next_of_cron(timing: Timing, after: datetime) -> datetime | None:
    seconds, minutes = _parts(timing.cron or "")
    zone = _zone(timing.tz)
    after = after.replace(microsecond=0)
    in_minute = after.second
    minute = after - timedelta(seconds=in_minute)
    if in_minute < seconds[-1] and _next_minute(minutes, zone, minute - _MINUTE) == minute:
        return minute + timedelta(seconds=next(second for second in seconds if second > in_minute))
    found = _next_minute(minutes, zone, minute)
    return found + timedelta(seconds=seconds[0]) if found else None


def _next_minute(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Return the first minute later than ``after``, a whole minute, that matches an expression of five fields."""
    first, second, *_ = expression.split()
    find = _next_that_follows_the_clock if first.startswith("*") or second.startswith("*") else _next_fixed
    try:
        return find(expression, zone, after)
    except (StopIteration, OverflowError):  # none in 50 years
        return None


def _next_fixed(expression: str, zone: ZoneInfo, after: datetime) -> datetime:
    for local in CronSim(expression, _local(after, zone)):
        at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if _local(at, zone) != local:  # the clock skips it
            at = _change_before(zone, at)
        if at > after:
            return at
    raise StopIteration


def _next_that_follows_the_clock(expression: str, zone: ZoneInfo, after: datetime) -> datetime:
    """Search in spans of time in which the clock is not changed."""
    while True:
        offset = _offset(zone, after)
        at = next(CronSim(expression, _local(after, zone))) - offset
        at = at.replace(tzinfo=UTC)
        change = _first_change(zone, after, at)
        if change is None:
            return at
        # once more, from right before the change, with the offset that follows it
        local = _local(change, zone)
        at = (next(CronSim(expression, local - _SECOND)) - _offset(zone, change)).replace(tzinfo=UTC)
        if at == change:
            return at
        after = change


def _first_change(zone: ZoneInfo, after: datetime, until: datetime) -> datetime | None:
    """Return the first time in (after, until] from which on the zone has another offset."""
    low, offset = after, _offset(zone, after)
    while low < until:
        high = min(low + _STRIDE, until)
        if _offset(zone, high) != offset:
            return _bisected(zone, low, high)
        low = high
    return None


def _change_before(zone: ZoneInfo, at: datetime) -> datetime:
    """Return the last change of the clock at or before ``at``, which is less than a day before it."""
    return _bisected(zone, at - _DAY, at)


def _bisected(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the second at which the offset at ``low`` ends, which is not that at ``high``."""
    offset = _offset(zone, low)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


@lru_cache(maxsize=1024)
def _parts(expression: str) -> tuple[Sequence[int], str]:
    """Return the seconds and the five other fields of an expression, which may have a field of seconds before them.

    ``cronsim`` has no rule for the change of the clock in expressions of six fields. Raises ``CronSimError``.
    """
    fields = expression.split()
    seconds, rest = ("0", fields) if len(fields) == 5 else (fields[0] if fields else "", fields[1:])
    if len(rest) != 5:
        raise CronSimError("An expression has five fields, or six with one of seconds before them")
    # all that is valid in a field of minutes is valid in one of seconds
    found = sorted(CronSim(f"{seconds} * * * *", datetime(2026, 1, 1)).minutes)
    return tuple(found), " ".join(rest)


# --- zones ---------------------------------------------------------------------------------------------------
@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    """Return a zone by the rules of the pinned package, not by those that the machine happens to have."""
    folder = resources.files(tzdata).joinpath("zoneinfo", *name.split("/"))
    with folder.open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(resources.files(tzdata).joinpath("zones").read_text(encoding="utf-8").split())


def _duration(seconds: int) -> str:
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % length == 0:
            count = seconds // length
            return unit if count == 1 else f"{count} {unit}s"
    return "second" if seconds == 1 else f"{seconds} seconds"
