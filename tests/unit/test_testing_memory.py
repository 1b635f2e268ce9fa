"""The clock and the stores in memory of the harness for tests of tasks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.steps import StepKey, StepKind, StepRecord, StepStatus
from queuecraft_testing import FakeClock
from queuecraft_testing.clock import seconds_of
from queuecraft_testing.memory import MemoryEvents, MemorySteps


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("1h30m", 5400), ("2d", 172_800), ("500ms", 0.5), ("1.5h", 5400), (3, 3)]
)
def test_durations(text: Any, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "1 hour", "-1s", -1, float("nan"), float("inf")])
def test_what_is_no_duration(text: Any) -> None:
    with pytest.raises(ValueError, match=r"duration|time goes on"):
        seconds_of(text)


def test_the_clock_stands_still() -> None:
    clock = FakeClock(datetime(2030, 1, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance_to(datetime(2030, 1, 2, tzinfo=UTC))
    clock.advance_to(datetime(2029, 1, 2, tzinfo=UTC))
    assert (clock.now().day, clock.monotonic()) == (2, 86_400)
    assert clock.now_ms() == int(datetime(2030, 1, 2, tzinfo=UTC).timestamp() * 1000)
    with pytest.raises(ValueError, match="time zone"):
        clock.advance_to(datetime(2031, 1, 1))


def record(status: StepStatus, token: str = "a", attempt: int = 1, kind: StepKind = StepKind.STEP) -> StepRecord:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    return StepRecord("j", "s", StepKey("n", 1), kind, status, 1, "", attempt, token, at)


@pytest.mark.parametrize(
    ("stored", "written", "wins"),
    [
        (record(StepStatus.PENDING), record(StepStatus.STARTED, "b"), True),
        (record(StepStatus.STARTED), record(StepStatus.STARTED, "b"), False),
        (record(StepStatus.WAITING), record(StepStatus.WAITING, "b"), False),
        (record(StepStatus.RETRYING), record(StepStatus.RETRYING, "b"), True),
        (record(StepStatus.STARTED), record(StepStatus.COMPLETED, "b"), True),
        (record(StepStatus.COMPLETED), record(StepStatus.COMPLETED, "b"), False),
        (record(StepStatus.FAILED), record(StepStatus.COMPLETED, "b"), False),
        (record(StepStatus.FAILED), record(StepStatus.COMPLETED, "b", 2), True),
        (record(StepStatus.FAILED), record(StepStatus.RETRYING, "b", 2), True),
        (record(StepStatus.FAILED), record(StepStatus.RETRYING, "b"), False),
        (record(StepStatus.FAILED), record(StepStatus.STARTED, "b", 2), False),
        (record(StepStatus.FAILED).with_(final=True), record(StepStatus.COMPLETED, "b", 2), False),
        (
            record(StepStatus.COMPLETED, kind=StepKind.CHECKPOINT),
            record(StepStatus.COMPLETED, "b", kind=StepKind.CHECKPOINT),
            True,
        ),
    ],
)
def test_the_memory_keeps_the_rules_of_the_store(stored: StepRecord, written: StepRecord, wins: bool) -> None:
    steps = MemorySteps()
    steps.write([stored])
    assert steps.write([written]) == [written if wins else stored]


def test_an_event_is_given_back() -> None:
    from chalicelib.domain.steps import StepEvent

    events = MemoryEvents()
    event = StepEvent("e", "j", "n", datetime(2030, 1, 1, tzinfo=UTC), "1")
    assert events.add(event)
    assert not events.add(StepEvent("e", "j", "n", datetime(2030, 1, 1, tzinfo=UTC), "2"))
    assert events.take("j", "n", "s", StepKey("n", 1)) == event
    assert events.take("j", "n", "s", StepKey("n", 1)) == event
    assert events.take("j", "n", "s", StepKey("n", 2)) is None
    events.give_back("e", "s")
    assert events.take("j", "n", "s", StepKey("n", 2)) == event
