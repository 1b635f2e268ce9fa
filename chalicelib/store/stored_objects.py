"""Collection ``stored_objects``: one row for each object in S3 that has a payload or a result.

``{_id: key, job_id, tenant_id, bytes, check_at}``. A row is written before its object and deleted after it, so no
object is without one. ``check_at`` says when to look whether the object is wanted; it is absent where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from bson import ObjectId
from pymongo import ReadPreference
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from chalicelib.domain.jobs import is_apart
from chalicelib.domain.stored import Reference, reference_of
from chalicelib.store.client import Document
from chalicelib.store.documents import MARK

MAX_TIME_MS: Final = 5_000
_TEXTS: Final = {"payload": 1, "result": 1, "earlier_payloads.payload": 1}


class StoredObject(NamedTuple):
    """A row that is due."""

    key: str
    job_id: str
    check_at: datetime


class StoredObjects:
    """Reads and writes rows."""

    def __init__(self, db: Database[Document]) -> None:
        self._objects = db.stored_objects
        self._jobs = db.jobs
        # what decides on a deletion is read from the primary, as a majority has it
        self._known_jobs = db.jobs.with_options(
            read_preference=ReadPreference.PRIMARY, read_concern=ReadConcern("majority")
        )

    def add(self, tenant_id: str, job_id: str, objects: Sequence[Reference], check_at: datetime) -> None:
        """Add rows of objects that are about to be written for a job."""
        of_job = {"job_id": ObjectId(job_id), "tenant_id": ObjectId(tenant_id), "check_at": check_at}
        self._objects.insert_many([{"_id": each.key, "bytes": each.size, **of_job} for each in objects])

    def mark(self, job_id: str) -> None:
        """Note in the record of a job that it has objects. ``rev`` stays."""
        self._jobs.update_one({"_id": ObjectId(job_id)}, {"$set": {MARK: True}})

    def due(self, now: datetime, limit: int) -> list[StoredObject]:
        """Return rows to look at."""
        found = self._objects.find({"check_at": {"$lte": now}}).sort("check_at", 1).limit(limit)
        return [
            StoredObject(each["_id"], str(each["job_id"]), each["check_at"]) for each in found.max_time_ms(MAX_TIME_MS)
        ]

    def wanted(self, job_ids: Collection[str]) -> set[str]:
        """Return the keys to which the records of these jobs refer."""
        match = {"_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}, MARK: True}
        found = self._known_jobs.find(match, _TEXTS).max_time_ms(MAX_TIME_MS)
        return {key for document in found for key in _keys_in(document)}

    def keep(self, rows: Iterable[StoredObject]) -> None:
        """Note that objects are wanted, unless their jobs were deleted meanwhile."""
        for row in rows:
            self._objects.update_one({"_id": row.key, "check_at": row.check_at}, {"$unset": {"check_at": ""}})

    def postpone(self, rows: Iterable[StoredObject], until: datetime) -> None:
        """Look at objects later."""
        keys = [row.key for row in rows]
        self._objects.update_many({"_id": {"$in": keys}}, {"$set": {"check_at": until}})

    def remove(self, keys: Sequence[str]) -> None:
        """Delete the rows of objects that are deleted."""
        self._objects.delete_many({"_id": {"$in": list(keys)}})


def release(db: Database[Document], job_ids: Sequence[ObjectId], now: datetime, session: ClientSession) -> None:
    """Let the objects of deleted jobs go, in the transaction that deletes them."""
    match = {"job_id": {"$in": list(job_ids)}}
    db.stored_objects.update_many(match, {"$set": {"check_at": now}}, session=session)


def _keys_in(document: Mapping[str, Any]) -> Iterable[str]:
    earlier = [each["payload"] for each in document.get("earlier_payloads", ())]
    for text in (document.get("payload"), document.get("result"), *earlier):
        if is_apart(text):
            yield reference_of(text).key
