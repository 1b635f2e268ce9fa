"""Throughput, failures and latencies over time, from roll-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.clock import Clock
from chalicelib.domain.histogram import merged, percentile_ms
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.rollups import COUNTERS, SPAN_S, Window, frame

if TYPE_CHECKING:
    from chalicelib.store.series import Rollup, SeriesStore

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Percentiles:
    """In ms, within 10 %; ``None`` when nothing was counted."""

    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and latencies of a set of roll-ups. ``failed`` counts attempts, ``dlq`` jobs."""

    started: int
    completed: int
    failed: int
    retried: int
    dlq: int
    wait: Percentiles
    run: Percentiles


@dataclass(frozen=True, slots=True)
class Series:
    """``spans`` are in order and without gaps; spans without work are zero."""

    window: Window
    span_s: int
    spans: tuple[tuple[datetime, Tally], ...]
    tasks: dict[str, Tally]
    queues: dict[str, Tally]
    total: Tally


class SeriesService:
    """Time series of the caller's tenant; of all tenants for an operator."""

    def __init__(self, store: SeriesStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def series(self, principal: Principal, window: Window, *, task: str | None, queue: str | None) -> Series:
        """Return the series of the window that ends now, of one task or queue if given."""
        shown = frame(window, self._clock.now())
        tenant_id = None if principal.may_read(Scope.ALL) else principal.tenant_id
        rollups = list(self._store.read(tenant_id, shown, queue=queue, task=task))
        by_start = _grouped(rollups, lambda rollup: rollup.start)
        return Series(
            window=window,
            span_s=SPAN_S[shown.span],
            spans=tuple((start, tally(by_start.get(start, []))) for start in shown.starts),
            tasks={name: tally(of) for name, of in sorted(_grouped(rollups, lambda r: r.task).items())},
            queues={name: tally(of) for name, of in sorted(_grouped(rollups, lambda r: r.queue).items())},
            total=tally(rollups),
        )


def tally(rollups: Iterable[Rollup]) -> Tally:
    """Return the sum of roll-ups."""
    found = list(rollups)
    counts = {name: sum(rollup.counts[name] for rollup in found) for name in COUNTERS}
    wait, run = merged(r.wait for r in found), merged(r.run for r in found)
    return Tally(**counts, wait=_percentiles(wait), run=_percentiles(run))


def _percentiles(histogram: dict[int, int]) -> Percentiles:
    return Percentiles(*(percentile_ms(histogram, q) for q in (0.5, 0.95, 0.99)))


def _grouped(rollups: Iterable[Rollup], key: Callable[[Rollup], K]) -> dict[K, list[Rollup]]:
    groups: dict[K, list[Rollup]] = {}
    for rollup in rollups:
        groups.setdefault(key(rollup), []).append(rollup)
    return groups
