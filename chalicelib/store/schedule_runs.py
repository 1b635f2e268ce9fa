"""Collection ``schedule_runs``: a row for each fire. Its key is (tenant, schedule, fire), so no fire has two.

A row is written before its job and outlives every process that may be about to make the same fire; it expires by
``expires_at``. ``open`` rows have something left to do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pymongo import DESCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chalicelib.domain.jobs import to_ms
from chalicelib.domain.schedules import Run, Skip, run_prefix
from chalicelib.store.client import Document, duplicates

MAX_TIME_MS: Final = 5_000


class RunStore:
    """Reads and writes runs."""

    def __init__(self, db: Database[Document]) -> None:
        self._runs = db.schedule_runs

    def insert(self, runs: Sequence[tuple[Run, datetime]]) -> dict[str, Run]:
        """Insert runs, each with the time at which it expires; return those that existed, as stored, by id."""
        if not runs:
            return {}
        try:
            self._runs.insert_many([_document(run, expires_at) for run, expires_at in runs], ordered=False)
        except BulkWriteError as error:
            return {run.id: run for run in self._by_ids([runs[index][0].id for index in duplicates(error)])}
        return {}

    def close(self, runs: Sequence[Run]) -> None:
        """Note that the jobs of runs are submitted: nothing is left to do."""
        if runs:
            match = {"_id": {"$in": [run.id for run in runs]}, "open": True, "waiting": {"$exists": False}}
            self._runs.update_many(match, {"$unset": {"open": ""}})

    def begin(self, run: Run, now: datetime) -> Run | None:
        """Let a run wait no longer; return it as it is then, ``None`` if nothing is left to do for it.

        Its job is created at ``now``. If another process was first, the job is that of the other's call.
        """
        match = {"_id": run.id, "open": True, "waiting": True}
        change = {"$unset": {"waiting": ""}, "$set": {"created_at": now}}
        begun = self._runs.find_one_and_update(match, change, return_document=ReturnDocument.AFTER)
        if begun is None:
            begun = self._runs.find_one({"_id": run.id, "open": True}, max_time_ms=MAX_TIME_MS)
        return run_of(begun) if begun else None

    def abandon(self, runs: Sequence[Run], skipped: Skip) -> None:
        """Note that open runs make no job, and why."""
        if runs:
            change = {"$unset": {"open": "", "waiting": ""}, "$set": {"skipped": skipped.value}}
            self._runs.update_many({"_id": {"$in": [run.id for run in runs]}, "open": True}, change)

    def page(self, tenant_id: str, schedule: str, since: datetime, before: str | None, limit: int) -> list[Run]:
        """Return runs of a schedule, the newest first, of fires at ``since`` or later and before the run ``before``."""
        prefix = run_prefix(tenant_id, schedule)
        end = f"{prefix}{before}" if before else f"{prefix[:-1]}0"  # 0 follows / in ASCII
        match = {"_id": {"$gte": f"{prefix}{to_ms(since):015d}", "$lt": end}}
        found = self._runs.find(match).sort("_id", DESCENDING).limit(limit).max_time_ms(MAX_TIME_MS)
        return [run_of(document) for document in found]

    def open_of(self, schedules: Collection[tuple[str, str]]) -> list[Run]:
        """Return the open runs of schedules, (tenant, name), the oldest fires first."""
        if not schedules:
            return []
        tenants, names = {tenant for tenant, _ in schedules}, {name for _, name in schedules}
        match = {"open": True, "tenant_id": {"$in": [*tenants]}, "schedule": {"$in": [*names]}}
        found = map(run_of, self._runs.find(match).hint("open").max_time_ms(MAX_TIME_MS))
        asked = set(schedules)
        return sorted((run for run in found if (run.tenant_id, run.schedule) in asked), key=lambda run: run.at)

    def unfinished(self, before: datetime, limit: int) -> list[Run]:
        """Return runs written before a time whose jobs were to be submitted at once, and are not for certain."""
        match = {"open": True, "waiting": {"$exists": False}, "created_at": {"$lt": before}}
        found = self._runs.find(match).limit(limit).hint("open").max_time_ms(MAX_TIME_MS)
        return [run_of(document) for document in found]

    def with_waiting(self, limit: int) -> list[tuple[str, str]]:
        """Return schedules, (tenant, name), that have runs that wait for the end of a job."""
        stages: list[Document] = [
            {"$match": {"open": True, "waiting": True}},
            {"$group": {"_id": {"tenant_id": "$tenant_id", "schedule": "$schedule"}}},
            {"$limit": limit},
        ]
        found = self._runs.aggregate(stages, hint="open", maxTimeMS=MAX_TIME_MS)
        return [(each["_id"]["tenant_id"], each["_id"]["schedule"]) for each in found]

    def _by_ids(self, ids: Sequence[str]) -> list[Run]:
        return [run_of(document) for document in self._runs.find({"_id": {"$in": ids}}).max_time_ms(MAX_TIME_MS)]


def _document(run: Run, expires_at: datetime) -> Document:
    document: Document = {
        "_id": run.id,
        "tenant_id": run.tenant_id,
        "schedule": run.schedule,
        "at": run.at,
        "created_at": run.created_at,
        "expires_at": expires_at,
    }
    if run.skipped is not None:
        document["skipped"] = run.skipped.value
    for name in ("open", "waiting", "manual"):
        if getattr(run, name):
            document[name] = True
    return document


def run_of(document: Mapping[str, Any]) -> Run:
    """Return the run in a document."""
    skipped = document.get("skipped")
    return Run(
        tenant_id=document["tenant_id"],
        schedule=document["schedule"],
        at=document["at"],
        created_at=document["created_at"],
        skipped=Skip(skipped) if skipped else None,
        open=document.get("open", False),
        waiting=document.get("waiting", False),
        manual=document.get("manual", False),
    )
