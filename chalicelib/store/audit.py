"""Collection ``audit``. An entry is inserted before its change, and closed once after it; nothing else changes one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from chalicelib.domain.audit import Actor, AuditEntry, AuditFilter, State
from chalicelib.domain.filters import Place, Start
from chalicelib.domain.principals import Kind
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class AuditStore:
    """Appends entries and reads them. Entries are deleted ``keep_days`` after their time; 0: never."""

    def __init__(self, db: Database[Document], keep_days: int) -> None:
        self._audit = db.audit
        self._kept = timedelta(days=keep_days)

    def begin(self, entry: AuditEntry) -> None:
        """Insert the entry of a change that is about to be made."""
        document = _document(entry)
        if self._kept:
            document["expires_at"] = entry.at + self._kept
        self._audit.insert_one(document)

    def end(self, entry_id: str, target: str, after: State) -> None:
        """Note that a change was made, and what came of it. Only the first call has an effect."""
        change = {"done": True, "target": target, "after": after}
        self._audit.update_one({"_id": ObjectId(entry_id), "done": False}, {"$set": change})

    def withdraw(self, entry_id: str) -> None:
        """Delete the entry of a change that was not made."""
        self._audit.delete_one({"_id": ObjectId(entry_id), "done": False})

    def page(self, which: AuditFilter, start: Start | None, limit: int) -> list[AuditEntry]:
        """Return up to ``limit`` entries, the newest first, after a place in the list, or before it."""
        backwards = start is not None and start.backwards
        match = _match(which)
        if start is not None:
            match = {"$and": [match, _beyond(start.place, backwards=backwards)]}
        order = ASCENDING if backwards else DESCENDING
        found = self._audit.find(match).sort([("at", order), ("_id", order)]).limit(limit).max_time_ms(MAX_TIME_MS)
        entries = [_entry(document) for document in found]
        return entries[::-1] if backwards else entries


def _match(which: AuditFilter) -> Document:
    match: Document = {}
    if which.tenant_id is not None:
        match["tenant_id"] = ObjectId(which.tenant_id)
    if which.actor is not None:
        match["actors"] = which.actor
    if which.action is not None:
        match["action"] = which.action
    if which.target is not None:
        match["target"] = which.target
    bounds: dict[str, datetime] = {}
    if which.since is not None:
        bounds["$gte"] = which.since
    if which.until is not None:
        bounds["$lt"] = which.until
    return match | ({"at": bounds} if bounds else {})


def _beyond(place: Place, *, backwards: bool) -> Document:
    """Return the condition of entries after ``place`` in the list."""
    further = "$gt" if backwards else "$lt"
    at, entry_id = place.finished_at, ObjectId(place.job_id)
    return {"$or": [{"at": {further: at}}, {"at": at, "_id": {further: entry_id}}]}


def _document(entry: AuditEntry) -> Document:
    actor = entry.actor
    return {
        "_id": ObjectId(entry.id),
        "tenant_id": ObjectId(entry.tenant_id),
        "at": entry.at,
        "actor": {"kind": actor.kind.value, "email": actor.email, "key_name": actor.key_name},
        # the user, and the key if there is one: one index finds both
        "actors": [actor.user_id, *([actor.key_id] if actor.key_id else [])],
        "action": entry.action,
        "target": entry.target,
        "before": entry.before,
        "after": entry.after,
        "trace_id": entry.trace_id,
        "done": entry.done,
    }


def _entry(found: Mapping[str, Any]) -> AuditEntry:
    user_id, *key_id = found["actors"]
    actor = found["actor"]
    return AuditEntry(
        id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        at=found["at"],
        actor=Actor(Kind(actor["kind"]), user_id, actor["email"], key_id[0] if key_id else None, actor["key_name"]),
        action=found["action"],
        target=found["target"],
        before=found["before"],
        after=found["after"],
        trace_id=found["trace_id"],
        done=found["done"],
    )
