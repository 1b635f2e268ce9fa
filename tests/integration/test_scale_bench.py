"""`bench/scale.py` with few jobs: the shape of its result, and the counts that do not depend on the machine."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator

import pytest

from bench import scale
from bench._life import KINDS
from bench._meters import Figures
from bench.scale import Bench

pytestmark = pytest.mark.integration
JOBS, ALONE = 10, 2
Found = dict[tuple[str, int], dict[str, Figures]]


@pytest.fixture(scope="module")
def found(redis_url: str, mongo_url: str) -> Iterator[Found]:
    bench = Bench(redis_url, mongo_url, io.StringIO(), f"scale-{uuid.uuid4().hex[:8]}")
    try:
        yield scale.measure(bench, JOBS, ALONE, least=1)
    finally:
        container = bench.container
        container.mongo.drop_database(container.settings.mongodb_database)
        container.redis.delete(*container.redis.scan_iter(container.keys.pattern, count=1000))
        bench.close()


def test_each_kind_and_size_is_measured_step_by_step(found: Found) -> None:
    assert found.keys() == {
        *((kind, size) for kind in KINDS for size in scale.SIZES), ("plain", 0), ("limits", 0)
    }  # fmt: skip
    for (kind, size), steps in found.items():
        expected = ["admit", "enqueue", "claim", "start", "settle"]
        if kind == "short":
            expected.remove("start")
        assert [*steps] == (expected if size else ["all"])


@pytest.mark.parametrize(("kind", "size"), [("plain", 1), ("plain", 10), ("plain", 100), ("short", 10), ("limits", 10)])
def test_each_step_is_one_script_for_the_whole_batch(found: Found, kind: str, size: int) -> None:
    for step, figures in found[kind, size].items():
        calls = figures["scripts"] * size
        # jobs under limits stand in several lanes, which a claim may not empty at once
        assert calls >= 1 if kind == "limits" and step == "claim" else calls == pytest.approx(1, abs=0.05), step
    limited_only = found[kind, size]["admit"]
    besides = (limited_only["commands"] - limited_only["scripts"]) * size
    assert besides == pytest.approx(1 if kind == "limits" else 0, abs=0.05)


def test_an_ecpu_is_at_least_a_command_and_a_kb(found: Found) -> None:
    for steps in found.values():
        for figures in steps.values():
            assert figures["ecpu"] >= max(figures["commands"], figures["kb_in"] + figures["kb_out"]) - 0.01
            assert figures["kb_in"] > 0


def test_records_are_written_when_jobs_are_submitted_start_and_end(found: Found) -> None:
    steps = found["plain", 1]
    assert steps["admit"]["mongodb_ops"] == 0
    for step in ("enqueue", "claim", "start", "settle"):
        assert steps[step]["mongodb_ops"] >= 1, step
    for step in ("enqueue", "start", "settle"):
        assert steps[step]["journal_kb"] > 0, step


def test_a_worker_alone_needs_all_steps_and_its_own_calls(found: Found) -> None:
    assert found["plain", 0]["all"]["scripts"] >= 5


def test_a_row_has_the_medians_and_the_range_of_its_runs(found: Found) -> None:
    row = scale.row("plain", 10, [found["plain", 10]] * 3)
    assert row["job"]["ecpu"] == pytest.approx(sum(step["ecpu"] for step in row["steps"].values()), abs=0.01)
    assert row["spread"]["ecpu"]["runs"] == 3
    assert {"commands", "scripts", "script_us", "valkey_us", "kb_in", "kb_out", "mongodb_us"} <= row["job"].keys()


def test_a_simple_command_is_measured(redis_url: str, mongo_url: str) -> None:
    bench = Bench(redis_url, mongo_url, io.StringIO(), f"scale-{uuid.uuid4().hex[:8]}")
    try:
        figures = bench.meters.simple_command(redis_url, 3, 5)
    finally:
        container = bench.container
        container.mongo.drop_database(container.settings.mongodb_database)
        container.redis.delete(*container.redis.scan_iter(container.keys.pattern, count=1000))
        bench.close()
    assert figures.keys() == {"command_us", "valkey_us"}
    assert all(value >= 0 for value in figures.values())
