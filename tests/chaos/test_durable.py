"""The checks of durable jobs can fail: each is shown a journey with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from chalicelib.domain.jobs import JobError
from chalicelib.domain.steps import StepEvent, StepKey, StepKind, StepRecord, StepStatus
from tests.chaos.durable import judge
from tests.chaos.journeys import PARTS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("first", "once", *(f"part[{n}]" for n in range(PARTS)))


class Journey:
    """A journey that went well."""

    def __init__(self) -> None:
        self.steps = [self._step(name) for name in NAMES]
        self.effects = [{"job": "j", "key": name, "token": f"{name}:1"} for name in NAMES]
        self.result: dict[str, Any] = {
            "tokens": [f"{name}:1" for name in NAMES if name != "once"], "once": "once:1", "sent": ["a", "b"]
        }  # fmt: skip
        self.events = [StepEvent(str(n), "j", "go", NOW, f'"{data}"', StepKey("go", n)) for n, data in enumerate("ab")]

    def _step(self, name: str) -> StepRecord:
        result = orjson.dumps(f"{name}:1").decode()
        return StepRecord(
            "j", "", StepKey(name, 1), StepKind.STEP, StepStatus.COMPLETED, 1, "f", 1, "t", NOW, NOW, result=result
        )

    def judged(self) -> list[str]:
        container: Any = SimpleNamespace(
            step_store=SimpleNamespace(load=lambda *_: self.steps),
            step_events=SimpleNamespace(of_job=lambda *_: self.events),
        )
        return judge(container, "j", "", self.result, self.effects)


def invent(journey: Journey) -> None:
    journey.result["tokens"][2] = "part[1]:2"


def change_a_record(journey: Journey) -> None:
    journey.effects.append({"job": "j", "key": "first", "token": "first:2"})
    journey.result["tokens"][0] = "first:2"


def leave_a_step_open(journey: Journey) -> None:
    journey.steps[-1] = journey.steps[-1].with_(status=StepStatus.RETRYING)


def run_once_twice(journey: Journey) -> None:
    journey.effects.append({"job": "j", "key": "once", "token": "once:2"})


def invent_once(journey: Journey) -> None:
    journey.result["once"] = "once:3"


def lose_an_event(journey: Journey) -> None:
    journey.result["sent"] = ["a"]


def take_an_event_twice(journey: Journey) -> None:
    journey.result["sent"] = ["a", "a"]


def leave_an_event(journey: Journey) -> None:
    journey.events[1] = journey.events[1]._replace(taken_by=None)


def fail_a_step(journey: Journey) -> None:
    journey.steps.append(journey._step("x").with_(status=StepStatus.FAILED, error=JobError("ValueError", "no")))


def test_a_good_journey_passes() -> None:
    assert Journey().judged() == []


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (invent, "no step made"), (change_a_record, "not those recorded"), (leave_a_step_open, "have not"),
        (run_once_twice, "more than once"), (invent_once, "which no step made"), (lose_an_event, "was sent"),
        (take_an_event_twice, "was sent"), (leave_an_event, "not taken"), (fail_a_step, "failed"),
    ],
)  # fmt: skip
def test_each_wrong_is_found(spoil: Callable[[Journey], None], what: str) -> None:
    journey = Journey()
    spoil(journey)
    assert any(what in each for each in journey.judged()), journey.judged()
