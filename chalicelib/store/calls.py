"""What the collections ``batches`` and ``workflows`` have in common: each document is the record of one call.

``key`` and ``digest`` are the call's idempotency key and body; ``open`` marks records with something left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chalicelib.domain.batches import Batch
from chalicelib.domain.workflows import Workflow
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000
R = TypeVar("R", Batch, Workflow)


class CallStore(Generic[R]):
    """Reads and writes records of calls. An idempotency key is unique among those of its owner."""

    def __init__(
        self,
        collection: Collection[Document],
        encode: Callable[[R], Document],
        decode: Callable[[Mapping[str, Any]], R],
    ) -> None:
        self._calls = collection
        self._encode: Callable[[R], Document] = encode
        self._decode: Callable[[Mapping[str, Any]], R] = decode

    def insert(self, record: R) -> bool:
        """Insert a record; return ``False`` if its owner's key is taken."""
        try:
            self._calls.insert_one(self._encode(record))
        except DuplicateKeyError:
            return False
        return True

    def get(self, record_id: str) -> R | None:
        """Return a record."""
        return self._one({"_id": ObjectId(record_id)})

    def by_key(self, owner_id: str, key: str) -> R | None:
        """Return the record that an owner's idempotency key identifies."""
        return self._one({"owner_id": ObjectId(owner_id), "key": key})

    def drop_key(self, record: R) -> None:
        """Make the key of a record free."""
        self._calls.update_one({"_id": ObjectId(record.id), "key": record.key}, {"$unset": {"key": ""}})

    def unfinished(self, after: str | None, limit: int) -> list[R]:
        """Return the next ``limit`` records, by id, with something left to do."""
        match: Document = {"open": True} | ({"_id": {"$gt": ObjectId(after)}} if after else {})
        found = self._calls.find(match).sort("_id", ASCENDING).limit(limit).hint("open").max_time_ms(MAX_TIME_MS)
        return [self._decode(each) for each in found]

    def _one(self, match: Document) -> R | None:
        found = self._calls.find_one(match, max_time_ms=MAX_TIME_MS)
        return None if found is None else self._decode(found)
