"""Unique keys of jobs: field ``unique_key`` in collection ``jobs``, under a unique partial index.

A job takes its key with its insertion or redrive and loses it by the move that leaves its states
(``domain.lifecycle``). Here is what happens beside these moves.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import OperationFailure

from chalicelib.domain.jobs import MAX_PAYLOADS_KEPT, Job, is_apart, is_large
from chalicelib.errors import Unavailable
from chalicelib.store.client import Document
from chalicelib.store.documents import MARK, changing, job_document, job_of, terms_of
from chalicelib.store.jobs import Kept
from chalicelib.store.reading import readable

MAX_TIME_MS: Final = 5_000
#: Error code of a hint that names no index: a deployment builds it after its code runs.
_NO_INDEX: Final = 2


class UniqueStore:
    """Reads and changes jobs by their unique keys."""

    def __init__(self, db: Database[Document], kept: Kept) -> None:
        self._jobs = db.jobs
        self._kept = kept

    def holders(self, keys: Collection[str]) -> dict[str, Job]:
        """Return the whole job that holds each of ``keys``; those that nobody holds are absent.

        Raises ``Unavailable`` until the index exists.
        """
        if not keys:
            return {}
        found = self._jobs.find({"unique_key": {"$in": list(keys)}}, {"terms": 0}).hint("unique_key")
        try:
            held = [job_of(document) for document in found.max_time_ms(MAX_TIME_MS)]
        except OperationFailure as error:
            if error.code != _NO_INDEX:
                raise
            raise Unavailable("Unique jobs need an index that is not built yet; try again") from None
        return {job.unique_key: job for job in held}

    def free(self, job: Job) -> None:
        """Remove the key of a job that should have lost it: a process of an older version moved it."""
        self._jobs.update_one(
            {"_id": ObjectId(job.id), "rev": job.rev, "unique_key": job.unique_key}, {"$unset": {"unique_key": ""}}
        )

    def rewrite(self, old: Job, new: Job) -> bool:
        """Write a new payload, new options and due time over a waiting job; return ``False`` if it changed meanwhile.

        The payload that attempts ran with is kept. Raises ``Unavailable`` if a large new one cannot be kept.
        """
        if is_large(new.payload):
            [new] = self._kept([new])
        document = {name: value for name, value in job_document(new).items() if name in _REWRITTEN}
        change: Document = {"$set": changing(new) | document | {"terms": terms_of(new)}}
        if old.attempt and old.payload is not None and not _are_equal(old.payload, new.payload):
            kept = {"until": old.attempt, "payload": old.payload}
            change["$push"] = {"earlier_payloads": {"$each": [kept], "$slice": -MAX_PAYLOADS_KEPT}}
        match = {"_id": ObjectId(old.id), "rev": old.rev, "status": old.status.value}
        return self._jobs.update_one(match, change).matched_count == 1

    def waiting_for_others(self, after: str | None, limit: int) -> list[Job]:
        """Return up to ``limit`` jobs that wait for the end of a job with an id above ``after``, in the order of these
        ids.
        """
        match: Document = {"runs_after": {"$exists": True} if after is None else {"$gt": ObjectId(after)}}
        found = self._jobs.find(match, {"terms": 0, "payload": 0}).sort("runs_after", 1).limit(limit)
        try:
            documents = list(found.hint("runs_after").max_time_ms(MAX_TIME_MS))
        except OperationFailure as error:
            if error.code != _NO_INDEX:
                raise
            return []
        return readable(documents)


def _are_equal(old: str, new: str | None) -> bool:
    if not is_apart(old):
        return old == new
    from chalicelib.domain.stored import are_equal  # noqa: PLC0415 - for payloads that are not in the record

    return are_equal(old, new)


#: What ``rewrite`` writes besides the fields of a move.
_REWRITTEN: Final = frozenset({"name", "payload", "tags", "max_retries", "timeout_s", "run_at", MARK})
