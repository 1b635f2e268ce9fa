"""The routines run in order, and what they put right is counted."""

from __future__ import annotations

import pytest

from chalicelib.domain.jobs import JobStatus
from tests.crash import CrashError, crash
from tests.timed import Timed

pytestmark = pytest.mark.integration


def test_what_a_routine_puts_right_is_counted_for_monitoring(timed: Timed) -> None:
    job = timed.submit(delay_s=1.0)
    timed.travel(1)

    timed.container.sweeper.sweep()

    assert timed.status(job) is JobStatus.PENDING
    mended = timed.container.sweeper.mended()
    assert mended["promotion"] == 1
    assert sum(mended.values()) == 1


def test_what_is_caught_up_is_counted_with_the_next_sweep(timed: Timed) -> None:
    timed.submit(delay_s=1.0)
    timed.travel(1)
    timed.container.sweeper.catch_up()
    assert timed.container.sweeper.mended()["promotion"] == 0

    timed.container.sweeper.sweep()

    assert timed.container.sweeper.mended()["promotion"] == 1


def test_counts_that_cannot_be_written_are_kept(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    timed.submit(delay_s=1.0)
    timed.travel(1)
    with monkeypatch.context() as patched:
        patched.setattr(timed.container.routine_counts, "add", crash)
        timed.container.sweeper.sweep()

    timed.container.sweeper.flush()

    assert timed.container.sweeper.mended()["promotion"] == 1


def test_an_error_names_its_routine(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed.container.pauses, "run", crash)

    with pytest.raises(CrashError) as caught:
        timed.container.sweeper.sweep()

    assert caught.value.__notes__ == ["in the routine pauses"]


def test_each_routine_has_a_name_of_its_own(timed: Timed) -> None:
    names = list(timed.container.sweeper.mended())
    assert len(set(names)) == len(names) > 5
    assert all(name.islower() and name.isidentifier() for name in names)
