"""Jobs that wait for the ends of other jobs: fields ``depends_on``, ``run_if`` and ``has_dependents`` of ``jobs``.

The last one marks a job for whose end others wait, or waited. It is set without a new ``rev``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from bson import ObjectId
from pymongo import DESCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.terms import REPLAY_MARK
from chalicelib.store.client import Document
from chalicelib.store.reading import WITH_NEEDS, Page, page_of

MAX_TIME_MS: Final = 5_000


class Known(NamedTuple):
    """What is shown of a job beside another one."""

    id: str
    name: str
    tenant_id: str
    owner_id: str
    status: JobStatus


class DependencyStore:
    """Reads and marks jobs by who waits for whom."""

    def __init__(self, db: Database[Document]) -> None:
        self._jobs = db.jobs

    def mark(self, job_ids: Collection[str]) -> None:
        """Note that other jobs wait for the ends of these. ``rev`` stays."""
        match = {"_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}, "has_dependents": {"$exists": False}}
        self._jobs.update_many(match, {"$set": {"has_dependents": True}})

    def states(self, job_ids: Collection[str]) -> dict[str, str]:
        """Return the present state of each job; deleted ones are absent."""
        match = {"_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}}
        return {
            str(found["_id"]): found["status"]
            for found in self._jobs.find(match, {"status": 1}).max_time_ms(MAX_TIME_MS)
        }

    def known(self, job_ids: Collection[str]) -> dict[str, Known]:
        """Return what is shown of jobs, by id; deleted ones are absent. Ids must be valid."""
        match: Document = {"_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}}
        return {each.id: each for each in self._known(match, len(job_ids), "_id_")}

    def known_dependents(self, job_id: str, limit: int) -> list[Known]:
        """Return up to ``limit`` jobs that wait, or waited, for the end of a job: those that ended, then open ones,
        each by id.
        """
        return self._known({"depends_on": ObjectId(job_id)}, limit, "depends_on")

    def replays(self, tenant_id: str, job_id: str, limit: int) -> list[Known]:
        """Return up to ``limit`` replays of a job, newest first."""
        match = {"tenant_id": ObjectId(tenant_id), "terms": REPLAY_MARK + job_id}
        return self._known(match, limit, "tenant_terms", [("_id", DESCENDING)])

    def _known(
        self, match: Document, limit: int, hint: str, order: Sequence[tuple[str, int]] | None = None
    ) -> list[Known]:
        fields = {"name": 1, "tenant_id": 1, "owner_id": 1, "status": 1}
        found = self._jobs.find(match, fields, sort=order).limit(limit).hint(hint).max_time_ms(MAX_TIME_MS)
        return [
            Known(
                str(each["_id"]), each["name"], str(each["tenant_id"]), str(each["owner_id"]),
                JobStatus(each["status"]),
            )
            for each in found
        ]  # fmt: skip

    def dependents(self, job_id: str, after: str | None, limit: int) -> Page:
        """Return the next ``limit`` open jobs that depend on a job, by id, with their needs."""
        match: Document = {"depends_on": ObjectId(job_id), "open": True}
        if after is not None:
            match["_id"] = {"$gt": ObjectId(after)}
        return self._page(match, "depends_on", limit)

    def blocked(self, after: str | None, limit: int) -> Page:
        """Return the next ``limit`` jobs that wait for others, by id, with their needs."""
        match: Document = {"status": JobStatus.BLOCKED.value}
        if after is not None:
            match["_id"] = {"$gt": ObjectId(after)}
        return self._page(match, "blocked", limit)

    def whole(self, job_ids: Sequence[str]) -> list[Job]:
        """Return jobs with their needs, without other heavy fields."""
        return self._page({"_id": {"$in": [ObjectId(job_id) for job_id in job_ids]}}, "_id_", len(job_ids)).jobs

    def needed(self, job_ids: Sequence[str]) -> set[str]:
        """Return those of the jobs on which open jobs depend."""
        return needed(self._jobs.database, job_ids)

    def _page(self, match: Document, hint: str, limit: int) -> Page:
        found = self._jobs.find(match, WITH_NEEDS).sort("_id", 1).limit(limit)
        return page_of(found.hint(hint).max_time_ms(MAX_TIME_MS), limit)


def needed(db: Database[Document], job_ids: Sequence[str], session: ClientSession | None = None) -> set[str]:
    """Return those of the jobs on which open jobs depend."""
    keys = [ObjectId(job_id) for job_id in job_ids]
    match = {"depends_on": {"$in": keys}, "open": True}
    stages: list[Document] = [
        {"$match": match},
        {"$project": {"depends_on": 1}},
        {"$unwind": "$depends_on"},
        {"$match": {"depends_on": {"$in": keys}}},
        {"$group": {"_id": "$depends_on"}},
    ]
    found = db.jobs.aggregate(stages, session=session, hint="depends_on", maxTimeMS=MAX_TIME_MS)
    return {str(each["_id"]) for each in found}
