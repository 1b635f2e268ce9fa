"""Counts per task and queue, and their text for Prometheus."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chalicelib.domain.histogram import MAX_BUCKET, bucket
from chalicelib.domain.totals import MAX_PAIRS, OTHER, TaskTotals, bounded, by_task
from chalicelib.telemetry.prometheus import Durations, Sample, exposition


def totals(task: str, queue: str, started: int = 1) -> TaskTotals:
    return TaskTotals(task, queue, {"started": started}, {3: started}, {5: 2 * started})


def test_queues_are_summed_where_their_names_must_not_show() -> None:
    assert by_task([totals("a", "x", 1), totals("b", "x", 5), totals("a", "y", 2)]) == [
        totals("a", "", 3),
        totals("b", "", 5),
    ]


def test_labels_are_bounded_and_nothing_is_lost() -> None:
    many = [totals("t", f"q{n}") for n in range(MAX_PAIRS + 7)]
    kept = bounded(many)
    assert len(kept) == MAX_PAIRS + 1
    assert kept[:MAX_PAIRS] == many[:MAX_PAIRS]
    assert kept[-1] == totals(OTHER, OTHER, 7)
    assert bounded(many[:3]) == many[:3]


def test_histograms_are_cumulative_and_end_with_all() -> None:
    durations = Durations(
        "job_run_seconds", "Run.", {0: 1, bucket(5): 2, bucket(70_000): 3, MAX_BUCKET: 4}, {"task": "t"}
    )
    (family,) = text_string_to_metric_families(exposition([], [durations]))
    assert (family.name, family.type) == ("queuecraft_job_run_seconds", "histogram")
    counts = [s.value for s in family.samples if s.name.endswith("_bucket")]
    assert counts == sorted(counts) and counts[0] == 1 and counts[-1] == 10
    by_bound = {s.labels["le"]: s.value for s in family.samples if s.name.endswith("_bucket")}
    assert float(next(iter(by_bound))) == pytest.approx(0.001) and by_bound["+Inf"] == 10
    (count,) = [s.value for s in family.samples if s.name.endswith("_count")]
    assert count == 10


def test_label_values_are_escaped_and_help_occurs_once() -> None:
    text = exposition([Sample("x", "gauge", "X.", n, {"queue": 'a"b\\c\nd'}) for n in (1, 2)])
    assert text.count("# HELP") == 1
    (family,) = text_string_to_metric_families(text)
    assert family.samples[0].labels == {"queue": 'a"b\\c\nd'}
