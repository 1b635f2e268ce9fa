"""MongoDB queries of lists of jobs: conditions, order, and index.

Lists are sorted by ``_id``, whose first bytes are the creation time, or by ``finished_at`` and then ``_id``. A page
begins where the previous one ended, whatever was inserted in between. Where the plan matters, the index is named: the
planner would reuse a plan cached for one tenant for another that is a thousand times larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING

from chalicelib.domain.filters import ENDED_BADLY, JobFilter, Order, Place, Visibility
from chalicelib.domain.jobs import DEFAULT_QUEUE, OPEN, JobStatus
from chalicelib.domain.terms import ERROR_MARK, spellings, whole
from chalicelib.store.client import Document

#: The time in an id can differ from the creation time: earlier if a call took over another's key, or slightly later.
_ID_EARLIER: Final = timedelta(seconds=120)
_ID_LATER: Final = timedelta(seconds=2)
_LAST_ID_S: Final = 0xFFFFFFFF


def conditions(visibility: Visibility, wanted: JobFilter, words: Sequence[str]) -> Document:
    """Return the query. ``words`` are those of the filter, rarest first.

    Values from clients are used only in equality comparisons and as bounds.
    """
    query = _whose(visibility)
    if wanted.statuses:
        found = [status.value for status in wanted.statuses]
        query["status"] = found[0] if len(found) == 1 else {"$in": found}
        if set(wanted.statuses) <= OPEN:
            query["open"] = True
    given = {
        "task": wanted.task,
        "queue": wanted.queue,
        "trace_id": wanted.trace_id,
        "error.group": wanted.error_group,
    }
    query |= {name: {"$eq": value} for name, value in given.items() if value is not None}
    if wanted.batch_id is not None:
        query["batch"] = ObjectId(wanted.batch_id)
    if wanted.tag is not None:
        query["tags"] = {"$in": spellings(wanted.tag)}
    if wanted.finished_from is not None or wanted.finished_to is not None:
        query["finished_at"] = _between(wanted.finished_from, wanted.finished_to)
    if wanted.unchanged_since is not None:
        query["updated_at"] = {"$lte": wanted.unchanged_since}
    parts = [*exact_terms(wanted), *_by_words(visibility, wanted, words)]
    if wanted.unless_cancelling:
        parts.append({"$or": [{"status": {"$ne": JobStatus.RUNNING.value}}, {"cancel_requested": {"$ne": True}}]})
    return query | ({"$and": parts} if parts else {}) | _created(wanted)


def beyond(order: Order, place: Place, *, backwards: bool) -> Document:
    """Return the condition that a job comes after ``place`` in ``order``, or before it."""
    than = "$lt" if order.newest_first is not backwards else "$gt"
    job_id = ObjectId(place.job_id)
    if not order.by_end:
        return {"_id": {than: job_id}}
    at = place.finished_at
    # the index is searched by the bound on finished_at alone
    ties = [{"finished_at": {than: at}}, {"finished_at": at, "_id": {than: job_id}}]
    return {"finished_at": {f"{than}e": at}, "$or": ties}


def sorting(order: Order, *, backwards: bool = False) -> list[tuple[str, int]]:
    """Return the keys of ``order`` and their direction."""
    direction = DESCENDING if order.newest_first is not backwards else ASCENDING
    return [("finished_at", direction), ("_id", direction)] if order.by_end else [("_id", direction)]


def begins(word: str) -> Document:
    """Return the condition that some term begins with ``word``."""
    return {"terms": {"$elemMatch": {"$gte": word, "$lt": word + "\U0010ffff"}}}


def exact_terms(wanted: JobFilter) -> list[Document]:
    """Return the conditions with which the filters by task, queue and tag use the index of terms."""
    queue = None if wanted.queue == DEFAULT_QUEUE else wanted.queue
    return [{"terms": whole(key)} for key in (wanted.tag, wanted.task, queue) if key is not None]


def hint(visibility: Visibility, wanted: JobFilter, order: Order | None = None) -> str | None:
    """Return the index to use; ``None`` to let the planner decide, where it depends on how rare the words are."""
    if order is not None and order.by_end:
        return "ended"
    if wanted.batch_id is not None or wanted.trace_id is not None:
        return "batch" if wanted.batch_id is not None else "trace"
    if visibility.owner_id is None and visibility.tenant_id is None:
        return _hint_for_all(wanted)
    if wanted.error_group is not None and wanted.statuses == (JobStatus.DLQ,) and visibility.tenant_id is not None:
        return "dlq_group"
    if wanted.words or exact_terms(wanted) or (wanted.finished_from or wanted.finished_to) is not None:
        return None
    name = "tenant" if visibility.owner_id is None else "owner"
    return f"{name}_status" if wanted.statuses else name


def _whose(visibility: Visibility) -> Document:
    given = (("tenant_id", visibility.tenant_id), ("owner_id", visibility.owner_id))
    return {name: ObjectId(value) for name, value in given if value is not None}


def _hint_for_all(wanted: JobFilter) -> str | None:
    if wanted.or_id is not None:
        return None
    statuses = set(wanted.statuses)
    if statuses and statuses <= OPEN:
        return "open"
    return "gave_up" if statuses and statuses <= ENDED_BADLY else "_id_"


def _by_words(visibility: Visibility, wanted: JobFilter, words: Sequence[str]) -> list[Document]:
    """Return the conditions on words. An index serves the first one only, and none serves words of all tenants."""
    if wanted.or_id is not None and visibility.tenant_id is None:
        return [{"_id": ObjectId(wanted.or_id)}]
    found = [begins(word) for word in words]
    if wanted.in_errors:
        found = [_any_of([begins(word), begins(ERROR_MARK + word)]) for word in words]
    if wanted.or_id is None:
        return found
    return [_any_of([{"_id": ObjectId(wanted.or_id)}, *found])]


def _any_of(parts: list[Document]) -> Document:
    return parts[0] if len(parts) == 1 else {"$or": parts}


def _between(first: datetime | None, last: datetime | None) -> Document:
    bounds = {"$gte": first, "$lt": last}
    return {name: at for name, at in bounds.items() if at is not None}


def _created(wanted: JobFilter) -> Document:
    ids: dict[str, ObjectId] = {}
    created = _between(wanted.created_from, wanted.created_to)
    if wanted.created_from is not None:
        ids["$gte"] = _first_id(wanted.created_from - _ID_EARLIER)
    if wanted.created_to is not None:
        ids["$lt"] = _first_id(wanted.created_to + _ID_LATER)
    if wanted.before_id is not None:
        ids["$lt"] = min(ids.get("$lt", ObjectId(wanted.before_id)), ObjectId(wanted.before_id))
    return ({"_id": ids} if ids else {}) | ({"created_at": created} if created else {})


def _first_id(at: datetime) -> ObjectId:
    seconds = min(max(int(at.timestamp()), 0), _LAST_ID_S)
    return ObjectId(f"{seconds:08x}" + "0" * 16)
