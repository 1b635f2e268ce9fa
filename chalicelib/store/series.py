"""Reads roll-ups (collection ``rollups``, documents: ``domain.rollups``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pymongo.database import Database

from chalicelib.domain.rollups import COUNTERS, Frame
from chalicelib.store.client import Document

#: Time limit of a query, in ms.
MAX_TIME_MS: Final = 3_000
#: Maximum number of roll-ups that one answer about queues is computed from.
MAX_ROLLUPS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rollup:
    """Counts of one tenant, queue, task and span; histograms by bucket (``domain.histogram``)."""

    tenant_id: str
    queue: str
    task: str
    start: datetime
    counts: Mapping[str, int]
    wait: Mapping[str, int]
    run: Mapping[str, int]


class SeriesStore:
    """Reads roll-ups; workers write them."""

    def __init__(self, db: Database[Document]) -> None:
        self._rollups = db.rollups

    def read(
        self,
        tenant_id: str | None,
        frame: Frame,
        *,
        queue: str | None = None,
        task: str | None = None,
        end: datetime | None = None,
    ) -> Iterator[Rollup]:
        """Yield the roll-ups of the frame, unordered, before ``end`` if given; of all tenants if ``tenant_id`` is
        ``None``.
        """
        starts = {"$gte": frame.first} if end is None else {"$gte": frame.first, "$lt": end}
        query: Document = {"span": frame.span.value, "start": starts}
        for name, value in (("tenant_id", tenant_id), ("queue", queue), ("task", task)):
            if value is not None:
                query[name] = {"$eq": value}
        for found in self._rollups.find(query).max_time_ms(MAX_TIME_MS):
            counts = {name: int(found.get(name, 0)) for name in COUNTERS}
            yield Rollup(
                found["tenant_id"],
                found["queue"],
                found["task"],
                found["start"],
                counts,
                found.get("wait", {}),
                found.get("run", {}),
            )

    def completed_since(self, tenant_id: str, frame: Frame) -> dict[str, int]:
        """Return the jobs that completed or went to the DLQ per queue, over the frame."""
        query = {"span": frame.span.value, "tenant_id": tenant_id, "start": {"$gte": frame.first}}
        pipeline: list[Document] = [
            {"$match": query},
            {"$limit": MAX_ROLLUPS},
            {"$project": {"queue": 1, "completed": 1, "dlq": 1}},
            {"$group": {"_id": "$queue", "ended": {"$sum": {"$add": [_number("completed"), _number("dlq")]}}}},
        ]
        found = self._rollups.aggregate(pipeline, maxTimeMS=MAX_TIME_MS, hint="tenant_span")
        return {str(queue["_id"]): int(queue["ended"]) for queue in found}

    def ended(
        self, tenant_id: str | None, frame: Frame, *, queue: str | None = None, task: str | None = None
    ) -> dict[str, tuple[int, int]]:
        """Return the jobs that completed, and those that went to the DLQ, per task, over the frame; of all tenants if
        ``tenant_id`` is ``None``.
        """
        match: Document = {"span": frame.span.value, "start": {"$gte": frame.first}}
        chosen = (("tenant_id", tenant_id), ("queue", queue), ("task", task))
        match |= {name: {"$eq": value} for name, value in chosen if value is not None}
        sums = {name: {"$sum": _number(name)} for name in ("completed", "dlq")}
        stages: list[Document] = [{"$match": match}, {"$group": {"_id": "$task", **sums}}]
        found = self._rollups.aggregate(stages, maxTimeMS=MAX_TIME_MS)
        return {str(each["_id"]): (int(each["completed"]), int(each["dlq"])) for each in found}


def _number(name: str) -> Document:
    return {"$ifNull": [f"${name}", 0]}
