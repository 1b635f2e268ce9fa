"""Metrics of the alarms: measured on real servers, written in CloudWatch's embedded metric format."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.jobs import PRIORITY_AGE_MS
from chalicelib.queue.vitals import Vitals, VitalSigns
from chalicelib.settings import Settings
from tests.container import Container
from tests.ready import put_ready, rotate

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


def read(container: Container, shards: int = 2) -> Vitals:
    return VitalSigns(container.redis, container.keys, container.engine, shards).read(NOW_MS)


def test_an_empty_queue(container: Container) -> None:
    assert read(container) == Vitals(0.0, 0, 0, 0)


def test_the_oldest_ready_job_is_found_among_several_groups(container: Container) -> None:
    # Given lanes of several groups
    waits = {"default/a/default": [(5, 5), (5, 90), (4, 70)], "default/b/mail": [(5, 60)]}
    for lane, jobs in waits.items():
        for n, (priority, seconds) in enumerate(jobs):
            place = NOW_MS - seconds * 1000 - (priority - 5) * PRIORITY_AGE_MS
            put_ready(container.redis, container.keys, lane, f"{lane}{n}", place)
        rotate(container.redis, container.keys, lane)
    assert read(container).oldest_ready_s == 90


def test_expired_workers_do_not_count(container: Container) -> None:
    container.redis.zadd(container.keys.workers, {"alive": NOW_MS + 1000, "lapsed": NOW_MS - 1000})
    assert read(container).workers == 1


def test_shards_with_connections_and_no_manager_are_unattended(container: Container) -> None:
    keys = container.keys
    container.redis.zadd(keys.connections(0), {"one": NOW_MS, "two": NOW_MS})
    container.redis.zadd(keys.connections(1), {"three": NOW_MS})
    container.redis.set(keys.manager(1), "token", ex=60)
    for shard in (0, 1):
        container.redis.expire(keys.connections(shard), 60)
    vitals = read(container)
    assert (vitals.connections, vitals.unattended_shards) == (3, 1)


def test_deployed_workers_report_to_cloudwatch(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    # Given an open queue of a deployed stage
    container = Container(replace(settings, stage="production", stack_name="qc-test"))
    container.rebuilder.ensure_open()
    # When a worker reports
    container.vitals.report()
    container.close()
    # Then one line holds every number, by stack
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    written = json.loads(line)
    (directive,) = written["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "QueueCraft"
    assert [sorted(names) for names in directive["Dimensions"]] == [["service", "stack"]]
    assert (written["stack"], written["service"]) == ("qc-test", "worker")
    assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}["OldestJobAge"] == "Seconds"
    assert written["Heartbeat"] == [1.0] and written["DlqDepth"] == [0.0]


def test_a_local_worker_writes_no_metrics(container: Container, capsys: pytest.CaptureFixture[str]) -> None:
    container.vitals.report()
    assert capsys.readouterr().out == ""
