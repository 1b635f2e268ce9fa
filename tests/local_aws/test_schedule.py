"""When rules fire, and what they send."""

from datetime import UTC, datetime

import pytest

from infra.local.deployed.model import Schedule
from infra.local.schedule.expressions import ExpressionError, parse
from infra.local.schedule.scheduler import scheduled_event

START = datetime(2026, 11, 24, 10, 30, 15, tzinfo=UTC)  # a Tuesday


def at(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_rate_fires_at_its_start_and_then_at_equal_intervals() -> None:
    rate = parse("rate(5 minutes)", START)
    assert rate.next_after(at("2020-01-01T00:00")) == START
    assert rate.next_after(START) == at("2026-11-24T10:35:15")
    assert rate.next_after(at("2026-11-24T10:47:00")) == at("2026-11-24T10:50:15")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(* * * * ? *)", "2026-11-24T10:31"),
        ("cron(0/15 * * * ? *)", "2026-11-24T10:45"),
        ("cron(0 12 * * ? *)", "2026-11-24T12:00"),
        ("cron(0 8 * * ? *)", "2026-11-25T08:00"),
        ("cron(15 10 ? * MON-FRI *)", "2026-11-25T10:15"),
        ("cron(0 0 1 * ? *)", "2026-12-01T00:00"),
        ("cron(0 0 L * ? *)", "2026-11-30T00:00"),
        ("cron(0 0 ? * 6L *)", "2026-11-27T00:00"),
        ("cron(0 0 ? * L *)", "2026-11-28T00:00"),
        ("cron(0 0 ? * 2#1 *)", "2026-12-07T00:00"),
        ("cron(0 0 1W 8 ? 2027)", "2027-08-02T00:00"),
        ("cron(0 0 LW 10 ? 2027)", "2027-10-29T00:00"),
        ("cron(0 0 31 * ? *)", "2026-12-31T00:00"),
        ("cron(0 0 29 FEB ? *)", "2028-02-29T00:00"),
        ("cron(0,30 9-17 ? * SUN *)", "2026-11-29T09:00"),
        ("cron(0 0 1 1 ? 2020)", None),
    ],
)
def test_a_cron_fires_in_its_next_minute(expression: str, expected: str | None) -> None:
    assert parse(expression, START).next_after(START) == (at(expected) if expected else None)


@pytest.mark.parametrize(
    "expression",
    [
        "rate(0 minutes)",
        "rate(1 second)",
        "cron(* * * * *)",
        "cron(* * * * * *)",
        "cron(60 * * * ? *)",
        "cron(x * * * ? *)",
        "every minute",
    ],
)
def test_an_invalid_expression_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        parse(expression, START)


def test_a_scheduled_event_names_its_rule() -> None:
    event = scheduled_event(Schedule("Nightly", "cron(0 0 * * ? *)", "Recorder"), START)
    assert event["source"] == "aws.events"
    assert event["detail-type"] == "Scheduled Event"
    assert event["time"] == "2026-11-24T10:30:15Z"
    assert event["resources"] == ["arn:aws:events:us-east-1:000000000000:rule/Nightly"]
