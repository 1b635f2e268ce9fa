"""The collector's settings in a function."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib import gc_tuning


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_objects_of_the_start_are_never_scanned_again() -> None:
    gc.unfreeze()
    gc_tuning.spare()
    assert gc.get_freeze_count() > 1_000


@pytest.mark.parametrize("entry", ["app", "worker_fn.handler", "websocket_fn.handler"])
def test_the_start_of_a_function_makes_no_pass(entry: str) -> None:
    script = f"""if True:
        import gc
        gc.set_threshold(2_000, 10, 10)  # that of the deployed Python
        from chalicelib import gc_tuning
        import chalicelib.settings
        if {entry.startswith("worker_fn")}:
            import worker_fn
        before = sum(each["collections"] for each in gc.get_stats())
        import {entry}
        print(sum(each["collections"] for each in gc.get_stats()) - before)"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env={
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1", "MONGODB_URI": "mongodb://x", "REDIS_URL": "redis://x",
            "SECRET_KEY": "0123456789abcdef" * 2,
        },
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert int(done.stdout) == 0


def test_the_collector_still_frees_cycles() -> None:
    gc_tuning.spare()
    assert gc.isenabled() and gc.get_threshold()[0] == gc_tuning.YOUNG
    passes = gc.get_stats()[0]["collections"]
    kept: list[list[object]] = []
    for _ in range(gc_tuning.YOUNG + 1_000):
        kept.append([])
    assert gc.get_stats()[0]["collections"] > passes
