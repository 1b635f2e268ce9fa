"""Which mails persons want, and when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.mails import Letter, one_line
from chalicelib.domain.principals import Role, Scope

#: At once means within a minute, and at most one mail in this time, which names all that failed since the last one.
APART: Final = timedelta(minutes=5)
CHECKED_EVERY: Final = timedelta(minutes=1)
#: The hour (UTC) of a daily digest.
DAILY_AT_HOUR: Final = 7
#: Jobs that one mail names.
MAX_NAMED: Final = 20
_MAX_CHARS: Final = 200


class Rhythm(StrEnum):
    """How often mails about failures come."""

    OFF = "off"
    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which mails a person wants: about failures of the jobs in ``scope`` (own, or the tenant's), and about alerts."""

    failures: Rhythm = Rhythm.OFF
    scope: Scope = Scope.OWN
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who gets a mail."""

    user_id: str
    tenant_id: str
    email: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A person whose next look at failures is due. ``since``: what ended before was looked at."""

    user_id: str
    tenant_id: str
    email: str
    role: Role
    preferences: Preferences
    since: datetime
    #: When the person asked for it; no mail names earlier ones.
    asked_at: datetime
    #: Failures that mails named lately, as ``key`` of each.
    mailed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Failure:
    """A job in the DLQ, as far as a mail names it. ``key`` is its own for each time that the job ends there."""

    key: str
    job_id: str
    name: str
    task: str
    error: str
    ended_at: datetime


def next_look(rhythm: Rhythm, now: datetime, *, mailed: bool) -> datetime:
    """Return when to look for failures again; ``mailed``: whether a mail was just written."""
    match rhythm:
        case Rhythm.HOURLY:
            return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        case Rhythm.DAILY:
            today = now.replace(hour=DAILY_AT_HOUR, minute=0, second=0, microsecond=0)
            return today if today > now else today + timedelta(days=1)
    return now + (APART if mailed else CHECKED_EVERY)


def failure_letter(failures: Sequence[Failure], site: str, token: str, *, more: bool) -> Letter:
    """Return the mail about ``failures``, of which there may be ``more``; ``token`` unsubscribes its reader."""
    count = f"{len(failures):,}{'+' if more else ''}"
    lines = [f"{_short(each.name)} ({each.task}): {_short(each.error)}\n{site}/jobs/{each.job_id}" for each in failures]
    named = tuple(lines[:MAX_NAMED])
    left = len(failures) - len(named)
    rest = (f"and {left:,}{' or more' if more else ''} others.",) if left else ()
    title = f"Job failed: {_short(failures[0].name)}" if len(failures) == 1 else f"{count} jobs failed"
    return Letter(
        title,
        ("These jobs used up their attempts:", *named, *rest),
        ("Open dead letters", f"{site}/dlq"),
        unsubscribe=f"{site}/unsubscribe#{token}",
        one_click=f"{site}/api/unsubscribe/{token}",
    )


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _MAX_CHARS else f"{line[:_MAX_CHARS]}…"
