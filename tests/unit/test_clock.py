"""Ids: in order of time, in MongoDB's layout, unique."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from bson import ObjectId

from chalicelib.domain.clock import SystemClock, SystemIds


def test_ids_of_several_processes_within_a_second_are_in_order_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    base = 1_795_500_000_000_000_000
    processes = [SystemIds() for _ in range(20)]
    made = []
    for n, ids in enumerate(processes):
        monkeypatch.setattr(time, "time_ns", lambda at=base + n * 1_000_000: at)
        made.append(ids.object_id())

    assert made == sorted(made)


def test_an_id_tells_its_second_as_mongodbs_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_795_500_000_999_999_999)

    made = ObjectId(SystemIds().object_id())

    assert made.generation_time == datetime.fromtimestamp(1_795_500_000, UTC)


def test_ids_made_at_once_differ_and_rise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_795_500_000_000_000_000)
    ids = SystemIds()

    made = [ids.object_id() for _ in range(1000)]

    assert len(set(made)) == 1000
    assert made == sorted(made)


def test_the_clock_is_in_utc_and_cut_to_milliseconds() -> None:
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
