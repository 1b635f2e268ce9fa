"""What alert rules measure of schedules: which is late, and whose last jobs failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from chalicelib.domain.jobs import JobStatus, to_ms
from chalicelib.domain.schedules import run_prefix
from chalicelib.store.client import Document
from chalicelib.store.schedule_runs import run_of

MAX_TIME_MS: Final = 3_000
#: Failures of a tenant that are looked at, those of how long ago, and schedules among them.
MAX_FAILURES: Final = 500
RECENT: Final = timedelta(days=7)
MAX_SCHEDULES: Final = 20
#: Runs of a schedule that are looked at for each failure that is asked for: some were skipped, or run still.
_RUNS: Final = 3
_FIELDS: Final = {"name": 1, "due_at": 1, "updated_at": 1, "last": 1}


class AlertSchedules:
    """Reads by the indexes of the collections."""

    def __init__(self, db: Database[Document]) -> None:
        self._schedules = db.schedules
        self._runs = db.schedule_runs
        self._jobs = db.jobs

    def latest(self, tenant_id: str | None, name: str | None, now: datetime) -> tuple[datetime, str] | None:
        """Return since when a fire is due and not made, and of which schedule: the one that is due for longest, of a
        tenant, by name, if given.

        A schedule that should fire again and has no next fire is late since its last one.
        """
        of: Document = {} if tenant_id is None else {"tenant_id": ObjectId(tenant_id)}
        if name is not None:
            of["name"] = name
        due = self._schedules.find(of | {"due_at": {"$lte": now}}, _FIELDS).sort("due_at", ASCENDING).limit(1)
        found = [(each["due_at"], each["name"]) for each in due.max_time_ms(MAX_TIME_MS)]
        without_next = of | {"recurs": True, "due_at": {"$exists": False}}
        stopped = self._schedules.find(without_next, _FIELDS).limit(MAX_SCHEDULES)
        found += [(_last(each), each["name"]) for each in stopped.max_time_ms(MAX_TIME_MS)]
        return min(found, default=None)

    def with_failures(self, tenant_id: str, now: datetime) -> list[str]:
        """Return schedules of a tenant with a job that went to the DLQ lately."""
        match = {
            "tenant_id": ObjectId(tenant_id), "status": JobStatus.DLQ.value, "finished_at": {"$gte": now - RECENT},
        }  # fmt: skip
        found = self._jobs.find(match, {"schedule": 1}).sort("finished_at", DESCENDING).limit(MAX_FAILURES)
        failed = found.hint("ended").max_time_ms(MAX_TIME_MS)
        return list(dict.fromkeys(each["schedule"] for each in failed if each.get("schedule")))[:MAX_SCHEDULES]

    def failed_in_a_row(self, tenant_id: str, name: str, now: datetime, most: int) -> int:
        """Return how many jobs of a schedule failed one after another until now, counted up to ``most``. Jobs that have
        not ended, and those that were cancelled or deleted, say nothing.
        """
        prefix = run_prefix(tenant_id, name)
        made = {"_id": {"$gte": prefix, "$lte": f"{prefix}{to_ms(now):015d}"}, "skipped": {"$exists": False}}
        runs = self._runs.find(made).sort("_id", DESCENDING).limit(most * _RUNS).max_time_ms(MAX_TIME_MS)
        ids = [ObjectId(job_id) for job_id in (run_of(each).job_id for each in runs) if job_id is not None]
        jobs = self._jobs.find({"_id": {"$in": ids}}, {"status": 1}).max_time_ms(MAX_TIME_MS)
        status = {each["_id"]: each["status"] for each in jobs}
        count = 0
        for job_id in ids:
            if count == most or status.get(job_id) == JobStatus.COMPLETED.value:
                break
            count += status.get(job_id) == JobStatus.DLQ.value
        return count


def _last(found: dict[str, Any]) -> datetime:
    last = found.get("last")
    at: datetime = last["at"] if last else found["updated_at"]
    return at
