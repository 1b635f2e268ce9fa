"""Searches for jobs: pages of lists, ids for actions, groups of the DLQ. Every query has an index and a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING, ReadPreference
from pymongo.cursor import Cursor
from pymongo.database import Database
from pymongo.errors import ExecutionTimeout

from chalicelib.domain.filters import JobFilter, Order, Place, Start, Visibility
from chalicelib.domain.jobs import Job, JobStatus, Outcome, is_apart
from chalicelib.domain.payload_search import Bounds, Examined
from chalicelib.errors import Unavailable
from chalicelib.store.client import Document
from chalicelib.store.documents import HEAVY, job_of
from chalicelib.store.job_query import begins, beyond, conditions, exact_terms, hint, sorting

#: Time limit of a list, in ms.
MAX_TIME_MS: Final = 3_000
#: Time limit of counting the total of a list, in ms. The page is returned without it.
TOTAL_TIME_MS: Final = 1_000
#: Jobs of the DLQ that are read to form groups.
GROUPED_JOBS: Final = 50_000
#: Jobs whose attempts are counted by worker.
COUNTED_JOBS: Final = 50_000
#: How long before a range the jobs were submitted that are counted in it.
EARLIER: Final = timedelta(days=2)
_FAILURES: Final = [Outcome.FAILED.value, Outcome.TIMED_OUT.value]
#: Tasks listed per group.
SHOWN_TASKS: Final = 20
#: Maximum count of jobs per word when looking for the rarest word of a search.
PROBED: Final = 3_000

#: Fields that lists omit. Clients never see the token of a lease.
LEFT_OUT: Final[Document] = {**HEAVY, "lease": 0}
#: As lists, and the payload, which is looked into.
_WITH_PAYLOAD: Final = {name: 0 for name in LEFT_OUT if name != "payload"}
#: Jobs that an examination of payloads reads at once.
EXAMINED_AT_ONCE: Final = 200
_TOO_LONG: Final = "The search takes too long; narrow it by status, time or rarer words"
#: Fields that exports omit.
LEFT_OUT_OF_EXPORTS: Final = {name: 0 for name in LEFT_OUT if name not in {"payload", "result"}}
_DEAD: Final = JobFilter(statuses=(JobStatus.DLQ,))
_BY_ID: Final = Order(newest_first=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Jobs in order. ``before`` and ``after``: whether there are more before the first and after the last one."""

    jobs: list[Job]
    before: bool
    after: bool


class FoundPayload(NamedTuple):
    """The payload of a job as JSON text."""

    job_id: str
    tenant_id: str
    task: str
    text: str


@dataclass(frozen=True, slots=True)
class DlqGroup:
    """Jobs of the DLQ with similar errors. ``sample`` is the newest."""

    group: str
    count: int
    last_at: datetime | None
    tasks: list[str]
    sample: Job


@dataclass(frozen=True, slots=True)
class Leased:
    """A running job and the worker that holds it."""

    job_id: str
    tenant_id: str
    owner_id: str
    worker_id: str


@dataclass(frozen=True, slots=True)
class WorkerTally:
    """What a worker did: attempts that ended, and for how long they ran together."""

    worker_id: str
    attempts: int
    completed: int
    failed: int
    run_ms: int


class Payloads(NamedTuple):
    """Payloads of jobs. ``more``: there are others. ``passed_by``: payloads that are not in their records."""

    found: list[FoundPayload]
    more: bool
    passed_by: int


class JobSearch:
    """Reads jobs by filter."""

    def __init__(self, db: Database[Document]) -> None:
        self._jobs = db.jobs

    def page(
        self,
        visibility: Visibility,
        wanted: JobFilter | None,
        order: Order,
        start: Start | None,
        limit: int,
        *,
        documents: bool = False,
    ) -> Page:
        """Return at most ``limit`` jobs from ``start``, without attempts and traceback, and without payload and result
        unless ``documents``.
        """
        if wanted is None:
            return Page([], before=False, after=False)
        back = start is not None and start.backwards
        query = self.query(visibility, wanted)
        if start is not None:
            query = {"$and": [query, beyond(order, start.place, backwards=back)]}
        with _in_time():
            fields = LEFT_OUT_OF_EXPORTS if documents else LEFT_OUT
            found = list(self._find(query, fields, order, limit + 1, visibility, wanted, backwards=back))
        jobs, more = [job_of(document) for document in found[:limit]], len(found) > limit
        if back:
            return Page(jobs[::-1], more, bool(jobs))
        return Page(jobs, start is not None, more)

    def ids(self, visibility: Visibility, wanted: JobFilter, limit: int, after: str | None = None) -> list[str]:
        """Return the ids of at most ``limit`` jobs, oldest first, after the id ``after``."""
        query = self.query(visibility, wanted)
        if after is not None:
            query = {"$and": [query, {"_id": {"$gt": ObjectId(after)}}]}
        with _in_time():
            return [
                str(document["_id"]) for document in self._find(query, {"_id": 1}, _BY_ID, limit, visibility, wanted)
            ]

    def matching(self, visibility: Visibility, wanted: JobFilter, ids: Sequence[str]) -> list[str]:
        """Return those of ``ids`` whose jobs match, oldest first."""
        query = {"$and": [{"_id": {"$in": [ObjectId(each) for each in ids]}}, self.query(visibility, wanted)]}
        with _in_time():
            found = self._jobs.find(query, {"_id": 1}, hint="_id_").sort("_id", ASCENDING).max_time_ms(MAX_TIME_MS)
            return [str(document["_id"]) for document in found]

    def count(self, visibility: Visibility, wanted: JobFilter, limit: int, max_time_ms: int | None = None) -> int:
        """Return the number of jobs, counted up to ``limit``."""
        query, name = self.query(visibility, wanted), hint(visibility, wanted)
        options: dict[str, Any] = {"hint": name} if name else {}
        with _in_time():
            return self._jobs.count_documents(query, limit=limit, maxTimeMS=max_time_ms or MAX_TIME_MS, **options)

    def total(self, visibility: Visibility, wanted: JobFilter, limit: int) -> int | None:
        """Return ``count``, or ``None`` if it takes longer than ``TOTAL_TIME_MS``."""
        try:
            return self.count(visibility, wanted, limit, TOTAL_TIME_MS)
        except Unavailable:
            return None

    def examine(
        self,
        visibility: Visibility,
        wanted: JobFilter,
        order: Order,
        start: Start | None,
        fits: Callable[[str, str, str], bool],
        bounds: Bounds,
    ) -> Examined:
        """Return the jobs after ``start`` whose payloads fit, as lists show them, until one of ``bounds`` is reached.

        ``fits`` is called with the id of the tenant, the task and the payload. It reads from a secondary if there is
        one. Raises ``Unavailable`` if not even one could be examined in time.
        """
        query = self.query(visibility, wanted)
        if start is not None:
            query = {"$and": [query, beyond(order, start.place, backwards=False)]}
        jobs: list[Job] = []
        last: Document | None = None
        examined = size = passed_by = 0
        until = time.monotonic() + bounds.seconds
        try:
            for document in self._calmly(query, order, bounds.examined + 1, hint(visibility, wanted, order)):
                full = len(jobs) == bounds.jobs or examined == bounds.examined or size >= bounds.size
                if full or (last is not None and time.monotonic() >= until):
                    return Examined(jobs, examined, _place(last), passed_by)
                last, examined = document, examined + 1
                payload = document.pop("payload", None) or "{}"
                size += len(payload)
                if is_apart(payload):
                    passed_by += 1
                elif fits(str(document["tenant_id"]), document["task"], payload):
                    jobs.append(job_of(document))
        except ExecutionTimeout:
            if last is None:
                raise Unavailable(_TOO_LONG) from None
            return Examined(jobs, examined, _place(last), passed_by)
        return Examined(jobs, examined, None, passed_by)

    def _calmly(self, query: Document, order: Order, limit: int, index: str | None) -> Cursor[Document]:
        """Return jobs with their payloads, a few at a time, from where they disturb the queue least."""
        calm = self._jobs.with_options(read_preference=ReadPreference.SECONDARY_PREFERRED)
        found = calm.find(query, _WITH_PAYLOAD, limit=limit, batch_size=EXAMINED_AT_ONCE)
        found = found.sort(sorting(order)).max_time_ms(MAX_TIME_MS)
        return found.hint(index) if index else found

    def payloads(self, visibility: Visibility, wanted: JobFilter, limit: int, max_bytes: int) -> Payloads:
        """Return the payloads of the newest jobs until ``limit`` or ``max_bytes``."""
        payloads: list[FoundPayload] = []
        fields = {"payload": 1, "tenant_id": 1, "task": 1}
        size = passed_by = 0
        with _in_time():
            found = self._find(self.query(visibility, wanted), fields, Order(), limit + 1, visibility, wanted)
            for document in found:
                if len(payloads) == limit or size >= max_bytes:
                    return Payloads(payloads, more=True, passed_by=passed_by)
                payload = document.get("payload") or "{}"
                if is_apart(payload):
                    passed_by += 1
                    continue
                payloads.append(
                    FoundPayload(str(document["_id"]), str(document["tenant_id"]), document["task"], payload)
                )
                size += len(payload)
        return Payloads(payloads, more=False, passed_by=passed_by)

    def groups(self, visibility: Visibility, limit: int, wanted: JobFilter = _DEAD) -> list[DlqGroup]:
        """Return the groups of jobs in the DLQ that meet ``wanted``, largest first, formed from the newest
        ``GROUPED_JOBS``.
        """
        pipeline: list[Document] = [
            {"$match": self.query(visibility, wanted)},
            {"$sort": {"_id": DESCENDING}},
            {"$limit": GROUPED_JOBS},
            {"$project": {"error.group": 1, "finished_at": 1, "task": 1}},
            {
                "$group": {
                    "_id": "$error.group",
                    "count": {"$sum": 1},
                    "last_at": {"$max": "$finished_at"},
                    "sample": {"$first": "$_id"},
                    "tasks": {"$addToSet": "$task"},
                }
            },
            {"$sort": {"count": DESCENDING, "_id": ASCENDING}},
            {"$limit": limit},
            {"$set": {"tasks": {"$slice": ["$tasks", SHOWN_TASKS]}}},
        ]
        with _in_time():
            name = hint(visibility, wanted)
            options: dict[str, Any] = {"hint": name} if name else {}
            found = list(self._jobs.aggregate(pipeline, maxTimeMS=MAX_TIME_MS, **options))
        samples = self._by_id([group["sample"] for group in found])
        return [
            DlqGroup(group["_id"] or "", group["count"], group["last_at"], sorted(group["tasks"]), sample)
            for group in found
            if (sample := samples.get(group["sample"]))
        ]

    def by_worker(self, visibility: Visibility, since: datetime, until: datetime, limit: int) -> list[WorkerTally]:
        """Return what each worker did in a range, by the attempts of the newest ``COUNTED_JOBS`` jobs that had been
        submitted by its end and up to two days before it; those with most attempts first.
        """
        wanted = JobFilter(created_from=since - EARLIER, created_to=until)
        within = {"$gte": since, "$lt": until}
        pipeline: list[Document] = [
            {"$match": self.query(visibility, wanted)},
            {"$sort": {"_id": DESCENDING}},
            {"$limit": COUNTED_JOBS},
            {"$project": {"attempts": 1}},
            {"$unwind": "$attempts"},
            {"$match": {"attempts.ended_at": within}},
            {
                "$group": {
                    "_id": "$attempts.worker",
                    "attempts": {"$sum": 1},
                    "completed": {"$sum": {"$cond": [{"$eq": ["$attempts.outcome", "completed"]}, 1, 0]}},
                    "failed": {"$sum": {"$cond": [{"$in": ["$attempts.outcome", _FAILURES]}, 1, 0]}},
                    "run_ms": {"$sum": "$attempts.run_ms"},
                }
            },
            {"$sort": {"attempts": DESCENDING, "_id": ASCENDING}},
            {"$limit": limit},
        ]
        with _in_time():
            found = self._jobs.aggregate(pipeline, maxTimeMS=MAX_TIME_MS, hint=hint(visibility, wanted))
            return [
                WorkerTally(each["_id"], each["attempts"], each["completed"], each["failed"], int(each["run_ms"]))
                for each in found
            ]

    def leased(self, ids: Sequence[str]) -> list[Leased]:
        """Return the holders of the running jobs among ``ids``."""
        query = {"_id": {"$in": [ObjectId(i) for i in ids if ObjectId.is_valid(i)]}, "lease": {"$ne": None}}
        found = self._jobs.find(query, {"tenant_id": 1, "owner_id": 1, "lease.worker": 1}).max_time_ms(MAX_TIME_MS)
        return [Leased(str(d["_id"]), str(d["tenant_id"]), str(d["owner_id"]), d["lease"]["worker"]) for d in found]

    def query(self, visibility: Visibility, wanted: JobFilter) -> Document:
        """Return the MongoDB query."""
        return conditions(visibility, wanted, self._rarest_first(visibility, wanted))

    def _rarest_first(self, visibility: Visibility, wanted: JobFilter) -> list[str]:
        """Return the words of a search, rarest first, because the index serves only the first."""
        words = sorted(wanted.words, key=len, reverse=True)
        if len(words) > 1 and visibility.tenant_id is not None and not exact_terms(wanted):
            tenant = {"tenant_id": ObjectId(visibility.tenant_id)}
            probe: dict[str, Any] = {"limit": PROBED, "maxTimeMS": MAX_TIME_MS, "hint": "tenant_terms"}
            words.sort(key=lambda word: self._jobs.count_documents({**tenant, **begins(word)}, **probe))
        return words

    def _by_id(self, ids: Sequence[ObjectId]) -> dict[ObjectId, Job]:
        found = self._jobs.find({"_id": {"$in": list(ids)}}, LEFT_OUT).max_time_ms(MAX_TIME_MS)
        return {document["_id"]: job_of(document) for document in found}

    def _find(
        self,
        query: Document,
        fields: Document,
        order: Order,
        limit: int,
        visibility: Visibility,
        wanted: JobFilter,
        *,
        backwards: bool = False,
    ) -> Cursor[Document]:
        found = self._jobs.find(query, fields, limit=limit, batch_size=limit + 1)
        found = found.sort(sorting(order, backwards=backwards)).max_time_ms(MAX_TIME_MS)
        name = hint(visibility, wanted, order)
        return found.hint(name) if name else found


@contextmanager
def _in_time() -> Iterator[None]:
    """Turn an exceeded time limit into an error that says how to narrow the search."""
    try:
        yield
    except ExecutionTimeout:
        raise Unavailable(_TOO_LONG) from None


def _place(last: Document | None) -> Place | None:
    if last is None:
        return None
    ended = last.get("finished_at")
    return Place(str(last["_id"]), ended.replace(tzinfo=UTC) if ended else None)
