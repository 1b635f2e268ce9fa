"""Collection ``schedules``. Changes compare ``rev``; a fire also compares the fire that it makes (``advance``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chalicelib.domain.filters import Visibility
from chalicelib.domain.schedules import (
    LastRun,
    Missed,
    Overlap,
    Schedule,
    ScheduleSpec,
    Skip,
    Timing,
)
from chalicelib.store.client import Document, merging
from chalicelib.store.documents import template_document, template_of
from chalicelib.store.owned import page_by_id, seen_by

MAX_TIME_MS: Final = 5_000
#: The document of collection ``meta`` with the newest generation of the code's schedules.
_GENERATION: Final = "schedules"
#: Schedules that one update advances: it searches each in the list of all.
GROUP_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Advance:
    """A schedule whose due fires are made: the next one, and the newest run."""

    schedule: Schedule
    next_at: datetime | None
    due_at: datetime | None
    last: LastRun | None


class ScheduleStore:
    """Reads and writes schedules. A name is unique within its tenant."""

    def __init__(self, db: Database[Document]) -> None:
        self._schedules = db.schedules
        self._meta = db.meta

    # --- changes ---------------------------------------------------------------------------------------------
    def insert(self, schedule: Schedule) -> bool:
        """Insert a schedule; return ``False`` if its name is taken."""
        try:
            self._schedules.insert_one(_document(schedule))
        except DuplicateKeyError:
            return False
        return True

    def replace(self, schedule: Schedule) -> bool:
        """Write a schedule over the record of the ``rev`` before it; return ``False`` if that was changed.

        A fire that was made meanwhile stays made: if the timing is the same, the next fire is the later one.
        """
        match = {"_id": ObjectId(schedule.id), "rev": schedule.rev - 1}
        document = _document(schedule)
        for name in ("_id", "last"):
            document.pop(name, None)
        gone = {name: "" for name in _OPTIONAL if name not in document and name != "last"}
        change: Document = {"$set": document}
        if gone:
            change["$unset"] = gone
        return self._schedules.update_one(match, change).matched_count == 1

    def advance(self, made: Sequence[Advance]) -> int:
        """Set the next fires of schedules whose due fires are made, unless another process or a change did so first.

        Returns how many were set.
        """
        groups: dict[tuple[int, datetime | None, bool], list[Advance]] = defaultdict(list)
        for each in made:
            groups[each.schedule.rev, each.schedule.next_at, each.due_at is None].append(each)
        return sum(
            self._advance(rev, at, group[first : first + GROUP_MAX], ends=ends)
            for (rev, at, ends), group in groups.items()
            for first in range(0, len(group), GROUP_MAX)
        )

    def _advance(self, rev: int, at: datetime | None, group: Sequence[Advance], *, ends: bool) -> int:
        """Set the next fires of schedules that have the same ``rev`` and fire; if ``ends``, they have none."""
        entries = {ObjectId(each.schedule.id): _next_of(each) for each in group}
        stages = [merging(entries), *([{"$unset": "due_at"}] if ends else [])]
        match = {"_id": {"$in": list(entries)}, "rev": rev, "next_at": at}
        return self._schedules.update_many(match, stages).modified_count

    def delete(self, schedule: Schedule) -> bool:
        """Delete a schedule, if unchanged."""
        match = {"_id": ObjectId(schedule.id), "rev": schedule.rev}
        return self._schedules.delete_one(match).deleted_count == 1

    def pass_to_tenant(self, owner_id: str, tenant_id: str, session: ClientSession | None = None) -> None:
        """Make a tenant the owner of what a member owned."""
        match = {"owner_id": ObjectId(owner_id), "tenant_id": ObjectId(tenant_id)}
        change = {"$set": {"owner_id": ObjectId(tenant_id)}, "$inc": {"rev": 1}}
        self._schedules.update_many(match, change, session=session)

    # --- of code ---------------------------------------------------------------------------------------------
    def claim_generation(self, generation: int) -> bool:
        """Note that a deployment has come; return ``False`` if a newer one came before."""
        match = {"_id": _GENERATION, "generation": {"$lte": generation}}
        try:
            self._meta.update_one(match, {"$set": {"generation": generation}}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def generation(self) -> int:
        """Return the newest generation, 0 before the first."""
        found = self._meta.find_one({"_id": _GENERATION})
        return int(found["generation"]) if found else 0

    def of_code(self) -> list[Schedule]:
        """Return the schedules that came from code, retired ones included."""
        found = self._schedules.find({"generation": {"$exists": True}}).hint("code").max_time_ms(MAX_TIME_MS)
        return [schedule_of(document) for document in found]

    def retire(self, generation: int, at: datetime) -> list[Schedule]:
        """Retire the schedules of code that deployments before ``generation`` had; return them as they are now."""
        match = {"generation": {"$lt": generation}, "retired": {"$ne": True}}
        found = [schedule_of(document) for document in self._schedules.find(match).max_time_ms(MAX_TIME_MS)]
        change = {
            "$set": {"retired": True, "updated_at": at, "next_at": None},
            "$unset": {"due_at": "", "recurs": ""},
            "$inc": {"rev": 1},
        }
        self._schedules.update_many(match, change)
        return self.by_ids([schedule.id for schedule in found])

    # --- reads -----------------------------------------------------------------------------------------------
    def find(self, tenant_id: str, name: str) -> Schedule | None:
        """Return a schedule by name."""
        found = self._schedules.find_one({"tenant_id": ObjectId(tenant_id), "name": name}, max_time_ms=MAX_TIME_MS)
        return schedule_of(found) if found else None

    def by_ids(self, ids: Collection[str]) -> list[Schedule]:
        """Return the schedules with these ids that exist."""
        found = self._schedules.find({"_id": {"$in": [ObjectId(each) for each in ids]}}).max_time_ms(MAX_TIME_MS)
        return [schedule_of(document) for document in found]

    def by_names(self, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], Schedule]:
        """Return the schedules with these (tenant, name) that exist."""
        if not names:
            return {}
        any_of = [{"tenant_id": ObjectId(tenant), "name": name} for tenant, name in names]
        found = map(schedule_of, self._schedules.find({"$or": any_of}).max_time_ms(MAX_TIME_MS))
        return {(schedule.tenant_id, schedule.name): schedule for schedule in found}

    def page(self, seen: Visibility, after: str | None, limit: int, *, backwards: bool = False) -> list[Schedule]:
        """Return the next schedules after an id, the newest first; ``backwards``: those before it."""
        found = page_by_id(self._schedules, seen_by(seen), after, limit, backwards=backwards)
        return [schedule_of(document) for document in found]

    def count(self, seen: Visibility, most: int) -> int:
        """Return how many there are, counted up to ``most``."""
        return self._schedules.count_documents(seen_by(seen), limit=most, maxTimeMS=MAX_TIME_MS)

    def due(self, now: datetime, limit: int) -> list[Schedule]:
        """Return schedules whose next fire is due, those due for longest first."""
        found = self._schedules.find({"due_at": {"$lte": now}}).sort("due_at", ASCENDING).limit(limit)
        return [schedule_of(document) for document in found.hint("due").max_time_ms(MAX_TIME_MS)]

    def next_due_at(self) -> datetime | None:
        """Return when the next fire of all schedules is due."""
        match = {"due_at": {"$exists": True}}
        found = self._schedules.find(match, {"due_at": 1}).sort("due_at", ASCENDING).limit(1)
        first = next(iter(found.hint("due").max_time_ms(MAX_TIME_MS)), None)
        at: datetime | None = first["due_at"] if first else None
        return at

    def count_due(self, at: datetime, most: int) -> int:
        """Return how many schedules have a fire that is due at a time or before it, counted up to ``most``."""
        return self._schedules.count_documents({"due_at": {"$lte": at}}, limit=most, hint="due", maxTimeMS=MAX_TIME_MS)

    def count_without_next(self, most: int) -> int:
        """Return how many schedules should fire again and have no next fire, counted up to ``most``."""
        match = {"due_at": {"$exists": False}, "recurs": True}
        return self._schedules.count_documents(match, limit=most, hint="stopped", maxTimeMS=MAX_TIME_MS)


def _next_of(made: Advance) -> Document:
    values: Document = {"next_at": made.next_at}
    if made.due_at is not None:
        values["due_at"] = made.due_at
    if made.last is not None:
        values["last"] = _last_document(made.last)
    return values


#: Fields that a document lacks where they are empty.
_OPTIONAL: Final = ("due_at", "last", "generation", "retired", "recurs")


def _document(schedule: Schedule) -> Document:
    spec = schedule.spec
    document: Document = {
        "_id": ObjectId(schedule.id),
        "tenant_id": ObjectId(schedule.tenant_id),
        "owner_id": ObjectId(schedule.owner_id),
        "name": schedule.name,
        "cron": spec.timing.cron,
        "every_s": spec.timing.every_s,
        "at": spec.timing.at,
        "tz": spec.timing.tz,
        "job": template_document(spec.job),
        "missed": spec.missed.value,
        "catchup_s": spec.catchup_s,
        "overlap": spec.overlap.value,
        "jitter_s": spec.jitter_s,
        "anchor": schedule.anchor,
        "created_at": schedule.created_at,
        "updated_at": schedule.updated_at,
        "rev": schedule.rev,
        "paused": schedule.paused,
        "next_at": schedule.next_at,
    }
    if schedule.due_at is not None:
        document["due_at"] = schedule.due_at
    if schedule.last is not None:
        document["last"] = _last_document(schedule.last)
    if schedule.generation is not None:
        document["generation"] = schedule.generation
    if schedule.retired:
        document["retired"] = True
    elif not schedule.paused and spec.timing.at is None:
        document["recurs"] = True
    return document


def _last_document(last: LastRun) -> Document:
    return {"at": last.at, "job_id": last.job_id, "skipped": last.skipped.value if last.skipped else None}


def schedule_of(document: Mapping[str, Any]) -> Schedule:
    """Return the schedule in a document."""
    last = document.get("last")
    return Schedule(
        id=str(document["_id"]),
        tenant_id=str(document["tenant_id"]),
        owner_id=str(document["owner_id"]),
        name=document["name"],
        spec=ScheduleSpec(
            timing=Timing(document["cron"], document["every_s"], document["at"], document["tz"]),
            job=template_of(document["job"]),
            missed=Missed(document["missed"]),
            catchup_s=document["catchup_s"],
            overlap=Overlap(document["overlap"]),
            jitter_s=document["jitter_s"],
        ),
        anchor=document["anchor"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        rev=document["rev"],
        paused=document["paused"],
        next_at=document["next_at"],
        due_at=document.get("due_at"),
        last=LastRun(last["at"], last["job_id"], Skip(last["skipped"]) if last["skipped"] else None) if last else None,
        generation=document.get("generation"),
        retired=document.get("retired", False),
    )
