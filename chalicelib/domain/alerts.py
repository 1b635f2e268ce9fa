"""Alert rules: what they measure, when they fire and resolve, and what is said then. Pure.

A rule is evaluated about once a minute. ``ok`` → ``pending`` while its condition has not held for ``for_s`` seconds →
``firing`` → ``resolved``. The beginning and the end of a firing are each notified once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.jobs import iso
from chalicelib.domain.mails import Letter, one_line
from chalicelib.domain.principals import Scope
from chalicelib.errors import InvalidInput

MAX_NAME_CHARS: Final = 100
MIN_WINDOW_S: Final = 60
MAX_WINDOW_S: Final = 86_400
DEFAULT_WINDOW_S: Final = 900
MAX_FOR_S: Final = 86_400
MIN_REPEAT_S: Final = 300
MAX_REPEAT_S: Final = 7 * 86_400
MAX_MIN_JOBS: Final = 1_000_000
DEFAULT_MIN_JOBS: Final = 10
MAX_MUTE_S: Final = 90 * 86_400
#: A rule is due again after this: less than a minute, so that a tick that comes early finds it due.
EVERY: Final = timedelta(seconds=45)
#: How long firings are kept.
KEPT: Final = timedelta(days=90)


class AlertKind(StrEnum):
    """What a rule measures."""

    #: Seconds for which the oldest ready job of a queue has been ready.
    QUEUE_AGE = "queue_age"
    #: Jobs that went to the DLQ within the window.
    DLQ_GROWTH = "dlq_growth"
    #: Percentage of the jobs that ended within the window that went to the DLQ.
    FAILURE_RATE = "failure_rate"
    #: Seconds by which the next fire of a schedule is late.
    SCHEDULE_OVERDUE = "schedule_overdue"
    #: How many of the last jobs of a schedule went to the DLQ, one after another.
    SCHEDULE_FAILURES = "schedule_failures"


class AlertStatus(StrEnum):
    """The state of a rule."""

    OK = "ok"
    #: The condition holds, not yet for long enough.
    PENDING = "pending"
    FIRING = "firing"
    #: It fired, and the condition holds no longer.
    RESOLVED = "resolved"


class Severity(StrEnum):
    """How bad it is when a rule fires."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class NoticeKind(StrEnum):
    """What a notice says."""

    FIRING = "firing"
    RESOLVED = "resolved"


#: The least and the most threshold of each kind.
THRESHOLDS: Final = {
    AlertKind.QUEUE_AGE: (1, 30 * 86_400),
    AlertKind.DLQ_GROWTH: (1, 1_000_000),
    AlertKind.FAILURE_RATE: (0.01, 100),
    AlertKind.SCHEDULE_OVERDUE: (60, 30 * 86_400),
    AlertKind.SCHEDULE_FAILURES: (1, 20),
}
#: Kinds that count over a window.
WINDOWED: Final = frozenset({AlertKind.DLQ_GROWTH, AlertKind.FAILURE_RATE})
_OF_SCHEDULES: Final = frozenset({AlertKind.SCHEDULE_OVERDUE, AlertKind.SCHEDULE_FAILURES})
_IN_SECONDS: Final = frozenset({AlertKind.QUEUE_AGE, AlertKind.SCHEDULE_OVERDUE})


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule fires: a measured value of at least ``threshold``. ``None`` for a name means any."""

    kind: AlertKind
    threshold: float
    window_s: int = DEFAULT_WINDOW_S
    #: A failure rate of fewer ended jobs than this says nothing.
    min_jobs: int = DEFAULT_MIN_JOBS
    queue: str | None = None
    task: str | None = None
    schedule: str | None = None
    #: The tenant's, or those of all tenants.
    scope: Scope = Scope.TENANT


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured. ``value`` is ``None`` if there is nothing to measure, such as with too few jobs."""

    value: float | None
    #: What is worst: a queue, a task, a schedule.
    subject: str = ""
    #: How many jobs a rate is computed from.
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class AlertState:
    """Where a rule stands, as of ``checked_at``."""

    status: AlertStatus = AlertStatus.OK
    #: When it entered this status.
    since: datetime | None = None
    reading: Reading = Reading(None)
    checked_at: datetime | None = None
    #: The number of the present firing, or of the last one.
    firings: int = 0
    #: When the present firing began.
    fired_at: datetime | None = None
    #: Notices of the present firing, and when the last one was made.
    sent: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """The beginning of a firing, a repeated notice of it, or its end. Written with the state that it is about."""

    kind: NoticeKind
    #: The number of the firing.
    firing: int
    #: How many notices of the firing came before.
    number: int
    at: datetime
    fired_at: datetime
    reading: Reading
    #: Whether anybody is notified: not while the rule is muted.
    notify: bool = True

    @property
    def id(self) -> str:
        """What tells it from other notices of its rule."""
        return f"{self.firing}/{self.number}/{self.kind.value}/{int(self.notify)}"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A rule as MongoDB holds it."""

    id: str
    tenant_id: str
    #: Who created it.
    owner_id: str
    name: str
    condition: Condition
    created_at: datetime
    updated_at: datetime
    #: For how long the condition must hold before the rule fires.
    for_s: int = 0
    #: How often the notice of a firing is repeated; 0: never.
    repeat_s: int = 0
    severity: Severity = Severity.WARNING
    enabled: bool = True
    muted_until: datetime | None = None
    state: AlertState = AlertState()
    #: Raised by each change of the rule by a person.
    rev: int = 1
    #: Raised by each evaluation.
    seq: int = 0
    #: Notices that are not made yet.
    notices: tuple[Notice, ...] = field(default=())

    def is_muted(self, now: datetime) -> bool:
        """Return whether nobody is to be notified of new firings."""
        return self.muted_until is not None and self.muted_until > now

    @property
    def is_active(self) -> bool:
        """Whether it is to be evaluated: a disabled rule until its firing has ended and the notice of that was sent."""
        return self.enabled or bool(self.notices) or self.state.status in {AlertStatus.PENDING, AlertStatus.FIRING}


@dataclass(frozen=True, slots=True)
class Firing:
    """A firing of a rule, for its history. ``severity`` is that of its beginning."""

    id: str
    rule_id: str
    tenant_id: str
    name: str
    number: int
    severity: Severity
    scope: Scope
    fired_at: datetime
    value: float | None
    subject: str
    resolved_at: datetime | None = None
    #: Whether anybody was notified.
    notified: bool = False


def check(condition: Condition) -> None:
    """Raise ``InvalidInput``, naming the field, for a condition that makes no sense."""
    kind = condition.kind
    least, most = THRESHOLDS[kind]
    if not least <= condition.threshold <= most:
        raise InvalidInput(f"Input should be from {least} to {most} for {kind.value}", "threshold")
    if kind is AlertKind.SCHEDULE_FAILURES and condition.threshold != int(condition.threshold):
        raise InvalidInput("Input should be a whole number of jobs", "threshold")
    _check_names(condition)
    if condition.scope is Scope.ALL:
        _check_for_all(condition)


def _check_names(condition: Condition) -> None:
    kind = condition.kind
    if condition.queue is not None and kind in _OF_SCHEDULES:
        raise InvalidInput(f"A rule of kind {kind.value} is about no queue", "queue")
    if condition.task is not None and kind not in WINDOWED:
        raise InvalidInput(f"A rule of kind {kind.value} is about no task", "task")
    if condition.schedule is not None and kind not in _OF_SCHEDULES:
        raise InvalidInput(f"A rule of kind {kind.value} is about no schedule", "schedule")


def _check_for_all(condition: Condition) -> None:
    if condition.kind is AlertKind.SCHEDULE_FAILURES:
        raise InvalidInput("Failures of schedules are measured for one tenant", "scope")
    for name in ("queue", "schedule"):
        if getattr(condition, name) is not None:
            raise InvalidInput("A rule for all tenants names none: names belong to one tenant", name)


def is_met(condition: Condition, reading: Reading) -> bool:
    """Return whether what was measured reaches the threshold."""
    if reading.value is None:
        return False
    if condition.kind is AlertKind.FAILURE_RATE and (reading.jobs or 0) < condition.min_jobs:
        return False
    return reading.value >= condition.threshold


def step(rule: AlertRule, reading: Reading, now: datetime) -> tuple[AlertState, Notice | None]:
    """Return the state of a rule after an evaluation at ``now``, and the notice to make.

    A muted rule changes its state as others do but sends no notice that it fires; if it still does when the mute is
    over, the notice goes out then. A notice of the end follows only if one of the beginning was sent.
    """
    old = rule.state
    state = replace(old, reading=reading, checked_at=now)
    if not (rule.enabled and is_met(rule.condition, reading)):
        return _calm(old, state, now)
    if old.status is AlertStatus.FIRING:
        return _still(rule, state, now)
    since = old.since if old.status is AlertStatus.PENDING and old.since is not None else now
    if now - since < timedelta(seconds=rule.for_s):
        return replace(state, status=AlertStatus.PENDING, since=since), None
    begun = replace(
        state, status=AlertStatus.FIRING, since=now, fired_at=now, firings=old.firings + 1, sent=0, sent_at=None
    )
    return _fire(begun, now, notify=not rule.is_muted(now))


def _calm(old: AlertState, state: AlertState, now: datetime) -> tuple[AlertState, Notice | None]:
    if old.status is AlertStatus.PENDING:
        return replace(state, status=AlertStatus.OK, since=now), None
    if old.status is not AlertStatus.FIRING:
        return state, None
    ended = replace(state, status=AlertStatus.RESOLVED, since=now)
    return ended, _notice(ended, NoticeKind.RESOLVED, now, notify=old.sent > 0)


def _still(rule: AlertRule, state: AlertState, now: datetime) -> tuple[AlertState, Notice | None]:
    if rule.is_muted(now):
        return state, None
    repeats = rule.repeat_s and state.sent_at and now - state.sent_at >= timedelta(seconds=rule.repeat_s)
    return _fire(state, now, notify=True) if repeats or not state.sent else (state, None)


def _fire(state: AlertState, now: datetime, *, notify: bool) -> tuple[AlertState, Notice]:
    notice = _notice(state, NoticeKind.FIRING, now, notify=notify)
    return (replace(state, sent=state.sent + 1, sent_at=now) if notify else state), notice


def _notice(state: AlertState, kind: NoticeKind, now: datetime, *, notify: bool) -> Notice:
    return Notice(kind, state.firings, state.sent, now, state.fired_at or now, state.reading, notify)


# --- words ---------------------------------------------------------------------------------------------------------
def value_text(kind: AlertKind, value: float | None) -> str:
    """Return a measured value, or a threshold, for people to read."""
    if value is None:
        return "nothing to measure"
    if kind in _IN_SECONDS:
        return _duration_text(value)
    if kind is AlertKind.FAILURE_RATE:
        return f"{value:.4g} %"
    count = int(value)
    return f"{count:,} job{'' if count == 1 else 's'}"


def condition_text(condition: Condition) -> str:
    """Return in a sentence when a rule fires."""
    c = condition
    threshold = value_text(c.kind, c.threshold)
    in_all = " of any tenant" if c.scope is Scope.ALL else ""
    of_jobs = "".join(f" of {what} {name}" for what, name in (("task", c.task), ("queue", c.queue)) if name) + in_all
    window = _duration_text(c.window_s)
    match c.kind:
        case AlertKind.QUEUE_AGE:
            return f"The oldest waiting job of {_named('queue', c.queue)}{in_all} is at least {threshold} old"
        case AlertKind.DLQ_GROWTH:
            return f"At least {threshold}{of_jobs} went to the dead letter queue within {window}"
        case AlertKind.FAILURE_RATE:
            return (
                f"At least {threshold} of the jobs{of_jobs} that ended within {window} failed, "
                f"of at least {c.min_jobs:,} jobs"
            )
        case AlertKind.SCHEDULE_OVERDUE:
            return f"The next fire of {_named('schedule', c.schedule)}{in_all} is late by at least {threshold}"
        case AlertKind.SCHEDULE_FAILURES:
            return f"The last {threshold} of {_named('schedule', c.schedule)} failed"


def alert_letter(rule: AlertRule, notice: Notice, site: str, token: str) -> Letter:
    """Return the mail of a notice; ``token`` unsubscribes its reader."""
    resolved = notice.kind is NoticeKind.RESOLVED
    head = "Resolved" if resolved else "Still firing" if notice.number else "Firing"
    value = value_text(rule.condition.kind, notice.reading.value)
    subject = f" ({one_line(notice.reading.subject)})" if notice.reading.subject else ""
    until = f"\nResolved at {iso(notice.at)}" if resolved else ""
    return Letter(
        f"[{rule.severity.value}] {head}: {one_line(rule.name)}",
        (
            f"{condition_text(rule.condition)}.",
            f"Measured: {value}{subject}\nFiring since {iso(notice.fired_at)}{until}",
        ),
        ("Open alerts", f"{site}/alerts"),
        unsubscribe=f"{site}/unsubscribe#{token}",
        one_click=f"{site}/api/unsubscribe/{token}",
    )


def _named(what: str, name: str | None) -> str:
    return f"{what} {name}" if name else f"any {what}"


def _duration_text(seconds: float) -> str:
    left, parts = round(seconds), list[str]()
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number} {unit}")
    return " ".join(parts[:2]) or "0 s"
