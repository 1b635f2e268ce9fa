"""Collection ``jobs``: the truth about every job. All changes of state compare ``rev`` first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from bson import ObjectId
from bson.errors import InvalidId
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chalicelib.domain.jobs import TERMINAL, Job, JobStatus, Progress
from chalicelib.errors import NotFound
from chalicelib.store.client import Document
from chalicelib.store.documents import HEAVY, UNREADABLE, changing, job_document, job_of

MAX_TIME_MS: Final = 5_000
_DUPLICATE_KEY: Final = 11000


class JobStore:
    """Reads and writes jobs; majority and journaled, so what it acknowledged stays."""

    def __init__(self, db: Database[Document]) -> None:
        self._client = db.client
        self._jobs = db.jobs
        self._logs = db.job_logs
        self._deleted = db.deleted_counts

    # --- write -----------------------------------------------------------------------------------------------
    def insert(self, jobs: Sequence[Job]) -> set[str]:
        """Insert new jobs; returns the ids that existed already and were left as they are."""
        try:
            self._jobs.insert_many([job_document(job) for job in jobs], ordered=False)
        except BulkWriteError as error:
            failures = error.details["writeErrors"]
            if any(failure["code"] != _DUPLICATE_KEY for failure in failures):
                raise
            return {jobs[failure["index"]].id for failure in failures}
        return set()

    def advance(self, changes: Sequence[tuple[int, Job]]) -> list[bool]:
        """Write each job over the record that still has the given ``rev``; ``False`` where another was faster.

        A write that was made before, by a call whose answer got lost, counts as made: rev and last attempt tell.
        """
        if not changes:
            return []
        result = self._jobs.bulk_write([_update(rev, job) for rev, job in changes], ordered=False)
        if result.matched_count == len(changes):
            return [True] * len(changes)
        ids = [ObjectId(job.id) for _, job in changes]
        fields = {"rev": 1, "status": 1, "attempts": {"$slice": -1}, "updated_at": 1}
        found = {doc["_id"]: doc for doc in self._jobs.find({"_id": {"$in": ids}}, fields).max_time_ms(MAX_TIME_MS)}
        return [_is(found.get(ObjectId(job.id)), job) for _, job in changes]

    def prepare_redrive(self, job: Job) -> None:
        """Set the payload of a job in the DLQ and take back a request to cancel it, before its redrive."""
        match = {"_id": ObjectId(job.id), "rev": job.rev, "status": JobStatus.DLQ.value}
        self._jobs.update_one(match, {"$set": {"payload": job.payload, "cancel_requested": False}})

    def request_cancel(self, job: Job) -> bool:
        """Mark a running job as to be cancelled, if it is still the same attempt. Leaves ``rev`` to its worker."""
        match = {"_id": ObjectId(job.id), "rev": job.rev, "status": JobStatus.RUNNING.value}
        return self._jobs.update_one(match, {"$set": {"cancel_requested": True}}).matched_count == 1

    def set_progress(self, job_id: str, token: str, progress: Progress) -> None:
        """Keep how far a running job is, while the lease of ``token`` holds."""
        value = {"percent": progress.percent, "message": progress.message}
        self._jobs.update_one({"_id": ObjectId(job_id), "lease.token": token}, {"$set": {"progress": value}})

    def delete(self, jobs: Sequence[Job]) -> set[str]:
        """Delete ended jobs with their logs, if unchanged, and keep their part of the totals; the ids deleted."""
        gone: set[str] = set()
        with self._client.start_session() as session:
            for job in jobs:
                if session.with_transaction(lambda s, job=job: self._delete(s, job)):  # type: ignore[misc]
                    gone.add(job.id)
        return gone

    def _delete(self, session: ClientSession, job: Job) -> bool:
        match = {"_id": ObjectId(job.id), "rev": job.rev, "status": {"$in": [s.value for s in TERMINAL]}}
        if not self._jobs.delete_one(match, session=session).deleted_count:
            return False
        totals = {
            "submitted": 1,
            "done": int(job.status is JobStatus.COMPLETED),
            "failed": job.redrives + int(job.status is JobStatus.DLQ),
            "retries": max(0, job.attempt - job.redrives - 1),
        }
        key = {"owner_id": ObjectId(job.owner_id), "tenant_id": ObjectId(job.tenant_id)}
        self._deleted.update_one(key, {"$inc": totals}, upsert=True, session=session)
        self._logs.delete_many({"job_id": ObjectId(job.id)}, session=session)
        return True

    # --- read ------------------------------------------------------------------------------------------------
    def get(self, job_id: str) -> Job:
        """The whole job; raises ``NotFound``."""
        try:
            found = self._jobs.find_one({"_id": ObjectId(job_id)}, {"terms": 0}, max_time_ms=MAX_TIME_MS)
        except InvalidId:
            found = None
        if found is None:
            raise NotFound("No such job")
        return job_of(found)

    def get_many(self, ids: Iterable[str], *, light: bool = False) -> tuple[list[Job], list[str]]:
        """The jobs with ``ids`` in any order, and the ids that are no job id or whose record can't be read.

        An id without a record is in neither. ``light`` leaves out the payload, which no change of state touches.
        """
        unreadable: list[str] = []
        keys = []
        for job_id in ids:
            if ObjectId.is_valid(job_id):
                keys.append(ObjectId(job_id))
            else:
                unreadable.append(job_id)
        jobs: list[Job] = []
        if keys:
            fields: dict[str, Any] = {"terms": 0, "payload": 0} if light else {"terms": 0}
            for document in self._jobs.find({"_id": {"$in": keys}}, fields).max_time_ms(MAX_TIME_MS):
                try:
                    jobs.append(job_of(document))
                except UNREADABLE:
                    unreadable.append(str(document["_id"]))
        return jobs, unreadable

    def open_jobs(self, after: str | None, limit: int, session: ClientSession | None = None) -> list[Document]:
        """The next ``limit`` records of jobs that have not ended, by id, without their heavy fields."""
        match: Document = {"open": True}
        if after:
            match["_id"] = {"$gt": ObjectId(after)}
        found = self._jobs.find(match, HEAVY, session=session).sort("_id", 1).limit(limit)
        return list(found.hint("open").max_time_ms(MAX_TIME_MS))

    def snapshot(self) -> ClientSession:
        """A session whose reads all see one moment."""
        return self._client.start_session(snapshot=True)

    def totals(self, session: ClientSession) -> Iterator[tuple[str, str, dict[str, int]]]:
        """(owner, tenant, counts): the totals over all records, kept or deleted, and the ended states."""
        sums = {
            "submitted": {"$sum": 1},
            "done": _sum_if("completed"),
            "failed": {"$sum": {"$add": ["$redrives", _if("dlq")]}},
            "retries": {"$sum": {"$max": [0, {"$subtract": ["$attempt", {"$add": ["$redrives", 1]}]}]}},
            "completed": _sum_if("completed"),
            "dlq": _sum_if("dlq"),
            "cancelled": _sum_if("cancelled"),
        }
        stages = [{"$group": {"_id": {"owner": "$owner_id", "tenant": "$tenant_id"}, **sums}}]
        for found in self._jobs.aggregate(stages, session=session, allowDiskUse=True):
            who = found.pop("_id")
            yield str(who["owner"]), str(who["tenant"]), found
        for found in self._deleted.find({}, {"_id": 0}, session=session):
            owner, tenant = found.pop("owner_id"), found.pop("tenant_id")
            yield str(owner), str(tenant), found


def _if(status: str) -> Document:
    return {"$cond": [{"$eq": ["$status", status]}, 1, 0]}


def _sum_if(status: str) -> Document:
    return {"$sum": _if(status)}


def _update(rev: int, job: Job) -> UpdateOne:
    change: Document = {"$set": changing(job)}
    if job.status in TERMINAL:
        change["$unset"] = {"open": ""}
    else:
        change["$set"]["open"] = True
    return UpdateOne({"_id": ObjectId(job.id), "rev": rev}, change)


def _is(found: Document | None, job: Job) -> bool:
    """Whether the record holds this very change."""
    if found is None or found["rev"] != job.rev or found["status"] != job.status.value:
        return False
    if found["updated_at"] != job.updated_at:
        return False
    last = (found["attempts"] or [None])[-1]
    if last is None or not job.attempts:
        return last is None and not job.attempts
    mine = job.attempts[-1]
    outcome = mine.outcome.value if mine.outcome else None
    return bool((last["n"], last["worker"], last["outcome"]) == (mine.number, mine.worker_id, outcome))
