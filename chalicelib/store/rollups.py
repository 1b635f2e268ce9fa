"""Writes roll-ups (collection ``rollups``, documents: ``domain.rollups``). ``store.series`` reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from pymongo import UpdateOne
from pymongo.database import Database

from chalicelib.domain.rollups import KEPT, SPAN_S, Span, rollup_id, span_start
from chalicelib.store.client import Document
from chalicelib.store.totals import Increments, TotalStore

__all__ = ["Increments", "RollupStore"]

#: Updates sent at once.
_UPDATES: Final = 500


class RollupStore:
    """Adds to roll-ups. Several workers may do so at once."""

    def __init__(self, db: Database[Document]) -> None:
        self._rollups = db.rollups
        self._totals = TotalStore(db)

    def add(self, increments: Iterable[Increments]) -> None:
        """Add each to its four spans. A call repeated after an error may add some twice."""
        increments = list(increments)
        updates = [_update(each, span) for each in increments for span in Span]
        if updates:
            self._rollups.bulk_write(updates, ordered=False)
            self._totals.add(increments)

    def raise_to(self, counted: Iterable[Increments], span: Span) -> None:
        """Raise the counts of one span each to those given; greater ones stay. Safe to repeat."""
        updates = [_update(each, span, "$max") for each in counted]
        for first in range(0, len(updates), _UPDATES):
            self._rollups.bulk_write(updates[first : first + _UPDATES], ordered=False)


def _update(each: Increments, span: Span, change: str = "$inc") -> UpdateOne:
    start = span_start(each.minute, span)
    counts: dict[str, int] = {name: n for name, n in each.counts.items() if n}
    for name, histogram in (("wait", each.wait), ("run", each.run)):
        counts.update({f"{name}.{bucket}": n for bucket, n in histogram.items()})
    fixed = {
        "tenant_id": each.tenant_id,
        "queue": each.queue,
        "task": each.task,
        "span": span.value,
        "start": start,
        "expires_at": start + timedelta(seconds=SPAN_S[span]) + KEPT[span],
    }
    where = {"_id": rollup_id(each.tenant_id, each.queue, each.task, span, start)}
    return UpdateOne(where, {change: counts, "$setOnInsert": fixed}, upsert=True)
