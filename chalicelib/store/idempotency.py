"""Collection ``idempotency``: the call that holds a user's key, and the id of the key's job.

Document: ``{_id: "<owner>|<key>", digest, job_id, holder, at, expires_at, duplicate?}``, with a TTL index on
``expires_at``. ``services/idempotency.py`` has the protocol between competing calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chalicelib.store.client import Document, duplicates

#: Time limit of one query, in ms.
MAX_TIME_MS: Final = 2_000


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key: the digest of its body, the id of its job, the call that holds it, and since when.

    ``duplicate``: the job is another call's, which held the unique key.
    """

    key: str
    digest: str
    job_id: str
    holder: str
    at: datetime
    expires_at: datetime
    duplicate: bool = False


class KeyStore:
    """Keys of all users; each belongs to one user."""

    def __init__(self, db: Database[Document]) -> None:
        self._keys = db.idempotency
        self._jobs = db.jobs

    def insert(self, owner_id: str, records: Sequence[KeyRecord]) -> set[str]:
        """Insert the keys that do not exist; return those. Of parallel calls, one inserts a key."""
        lost: set[int] = set()
        try:
            documents = [{"_id": _id(owner_id, record.key), **_fields(record)} for record in records]
            self._keys.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            lost = set(duplicates(error))
        return {record.key for index, record in enumerate(records) if index not in lost}

    def find(self, owner_id: str, keys: Sequence[str]) -> tuple[list[KeyRecord], set[str]]:
        """Return the records of keys, in any order, and the ids of those of their jobs that exist."""
        ids = {_id(owner_id, key): key for key in keys}
        found = list(self._keys.find({"_id": {"$in": list(ids)}}).max_time_ms(MAX_TIME_MS))
        query = {"_id": {"$in": [each["job_id"] for each in found]}}
        made = self._jobs.find(query, {"_id": 1}).max_time_ms(MAX_TIME_MS)
        return [_record(ids[each["_id"]], each) for each in found], {str(job["_id"]) for job in made}

    def replace(self, owner_id: str, old: KeyRecord, new: KeyRecord) -> bool:
        """Write ``new`` in place of ``old``; return ``False`` if another call changed it first."""
        match = {"_id": _id(owner_id, old.key), "holder": old.holder, "at": old.at}
        return self._keys.update_one(match, {"$set": _fields(new)}).modified_count == 1

    def take_over(self, owner_id: str, record: KeyRecord, holder: str) -> bool:
        """Make ``holder`` the call that holds the key; return ``False`` if another call was first."""
        match = {"_id": _id(owner_id, record.key), "holder": record.holder}
        return self._keys.update_one(match, {"$set": {"holder": holder}}).modified_count == 1

    def point(self, owner_id: str, key: str, holder: str, job_id: str) -> None:
        """Make a key identify a job that another call created, if ``holder`` holds it."""
        match = {"_id": _id(owner_id, key), "holder": holder}
        self._keys.update_one(match, {"$set": {"job_id": ObjectId(job_id), "duplicate": True}})

    def release(self, owner_id: str, held: Iterable[tuple[str, str]]) -> None:
        """Remove keys, each if the given call holds it."""
        ours = [{"_id": _id(owner_id, key), "holder": holder} for key, holder in held]
        if ours:
            self._keys.delete_many({"$or": ours})


def _fields(record: KeyRecord) -> Document:
    return {
        "digest": record.digest,
        "job_id": ObjectId(record.job_id),
        "holder": record.holder,
        "at": record.at,
        "expires_at": record.expires_at,
    }


def _record(key: str, found: Document) -> KeyRecord:
    return KeyRecord(
        key, found["digest"], str(found["job_id"]), found["holder"], found["at"], found["expires_at"],
        found.get("duplicate", False),
    )  # fmt: skip


def _id(owner_id: str, key: str) -> str:
    return f"{owner_id}|{key}"
