"""What became of all jobs of a task in a queue, whoever they belong to: sums that only grow. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.histogram import merged

#: Pairs of task and queue that are told apart; those that came later are summed up under ``OTHER``.
MAX_PAIRS: Final = 100
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class TaskTotals:
    """Attempts of one task in one queue. ``counts`` by the names of ``domain.rollups.COUNTERS``."""

    task: str
    queue: str
    counts: Mapping[str, int]
    #: From being ready to the start, and from the start to the end: attempts by bucket (``domain.histogram``).
    wait: Mapping[int, int]
    run: Mapping[int, int]


def bounded(totals: Iterable[TaskTotals]) -> list[TaskTotals]:
    """The first ``MAX_PAIRS`` as they are, the rest as one; so that nobody's queue names fill a monitoring system."""
    listed = list(totals)
    kept, rest = listed[:MAX_PAIRS], listed[MAX_PAIRS:]
    return [*kept, _sum(OTHER, OTHER, rest)] if rest else kept


def by_task(totals: Iterable[TaskTotals]) -> list[TaskTotals]:
    """Summed over queues, whose names are their owners' own; ``queue`` is empty then."""
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
