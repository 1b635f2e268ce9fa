"""Alert rules: when they are pending, fire and resolve, which notices go out, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.alerts import (
    AlertKind,
    AlertRule,
    AlertState,
    AlertStatus,
    Condition,
    Notice,
    NoticeKind,
    Reading,
    Severity,
    alert_letter,
    check,
    condition_text,
    is_met,
    step,
    value_text,
)
from chalicelib.domain.principals import Scope
from chalicelib.domain.rollups import Span
from chalicelib.errors import InvalidInput
from chalicelib.services.alert_readings import window_frame

T0 = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
AGE = Condition(AlertKind.QUEUE_AGE, 600)


def a_rule(condition: Condition = AGE, **fields: Any) -> AlertRule:
    given = {"id": "a" * 24, "tenant_id": "b" * 24, "owner_id": "c" * 24, "name": "Mail is stuck"}
    return AlertRule(**{**given, "condition": condition, "created_at": T0, "updated_at": T0, **fields})


class Course:
    """A rule that is evaluated each minute."""

    def __init__(self, rule: AlertRule) -> None:
        self.rule = rule
        self.now = T0
        self.notices: list[tuple[int, str, int]] = []
        self.silent: list[Notice] = []

    def measure(self, *values: float | None) -> AlertStatus:
        """Evaluate with each of these values, a minute apart; return the last status."""
        for value in values:
            state, notice = step(self.rule, Reading(value, "mail"), self.now)
            self.rule = replace(self.rule, state=state)
            if notice is not None and notice.notify:
                self.notices.append((self.minute, notice.kind.value, notice.number))
            elif notice is not None:
                self.silent.append(notice)
            self.now += timedelta(minutes=1)
        return self.rule.state.status

    @property
    def minute(self) -> int:
        return int((self.now - T0).total_seconds()) // 60


def test_a_rule_fires_once_its_condition_has_held_and_tells_both_ends_once() -> None:
    course = Course(a_rule(for_s=120))
    assert course.measure(0) is AlertStatus.OK
    assert course.measure(600) is AlertStatus.PENDING
    assert course.measure(700) is AlertStatus.PENDING
    assert course.measure(700) is AlertStatus.FIRING
    assert course.rule.state.fired_at == T0 + timedelta(minutes=3)
    assert course.measure(700, 700, 700) is AlertStatus.FIRING
    assert course.measure(599) is AlertStatus.RESOLVED
    assert course.measure(0, 0) is AlertStatus.RESOLVED
    assert course.notices == [(3, "firing", 0), (7, "resolved", 1)]


def test_a_condition_that_does_not_hold_for_long_enough_tells_nobody() -> None:
    course = Course(a_rule(for_s=120))
    assert course.measure(600, 600, 0) is AlertStatus.OK
    assert course.measure(600, 600, 0) is AlertStatus.OK
    assert (course.notices, course.rule.state.firings) == ([], 0)


def test_without_a_time_to_hold_it_fires_at_once_and_each_firing_has_its_number() -> None:
    course = Course(a_rule())
    assert course.measure(600, 0, 600) is AlertStatus.FIRING
    assert course.rule.state.firings == 2
    assert [kind for _, kind, _ in course.notices] == ["firing", "resolved", "firing"]


def test_a_firing_is_repeated_only_if_so_asked() -> None:
    course = Course(a_rule(repeat_s=300))
    course.measure(*[600] * 12, 0)
    assert course.notices == [(0, "firing", 0), (5, "firing", 1), (10, "firing", 2), (12, "resolved", 3)]


def test_a_muted_rule_changes_its_state_without_a_notice() -> None:
    course = Course(a_rule(muted_until=T0 + timedelta(hours=1), repeat_s=300))
    assert course.measure(*[600] * 10) is AlertStatus.FIRING
    assert course.measure(0) is AlertStatus.RESOLVED
    assert course.notices == []
    assert [notice.kind for notice in course.silent] == [NoticeKind.FIRING, NoticeKind.RESOLVED]


def test_the_notice_goes_out_when_the_mute_is_over() -> None:
    course = Course(a_rule(muted_until=T0 + timedelta(minutes=5)))
    course.measure(*[600] * 8, 0)
    assert course.notices == [(5, "firing", 0), (8, "resolved", 1)]


def test_the_end_of_a_firing_is_notified_although_it_is_muted_by_then() -> None:
    course = Course(a_rule())
    course.measure(600)
    course.rule = replace(course.rule, muted_until=T0 + timedelta(hours=1))
    course.measure(600, 0)
    assert course.notices == [(0, "firing", 0), (2, "resolved", 1)]


def test_a_rule_that_is_disabled_while_it_fires_resolves_and_then_rests() -> None:
    course = Course(a_rule())
    course.measure(600)
    course.rule = replace(course.rule, enabled=False)
    assert course.rule.is_active
    assert course.measure(600) is AlertStatus.RESOLVED
    assert not course.rule.is_active
    assert course.notices[-1] == (1, "resolved", 1)


def test_notices_of_one_rule_have_ids_of_their_own() -> None:
    state = AlertState(AlertStatus.FIRING, T0, firings=3, fired_at=T0, sent=1, sent_at=T0)
    ids = {
        Notice(kind, 3, number, T0, T0, Reading(1), tell).id
        for kind in NoticeKind
        for number in (0, 1)
        for tell in (True, False)
    }
    assert len(ids) == 8
    _, notice = step(a_rule(state=state), Reading(0), T0)
    assert notice is not None
    assert (notice.firing, notice.number, notice.fired_at) == (3, 1, T0)


@pytest.mark.parametrize(
    ("condition", "reading", "met"),
    [
        (AGE, Reading(600.0), True),
        (AGE, Reading(599.9), False),
        (AGE, Reading(None), False),
        (Condition(AlertKind.FAILURE_RATE, 50, min_jobs=10), Reading(50.0, jobs=10), True),
        (Condition(AlertKind.FAILURE_RATE, 50, min_jobs=10), Reading(100.0, jobs=9), False),
        (Condition(AlertKind.FAILURE_RATE, 50, min_jobs=1), Reading(None, jobs=0), False),
    ],
)
def test_a_condition_is_met_from_the_threshold_on(condition: Condition, reading: Reading, met: bool) -> None:
    assert is_met(condition, reading) is met


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (Condition(AlertKind.FAILURE_RATE, 101), "threshold"),
        (Condition(AlertKind.SCHEDULE_OVERDUE, 59), "threshold"),
        (Condition(AlertKind.SCHEDULE_FAILURES, 1.5), "threshold"),
        (Condition(AlertKind.SCHEDULE_FAILURES, 21), "threshold"),
        (Condition(AlertKind.QUEUE_AGE, 60, task="send"), "task"),
        (Condition(AlertKind.QUEUE_AGE, 60, schedule="nightly"), "schedule"),
        (Condition(AlertKind.SCHEDULE_OVERDUE, 60, queue="mail"), "queue"),
        (Condition(AlertKind.QUEUE_AGE, 60, queue="mail", scope=Scope.ALL), "queue"),
        (Condition(AlertKind.SCHEDULE_OVERDUE, 60, schedule="nightly", scope=Scope.ALL), "schedule"),
        (Condition(AlertKind.SCHEDULE_FAILURES, 3, scope=Scope.ALL), "scope"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_by_its_field(condition: Condition, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(condition)
    assert refused.value.field == field


def test_windows_are_of_whole_spans_and_at_least_as_long_as_asked() -> None:
    now = T0 + timedelta(minutes=7, seconds=30)
    minutes = window_frame(300, now)
    assert (minutes.span, minutes.first, minutes.count) == (Span.MINUTE, T0 + timedelta(minutes=2), 6)
    quarters = window_frame(7200, now)
    assert (quarters.span, quarters.first, quarters.count) == (Span.QUARTER, T0 - timedelta(hours=2), 9)


def test_the_mail_says_what_was_measured_and_cannot_be_forged_by_names() -> None:
    rule = a_rule(name="Mail\r\nBcc: eve@example.com", severity=Severity.CRITICAL)
    notice = Notice(NoticeKind.FIRING, 1, 0, T0, T0, Reading(754, "mail"))
    letter = alert_letter(rule, notice, "https://q.example", "token")
    assert letter.subject == "[critical] Firing: Mail Bcc: eve@example.com"
    assert "any queue is at least 10 min old" in letter.text
    assert "Measured: 12 min 34 s (mail)" in letter.text
    assert "https://q.example/alerts" in letter.text
    ended = replace(notice, kind=NoticeKind.RESOLVED, at=T0 + timedelta(minutes=5))
    assert "Resolved at 2026-12-01T12:05:00" in alert_letter(rule, ended, "https://q.example", "token").text
    again = replace(notice, number=1)
    assert alert_letter(rule, again, "https://q.example", "token").subject.startswith("[critical] Still firing")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition(AlertKind.DLQ_GROWTH, 1, 60, queue="mail"), "At least 1 job of queue mail went to the dead letter"),
        (
            Condition(AlertKind.DLQ_GROWTH, 1200, 5400),
            "At least 1,200 jobs went to the dead letter queue within 1 h 30",
        ),
        (Condition(AlertKind.FAILURE_RATE, 12.5, task="send"), "At least 12.5 % of the jobs of task send that ended"),
        (Condition(AlertKind.SCHEDULE_OVERDUE, 120), "The next fire of any schedule is late by at least 2 min"),
        (Condition(AlertKind.SCHEDULE_FAILURES, 3, schedule="x"), "The last 3 jobs of schedule x failed"),
        (Condition(AlertKind.QUEUE_AGE, 90, scope=Scope.ALL), "of any queue of any tenant is at least 1 min 30 s old"),
    ],
)
def test_a_condition_is_a_sentence(condition: Condition, text: str) -> None:
    assert text in condition_text(condition)


def test_values_have_their_units() -> None:
    assert value_text(AlertKind.QUEUE_AGE, 0) == "0 s"
    assert value_text(AlertKind.FAILURE_RATE, 33.333) == "33.33 %"
    assert value_text(AlertKind.DLQ_GROWTH, 1) == "1 job"
    assert value_text(AlertKind.FAILURE_RATE, None) == "nothing to measure"
