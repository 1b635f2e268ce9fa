"""Paused and strict queues.

MongoDB collections ``queues``: ``{_id: "<tenant>/<queue>", paused, at, by}``, in which ``<tenant>/`` is all queues of
a tenant, ``*/`` is everything, and ``<tenant>/~task.<name>`` and ``*/~task.<name>`` are tasks; and ``strict_queues``:
``{_id: "<tenant>/<queue>", at, by}``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pymongo.database import Database

from chalicelib.domain.pauses import ALL_QUEUES, ALL_TENANTS, TASK_PREFIX, Pause, TaskPause
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 3_000
#: Strict queues of all tenants that are known; further ones are not strict.
MAX_STRICT: Final = 10_000


class QueueStore:
    """The record of pauses. Workers obey the copy in Redis, which is rebuilt from here."""

    def __init__(self, db: Database[Document]) -> None:
        self._queues = db.queues
        self._strict = db.strict_queues

    def set_paused(self, tenant_id: str, queue: str, *, paused: bool, by: str, at: datetime) -> Pause | None:
        """Record that a queue is paused or resumed; return the pause that was recorded before."""
        key = {"_id": f"{tenant_id}/{queue}"}
        if paused:
            note = {"$set": {"paused": True, "by": by, "at": at}}
            before: Document | None = self._queues.find_one_and_update(key, note, upsert=True)
        else:
            before = self._queues.find_one_and_delete(key)
        return Pause(before["by"], before["at"]) if before else None

    def restore_pause(self, tenant_id: str, queue: str, before: Pause | None, *, by: str, at: datetime) -> None:
        """Undo the ``set_paused`` of ``by`` at ``at``, unless it was changed since."""
        key = {"_id": f"{tenant_id}/{queue}"}
        if before is None:
            self._queues.delete_one({**key, "by": by, "at": at})
            return
        note = {"paused": True, "by": before.by, "at": before.at}
        if not self._queues.replace_one({**key, "by": by, "at": at}, note).matched_count:
            self._queues.update_one(key, {"$setOnInsert": note}, upsert=True)

    def paused(self, tenant_id: str, limit: int) -> list[str]:
        """Return the names of a tenant's paused queues, at most ``limit``."""
        first, end = f"{tenant_id}/", f"{tenant_id}/~"  # names of queues have no ~, which follows all their characters
        found = self._queues.find({"_id": {"$gt": first, "$lt": end}, "paused": True}, {"_id": 1}, limit=limit)
        return [str(each["_id"]).partition("/")[2] for each in found.max_time_ms(MAX_TIME_MS)]

    def task_pauses(self, tenant_id: str, limit: int) -> list[TaskPause]:
        """Return the pauses of tasks in a tenant and in all, at most ``limit`` of each."""
        pauses: list[TaskPause] = []
        for scope in (tenant_id, ALL_TENANTS):
            first = f"{scope}/{TASK_PREFIX}"
            match = {"_id": {"$gt": first, "$lt": f"{first}~"}, "paused": True}
            for found in self._queues.find(match, limit=limit).max_time_ms(MAX_TIME_MS):
                name = str(found["_id"]).removeprefix(first)
                pauses.append(TaskPause(name, Pause(found["by"], found["at"]), every_tenant=scope == ALL_TENANTS))
        return sorted(pauses, key=lambda each: (each.task, each.every_tenant))

    def wide_pauses(self, tenant_id: str) -> tuple[Pause | None, Pause | None]:
        """Return the pause of all queues of a tenant, and that of everything."""
        ids = [f"{tenant_id}/{ALL_QUEUES}", f"{ALL_TENANTS}/{ALL_QUEUES}"]
        match = {"_id": {"$in": ids}, "paused": True}
        found = {each["_id"]: each for each in self._queues.find(match).max_time_ms(MAX_TIME_MS)}
        of_tenant, of_all = (Pause(each["by"], each["at"]) if (each := found.get(name)) else None for name in ids)
        return of_tenant, of_all

    def state(self, tenant_id: str, queue: str) -> tuple[bool, bool]:
        """Return whether a queue is paused, and whether it is strict."""
        key = {"_id": f"{tenant_id}/{queue}"}
        paused = self._queues.find_one({**key, "paused": True}, {"_id": 1}, max_time_ms=MAX_TIME_MS)
        strict = self._strict.find_one(key, {"_id": 1}, max_time_ms=MAX_TIME_MS)
        return paused is not None, strict is not None

    def paused_lanes(self) -> list[str]:
        """Return all paused queues as ``<tenant>/<queue>``, the name of their lane."""
        return [str(found["_id"]) for found in self._queues.find({"paused": True}, {"_id": 1}).max_time_ms(MAX_TIME_MS)]

    # --- strict priorities -----------------------------------------------------------------------------------
    def set_strict(self, tenant_id: str, queue: str, *, strict: bool, by: str, at: datetime) -> bool:
        """Record whether priorities are strict in a queue; return whether this changed it."""
        key = {"_id": f"{tenant_id}/{queue}"}
        if strict:
            return (
                self._strict.update_one(key, {"$setOnInsert": {"by": by, "at": at}}, upsert=True).upserted_id
                is not None
            )
        return self._strict.delete_one(key).deleted_count > 0

    def strict(self, tenant_id: str, limit: int) -> list[str]:
        """Return the names of a tenant's strict queues, at most ``limit``."""
        first, end = f"{tenant_id}/", f"{tenant_id}0"  # 0 follows / in ASCII
        found = self._strict.find({"_id": {"$gte": first, "$lt": end}}, {"_id": 1}, limit=limit)
        return [str(each["_id"]).partition("/")[2] for each in found.max_time_ms(MAX_TIME_MS)]

    def strict_queues(self) -> list[tuple[str, str]]:
        """Return all strict queues, as (tenant, queue)."""
        found = self._strict.find({}, {"_id": 1}, limit=MAX_STRICT).max_time_ms(MAX_TIME_MS)
        pairs = (str(each["_id"]).partition("/") for each in found)
        return [(tenant, queue) for tenant, _, queue in pairs]
