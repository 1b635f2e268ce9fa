"""Settings of a tenant: what it may use, its share of the fleet, and how long its ended jobs are kept. Pure.

Admins choose values, an operator limits what they may choose. What nobody chose has its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.jobs import JobStatus
from chalicelib.errors import InvalidInput

#: Greatest values that can be stored.
MOST_JOBS: Final = 1_000_000_000
MOST_DAYS: Final = 3_650
LEAST_WEIGHT: Final = 0.1
MOST_WEIGHT: Final = 100.0


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """Every value in force for a tenant. 0 is no limit, and for days: kept for ever."""

    #: Jobs submitted for the tenant in any minute.
    submissions_per_minute: int
    #: Jobs that have not ended.
    open_jobs: int
    #: Jobs that run at the same time.
    concurrency: int
    #: The tenant's share of the fleet while others wait too, relative to theirs.
    weight: float
    #: Days for which ended jobs and their logs are kept.
    keep_completed_days: int
    keep_dlq_days: int
    keep_cancelled_days: int

    def days_of(self, status: JobStatus) -> int:
        """Return for how many days jobs that ended as ``status`` are kept; 0 = for ever. Skipped ones as cancelled
        ones.
        """
        kept_as = JobStatus.CANCELLED if status is JobStatus.SKIPPED else status
        days: int = getattr(self, f"keep_{kept_as.value}_days")
        return days


NAMES: Final = tuple(field.name for field in fields(TenantSettings))
#: Values by name; names that nobody chose a value for are absent.
Chosen = Mapping[str, float]


class Kind(StrEnum):
    """What a value is: a setting, or the maximum of one."""

    SETTINGS = "settings"
    MAXIMA = "maxima"


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What was chosen for a tenant, by name."""

    tenant_id: str
    settings: Chosen
    maxima: Chosen


def in_force(chosen: Chosen, maxima: TenantSettings, defaults: TenantSettings) -> TenantSettings:
    """Return what holds: what was chosen, else the default, and never more than the maximum."""
    values = {name: chosen.get(name, getattr(defaults, name)) for name in NAMES}
    return TenantSettings(**{name: _at_most(value, getattr(maxima, name)) for name, value in values.items()})  # type: ignore[arg-type]


def check_within(chosen: Chosen, maxima: TenantSettings) -> None:
    """Raise ``InvalidInput`` for the first value over its maximum. 0, no limit, is over every maximum but 0."""
    for name, value in chosen.items():
        most = getattr(maxima, name)
        if value != _at_most(value, most):
            word = "days" if name.endswith("_days") else "jobs"
            none = f"; 0 would be {'for ever' if word == 'days' else 'no limit'}" if value == 0 else ""
            raise InvalidInput(f"Input should be at most {most:g}, which an operator has set{none}", field=camel(name))


def camel(name: str) -> str:
    """Return the name as clients write it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def expires_before(days: int, now: datetime) -> datetime | None:
    """Return the time such that jobs that ended before it are deleted, ``None`` if they are kept for ever.

    It is midnight UTC, so it moves once a day.
    """
    if days <= 0:
        return None
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)


def expires_at(days: int, ended: datetime) -> datetime | None:
    """Return the midnight UTC from which on a job that ``ended`` is deleted, ``None`` if it is kept for ever."""
    if days <= 0:
        return None
    return ended.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days + 1)


def _at_most(value: float, most: float) -> float:
    if most == 0:
        return value
    return most if value == 0 else min(value, most)
