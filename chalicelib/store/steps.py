"""Collection ``job_steps``: what durable tasks recorded of their steps.

The id of a record is the key of its step, so the first end that is written wins, whichever attempt wrote it; the loser
takes what is stored. Writes are majority and journaled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.cursor import Cursor
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chalicelib.domain.jobs import JobError
from chalicelib.domain.steps import COPIED, MAX_STEPS, StepKey, StepKind, StepRecord, StepStatus
from chalicelib.store.client import Document, duplicates

MAX_TIME_MS: Final = 5_000
#: Results up to this many bytes are loaded with their records.
INLINE_BYTES: Final = 8 * 1024
#: Records of one answer: the driver holds the interpreter lock while it decodes one, and heartbeats wait for it.
_BATCH: Final = 500
_OPEN: Final = [status.value for status in StepStatus if not status.has_ended]
#: Over which states an open one is written. Starts and waits are written once, so that late attempts change nothing.
OVER: Final = {
    StepStatus.PENDING: [StepStatus.PENDING.value],
    StepStatus.STARTED: [StepStatus.PENDING.value],
    StepStatus.WAITING: [StepStatus.PENDING.value],
    StepStatus.RETRYING: [StepStatus.PENDING.value, StepStatus.RETRYING.value],
}


class StepStore:
    """Reads and writes records of steps."""

    def __init__(self, db: Database[Document]) -> None:
        self._steps = db.job_steps

    def write(self, records: Sequence[StepRecord]) -> list[StepRecord]:
        """Write each record unless its step has ended; return the records as they are stored then.

        A failure gives way to a later attempt. Of starts, and of waits, the first one stands.
        """
        try:
            self._steps.bulk_write([_write(record) for record in records], ordered=False)
        except BulkWriteError as error:
            lost = duplicates(error)
            stored = self._read([records[index] for index in lost])
            return [
                stored.get(_id(record), record) if index in lost else record for index, record in enumerate(records)
            ]
        return list(records)

    def _read(self, records: Iterable[StepRecord]) -> dict[str, StepRecord]:
        found = self._steps.find({"_id": {"$in": [_id(record) for record in records]}})
        return {document["_id"]: _record(document) for document in found.max_time_ms(MAX_TIME_MS)}

    def load(self, job_id: str, series: str) -> list[StepRecord]:
        """Return all records of a series, those that began first first. Results over ``INLINE_BYTES`` are left out."""
        match = {"job_id": ObjectId(job_id), "series": series}
        return self._read_all(self._steps.find(match, _INLINE).sort("started_at", 1).limit(MAX_STEPS + 1))

    def page(self, job_id: str, series: str, skip: int, limit: int) -> list[StepRecord]:
        """Return some records of a series, and of its restarts by versions, as ``load`` does."""
        match = {"job_id": ObjectId(job_id), **_in_series(series)}
        found = self._steps.find(match, _INLINE).sort([("started_at", 1), ("_id", 1)])
        return self._read_all(found.skip(skip).limit(limit))

    def _read_all(self, found: Cursor[Document]) -> list[StepRecord]:
        return [_record(each) for each in found.hint("job").batch_size(_BATCH).max_time_ms(MAX_TIME_MS)]

    def result(self, record: StepRecord) -> str | None:
        """Return the result that ``load`` left out; ``None`` if the record is gone."""
        found = self._steps.find_one({"_id": _id(record)}, {"result": 1}, max_time_ms=MAX_TIME_MS)
        result: str | None = (found or {}).get("result")
        return result

    def has_progressed(self, job_id: str, since: datetime) -> bool:
        """Return whether a step of a job completed at ``since`` or later."""
        match = {"job_id": ObjectId(job_id), "status": StepStatus.COMPLETED.value, "ended_at": {"$gte": since}}
        return self._steps.find_one(match, {"_id": 1}, hint="job", max_time_ms=MAX_TIME_MS) is not None

    def invoked(self, job_id: str, series: str) -> list[str]:
        """Return the jobs for which steps of a series, and of its restarts by versions, still wait."""
        waits = {"kind": StepKind.INVOKE.value, "status": StepStatus.WAITING.value}
        match = {"job_id": ObjectId(job_id), **_in_series(series), **waits}
        found = self._steps.find(match, {"subject": 1}).limit(MAX_STEPS).hint("job").max_time_ms(MAX_TIME_MS)
        return [str(each["subject"]) for each in found]

    def owners(self, job_ids: Sequence[str]) -> set[str]:
        """Return those of the jobs that have records."""
        match = {"job_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}}
        return {str(each) for each in self._steps.distinct("job_id", match, maxTimeMS=MAX_TIME_MS)}

    def first(self, job_id: str, series: str, name: str) -> StepRecord | None:
        """Return the first step of this name that began, of a series and its restarts by versions."""
        match = {"job_id": ObjectId(job_id), "name": name, **_in_series(series)}
        found = self._steps.find_one(match, sort=[("started_at", 1)], hint="job", max_time_ms=MAX_TIME_MS)
        return None if found is None else _record(found)

    def copy(self, job_id: str, old: str, new: str, *, before: datetime | None, error: JobError | None) -> list[str]:
        """Copy what ended of a series, and its restarts, to another one, within the database; return consumed events.

        ``before``: only steps that began before. ``error``: a failure with it is left out, to be tried again.
        """
        match: Document = {"job_id": ObjectId(job_id), **_in_series(old), "$or": _kept(error)}
        if before is not None:
            match["started_at"] = {"$lt": before}
        series = {"$concat": [{"$literal": new}, {"$substrBytes": ["$series", len(old), -1]}]}
        key = {"$concat": [f"{job_id}/", "$series", "/", {"$toString": "$n"}, "/", "$name"]}
        self._steps.aggregate(
            [
                {"$match": match}, {"$set": {"series": series, "version": COPIED}}, {"$set": {"_id": key}},
                {"$merge": {"into": self._steps.name, "on": "_id", "whenMatched": "keepExisting"}},
            ]
        )  # fmt: skip
        consumed = {**match, "kind": StepKind.EVENT.value, "subject": {"$ne": ""}}
        found = self._steps.find(consumed, {"subject": 1}).limit(MAX_STEPS).max_time_ms(MAX_TIME_MS)
        return [str(each["subject"]) for each in found]


def _kept(error: JobError | None) -> list[Document]:
    """Return the condition on records that another series begins with."""
    failed: Document = {"status": StepStatus.FAILED.value}
    if error is not None:
        failed["$nor"] = [{"error.type": error.type, "error.message": error.message}]
    return [{"status": StepStatus.COMPLETED.value}, {"kind": StepKind.SLEEP.value}, failed]


def _in_series(series: str) -> Document:
    return {"series": {"$regex": f"^{re.escape(series)}(@|$)"}}


def _id(record: StepRecord) -> str:
    return f"{record.job_id}/{record.series}/{record.key.n}/{record.key.name}"


def _write(record: StepRecord) -> UpdateOne:
    """Return the write of a record. Where the step has ended, the insertion that it turns into finds a duplicate."""
    match: Document = {"_id": _id(record)}
    if record.kind is StepKind.CHECKPOINT:  # the newest one stands
        match["attempt"] = {"$lte": record.attempt}
    elif record.status in OVER:
        mine = {"status": record.status.value, "token": record.token}
        match["$or"] = [{"status": {"$in": OVER[record.status]}}, mine]
        if record.status is StepStatus.RETRYING:  # the job's retry tries a step anew that had failed
            match["$or"].append(_failed_before(record))
    else:
        match["$or"] = [{"status": {"$in": _OPEN}}, _failed_before(record)]
    return UpdateOne(match, {"$set": _document(record)}, upsert=True)


def _failed_before(record: StepRecord) -> Document:
    return {"status": StepStatus.FAILED.value, "final": False, "attempt": {"$lt": record.attempt}}


_FIELDS: Final = (
    "job_id", "series", "name", "n", "kind", "status", "version", "function", "attempt", "token", "started_at",
    "ended_at", "until", "attempts", "size", "error", "final", "subject",
)  # fmt: skip


#: Those, with results that are not large.
_INLINE: Final[Document] = {
    "result": {"$cond": [{"$lte": ["$size", INLINE_BYTES]}, "$result", "$$REMOVE"]},
    **dict.fromkeys(_FIELDS, 1),
}


def _document(record: StepRecord) -> Document:
    error = record.error
    return {
        "job_id": ObjectId(record.job_id), "series": record.series, "name": record.key.name, "n": record.key.n,
        "kind": record.kind.value, "status": record.status.value, "version": record.version,
        "function": record.function, "attempt": record.attempt, "token": record.token,
        "started_at": record.started_at, "ended_at": record.ended_at, "until": record.until,
        "attempts": record.attempts, "result": record.result, "size": record.size, "final": record.final,
        "subject": record.subject,
        "error": None if error is None else {
            "type": error.type, "message": error.message, "traceback": error.traceback, "group": error.group
        },
    }  # fmt: skip


def _record(found: Mapping[str, Any]) -> StepRecord:
    error = found["error"]
    return StepRecord(
        str(found["job_id"]), found["series"], StepKey(found["name"], found["n"]), StepKind(found["kind"]),
        StepStatus(found["status"]), found["version"], found["function"], found["attempt"], found["token"],
        _utc(found["started_at"]), _utc_or_none(found["ended_at"]), _utc_or_none(found["until"]), found["attempts"],
        found.get("result"), found["size"],
        None if error is None else JobError(error["type"], error["message"], error["traceback"], error["group"]),
        found["final"], found["subject"],
    )  # fmt: skip


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


def _utc_or_none(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at else None
