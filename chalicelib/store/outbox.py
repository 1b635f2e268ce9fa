"""What must follow ends of jobs and is not done yet: ``outbox`` in collection ``jobs``, absent where there is none.

An end writes it in the update that writes the end. Here it is only read and taken away, which leaves ``rev`` alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bson import ObjectId
from pymongo.database import Database

from chalicelib.domain.jobs import Job, OutboxEntry
from chalicelib.store.client import Document
from chalicelib.store.documents import HEAVY, UNREADABLE, job_of
from chalicelib.store.jobs import Page

MAX_TIME_MS: Final = 5_000


class OutboxStore:
    """Any number of processes may take one entry away."""

    def __init__(self, db: Database[Document]) -> None:
        self._jobs = db.jobs

    def waiting(self, kind: str, before: datetime, after: str | None, limit: int) -> Page:
        """The next ``limit`` jobs, by id, that changed before a time and have an entry of ``kind``, without heavy
        fields."""
        match: Document = {"outbox.kind": kind, "updated_at": {"$lt": before}}
        if after is not None:
            match["_id"] = {"$gt": ObjectId(after)}
        jobs: list[Job] = []
        unreadable: dict[str, str] = {}
        last: str | None = None
        found = self._jobs.find(match, HEAVY).sort("_id", 1).limit(limit)
        for document in found.hint("outbox").max_time_ms(MAX_TIME_MS):
            last = str(document["_id"])
            try:
                jobs.append(job_of(document))
            except UNREADABLE as error:
                unreadable[last] = repr(error)
        return Page(jobs, unreadable, last if len(jobs) + len(unreadable) == limit else None)

    def remove(self, job_id: str, entry: OutboxEntry) -> None:
        """Take an entry away, and with the last one the field; one that is gone is no error."""
        done = {"id": entry.id, "kind": entry.kind, "series": entry.series}
        left = {"$filter": {"input": "$outbox", "cond": {"$ne": ["$$this", {"$literal": done}]}}}
        self._jobs.update_one(
            {"_id": ObjectId(job_id), "outbox": done},
            [
                {"$set": {"outbox": left}},
                {"$set": {"outbox": {"$cond": [{"$eq": ["$outbox", []]}, "$$REMOVE", "$outbox"]}}},
            ],
        )
