"""What MongoDB knows of the queue in Redis: its epoch and how far its events had come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pymongo import ReturnDocument
from pymongo.database import Database

from chalicelib.store.client import Document

_QUEUE: Final = "queue"


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the event log. Redis has lost data if it stands before the mark."""

    epoch: int
    seq: int


class MetaStore:
    """One document of collection ``meta`` per namespace: ``{_id, epoch, seq, cursor, users, touched}``."""

    def __init__(self, db: Database[Document], namespace: str) -> None:
        self._meta = db.meta
        self._id = f"{_QUEUE}:{namespace}"

    def mark(self) -> Mark:
        """The high-water mark; zero before the first epoch."""
        found = self._meta.find_one({"_id": self._id}) or {}
        return Mark(found.get("epoch", 0), found.get("seq", 0))

    def next_epoch(self) -> int:
        """A number for a new epoch, greater than any before."""
        found = self._meta.find_one_and_update(
            {"_id": self._id},
            {"$inc": {"epoch": 1}, "$set": {"seq": 0}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(found["epoch"]) if found else 0

    def raise_mark(self, mark: Mark) -> None:
        """Note how far events have come; never goes back."""
        self._meta.update_one({"_id": self._id, "epoch": mark.epoch}, {"$max": {"seq": mark.seq}})

    def touch(self) -> None:
        """Write something, to find out whether that is possible; makes no document."""
        self._meta.update_one({"_id": self._id}, {"$inc": {"touched": 1}})

    def set_cursor(self, cursor: str | None, walk: str = "cursor") -> None:
        """Remember where a walk, by default that over open jobs, goes on; ``None`` starts it anew."""
        self._meta.update_one({"_id": self._id}, {"$set": {walk: cursor}})

    def cursor(self, walk: str = "cursor") -> str | None:
        """Where a walk goes on."""
        found = self._meta.find_one({"_id": self._id}, {walk: 1}) or {}
        cursor: str | None = found.get(walk)
        return cursor
