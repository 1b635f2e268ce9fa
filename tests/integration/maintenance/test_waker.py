"""Workers and managers are woken for waiting jobs and connections."""

from __future__ import annotations

import pytest

from chalicelib.errors import QueueClosed
from tests.crash import crash
from tests.timed import Timed

pytestmark = pytest.mark.integration


def test_waiting_jobs_wake_a_worker(timed: Timed) -> None:
    timed.submit()
    timed.container.redis.delete(timed.container.keys.waking)
    timed.invocations.made.clear()
    timed.container.waker.check()
    assert [event for _, event in timed.invocations.made if event["source"] == "wake_up"] != []


def test_a_closed_queue_wakes_a_worker(timed: Timed) -> None:
    timed.container.redis.delete(timed.container.keys.epoch)
    assert timed.container.waker.check()
    with pytest.raises(QueueClosed):
        timed.container.sweeper.catch_up()
    timed.container.sweeper.sweep()


def test_a_wake_up_that_fails_is_no_error(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed.invocations, "invoke_async", crash)
    timed.container.waker.wake_worker()
