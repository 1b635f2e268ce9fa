"""Parked lanes whose jobs were all cancelled leave, also where their limit lets nobody begin."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue import limit_instances
from chalicelib.queue.census import Census
from chalicelib.queue.lanes import lane
from chalicelib.queue.limit_instances import Definition
from tests.ready import numbers, parked
from tests.script_harness import TENANT, ScriptHarness

pytestmark = pytest.mark.integration
OTHER = "c" * 24


def withdraw(harness: ScriptHarness, *jobs: Job) -> None:
    harness.engine.withdraw([job.with_(status=JobStatus.CANCELLED) for job in jobs], [[] for _ in jobs])


def test_they_are_dropped_where_a_limit_is_paused(harness: ScriptHarness, limits: Any) -> None:
    limits.define([Definition("*", "k", keyed=True, paused=True)])
    gone = [harness.put_new(1, f"k:{n}")[0] for n in range(5)]
    stays = harness.put_new(1, "k:stays")[0]
    harness.engine.pause(TENANT, "paused", paused=True, events=[])
    gone.append(harness.put_new(1, queue="paused", pool="")[0])
    harness.claim(100)
    withdraw(harness, *gone)
    assert len(numbers(harness.redis, harness.keys)) == 7
    assert limits.drop_emptied(b"") == (b"", 6)
    assert parked(harness.redis, harness.keys) == {f"{TENANT}/k:stays": [lane(TENANT, "default", "", ("k:stays",))]}
    assert set(numbers(harness.redis, harness.keys)) == {lane(TENANT, "default", "", ("k:stays",))}
    assert harness.redis.zcard(harness.keys.special) == 1
    assert Census(harness.redis, harness.container.scripts).differences() == []
    limits.define([Definition("*", "k", keyed=True)])
    assert harness.claim().ids == [stays.id]


def test_a_group_leaves_a_shared_instance_with_its_last_lane(harness: ScriptHarness, limits: Any) -> None:
    limits.define([Definition("*", "all", paused=True)])
    gone = [*harness.put_new(1, "*all"), *harness.put_new(1, "*all", queue="q")]
    stays = harness.put_new(1, "*all", tenant_id=OTHER)[0]
    gone += harness.put_new(1, "*all", "k:1", tenant_id=OTHER)
    harness.claim(100)
    withdraw(harness, *gone)
    assert limits.drop_emptied(b"")[1] == 3
    assert Census(harness.redis, harness.container.scripts).differences() == []
    assert harness.redis.zcard(harness.keys.parked) == 2, "a group and its lane"
    limits.define([Definition("*", "all")])
    assert harness.claim().ids == [stays.id]


def test_the_sweep_goes_through_all_of_them(
    harness: ScriptHarness, limits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit_instances, "CHECKED_LANES", 10)
    limits.define([Definition("*", "k", keyed=True, paused=True)])
    jobs = [harness.put_new(1, f"k:{n}")[0] for n in range(35)]
    harness.claim(100)
    withdraw(harness, *jobs[::2])
    assert harness.container.parked_lanes.run() == 0
    assert len(numbers(harness.redis, harness.keys)) == 17
