"""Collection ``jobs``: the source of truth for all jobs. All changes of state compare ``rev`` first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from bson import ObjectId
from bson.codec_options import CodecOptions
from bson.errors import InvalidId
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chalicelib.domain.jobs import MAX_PAYLOADS_KEPT, TERMINAL, Job, JobStatus, Progress, is_large
from chalicelib.domain.lifecycle import with_dependents
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.errors import NotFound
from chalicelib.store.changes import write_changes
from chalicelib.store.client import Document, duplicates
from chalicelib.store.documents import HEAVY, MARK, UNREADABLE, job_document, job_of, payload_fields
from chalicelib.store.reading import Page, page_of

MAX_TIME_MS: Final = 5_000
#: Jobs deleted in one transaction.
DELETED_AT_ONCE: Final = 100
_BEFORE_DELETION: Final = {"rev": 1, "has_dependents": 1, MARK: 1}


#: Returns jobs that are about to be written, with references in place of large payloads.
Kept = Callable[[Sequence[Job]], Sequence[Job]]
#: Adds what must follow moves of jobs, (rev, job), and is not known to those who make them.
Marked = Callable[[Sequence[tuple[int, Job]]], Sequence[tuple[int, Job]]]


def _as_they_are(changes: Sequence[tuple[int, Job]]) -> Sequence[tuple[int, Job]]:
    return changes


def _within(jobs: Sequence[Job]) -> Sequence[Job]:
    return jobs


class JobStore:
    """Reads and writes jobs. Writes are majority and journaled, so acknowledged ones are durable."""

    def __init__(self, db: Database[Document], marked: Marked = _as_they_are, kept: Kept = _within) -> None:
        self._client = db.client
        self._marked = marked
        self._kept = kept
        self._jobs = db.jobs
        #: Reads times without a zone, in half the time; ``job_of`` adds it.
        self._zoneless: Collection[Document] = db.jobs.with_options(CodecOptions(tz_aware=False))
        #: What jobs wrote while they ran.
        self._traces = (db.job_logs, db.job_steps, db.job_events, db.comments)
        self._deleted = db.deleted_counts
        self._tombstones = db.tombstones
        self._expired_pages = db.expired_pages
        self._idempotency = db.idempotency

    # --- write -----------------------------------------------------------------------------------------------
    def insert(self, jobs: Sequence[Job], *, together: bool = False) -> set[str]:
        """Insert new jobs; return the ids of those that were not: they exist, or another job holds their unique key.

        If ``together``, all are inserted or none. Raises ``Unavailable``, and inserts none, if S3 takes no payload.
        """
        if any(is_large(job.payload) for job in jobs):
            jobs = self._kept(jobs)
        documents = [job_document(job) for job in jobs]
        try:
            if together:
                with self._client.start_session() as session:
                    session.with_transaction(lambda s: self._jobs.insert_many(documents, session=s))
            else:
                self._jobs.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            lost = duplicates(error)
            return {job.id for job in jobs} if together else {jobs[index].id for index in lost}
        return set()

    def advance(self, changes: Sequence[tuple[int, Job]]) -> list[Job | None]:
        """Write each job over the record that still has the given ``rev``; return it as written, ``None`` where another
        write came first.

        A write made before by a call whose answer was lost counts as made: rev, submission id and last attempt
        identify it. An end whose caller did not know yet that other jobs wait for it is written with its outbox entry;
        so are events that webhooks report.
        """
        if not changes:
            return []
        changes = self._marked(changes)
        if write_changes(self._jobs, changes) == len(changes):
            return [job for _, job in changes]
        ids = [ObjectId(job.id) for _, job in changes]
        fields = {
            "rev": 1, "status": 1, "entry": 1, "attempts": {"$slice": -1}, "updated_at": 1, "has_dependents": 1
        }  # fmt: skip
        found = {doc["_id"]: doc for doc in self._jobs.find({"_id": {"$in": ids}}, fields).max_time_ms(MAX_TIME_MS)}
        written = {job.id: job for _, job in changes if _is(found.get(ObjectId(job.id)), job)}
        late = [
            (rev, with_dependents(job))
            for rev, job in changes
            if job.id not in written and _is_marked(found.get(ObjectId(job.id)), rev, job)
        ]
        written.update({job.id: job for job in self.advance(late) if job is not None})
        return [written.get(job.id) for _, job in changes]

    def replace(self, changes: Sequence[tuple[Job, Job]]) -> list[tuple[Job, Job]]:
        """Write each second job over the first; return the pairs whose record was unchanged, as ``advance`` does."""
        won = self.advance([(old.rev, new) for old, new in changes])
        return [(old, new) for (old, _), new in zip(changes, won, strict=True) if new is not None]

    def prepare_redrive(self, job: Job) -> None:
        """Set the payload and the limits of a job in the DLQ and clear its cancel request, before its redrive.

        Raises ``Unavailable`` if a large payload cannot be kept.
        """
        match = {"_id": ObjectId(job.id), "rev": job.rev, "status": JobStatus.DLQ.value}
        if is_large(job.payload):
            [job] = self._kept([job])
        update: Document = {"$set": {"cancel_requested": False, **payload_fields(job)}}
        if job.limits:
            update["$set"]["limits"] = list(job.limits)
        else:
            update["$unset"] = {"limits": ""}
        self._jobs.update_one(match, update)

    def keep_payload(self, job: Job) -> None:
        """Record, once, the payload that a job in the DLQ ran with, before another one replaces it."""
        match = {"_id": ObjectId(job.id), "rev": job.rev, "status": JobStatus.DLQ.value}
        kept = {"until": job.attempt, "payload": job.payload}
        self._jobs.update_one(
            match | {"earlier_payloads.until": {"$ne": job.attempt}},
            {"$push": {"earlier_payloads": {"$each": [kept], "$slice": -MAX_PAYLOADS_KEPT}}},
        )

    def request_cancel(self, job: Job) -> bool:
        """Request the cancellation of a running job, if it is still the same attempt. ``rev`` stays."""
        match = {"_id": ObjectId(job.id), "rev": job.rev, "status": JobStatus.RUNNING.value}
        return self._jobs.update_one(match, {"$set": {"cancel_requested": True}}).matched_count == 1

    def move(self, job: Job, pool: str) -> Job | None:
        """Write the pool of a pending job that did not change; return it so, ``None`` if it changed. ``rev`` stays."""
        match = {"_id": ObjectId(job.id), "rev": job.rev, "status": JobStatus.PENDING.value}
        value = "" if pool == DEFAULT_POOL else pool
        change = {"$set": {"pool": value}} if value else {"$unset": {"pool": ""}}
        return job.with_(pool=value) if self._jobs.update_one(match, change).matched_count else None

    def set_progress(self, job_id: str, token: str, progress: Progress) -> None:
        """Set the progress of a running job, while ``token`` holds its lease."""
        value = {"percent": progress.percent, "message": progress.message}
        self._jobs.update_one({"_id": ObjectId(job_id), "lease.token": token}, {"$set": {"progress": value}})

    def delete(self, jobs: Sequence[Job], now: datetime) -> set[str]:
        """Delete ended jobs with their logs, if unchanged, and keep their part of the totals. Return the deleted ids.

        A tombstone of each stays for ``tombstones``, from which the queue's counts are updated.
        """
        gone: set[str] = set()
        with self._client.start_session() as session:
            for n in range(0, len(jobs), DELETED_AT_ONCE):
                part = jobs[n : n + DELETED_AT_ONCE]
                gone |= session.with_transaction(lambda s, part=part: self._delete(s, part, now))  # type: ignore[misc]
        self._delete_traces([ObjectId(job_id) for job_id in gone])
        return gone

    def _delete_traces(self, keys: Sequence[ObjectId]) -> None:
        for collection in self._traces:
            collection.delete_many({"job_id": {"$in": keys}})

    def _delete(self, session: ClientSession, jobs: Sequence[Job], now: datetime) -> set[str]:
        match = {"_id": {"$in": [ObjectId(job.id) for job in jobs]}}
        now_there = {str(found["_id"]): found for found in self._jobs.find(match, _BEFORE_DELETION, session=session)}
        gone = [job for job in jobs if job.status in TERMINAL and _is_as_before(now_there.get(job.id), job)]
        if not gone:
            return set()
        keys = [ObjectId(job.id) for job in gone]
        self._jobs.delete_many({"_id": {"$in": keys}}, session=session)
        # release the key of a deleted job: no call may create the job again under its old id
        self._idempotency.delete_many({"job_id": {"$in": keys}}, session=session)
        if marked := [ObjectId(job.id) for job in gone if now_there[job.id].get(MARK)]:
            from chalicelib.store.stored_objects import release  # noqa: PLC0415 - for jobs with objects

            release(self._jobs.database, marked, now, session)
        self._tombstones.insert_many([_tombstone(job, now) for job in gone], session=session)
        for key, totals in _deleted_totals(gone).items():
            who = {"owner_id": ObjectId(key[0]), "tenant_id": ObjectId(key[1])}
            self._deleted.update_one(who, {"$inc": totals}, upsert=True, session=session)
        return {job.id for job in gone}

    def tombstones(self, before: datetime, limit: int) -> list[Job]:
        """Return jobs deleted ``before`` a time, by id, with the fields that their events and counts need."""
        found = self._tombstones.find({"at": {"$lt": before}}).sort("_id", 1).limit(limit).max_time_ms(MAX_TIME_MS)
        return [_job_of_tombstone(doc) for doc in found]

    def deletions(self, size: int, session: ClientSession) -> Iterator[list[str]]:
        """Yield the ids of all tombstones, ``size`` at a time: those of jobs, and of pages of expired ones."""
        for collection in (self._tombstones, self._expired_pages):
            found = collection.find({}, {"_id": 1}, session=session).batch_size(size)
            while ids := [str(document["_id"]) for document in islice(found, size)]:
                yield ids

    def delete_tombstones(self, ids: Sequence[str]) -> None:
        """Remove tombstones that are done, and logs that a crash left behind."""
        keys = [ObjectId(job_id) for job_id in ids]
        self._delete_traces(keys)
        self._tombstones.delete_many({"_id": {"$in": keys}})

    # --- read ------------------------------------------------------------------------------------------------
    def get(self, job_id: str) -> Job:
        """Return the whole job. Raises ``NotFound``."""
        try:
            found = self._jobs.find_one({"_id": ObjectId(job_id)}, {"terms": 0}, max_time_ms=MAX_TIME_MS)
        except InvalidId:
            found = None
        if found is None:
            raise NotFound("No such job")
        return job_of(found)

    def get_many(self, ids: Iterable[str], *, light: bool = False) -> tuple[list[Job], list[str]]:
        """Return the jobs with ``ids`` in any order, and the ids that are invalid or whose record cannot be read.

        Ids without a record are in neither. ``light`` omits the payload, which no change of state touches.
        """
        unreadable: list[str] = []
        keys = []
        for job_id in ids:
            try:
                keys.append(ObjectId(job_id))
            except InvalidId:
                unreadable.append(job_id)
        jobs: list[Job] = []
        if keys:
            # a query by one id needs no planning, and a projection without the terms would add a stage
            one: Document = {"_id": keys[0] if len(keys) == 1 else {"$in": keys}}
            fields = {"terms": 0, "payload": 0, "earlier_payloads": 0} if light else None
            for document in self._zoneless.find(one, fields).max_time_ms(MAX_TIME_MS):
                try:
                    jobs.append(job_of(document))
                except UNREADABLE:
                    unreadable.append(str(document["_id"]))
        return jobs, unreadable

    def open_jobs(self, after: str | None, limit: int, session: ClientSession | None = None) -> Page:
        """Return the next ``limit`` jobs that have not ended, by id, without their heavy fields."""
        match: Document = {"open": True}
        if after:
            match["_id"] = {"$gt": ObjectId(after)}
        found = self._jobs.find(match, HEAVY, session=session).sort("_id", 1).limit(limit)
        return page_of(found.hint("open").max_time_ms(MAX_TIME_MS), limit)

    def snapshot(self) -> ClientSession:
        """Return a session whose reads see one point in time."""
        return self._client.start_session(snapshot=True)

    def first_created(self, scope: str) -> datetime | None:
        """Return when the oldest record of ``o:<owner>``, ``t:<tenant>`` or ``all`` was created, ``None`` if there is
        none.
        """
        kind, _, of = scope.partition(":")
        where = {"o": {"owner_id": of and ObjectId(of)}, "t": {"tenant_id": of and ObjectId(of)}}.get(kind, {})
        first = self._jobs.find_one(where, {"created_at": 1}, sort=[("_id", ASCENDING)])
        created_at: datetime | None = first["created_at"] if first else None
        return created_at

    def totals(self, session: ClientSession) -> Iterator[tuple[str, str, dict[str, int]]]:
        """Yield (owner, tenant, counts): totals over all records, kept or deleted, and the ended states."""
        sums = {
            "submitted": {"$sum": 1},
            "done": _sum_if("completed"),
            "failed": {"$sum": {"$add": ["$redrives", _if("dlq")]}},
            "retries": {"$sum": {"$add": ["$past_retries", "$retry_count"]}},
            "completed": _sum_if("completed"),
            "dlq": _sum_if("dlq"),
            "cancelled": _sum_if("cancelled"),
            "skipped": _sum_if("skipped"),
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


def _tombstone(job: Job, now: datetime) -> Document:
    who = {"owner_id": ObjectId(job.owner_id), "tenant_id": ObjectId(job.tenant_id)}
    what = {"status": job.status.value, "rev": job.rev, "queue": job.queue, "redrives": job.redrives}
    return {"_id": ObjectId(job.id), **who, **what, "entry": job.submission_id, "at": now}


def _job_of_tombstone(found: Document) -> Job:
    at, status = found["at"], JobStatus(found["status"])
    job = Job(
        str(found["_id"]), str(found["tenant_id"]), str(found["owner_id"]), "", status, found["rev"], at, at, at, ""
    )
    return job.with_(queue=found["queue"], redrives=found["redrives"], submission_id=found["entry"])


def _deleted_totals(jobs: Sequence[Job]) -> dict[tuple[str, str], dict[str, int]]:
    totals: dict[tuple[str, str], dict[str, int]] = {}
    none = dict.fromkeys(("submitted", "done", "failed", "retries"), 0)
    for job in jobs:
        sums = totals.setdefault((job.owner_id, job.tenant_id), dict(none))
        sums["submitted"] += 1
        sums["done"] += job.status is JobStatus.COMPLETED
        sums["failed"] += job.redrives + (job.status is JobStatus.DLQ)
        sums["retries"] += job.past_retries + job.retry_count
    return totals


def _is(found: Document | None, job: Job) -> bool:
    """Return whether the record holds this very change."""
    if found is None or found["rev"] != job.rev or found["status"] != job.status.value:
        return False
    if found["updated_at"] != job.updated_at or found["entry"] != job.submission_id:
        return False
    last = (found["attempts"] or [None])[-1]
    if last is None or not job.attempts:
        return last is None and not job.attempts
    mine = job.attempts[-1]
    outcome = mine.outcome.value if mine.outcome else None
    return bool((last["n"], last["worker"], last["outcome"]) == (mine.number, mine.worker_id, outcome))


def _is_as_before(found: Document | None, job: Job) -> bool:
    """Return whether neither the job changed, nor another one came to wait for its end."""
    if found is None or found["rev"] != job.rev:
        return False
    return job.has_dependents or not found.get("has_dependents")


def _is_marked(found: Document | None, rev: int, job: Job) -> bool:
    """Return whether the record is unchanged but for the mark that others wait for the end, which ``job`` lacks."""
    if found is None or found["rev"] != rev or not found.get("has_dependents"):
        return False
    return job.status in TERMINAL and not job.has_dependents


def first_id(at: datetime) -> str:
    """Return an id that is less than those of all jobs created at this time or later."""
    return str(ObjectId.from_datetime(at))
