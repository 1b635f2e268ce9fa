"""The outbox: what must still happen after ends of jobs. Field ``outbox`` in collection ``jobs``, absent if empty.

The update that writes an end writes its entries too. Here they are only read and removed, which leaves ``rev``
unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.database import Database

from chalicelib.domain.jobs import OutboxEntry
from chalicelib.store.client import Document
from chalicelib.store.documents import HEAVY
from chalicelib.store.reading import Page, page_of

MAX_TIME_MS: Final = 5_000


class OutboxStore:
    """Several processes may remove the same entry."""

    def __init__(self, db: Database[Document]) -> None:
        self._jobs = db.jobs

    def waiting(self, kind: str, before: datetime, after: str | None, limit: int) -> Page:
        """Return the next ``limit`` jobs, by id, changed before a time, with an entry of ``kind``, without heavy
        fields.
        """
        match: Document = {"outbox.kind": kind, "updated_at": {"$lt": before}}
        if after is not None:
            match["_id"] = {"$gt": ObjectId(after)}
        found = self._jobs.find(match, HEAVY).sort("_id", 1).limit(limit)
        return page_of(found.hint("outbox").max_time_ms(MAX_TIME_MS), limit)

    def remove(self, job_id: str, entry: OutboxEntry) -> None:
        """Remove an entry, and with the last one the field. An entry that does not exist is no error."""
        self._jobs.update_one(*_removal(job_id, entry))

    def remove_all(self, entries: Sequence[tuple[str, OutboxEntry]]) -> None:
        """Remove entries of jobs, (job id, entry), as ``remove`` does."""
        self._jobs.bulk_write([UpdateOne(*_removal(job_id, entry)) for job_id, entry in entries], ordered=False)


def _removal(job_id: str, entry: OutboxEntry) -> tuple[Document, list[Document]]:
    """Return the condition and the pipeline that remove an entry."""
    done = {"id": entry.id, "kind": entry.kind, "series": entry.series}
    left = {"$filter": {"input": "$outbox", "cond": {"$ne": ["$$this", {"$literal": done}]}}}
    return {"_id": ObjectId(job_id), "outbox": done}, [
        {"$set": {"outbox": left}},
        {"$set": {"outbox": {"$cond": [{"$eq": ["$outbox", []]}, "$$REMOVE", "$outbox"]}}},
    ]
