"""What becomes of fires: missed, overlapping, refused. And what derives from a fire alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import to_ms
from chalicelib.domain.schedules import (
    GRACE_S,
    WAIT,
    Busy,
    Decision,
    Missed,
    Overlap,
    Run,
    ScheduleSpec,
    Skip,
    Timing,
    decide,
    due_at,
)

AT = datetime(2026, 1, 1, 10, tzinfo=UTC)
TENANT = "1" * 24
#: Off for an hour, and back half a minute after the last of sixty fires.
HOUR = [30.0 + 60 * n for n in reversed(range(60))]


def spec(**fields: object) -> ScheduleSpec:
    return ScheduleSpec(**{"timing": Timing(every_s=60), "job": JobTemplate("a job"), **fields})  # type: ignore[arg-type]


def made(
    late_s: list[float], *, more: bool = False, jobs: int = 0, waiting: bool = False, **fields: object
) -> list[Decision]:
    return decide(spec(**fields), late_s, more=more, busy=Busy(jobs, waiting))


def test_a_fire_in_time_makes_a_job_whatever_the_policy() -> None:
    for missed in Missed:
        assert made([0.0], missed=missed, catchup_s=0) == [None]
        assert made([GRACE_S], missed=missed, catchup_s=0) == [None]


def test_an_hour_missed_and_skipped() -> None:
    assert made(HOUR, missed=Missed.SKIP) == [Skip.MISSED] * 59 + [None]
    assert made([late + GRACE_S for late in HOUR], missed=Missed.SKIP) == [Skip.MISSED] * 60


def test_an_hour_missed_makes_one_job() -> None:
    assert made(HOUR) == [Skip.MISSED] * 59 + [None]
    assert made([late + 3600 for late in HOUR]) == [Skip.MISSED] * 59 + [None]


def test_an_hour_missed_makes_a_job_for_each() -> None:
    allowed = {"missed": Missed.ALL, "overlap": Overlap.ALLOW}
    assert made(HOUR, **allowed) == [None] * 60  # type: ignore[arg-type]
    assert made(HOUR, missed=Missed.ALL) == [None] + [WAIT] * 59, "one after another"
    assert made([late + 600 for late in HOUR], missed=Missed.ALL) == [None] + [WAIT] * 59


def test_missed_fires_that_are_too_old_make_none() -> None:
    found = made(HOUR, missed=Missed.ALL, overlap=Overlap.ALLOW, catchup_s=600)
    assert found == [Skip.TOO_OLD] * 50 + [None] * 10
    assert made([GRACE_S + 1.0], catchup_s=60) == [Skip.TOO_OLD]


def test_the_last_of_a_page_is_not_the_latest() -> None:
    assert made([90.0, 30.0], more=True) == [Skip.MISSED] * 2
    assert made([90.0, 30.0], more=True, missed=Missed.ALL, overlap=Overlap.ALLOW) == [None, None]


def test_overlap() -> None:
    assert made([0.0], jobs=1) == [Skip.OVERLAP]
    assert made([0.0], jobs=1, overlap=Overlap.ALLOW) == [None]
    assert made([0.0], jobs=1, overlap=Overlap.CANCEL_RUNNING) == [None]
    assert made([0.0], jobs=1, overlap=Overlap.QUEUE_ONE) == [WAIT]
    assert made([0.0], jobs=1, waiting=True, overlap=Overlap.QUEUE_ONE) == [Skip.OVERLAP]
    assert made([0.0], waiting=True) == [Skip.OVERLAP], "the next one is about to begin"
    assert made(HOUR, missed=Missed.ALL, overlap=Overlap.CANCEL_RUNNING) == [Skip.OVERLAP] * 59 + [None]


@pytest.mark.parametrize("reason", [Skip.TOO_MANY_OPEN_JOBS, Skip.TOO_MANY_QUEUES])
def test_what_the_tenant_has_no_room_for(reason: Skip) -> None:
    room = iter([None, None, reason, reason])
    found = decide(
        spec(missed=Missed.ALL, overlap=Overlap.ALLOW), [240.0, 180.0, 120.0, 0.0], more=False, busy=Busy(),
        refuse=lambda: next(room),
    )  # fmt: skip
    assert found == [None, None, reason, reason]


def test_the_ids_of_jobs_derive_from_the_row() -> None:
    written = AT + timedelta(seconds=3, milliseconds=250)
    run = Run(TENANT, "nightly", AT, written)
    assert run.job_id == Run(TENANT, "nightly", AT, written).job_id
    assert run.job_id is not None
    assert len(run.job_id) == 24
    assert int(run.job_id[:8], 16) == to_ms(written) // 1000
    others = {
        Run(TENANT, "nightly", AT + timedelta(milliseconds=1), written).job_id,
        Run(TENANT, "x", AT, written).job_id,
    }
    assert len(others | {run.job_id}) == 3
    assert Run(TENANT, "nightly", AT, written, skipped=Skip.MISSED).job_id is None
    assert Run(TENANT, "nightly", AT, written, open=True, waiting=True).job_id is None


def test_jitter_derives_from_the_fire() -> None:
    jittered = spec(jitter_s=60)
    late = [due_at(TENANT, "nightly", jittered, AT + timedelta(days=n)) - AT - timedelta(days=n) for n in range(50)]
    assert all(timedelta() <= each < timedelta(seconds=60) for each in late)
    assert len(set(late)) > 40
    assert due_at(TENANT, "nightly", jittered, AT) == due_at(TENANT, "nightly", jittered, AT)
    assert due_at(TENANT, "nightly", spec(), AT) == AT
