"""The search terms of stored records: which have an older form, and the progress of the walk that updates them.

Document of the walk, in collection ``meta``: ``{_id: "terms:<namespace>", version, walks, began_at, cursor}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.database import Database

from chalicelib.domain.terms import VERSION
from chalicelib.store.client import Document
from chalicelib.store.documents import terms_in

MAX_TIME_MS: Final = 5_000
_FIELDS: Final = {
    "rev": 1, "name": 1, "task": 1, "queue": 1, "tags": 1, "terms": 1, "status": 1, "error.type": 1, "error.message": 1,
    "replay_of": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Walk:
    """``walks`` over all records are done; the current one began at ``began_at`` and has reached ``cursor``."""

    walks: int
    began_at: datetime
    cursor: str | None = None


class TermStore:
    """Reads and updates terms by pages."""

    def __init__(self, db: Database[Document], namespace: str) -> None:
        self._jobs = db.jobs
        self._meta = db.meta
        self._id = f"terms:{namespace}"

    def walk(self, now: datetime) -> Walk:
        """Return the progress of the walk; it starts again when the form of terms has changed."""
        found = self._meta.find_one({"_id": self._id, "version": VERSION})
        if found is None:
            return Walk(0, now)
        return Walk(found["walks"], found["began_at"].replace(tzinfo=UTC), found["cursor"])

    def note(self, walk: Walk) -> None:
        """Save the progress of the walk."""
        state = {"version": VERSION, "walks": walk.walks, "began_at": walk.began_at, "cursor": walk.cursor}
        self._meta.update_one({"_id": self._id}, {"$set": state}, upsert=True)

    def mend(self, after: str | None, before: datetime, limit: int) -> tuple[int, str | None]:
        """Update the terms of the next ``limit`` records, by id, that were created before a time.

        Records that changed meanwhile are skipped. Returns how many had other terms, and the id to continue after,
        ``None`` at the end.
        """
        ids: Document = {"$lt": ObjectId.from_datetime(before)}
        if after is not None:
            ids["$gt"] = ObjectId(after)
        cursor = self._jobs.find({"_id": ids}, _FIELDS).sort("_id", 1).limit(limit)
        page = list(cursor.hint("_id_").max_time_ms(MAX_TIME_MS))
        changes = [
            UpdateOne({"_id": found["_id"], "rev": found["rev"]}, {"$set": {"terms": terms}})
            for found in page
            if (terms := terms_in(found)) != found.get("terms")
        ]
        mended = self._jobs.bulk_write(changes, ordered=False).modified_count if changes else 0
        return mended, str(page[-1]["_id"]) if len(page) == limit else None
