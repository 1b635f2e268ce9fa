"""Cumulative counts per task and queue for monitoring (collection ``totals``); unused pairs are deleted after 30
days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo import UpdateOne
from pymongo.database import Database

from chalicelib.domain.rollups import COUNTERS
from chalicelib.domain.totals import MAX_PAIRS, TaskTotals
from chalicelib.store.client import Document

KEPT: Final = timedelta(days=30)
#: Maximum number of pairs read: more than are shown, so that the rest is summed.
READ: Final = 10 * MAX_PAIRS


@dataclass(slots=True)
class Increments:
    """What to add to the roll-ups of one tenant, queue, task and minute."""

    tenant_id: str
    queue: str
    task: str
    minute: datetime
    #: By the names of ``domain.rollups.COUNTERS``.
    counts: Counter[str] = field(default_factory=Counter)
    #: By bucket (``domain.histogram``).
    wait: Counter[int] = field(default_factory=Counter)
    run: Counter[int] = field(default_factory=Counter)


class TotalStore:
    """Reads and adds counts. Several workers may add at once."""

    def __init__(self, db: Database[Document]) -> None:
        self._totals = db.totals

    def add(self, increments: Iterable[Increments]) -> None:
        """Add each to the counts of its task and queue."""
        self._totals.bulk_write([_update(each) for each in increments], ordered=False)

    def read(self) -> list[TaskTotals]:
        """Return the counts of all pairs, oldest pair first."""
        found = self._totals.find({}, sort=[("since", 1), ("_id", 1)], limit=READ)
        return [_totals(document) for document in found]


def _update(each: Increments) -> UpdateOne:
    added: dict[str, int] = {f"counts.{name}": n for name, n in each.counts.items() if n}
    for name, histogram in (("wait", each.wait), ("run", each.run)):
        added.update({f"{name}.{bucket}": n for bucket, n in histogram.items()})
    changes: dict[str, Any] = {
        "$max": {"expires_at": each.minute + KEPT},
        "$setOnInsert": {"task": each.task, "queue": each.queue, "since": each.minute},
    }
    if added:
        changes["$inc"] = added
    return UpdateOne({"_id": f"{each.task}|{each.queue}"}, changes, upsert=True)


def _totals(document: Mapping[str, Any]) -> TaskTotals:
    counts = document.get("counts", {})
    return TaskTotals(
        task=document["task"],
        queue=document["queue"],
        counts={name: counts.get(name, 0) for name in COUNTERS},
        wait={int(bucket): n for bucket, n in document.get("wait", {}).items()},
        run={int(bucket): n for bucket, n in document.get("run", {}).items()},
    )
