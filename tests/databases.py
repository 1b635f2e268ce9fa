"""Databases that tests use one after the other: to make one with its indexes takes longer than most tests."""

from __future__ import annotations

import uuid
from collections import deque
from typing import Any, Final

from pymongo import MongoClient
from pymongo.database import Database

from chalicelib.store.indexes import INDEXES, ensure_indexes

_INDEXES: Final = sum(map(len, INDEXES.values()))
#: Databases with more documents are dropped: that is quicker.
_MOST_DOCUMENTS: Final = 5_000


class Databases:
    """Lends empty databases with all indexes. Only one test at a time has one."""

    def __init__(self, url: str) -> None:
        self._client: MongoClient[dict[str, Any]] = MongoClient(url)
        self._free: deque[str] = deque()

    def take(self) -> str:
        """Return the name of a database; one that is not as it should be is dropped, and another one taken."""
        while self._free:
            name = self._free.popleft()
            if self._is_fresh(name):
                return name
            self._client.drop_database(name)
        name = f"t{uuid.uuid4().hex[:12]}"
        ensure_indexes(self._client[name])
        return name

    def give_back(self, name: str) -> None:
        """Empty a database for the next test."""
        database = self._client[name]
        counts = _counts(database)
        if sum(counts.values()) > _MOST_DOCUMENTS:
            self._client.drop_database(name)
            return
        for collection, documents in counts.items():
            if documents:
                database[collection].delete_many({})
        self._free.append(name)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _is_fresh(self, name: str) -> bool:
        """Return whether a database has no documents, and those indexes that it had at first."""
        stats = self._client[name].command("dbStats")
        return bool(stats["objects"] == 0 and stats["indexes"] - stats["collections"] == _INDEXES)


def _counts(database: Database[dict[str, Any]]) -> dict[str, int]:
    """Return the number of documents of each collection, asked for at once: to delete from each takes longer."""
    names = database.list_collection_names()
    if not names:
        return {}
    first, *others = names
    count: list[dict[str, Any]] = [{"$collStats": {"count": {}}}]
    unions = [{"$unionWith": {"coll": name, "pipeline": count}} for name in others]
    found = database[first].aggregate([*count, *unions])
    return {each["ns"].partition(".")[2]: each["count"] for each in found}
