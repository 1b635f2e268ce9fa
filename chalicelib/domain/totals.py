"""Cumulative counts per task and queue, over all owners. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from chalicelib.domain.histogram import merged

#: Maximum number of pairs of task and queue; later ones are summed under ``OTHER``.
MAX_PAIRS: Final = 100
OTHER: Final = "other"


class TaskTotals(NamedTuple):
    """Attempts of one task in one queue. The keys of ``counts`` are ``domain.rollups.COUNTERS``."""

    task: str
    queue: str
    counts: Mapping[str, int]
    #: Wait (ready to start) and run (start to end): attempts by bucket (``domain.histogram``).
    wait: Mapping[int, int]
    run: Mapping[int, int]


def bounded(totals: Iterable[TaskTotals]) -> list[TaskTotals]:
    """Return the first ``MAX_PAIRS`` and the sum of the rest, so that queue names cannot flood a monitoring system."""
    listed = list(totals)
    kept, rest = listed[:MAX_PAIRS], listed[MAX_PAIRS:]
    return [*kept, _sum(OTHER, OTHER, rest)] if rest else kept


def by_task(totals: Iterable[TaskTotals]) -> list[TaskTotals]:
    """Sum over queues, because queue names are private to their owners; ``queue`` is then empty."""
    groups: dict[str, list[TaskTotals]] = {}
    for each in totals:
        groups.setdefault(each.task, []).append(each)
    return [_sum(task, "", group) for task, group in groups.items()]


def _sum(task: str, queue: str, totals: list[TaskTotals]) -> TaskTotals:
    counts: dict[str, int] = {}
    for each in totals:
        for name, n in each.counts.items():
            counts[name] = counts.get(name, 0) + n
    return TaskTotals(
        task,
        queue,
        counts,
        wait=merged([_stored(each.wait) for each in totals]),
        run=merged([_stored(each.run) for each in totals]),
    )


def _stored(histogram: Mapping[int, int]) -> dict[str, int]:
    return {str(bucket): n for bucket, n in histogram.items()}
