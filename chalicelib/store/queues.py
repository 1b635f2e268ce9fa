"""Which queues are held back. MongoDB collection ``queues``: ``{_id: "<tenant>/<queue>", paused, at, by}``."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pymongo.database import Database

from chalicelib.store.client import Document

MAX_TIME_MS: Final = 3_000


class QueueStore:
    """The record of pauses; Redis holds the copy that workers obey, rebuilt from here when lost."""

    def __init__(self, db: Database[Document]) -> None:
        self._queues = db.queues

    def set_paused(self, tenant_id: str, queue: str, *, paused: bool, by: str, at: datetime) -> None:
        """Note that a queue is held back, or goes on."""
        key = {"_id": f"{tenant_id}/{queue}"}
        if paused:
            self._queues.update_one(key, {"$set": {"paused": True, "by": by, "at": at}}, upsert=True)
        else:
            self._queues.delete_one(key)

    def paused_lanes(self) -> list[str]:
        """All paused queues as ``<tenant>/<queue>``, the name of their lane."""
        return [str(found["_id"]) for found in self._queues.find({"paused": True}, {"_id": 1}).max_time_ms(MAX_TIME_MS)]
