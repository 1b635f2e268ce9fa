"""What a worker writes for the keeper of its leases, and what the keeper does with it."""

from __future__ import annotations

import io
import mmap
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log
from tests.support import wait_until
from worker_fn.lease_keeper import SIZE, LeaseKeeper, is_stopped, read


@pytest.fixture
def keeper() -> Iterator[LeaseKeeper]:
    keeper = LeaseKeeper("w", Settings("m", "r", "k" * 32), interval_s=60, log=Log("keeper", stream=io.StringIO()))
    keeper.start()
    yield keeper
    keeper.close()


def table(keeper: LeaseKeeper) -> mmap.mmap:
    found = keeper._map
    assert found is not None
    return found


def test_attempts_that_have_begun_and_have_time_left_are_kept(keeper: LeaseKeeper) -> None:
    keeper.beat({"running": 2}, lambda: [("a", "x", 200.0), ("b", "y", 100.0)])
    keeper.began("c", "z", 300.0)
    assert read(table(keeper), 150.0) == ('{"running":2}', {"a": "x", "c": "z"})

    keeper.beat({"running": 1}, lambda: [("c", "z", 300.0)])
    assert read(table(keeper), 0.0) == ('{"running":1}', {"c": "z"})


def test_leases_that_do_not_fit_are_left_out(keeper: LeaseKeeper) -> None:
    keeper.beat({}, list)
    for n in range(SIZE // 30):
        keeper.began(f"{n:024}", "token", 1e9)
    _, leases = read(table(keeper), 0.0)
    assert SIZE // 50 < len(leases) < SIZE // 30

    keeper.beat({}, lambda: [("last", "token", 1e9)])
    assert read(table(keeper), 0.0)[1] == {"last": "token"}


def test_a_keeper_ends_with_its_worker() -> None:
    """Which is killed, so that it cannot say so."""
    script = """if True:
        import io, sys, time
        from chalicelib.settings import Settings
        from chalicelib.telemetry.logger import Log
        from worker_fn.lease_keeper import LeaseKeeper
        keeper = LeaseKeeper("w", Settings("m", "r", "k" * 32), interval_s=60, log=Log("keeper", stream=io.StringIO()))
        keeper.start()
        print(keeper._process.pid, flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        keeper = int(worker.stdout.readline())
        assert is_stopped(keeper) is False
        worker.send_signal(signal.SIGSTOP)
        wait_until(lambda: is_stopped(worker.pid), what="the worker stopped")
        worker.kill()
        assert worker.stdout.read() == ""  # its end of the pipe is closed when it has ended


def test_nothing_is_kept_once_it_is_closed(keeper: LeaseKeeper) -> None:
    keeper.close()
    keeper.beat({}, list)
    keeper.began("a", "x", 1.0)
    assert keeper._process is not None and keeper._process.returncode == -signal.SIGKILL
