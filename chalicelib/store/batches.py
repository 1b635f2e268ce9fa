"""Collection ``batches``. Changes of state compare the state before; ``open`` marks those with something left to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chalicelib.domain.batches import KEPT, UNDONE_KEPT, Batch, BatchStatus, Callback
from chalicelib.domain.filters import Visibility
from chalicelib.domain.jobs import OPEN, Job, JobStatus
from chalicelib.store.calls import CallStore
from chalicelib.store.client import Document
from chalicelib.store.documents import HEAVY, template_document, template_of
from chalicelib.store.owned import page_by_id, seen_by
from chalicelib.store.reading import readable

MAX_TIME_MS: Final = 5_000
_OPEN: Final = sorted(status.value for status in OPEN)


class BatchStore(CallStore[Batch]):
    """Reads and writes batches, and reads their jobs by field ``batch``."""

    def __init__(self, db: Database[Document]) -> None:
        super().__init__(db.batches, _document, batch_of)
        self._jobs = db.jobs

    # --- batches ---------------------------------------------------------------------------------------------
    def touch(self, batch: Batch, now: datetime) -> bool:
        """Note that a call still submits the batch; return ``False`` if it is not to be submitted any more."""
        return self._move(batch.id, BatchStatus.SUBMITTING, {"touched_at": now})

    def seal(self, batch: Batch, now: datetime) -> bool:
        """Let the batch run; return ``False`` if it was undone. A batch that runs already is no error."""
        change = {"status": BatchStatus.RUNNING.value, "updated_at": now}
        if self._move(batch.id, BatchStatus.SUBMITTING, change):
            return True
        found = self.get(batch.id)
        return found is not None and found.status is not BatchStatus.UNDONE

    def undo(self, batch: Batch, before: datetime, now: datetime) -> bool:
        """Give a batch up that no call submits since ``before``; return whether it is given up."""
        match = {"_id": ObjectId(batch.id), "status": BatchStatus.SUBMITTING.value, "touched_at": {"$lt": before}}
        change = {"status": BatchStatus.UNDONE.value, "updated_at": now, "expires_at": now + UNDONE_KEPT}
        return self._calls.update_one(match, {"$set": change, "$unset": {"key": ""}}).matched_count == 1

    def finish(self, batch: Batch, status: BatchStatus, counts: Mapping[JobStatus, int], now: datetime) -> bool:
        """Write the end of a running batch; return ``False`` if it had ended."""
        kept = {state.value: number for state, number in counts.items()}
        change = {"status": status.value, "counts": kept, "finished_at": now, "updated_at": now}
        return self._move(batch.id, BatchStatus.RUNNING, change)

    def close(self, batch: Batch, now: datetime) -> None:
        """Note that nothing is left to do for a batch."""
        self._calls.update_one(
            {"_id": ObjectId(batch.id)}, {"$unset": {"open": ""}, "$set": {"expires_at": now + KEPT}}
        )

    def request_cancel(self, batch: Batch, now: datetime) -> bool:
        """Request the cancellation of a batch that has not ended; return ``False`` if it has."""
        going = [BatchStatus.SUBMITTING.value, BatchStatus.RUNNING.value]
        match = {"_id": ObjectId(batch.id), "status": {"$in": going}}
        change = {"$set": {"cancel_requested": True, "updated_at": now}}
        return self._calls.update_one(match, change).matched_count == 1

    def running(self, batch_ids: Collection[str]) -> set[str]:
        """Return those of the batches that have not ended."""
        return running(self._calls.database, batch_ids)

    def _move(self, batch_id: str, before: BatchStatus, change: Document) -> bool:
        match = {"_id": ObjectId(batch_id), "status": before.value}
        return self._calls.update_one(match, {"$set": change}).matched_count == 1

    def get_many(self, batch_ids: Collection[str]) -> list[Batch]:
        """Return batches, in no order; those that do not exist are absent."""
        match = {"_id": {"$in": [ObjectId(each) for each in batch_ids]}}
        return [batch_of(each) for each in self._calls.find(match).max_time_ms(MAX_TIME_MS)]

    def page(
        self,
        seen: Visibility,
        after: str | None,
        limit: int,
        *,
        backwards: bool = False,
        status: BatchStatus | None = None,
    ) -> list[Batch]:
        """Return up to ``limit`` batches, the newest first, after the one with an id, or before it.

        ``status``: only those in this state. It costs a read of each newer one, not only of those returned.
        """
        state: Document = {"$ne": BatchStatus.UNDONE.value}
        if status is not None:
            state["$eq"] = status.value
        match: Document = {"status": state, "of_map": {"$exists": False}, **seen_by(seen)}
        return [batch_of(each) for each in page_by_id(self._calls, match, after, limit, backwards=backwards)]

    # --- their jobs ------------------------------------------------------------------------------------------
    def counts(self, batch_ids: Collection[str]) -> dict[str, dict[JobStatus, int]]:
        """Return how many jobs of each batch are in each state."""
        stages: list[Document] = [
            {"$match": {"batch": {"$in": [ObjectId(each) for each in batch_ids]}}},
            {"$group": {"_id": {"batch": "$batch", "status": "$status"}, "number": {"$sum": 1}}},
        ]
        counts: dict[str, dict[JobStatus, int]] = defaultdict(dict)
        for found in self._jobs.aggregate(stages, hint="batch", maxTimeMS=MAX_TIME_MS):
            counts[str(found["_id"]["batch"])][JobStatus(found["_id"]["status"])] = found["number"]
        return counts

    def has_open(self, batch_id: str) -> bool:
        """Return whether a job of a batch has not ended."""
        match = {"batch": ObjectId(batch_id), "status": {"$in": _OPEN}}
        return self._jobs.find_one(match, {"_id": 1}, hint="batch", max_time_ms=MAX_TIME_MS) is not None

    def count_released(self, batch_id: str) -> int:
        """Return how many jobs of a batch are open and not blocked."""
        states = [status for status in _OPEN if status != JobStatus.BLOCKED.value]
        match = {"batch": ObjectId(batch_id), "status": {"$in": states}}
        return self._jobs.count_documents(match, hint="batch", maxTimeMS=MAX_TIME_MS)

    def members(self, batch_id: str, statuses: Collection[JobStatus], limit: int) -> list[Job]:
        """Return up to ``limit`` jobs of a batch in ``statuses``, without heavy fields."""
        match = {"batch": ObjectId(batch_id), "status": {"$in": sorted(status.value for status in statuses)}}
        return readable(self._jobs.find(match, HEAVY).limit(limit).hint("batch").max_time_ms(MAX_TIME_MS))


def running(db: Database[Document], batch_ids: Collection[str], session: ClientSession | None = None) -> set[str]:
    """Return those of the batches that have not ended."""
    going = [BatchStatus.SUBMITTING.value, BatchStatus.RUNNING.value]
    match = {"_id": {"$in": [ObjectId(each) for each in batch_ids]}, "status": {"$in": going}}
    found = db.batches.find(match, {"_id": 1}, session=session).max_time_ms(MAX_TIME_MS)
    return {str(each["_id"]) for each in found}


def _document(batch: Batch) -> Document:
    document: Document = {
        "_id": ObjectId(batch.id),
        "tenant_id": ObjectId(batch.tenant_id),
        "owner_id": ObjectId(batch.owner_id),
        "name": batch.name,
        "total": batch.total,
        "status": batch.status.value,
        "trace_id": batch.trace_id,
        "created_at": batch.created_at,
        "updated_at": batch.updated_at,
        "touched_at": batch.created_at,
        "callbacks": {name.value: template_document(job) for name, job in (batch.callbacks or {}).items()},
        "open": True,
    }
    if batch.of_map:
        document |= {"of_map": True, "concurrency": batch.concurrency}
        if batch.earlier:
            document |= {"kept": batch.kept, "earlier": [ObjectId(each) for each in batch.earlier]}
    if batch.key is not None:
        document |= {"key": batch.key, "digest": batch.digest}
    if batch.api_key is not None:
        document["api_key"] = ObjectId(batch.api_key)
    if batch.traceparent is not None:
        document["traceparent"] = batch.traceparent
    return document


def batch_of(found: Mapping[str, Any]) -> Batch:
    """Return the batch in a document."""
    counts = found.get("counts")
    return Batch(
        id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        owner_id=str(found["owner_id"]),
        name=found["name"],
        total=found["total"],
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        trace_id=found["trace_id"],
        status=BatchStatus(found["status"]),
        callbacks={Callback(name): template_of(job) for name, job in found["callbacks"].items()},
        cancel_requested=found.get("cancel_requested", False),
        finished_at=found.get("finished_at"),
        is_open=found.get("open", False),
        concurrency=found.get("concurrency"),
        of_map=found.get("of_map", False),
        kept=found.get("kept", 0),
        earlier=tuple(str(each) for each in found.get("earlier", ())),
        counts=None if counts is None else {JobStatus(state): number for state, number in counts.items()},
        key=found.get("key"),
        digest=found.get("digest", ""),
        api_key=str(by) if (by := found.get("api_key")) else None,
        traceparent=found.get("traceparent"),
    )
