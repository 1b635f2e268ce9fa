"""What MongoDB records about the queue in Redis: its epoch and the progress of its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pymongo import ReturnDocument
from pymongo.database import Database

from chalicelib.store.client import Document

_QUEUE: Final = "queue"


@dataclass(frozen=True, slots=True)
class Mark:
    """A position in the event log. Redis has lost data if it is behind the mark."""

    epoch: int
    seq: int


class MetaStore:
    """One document of collection ``meta`` per namespace: ``{_id, epoch, seq, cursor, users, touched}``."""

    def __init__(self, db: Database[Document], namespace: str) -> None:
        self._meta = db.meta
        self._id = f"{_QUEUE}:{namespace}"

    def mark(self) -> Mark:
        """Return the high-water mark; zero before the first epoch."""
        found = self._meta.find_one({"_id": self._id}) or {}
        return Mark(found.get("epoch", 0), found.get("seq", 0))

    def next_epoch(self, known: int = 0) -> int:
        """Return the number of a new epoch, greater than all before, and than ``known``.

        A restored copy of the database has forgotten the epochs since, which processes still know.
        """
        newer = {"$add": [{"$max": [{"$ifNull": ["$epoch", 0]}, known]}, 1]}
        found = self._meta.find_one_and_update(
            {"_id": self._id},
            [{"$set": {"epoch": newer, "seq": 0}}],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(found["epoch"]) if found else 0

    def raise_mark(self, mark: Mark) -> None:
        """Record how far events have come; a lower mark is ignored."""
        self._meta.update_one({"_id": self._id, "epoch": mark.epoch}, {"$max": {"seq": mark.seq}})

    def touch(self) -> None:
        """Update the document, without creating it, to find out whether writes are possible."""
        self._meta.update_one({"_id": self._id}, {"$inc": {"touched": 1}})

    def set_cursor(self, cursor: str | None, walk: str = "cursor") -> None:
        """Save where a walk continues, by default that over open jobs; ``None`` restarts it."""
        self._meta.update_one({"_id": self._id}, {"$set": {walk: cursor}})

    def cursor(self, walk: str = "cursor") -> str | None:
        """Return where a walk continues."""
        found = self._meta.find_one({"_id": self._id}, {walk: 1}) or {}
        cursor: str | None = found.get(walk)
        return cursor
