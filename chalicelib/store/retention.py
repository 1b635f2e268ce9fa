"""Deletes ended jobs in pages, and records each page and how far the deletion is.

Collections: ``expired_pages`` (``domain.retention.ExpiredPage``; deleted when the counts know of the page) and
``retention``: ``{_id: tenant, <status>: {before, after, done}}``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.retention import ExpiredPage, Expiry
from chalicelib.store.batches import running as batches_running
from chalicelib.store.client import Document
from chalicelib.store.dependencies import needed
from chalicelib.store.documents import HEAVY, MARK, UNREADABLE, job_of
from chalicelib.store.jobs import first_id
from chalicelib.store.workflows import running as workflows_running

#: Time limit of a query, in ms.
MAX_TIME_MS: Final = 5_000
#: The time in an id is at most this much later than the job's end.
_ID_LATER: Final = timedelta(minutes=5)
#: What the page is read with; attempts are for the roll-ups.
_FIELDS: Final = {name: shown for name, shown in HEAVY.items() if name != "attempts"}
_COUNTED: Final = {
    "has_dependents": 1,
    "batch": 1,
    "part.workflow": 1,
    "owner_id": 1,
    "redrives": 1,
    "past_retries": 1,
    "retry_count": 1,
    MARK: 1,
}


@dataclass(frozen=True, slots=True)
class EndedPage:
    """Ended jobs by id; ``last`` is the id to continue after, ``None`` at the end."""

    jobs: list[Job]
    last: str | None


class RetentionStore:
    """Reads and deletes ended jobs. Safe in several processes at once."""

    def __init__(self, db: Database[Document], namespace: str) -> None:
        self._client = db.client
        self._jobs = db.jobs
        self._idempotency = db.idempotency
        self._deleted = db.deleted_counts
        self._pages = db.expired_pages
        self._retention = db.retention
        self._meta = db.meta
        self._lock = f"retention:{namespace}"

    # --- one at a time ---------------------------------------------------------------------------------------
    def begin(self, now: datetime, until: datetime) -> bool:
        """Take the lock until a time; return ``False`` while another process has it."""
        match = {"_id": self._lock, "until": {"$lte": now}}
        try:
            self._meta.update_one(match, {"$set": {"until": until}}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def finish(self, until: datetime) -> None:
        """Release the lock that was taken until this time."""
        self._meta.delete_one({"_id": self._lock, "until": until})

    # --- how far it is ---------------------------------------------------------------------------------------
    def progress(self, tenant_ids: Iterable[str]) -> dict[tuple[str, JobStatus], Expiry]:
        """Return how far the deletion is, by tenant and state; absent where it never began."""
        match = {"_id": {"$in": [ObjectId(tenant_id) for tenant_id in tenant_ids]}}
        return {
            (str(found["_id"]), status): Expiry(each["before"], each["after"], each["done"])
            for found in self._retention.find(match).max_time_ms(MAX_TIME_MS)
            for status in JobStatus
            if (each := found.get(status.value))
        }

    def note(self, tenant_id: str, status: JobStatus, expiry: Expiry) -> None:
        """Record how far the deletion is."""
        kept = {"before": expiry.before, "after": expiry.after, "done": expiry.done}
        self._retention.update_one({"_id": ObjectId(tenant_id)}, {"$set": {status.value: kept}}, upsert=True)

    # --- jobs ------------------------------------------------------------------------------------------------
    def ended(self, tenant_id: str, status: JobStatus, expiry: Expiry, limit: int) -> EndedPage:
        """Return the next jobs in ``status`` that may have ended before ``expiry.before``, with their attempts.

        They are those created before it, so the index by id serves. Records that cannot be read are passed by.
        """
        ids: Document = {"$lt": ObjectId.from_datetime(expiry.before + _ID_LATER)}
        if expiry.after:
            ids["$gt"] = ObjectId(expiry.after)
        match = {"tenant_id": ObjectId(tenant_id), "status": status.value, "_id": ids}
        found = self._jobs.find(match, _FIELDS).sort("_id", 1).limit(limit).hint("tenant_status")
        jobs: list[Job] = []
        number, last = 0, None
        for document in found.max_time_ms(MAX_TIME_MS):
            number, last = number + 1, str(document["_id"])
            try:
                jobs.append(job_of(document))
            except UNREADABLE:
                continue
        return EndedPage(jobs, last if number == limit else None)

    @staticmethod
    def place_at(at: datetime) -> str:
        """Return an id that is less than those of all jobs created at this time or later."""
        return first_id(at)

    def delete(
        self, tenant_id: str, status: JobStatus, job_ids: Sequence[str], before: datetime, now: datetime
    ) -> ExpiredPage | None:
        """Delete those of the jobs that still are in ``status``, ended ``before`` a time and have no outbox entries.

        Jobs on which open ones depend stay, and those of batches and workflows that have not ended.

        In one transaction: their idempotency keys are released, their part of the totals is kept, and the page is
        recorded. Returns it, ``None`` if nothing was deleted. Logs stay: the page names the jobs.
        """
        match = {
            "_id": {"$in": [ObjectId(job_id) for job_id in job_ids]},
            "tenant_id": ObjectId(tenant_id),
            "status": status.value,
            "finished_at": {"$lt": before},
            "outbox.kind": {"$exists": False},
        }
        with self._client.start_session() as session:
            return session.with_transaction(lambda s: self._delete(s, match, tenant_id, status, now))

    def _delete(
        self, session: ClientSession, match: Document, tenant_id: str, status: JobStatus, now: datetime
    ) -> ExpiredPage | None:
        found = list(self._jobs.find(match, _COUNTED, session=session, hint="_id_"))
        if marked := [str(document["_id"]) for document in found if document.get("has_dependents")]:
            kept = needed(self._jobs.database, marked, session)
            found = [document for document in found if str(document["_id"]) not in kept]
        if batches := {str(document["batch"]) for document in found if "batch" in document}:
            going = batches_running(self._jobs.database, batches, session)
            found = [document for document in found if str(document.get("batch")) not in going]
        if workflows := {str(document["part"]["workflow"]) for document in found if "part" in document}:
            going = workflows_running(self._jobs.database, workflows, session)
            found = [doc for doc in found if "part" not in doc or str(doc["part"]["workflow"]) not in going]
        if not found:
            return None
        keys = [document["_id"] for document in found]
        self._jobs.delete_many({"_id": {"$in": keys}}, session=session)
        self._idempotency.delete_many({"job_id": {"$in": keys}}, session=session)
        if with_objects := [document["_id"] for document in found if document.get(MARK)]:
            from chalicelib.store.stored_objects import release  # noqa: PLC0415 - for jobs with objects

            release(self._jobs.database, with_objects, now, session)
        updates = [
            UpdateOne({"owner_id": owner, "tenant_id": ObjectId(tenant_id)}, {"$inc": totals}, upsert=True)
            for owner, totals in _totals(found, status).items()
        ]
        self._deleted.bulk_write(updates, ordered=False, session=session)
        owners = Counter(str(document["owner_id"]) for document in found)
        page = ExpiredPage(str(ObjectId()), tenant_id, status, now, owners, tuple(str(key) for key in keys))
        self._pages.insert_one(_document(page), session=session)
        return page

    # --- pages -----------------------------------------------------------------------------------------------
    def pages(self, before: datetime, limit: int) -> list[ExpiredPage]:
        """Return pages that were deleted ``before`` a time, oldest first."""
        found = self._pages.find({"at": {"$lt": before}}).sort("at", 1).limit(limit).max_time_ms(MAX_TIME_MS)
        return [_page(document) for document in found]

    def logs_gone(self, page_id: str) -> None:
        """Note that the logs of a page's jobs are deleted."""
        self._pages.update_one({"_id": ObjectId(page_id)}, {"$set": {"job_ids": []}})

    def delete_pages(self, page_ids: Sequence[str]) -> None:
        """Remove pages that are done."""
        self._pages.delete_many({"_id": {"$in": [ObjectId(page_id) for page_id in page_ids]}})


def _totals(found: Sequence[Document], status: JobStatus) -> dict[ObjectId, dict[str, int]]:
    totals: dict[ObjectId, dict[str, int]] = {}
    for document in found:
        sums = totals.setdefault(document["owner_id"], dict.fromkeys(("submitted", "done", "failed", "retries"), 0))
        sums["submitted"] += 1
        sums["done"] += status is JobStatus.COMPLETED
        sums["failed"] += document["redrives"] + (status is JobStatus.DLQ)
        sums["retries"] += document["past_retries"] + document["retry_count"]
    return totals


def _document(page: ExpiredPage) -> Document:
    return {
        "_id": ObjectId(page.id),
        "tenant_id": ObjectId(page.tenant_id),
        "status": page.status.value,
        "at": page.at,
        "owners": [{"id": ObjectId(owner), "jobs": jobs} for owner, jobs in page.owners.items()],
        "job_ids": [ObjectId(job_id) for job_id in page.job_ids],
    }


def _page(found: Document) -> ExpiredPage:
    return ExpiredPage(
        str(found["_id"]),
        str(found["tenant_id"]),
        JobStatus(found["status"]),
        found["at"],
        {str(each["id"]): each["jobs"] for each in found["owners"]},
        tuple(str(job_id) for job_id in found["job_ids"]),
    )
