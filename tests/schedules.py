"""Schedules for tests."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.schedules import Run, Schedule, ScheduleSpec, Timing
from tests.container import Container
from tests.timed import ALICE

JOB_FIELDS = set(JobTemplate.__dataclass_fields__) - {"name"}
TIMING_FIELDS = set(Timing.__dataclass_fields__)


def spec(**fields: Any) -> ScheduleSpec:
    """A schedule that fires every minute, unless ``fields`` say otherwise."""
    timing = {name: fields.pop(name) for name in TIMING_FIELDS & fields.keys()}
    job = {name: fields.pop(name) for name in JOB_FIELDS & fields.keys()}
    return ScheduleSpec(Timing(**(timing or {"every_s": 60})), JobTemplate(name="a job", **job), **fields)


def put(container: Container, name: str = "nightly", **fields: Any) -> Schedule:
    """Create or replace a schedule of Alice."""
    paused = fields.pop("paused", None)
    return container.schedules.put(ALICE, name, spec(**fields), paused=paused)[0]


def runs(container: Container, name: str = "nightly") -> list[Run]:
    """All runs of a schedule of Alice, the oldest first."""
    return container.schedules.runs(ALICE, name, None, 10_000)[::-1]


def jobs(container: Container, name: str = "nightly") -> list[dict[str, Any]]:
    """The records of its jobs, the oldest first."""
    return list(container.db.jobs.find({"schedule": name}).sort("_id", 1))
