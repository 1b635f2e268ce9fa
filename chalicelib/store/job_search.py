"""Finding jobs: pages of lists, ids for actions, groups of the DLQ. Every query has an index and a time limit.

Lists are sorted by ``_id``, whose first bytes are the time of creation, so a page begins where the last one ended
whatever was inserted meanwhile. Where the plan matters the index is named: the planner's cache would carry a plan
that suited one tenant over to another, a thousand times larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.cursor import Cursor
from pymongo.database import Database
from pymongo.errors import ExecutionTimeout

from chalicelib.domain.filters import JobFilter, Sight
from chalicelib.domain.jobs import DEFAULT_QUEUE, OPEN, Job, JobStatus
from chalicelib.domain.terms import whole
from chalicelib.errors import Unavailable
from chalicelib.store.client import Document
from chalicelib.store.documents import HEAVY, job_of

#: Longest time of a list, in ms.
MAX_TIME_MS: Final = 3_000
#: Jobs of the DLQ that are looked at to form groups.
GROUPED_JOBS: Final = 50_000
#: How far the jobs with a word are counted to tell which word of a search is the rarest.
PROBED: Final = 3_000

#: What lists leave out; the token of a lease is nobody's business.
LEFT_OUT: Final[Document] = {**HEAVY, "lease": 0}
#: An id may be taken before the job's time of creation (a call that went on in another's place) or just after it.
_ID_EARLIER: Final = timedelta(seconds=120)
_ID_LATER: Final = timedelta(seconds=2)
_LAST_ID_S: Final = 0xFFFFFFFF
_RARE: Final = frozenset({JobStatus.DLQ, JobStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Page:
    """Jobs in order; ``more`` tells whether others follow the last one."""

    jobs: list[Job]
    more: bool


@dataclass(frozen=True, slots=True)
class DlqGroup:
    """Jobs of the DLQ whose errors look alike. ``sample`` is the one that came last."""

    group: str
    count: int
    last_at: datetime | None
    tasks: list[str]
    sample: Job


@dataclass(frozen=True, slots=True)
class Holding:
    """A running job and the worker that holds it."""

    job_id: str
    tenant_id: str
    owner_id: str
    worker_id: str


class JobSearch:
    """Reads jobs by filter."""

    def __init__(self, db: Database[Document]) -> None:
        self._jobs = db.jobs

    def page(self, sight: Sight, wanted: JobFilter, *, newest_first: bool, after: str | None, limit: int) -> Page:
        """At most ``limit`` jobs that come after the id ``after``, without payload, result, attempts and traceback."""
        query = self.query(sight, wanted)
        if after is not None:
            query.setdefault("_id", {})["$lt" if newest_first else "$gt"] = ObjectId(after)
        with _in_time():
            found = list(self._find(query, LEFT_OUT, newest_first, limit + 1, sight, wanted))
        return Page([job_of(document) for document in found[:limit]], len(found) > limit)

    def ids(self, sight: Sight, wanted: JobFilter, limit: int) -> list[str]:
        """Ids of at most ``limit`` jobs, oldest first."""
        query = self.query(sight, wanted)
        with _in_time():
            return [str(document["_id"]) for document in self._find(query, {"_id": 1}, False, limit, sight, wanted)]

    def count(self, sight: Sight, wanted: JobFilter, limit: int) -> int:
        """How many jobs there are, counted up to ``limit``."""
        query, name = self.query(sight, wanted), hint(sight, wanted)
        options: dict[str, Any] = {"hint": name} if name else {}
        with _in_time():
            return self._jobs.count_documents(query, limit=limit, maxTimeMS=MAX_TIME_MS, **options)

    def groups(self, sight: Sight, limit: int) -> list[DlqGroup]:
        """Groups of the DLQ, the largest first, formed from the newest ``GROUPED_JOBS`` jobs."""
        wanted = JobFilter(statuses=(JobStatus.DLQ,))
        pipeline: list[Document] = [
            {"$match": self.query(sight, wanted)},
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
        ]
        with _in_time():
            found = list(self._jobs.aggregate(pipeline, maxTimeMS=MAX_TIME_MS, hint=hint(sight, wanted)))
        samples = self._by_id([group["sample"] for group in found])
        return [
            DlqGroup(group["_id"] or "", group["count"], group["last_at"], sorted(group["tasks"]), sample)
            for group in found
            if (sample := samples.get(group["sample"]))
        ]

    def open_by_queue(self, tenant_id: str) -> dict[str, dict[JobStatus, tuple[int, datetime]]]:
        """Open jobs of a tenant per queue and status: how many, and when the one that waits longest became ready."""
        statuses = sorted(status.value for status in OPEN)
        pipeline: list[Document] = [
            {"$match": {"tenant_id": ObjectId(tenant_id), "status": {"$in": statuses}}},
            {"$limit": GROUPED_JOBS},
            {
                "$group": {
                    "_id": {"queue": "$queue", "status": "$status"},
                    "count": {"$sum": 1},
                    "oldest": {"$min": "$ready_at"},
                }
            },
        ]
        queues: dict[str, dict[JobStatus, tuple[int, datetime]]] = {}
        for found in self._jobs.aggregate(pipeline, maxTimeMS=MAX_TIME_MS, hint="tenant_status"):
            per_status = queues.setdefault(found["_id"]["queue"], {})
            per_status[JobStatus(found["_id"]["status"])] = (found["count"], found["oldest"])
        return queues

    def holdings(self, ids: Sequence[str]) -> list[Holding]:
        """Who holds the running ones of ``ids``."""
        query = {"_id": {"$in": [ObjectId(i) for i in ids if ObjectId.is_valid(i)]}, "lease": {"$ne": None}}
        found = self._jobs.find(query, {"tenant_id": 1, "owner_id": 1, "lease.worker": 1}).max_time_ms(MAX_TIME_MS)
        return [Holding(str(d["_id"]), str(d["tenant_id"]), str(d["owner_id"]), d["lease"]["worker"]) for d in found]

    def query(self, sight: Sight, wanted: JobFilter) -> Document:
        """The MongoDB query. Values from outside are only ever compared for equality or as bounds."""
        query: Document = {}
        if sight.tenant_id is not None:
            query["tenant_id"] = ObjectId(sight.tenant_id)
        if sight.owner_id is not None:
            query["owner_id"] = ObjectId(sight.owner_id)
        if wanted.statuses:
            found = [status.value for status in wanted.statuses]
            query["status"] = found[0] if len(found) == 1 else {"$in": found}
            if set(wanted.statuses) <= OPEN:
                query["open"] = True
        for name, value in (("task", wanted.task), ("queue", wanted.queue), ("tags", wanted.tag)):
            if value is not None:
                query[name] = {"$eq": value}
        if wanted.trace_id is not None:
            query["trace_id"] = {"$eq": wanted.trace_id}
        if wanted.error_group is not None:
            query["error.group"] = {"$eq": wanted.error_group}
        if terms := [*_exact(wanted), *self._rarest_first(sight, wanted)]:
            query["$and"] = terms
        return query | _created(wanted)

    def _rarest_first(self, sight: Sight, wanted: JobFilter) -> list[Document]:
        """Conditions on words. The index serves only the first one, so that should be the rarest."""
        words = sorted(wanted.words, key=len, reverse=True)
        if len(words) > 1 and sight.tenant_id is not None and not _exact(wanted):
            tenant = {"tenant_id": ObjectId(sight.tenant_id)}
            probe: dict[str, Any] = {"limit": PROBED, "maxTimeMS": MAX_TIME_MS, "hint": "tenant_terms"}
            words.sort(key=lambda word: self._jobs.count_documents({**tenant, **_begins(word)}, **probe))
        return [_begins(word) for word in words]

    def _by_id(self, ids: Sequence[ObjectId]) -> dict[ObjectId, Job]:
        found = self._jobs.find({"_id": {"$in": list(ids)}}, LEFT_OUT).max_time_ms(MAX_TIME_MS)
        return {document["_id"]: job_of(document) for document in found}

    def _find(
        self, query: Document, fields: Document, newest_first: bool, limit: int, sight: Sight, wanted: JobFilter
    ) -> Cursor[Document]:
        found = self._jobs.find(query, fields, limit=limit, batch_size=limit + 1)
        found = found.sort("_id", DESCENDING if newest_first else ASCENDING).max_time_ms(MAX_TIME_MS)
        name = hint(sight, wanted)
        return found.hint(name) if name else found


@contextmanager
def _in_time() -> Iterator[None]:
    """Tell whoever asked too much of the time limit how to ask for less."""
    try:
        yield
    except ExecutionTimeout:
        raise Unavailable("This takes too long; narrow it by status, time or rarer words") from None


def hint(sight: Sight, wanted: JobFilter) -> str | None:
    """The index to use; ``None`` where the planner decides, since it depends on how rare the words are."""
    if wanted.trace_id is not None:
        return "trace"
    if sight.tenant_id is None:
        return _hint_for_all(wanted)
    if wanted.error_group is not None and wanted.statuses == (JobStatus.DLQ,):
        return "dlq_group"
    if wanted.words or _exact(wanted):
        return None
    name = "owner" if sight.owner_id is not None else "tenant"
    return f"{name}_status" if wanted.statuses else name


def _hint_for_all(wanted: JobFilter) -> str:
    statuses = set(wanted.statuses)
    if statuses and statuses <= OPEN:
        return "open"
    return "gave_up" if statuses and statuses <= _RARE else "_id_"


def _exact(wanted: JobFilter) -> list[Document]:
    """Conditions by which the filters by task, queue and tag get at the index of terms."""
    queue = None if wanted.queue == DEFAULT_QUEUE else wanted.queue
    return [{"terms": whole(key)} for key in (wanted.tag, wanted.task, queue) if key is not None]


def _begins(word: str) -> Document:
    return {"terms": {"$elemMatch": {"$gte": word, "$lt": word + "\U0010ffff"}}}


def _created(wanted: JobFilter) -> Document:
    ids, created = {}, {}
    if wanted.created_from is not None:
        ids["$gte"], created["$gte"] = _first_id(wanted.created_from - _ID_EARLIER), wanted.created_from
    if wanted.created_to is not None:
        ids["$lt"], created["$lt"] = _first_id(wanted.created_to + _ID_LATER), wanted.created_to
    return {"_id": ids, "created_at": created} if ids else {}


def _first_id(at: datetime) -> ObjectId:
    seconds = min(max(int(at.timestamp()), 0), _LAST_ID_S)
    return ObjectId(f"{seconds:08x}" + "0" * 16)
