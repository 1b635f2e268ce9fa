"""The jobs of schedules that have not ended: field ``schedule`` in collection ``jobs``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from bson import ObjectId
from pymongo.database import Database

from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class ScheduleJobs:
    """Reads by a partial index, in which only open jobs of schedules are."""

    def __init__(self, db: Database[Document]) -> None:
        self._jobs = db.jobs

    def open_of(self, schedules: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
        """Return the ids of the open jobs of schedules, (tenant, name), the oldest first."""
        if not schedules:
            return {}
        tenants, names = {ObjectId(tenant) for tenant, _ in schedules}, {name for _, name in schedules}
        match = {"open": True, "tenant_id": {"$in": [*tenants]}, "schedule": {"$in": [*names]}}
        asked, fields = set(schedules), {"tenant_id": 1, "schedule": 1}
        found = defaultdict(list)
        for document in self._jobs.find(match, fields).hint("schedule").max_time_ms(MAX_TIME_MS):
            found[str(document["tenant_id"]), document["schedule"]].append(str(document["_id"]))
        return {key: sorted(ids) for key, ids in found.items() if key in asked}
