"""The collector's settings in a function."""

from __future__ import annotations

import gc
from collections.abc import Iterator

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


def test_the_collector_still_frees_cycles() -> None:
    gc_tuning.spare()
    assert gc.isenabled() and gc.get_threshold()[0] == gc_tuning.YOUNG
    passes = gc.get_stats()[0]["collections"]
    kept: list[list[object]] = []
    for _ in range(gc_tuning.YOUNG + 1_000):
        kept.append([])
    assert gc.get_stats()[0]["collections"] > passes
