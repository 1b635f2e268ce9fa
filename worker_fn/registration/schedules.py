"""Schedules in code: ``@task("report", schedule=Cron("0 7 * * 1-5", tz="Europe/Berlin"))``.

A deployment creates and changes them, and retires those that are gone (``services.code_schedules``). They belong to the
tenant of the operators.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import MAX_DOCUMENT_BYTES
from chalicelib.domain.schedules import (
    DEFAULT_CATCHUP_S,
    MAX_CATCHUP_S,
    MAX_EVERY_S,
    MAX_JITTER_S,
    MAX_NAME_CHARS,
    MIN_EVERY_S,
    NAME_PATTERN,
    CodeSchedule,
    Missed,
    Overlap,
    ScheduleSpec,
    Timing,
)
from chalicelib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

_RANGES: Final = {"catchup_s": (0, MAX_CATCHUP_S), "jitter_s": (0, MAX_JITTER_S)}


class ScheduleDefinitionError(Exception):
    """Raised for a schedule that cannot be; the text says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options(ABC):
    """What all schedules have besides their times. ``name``: by default that of the task."""

    name: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    missed: str = Missed.ONCE
    catchup_s: int = DEFAULT_CATCHUP_S
    overlap: str = Overlap.SKIP
    jitter_s: int = 0

    @property
    @abstractmethod
    def timing(self) -> Timing:
        """When it fires."""


@dataclass(frozen=True, slots=True)
class Cron(_Options):
    """Fires when the clock of ``tz`` matches ``expression``: minute, hour, day, month, weekday."""

    expression: str
    tz: str = "UTC"

    @property
    def timing(self) -> Timing:
        """When it fires."""
        return Timing(cron=self.expression, tz=self.tz)


@dataclass(frozen=True, slots=True)
class Every(_Options):
    """Fires every ``seconds``, counted from the deployment that first had it."""

    seconds: int

    @property
    def timing(self) -> Timing:
        """When it fires."""
        return Timing(every_s=self.seconds)


Schedules = Cron | Every | Sequence[Cron | Every] | None


def schedules_of(task: str, given: Schedules, accept: Callable[[str], Any]) -> tuple[CodeSchedule, ...]:
    """Return the schedules of a task. ``accept`` raises ``ValueError`` for a payload that does not fit the task.

    Raises ``ScheduleDefinitionError``.
    """
    each = () if given is None else (given,) if isinstance(given, Cron | Every) else tuple(given)
    named = [one.name or re.sub(r"[^A-Za-z0-9._-]", ".", task) for one in each]
    if len(set(named)) < len(named):
        raise ScheduleDefinitionError("two schedules of a task need names: Cron(…, name=…)")
    return tuple(_schedule(task, name, one, accept) for name, one in zip(named, each, strict=True))


def _schedule(task: str, name: str, given: Cron | Every, accept: Callable[[str], Any]) -> CodeSchedule:
    from chalicelib.services import timetable  # noqa: PLC0415 - for tasks with a schedule

    if not re.fullmatch(NAME_PATTERN, name) or len(name) > MAX_NAME_CHARS:
        raise ScheduleDefinitionError(f"its name must have 1 to {MAX_NAME_CHARS} characters and fit {NAME_PATTERN}")
    for option, (low, high) in _RANGES.items():
        _check_whole(option, getattr(given, option), low, high)
    if isinstance(given, Every):
        _check_whole("seconds", given.seconds, MIN_EVERY_S, MAX_EVERY_S)
    payload = orjson.dumps(dict(given.payload)).decode()
    if len(payload.encode()) > MAX_DOCUMENT_BYTES:
        raise ScheduleDefinitionError(f"its payload may have at most {MAX_DOCUMENT_BYTES} bytes of JSON")
    try:
        timetable.check(given.timing, SystemClock().now())
        accept(payload)
        missed, overlap = Missed(given.missed), Overlap(given.overlap)
    except (InvalidInput, ValueError) as error:
        raise ScheduleDefinitionError(str(error)) from error
    job = JobTemplate(name=name, task=task, payload=payload)
    return CodeSchedule(name, ScheduleSpec(given.timing, job, missed, given.catchup_s, overlap, given.jitter_s))


def _check_whole(name: str, value: Any, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise ScheduleDefinitionError(f"{name} must be a whole number from {low} to {high}, not {value!r}")
