"""The routines run in order; their repairs and failures are counted."""

from __future__ import annotations

from unittest.mock import Mock

import orjson
import pytest
from pymongo.errors import AutoReconnect
from redis.exceptions import ConnectionError as RedisConnectionError

from chalicelib.domain.jobs import JobStatus
from chalicelib.errors import QueueClosed
from chalicelib.services.maintenance.sweeper import RoutineTotals
from tests.crash import crash
from tests.timed import Timed

pytestmark = pytest.mark.integration


def test_repairs_are_counted_for_monitoring(timed: Timed) -> None:
    job = timed.submit(delay_s=1.0)
    timed.travel(1)

    timed.container.sweeper.sweep()

    assert timed.status(job) is JobStatus.PENDING
    totals = timed.container.sweeper.totals()
    assert totals["promotion"].mended == 1
    assert sum(each.mended for each in totals.values()) == 1


def test_repairs_of_catch_up_are_counted_by_the_next_sweep(timed: Timed) -> None:
    timed.submit(delay_s=1.0)
    timed.travel(1)
    timed.container.sweeper.catch_up()
    assert timed.container.sweeper.totals()["promotion"].mended == 0

    timed.container.sweeper.sweep()

    assert timed.container.sweeper.totals()["promotion"].mended == 1


def test_counts_that_cannot_be_written_are_kept(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    timed.submit(delay_s=1.0)
    timed.travel(1)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.routine_counts, "add", crash)
        timed.container.sweeper.sweep()

    timed.container.sweeper.flush()

    assert timed.container.sweeper.totals()["promotion"].mended == 1


@pytest.mark.parametrize("error", [RedisConnectionError, AutoReconnect, QueueClosed])
def test_an_error_of_a_database_ends_the_sweep_and_names_its_routine(
    timed: Timed, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    monkeypatch.setattr(timed.container.promotion, "run", Mock(side_effect=error))
    monkeypatch.setattr(timed.container.pauses, "run", Mock())

    with pytest.raises(error) as caught:
        timed.container.sweeper.sweep()

    assert caught.value.__notes__ == ["in the routine promotion"]
    timed.container.pauses.run.assert_not_called()  # type: ignore[attr-defined]


def test_a_routine_with_a_bug_is_logged_and_counted_and_the_others_run(
    timed: Timed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    job = timed.submit(delay_s=1.0)
    timed.travel(1)
    monkeypatch.setattr(timed.container.held_jobs, "run", crash)

    assert timed.container.sweeper.sweep() == 1

    assert timed.status(job) is JobStatus.PENDING, "the routine after it ran"
    totals = timed.container.sweeper.totals()
    assert totals["held_jobs"] == RoutineTotals(failed=1)
    assert totals["promotion"] == RoutineTotals(mended=1)
    lines = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    [line] = [line for line in lines if line.get("event") == "routine_failed"]
    assert line["routine"] == "held_jobs"
    assert "CrashError" in line["exception"]
    timed.container.db.meta.update_many({}, {"$unset": {"failed": ""}})  # the audit after the test reports failures


def test_each_routine_has_a_name_of_its_own(timed: Timed) -> None:
    names = list(timed.container.sweeper.totals())
    assert len(set(names)) == len(names) > 5
    assert all(name.islower() and name.isidentifier() for name in names)
