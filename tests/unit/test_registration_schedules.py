"""Schedules of tasks in code."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from chalicelib.domain.schedules import Missed, Overlap, Timing
from worker_fn import Cron, Every, TaskContext
from worker_fn.registration.registry import Registry, TaskDefinitionError
from worker_fn.registration.schedules import Schedules


class Size(BaseModel):
    width: int


def register(schedule: Schedules, *, model: type = dict) -> Registry:
    registry = Registry()

    def function(ctx: TaskContext, payload: Any) -> None:
        """Do it."""

    function.__annotations__["payload"] = Size if model is Size else dict[str, Any]
    registry.task("report:daily", schedule=schedule)(function)
    return registry


def test_a_task_without() -> None:
    assert register(None).tasks["report:daily"].schedules == ()


def test_a_cron_expression_in_a_zone() -> None:
    given = Cron("0 7 * * 1-5", tz="Europe/Berlin", missed="all", overlap="allow", catchup_s=60, jitter_s=5)
    [schedule] = register(given).tasks["report:daily"].schedules
    assert schedule.name == "report.daily"
    assert schedule.spec.timing == Timing(cron="0 7 * * 1-5", tz="Europe/Berlin")
    assert (schedule.spec.missed, schedule.spec.overlap) == (Missed.ALL, Overlap.ALLOW)
    assert (schedule.spec.catchup_s, schedule.spec.jitter_s) == (60, 5)
    assert (schedule.spec.job.task, schedule.spec.job.name) == ("report:daily", "report.daily")


def test_several_of_one_task() -> None:
    given = [Every(60, name="often", payload={"width": 1}), Every(3600, name="seldom", payload={"width": 2})]
    schedules = register(given, model=Size).tasks["report:daily"].schedules
    assert [each.name for each in schedules] == ["often", "seldom"]
    assert schedules[0].spec.job.payload == '{"width":1}'
    with pytest.raises(TaskDefinitionError, match="need names"):
        register([Every(60), Every(3600)])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (Cron("often"), "expression"),
        (Cron("0 7 * * *", tz="Europe/Atlantis"), "Atlantis"),
        (Every(0), "seconds"),
        (Every(1.5), "seconds"),  # type: ignore[arg-type]
        (Every(60, missed="never"), "never"),
        (Every(60, overlap="never"), "never"),
        (Every(60, catchup_s=-1), "catchup_s"),
        (Every(60, jitter_s=True), "jitter_s"),
        (Every(60, name="a b"), "name"),
        (Every(60, payload={"text": "x" * 70_000}), "payload"),
    ],
)
def test_what_cannot_be_is_an_error_of_the_import(given: Schedules, why: str) -> None:
    with pytest.raises(TaskDefinitionError, match=why):
        register(given)


def test_a_payload_that_the_task_refuses() -> None:
    with pytest.raises(TaskDefinitionError, match="width"):
        register(Every(60), model=Size)
