"""Collection ``job_events``: events that were sent to jobs, for which durable tasks wait.

``{_id, job_id, name, at, data, taken: [{series, name, n}]}``. ``taken`` has the steps that consumed the event, at most
one of each series; it is absent while none has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database

from chalicelib.domain.steps import StepEvent, StepKey
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class StepEventStore:
    """Reads and writes events of jobs."""

    def __init__(self, db: Database[Document]) -> None:
        self._events = db.job_events

    def add(self, event: StepEvent) -> bool:
        """Insert an event; return ``False`` if there is one with its id."""
        document = {"job_id": ObjectId(event.job_id), "name": event.name, "at": event.at, "data": event.data}
        done = self._events.update_one({"_id": ObjectId(event.id)}, {"$setOnInsert": document}, upsert=True)
        return done.upserted_id is not None

    def count(self, job_id: str, limit: int) -> int:
        """Return how many events a job was sent, at most ``limit``."""
        return self._events.count_documents({"job_id": ObjectId(job_id)}, limit=limit, hint="job")

    def take(self, job_id: str, name: str, series: str, key: StepKey) -> StepEvent | None:
        """Take the first event that no step of the series consumed, for the step ``key``; repeated, the same one."""
        of_job: Document = {"job_id": ObjectId(job_id), "name": name}
        mine = {"series": series, "name": key.name, "n": key.n}
        found = self._events.find_one({**of_job, "taken": {"$elemMatch": mine}}, max_time_ms=MAX_TIME_MS)
        if found is None:
            found = self._events.find_one_and_update(
                {**of_job, "taken.series": {"$ne": series}},
                {"$push": {"taken": mine}},
                sort=[("at", ASCENDING), ("_id", ASCENDING)],
                return_document=ReturnDocument.AFTER,
            )
        return None if found is None else _event(found, series)

    def give_back(self, event_id: str, series: str) -> None:
        """Let another step of the series take an event."""
        self._events.update_one({"_id": ObjectId(event_id)}, {"$pull": {"taken": {"series": series}}})
        self._events.update_one({"_id": ObjectId(event_id), "taken": []}, {"$unset": {"taken": ""}})

    def take_again(self, event_ids: Collection[str], old: str, new: str) -> None:
        """Note that the steps that consumed events in a series did so in another one too, which has copies of them."""
        for event_id in event_ids:
            found = self._events.find_one({"_id": ObjectId(event_id)}, {"taken": 1}) or {}
            copies = [
                {**each, "series": new + each["series"].removeprefix(old)}
                for each in found.get("taken", ())
                if each["series"].startswith(old)
            ]
            self._events.update_one({"_id": ObjectId(event_id)}, {"$addToSet": {"taken": {"$each": copies}}})

    def fresh(self, job_ids: Collection[str]) -> set[tuple[str, str]]:
        """Return (job, name) of events that no step has consumed yet."""
        match = {"job_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}, "taken": {"$exists": False}}
        found = self._events.find(match, {"job_id": 1, "name": 1}).hint("job").max_time_ms(MAX_TIME_MS)
        return {(str(each["job_id"]), each["name"]) for each in found}

    def of_job(self, job_id: str, series: str, limit: int) -> list[StepEvent]:
        """Return the first ``limit`` events of a job, oldest first."""
        found = self._events.find({"job_id": ObjectId(job_id)}).sort([("at", 1), ("_id", 1)]).limit(limit).hint("job")
        return [_event(each, series) for each in found.max_time_ms(MAX_TIME_MS)]


def _event(found: Mapping[str, Any], series: str) -> StepEvent:
    by = next((each for each in found.get("taken", ()) if each["series"] == series), None)
    at = found["at"].replace(tzinfo=UTC)
    taken_by = None if by is None else StepKey(by["name"], by["n"])
    return StepEvent(str(found["_id"]), str(found["job_id"]), found["name"], at, found["data"], taken_by)
