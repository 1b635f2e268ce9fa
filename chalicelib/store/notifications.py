"""Field ``notifications`` of collection ``users``: which mails a person wants, and when to look for failures next.

``{failures, scope, since, asked_at, due_at, mailed: [...]}``, absent for persons who want none about failures. Field
``alert_mails`` is true for those who want mails about alerts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.notifications import Failure, Preferences, Recipient, Rhythm, Watch
from chalicelib.domain.principals import Role, Scope
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000
_OF_FAILURE: Final = {"name": 1, "task": 1, "error.type": 1, "error.message": 1, "redrives": 1, "finished_at": 1}


class NotificationStore:
    """Reads and writes preferences, and finds failures."""

    def __init__(self, db: Database[Document]) -> None:
        self._users = db.users
        self._jobs = db.jobs

    def get(self, user_id: str) -> Preferences:
        """Return what a person wants; nothing, if the person never said so."""
        fields = {"notifications": 1, "alert_mails": 1}
        found = self._users.find_one({"_id": ObjectId(user_id)}, fields, max_time_ms=MAX_TIME_MS) or {}
        return _preferences(found.get("notifications"), alerts=found.get("alert_mails", False))

    def set(self, user_id: str, wanted: Preferences, since: datetime, due_at: datetime) -> None:
        """Store which mails about failures a person wants. They name failures from ``since`` on, the first at
        ``due_at``.
        """
        chosen = {"failures": wanted.failures.value, "scope": wanted.scope.value}
        if wanted.failures is Rhythm.OFF:
            change: Document = {"$unset": {"notifications": ""}}
        else:
            change = {
                "$set": {"notifications": {**chosen, "since": since, "asked_at": since, "due_at": due_at, "mailed": []}}
            }
        self._users.update_one({"_id": ObjectId(user_id)}, change)

    def set_alerts(self, user_id: str, *, wanted: bool) -> None:
        """Store whether a person wants mails about alerts."""
        change: Document = {"$set": {"alert_mails": True}} if wanted else {"$unset": {"alert_mails": ""}}
        self._users.update_one({"_id": ObjectId(user_id)}, change)

    def wanting_alerts(self, roles: Collection[Role], tenant_id: str | None, limit: int) -> list[Recipient]:
        """Return persons with one of ``roles`` who want mails about alerts, of a tenant if given."""
        match: Document = {"alert_mails": True, "role": {"$in": [role.value for role in roles]}}
        if tenant_id is not None:
            match["tenant_id"] = ObjectId(tenant_id)
        found = self._users.find(match, {"email": 1, "tenant_id": 1}).limit(limit).hint("alert_mails")
        people = found.max_time_ms(MAX_TIME_MS)
        return [Recipient(str(each["_id"]), str(each["tenant_id"]), each["email"]) for each in people]

    def due(self, now: datetime, limit: int) -> list[Watch]:
        """Return persons for whom to look, those who wait longest first."""
        due = {"notifications.due_at": {"$lte": now}}
        found = self._users.find(due).sort("notifications.due_at", ASCENDING).limit(limit).max_time_ms(MAX_TIME_MS)
        return [_watch(document) for document in found]

    def looked(self, watch: Watch, until: datetime, due_at: datetime, mailed: Collection[str]) -> None:
        """Note that failures before ``until`` were looked at; no change if another process did so, or they changed."""
        same = {"_id": ObjectId(watch.user_id), "notifications.since": watch.since}
        change = {"notifications.since": until, "notifications.due_at": due_at, "notifications.mailed": list(mailed)}
        self._users.update_one(same, {"$set": change})

    def failed(
        self, tenant_id: str, owner_id: str | None, since: datetime, until: datetime, limit: int
    ) -> list[Failure]:
        """Return jobs of the DLQ that ended in a span, the newest first."""
        match: Document = {
            "tenant_id": ObjectId(tenant_id),
            "status": JobStatus.DLQ.value,
            "finished_at": {"$gte": since, "$lt": until},
        }
        if owner_id is not None:
            match["owner_id"] = ObjectId(owner_id)
        found = self._jobs.find(match, _OF_FAILURE).sort([("finished_at", DESCENDING), ("_id", DESCENDING)])
        return [_failure(document) for document in found.limit(limit).hint("ended").max_time_ms(MAX_TIME_MS)]


def _preferences(found: Mapping[str, Any] | None, *, alerts: bool = False) -> Preferences:
    if not found:
        return Preferences(alerts=alerts)
    return Preferences(Rhythm(found["failures"]), Scope(found["scope"]), alerts)


def _watch(found: Mapping[str, Any]) -> Watch:
    wanted = found["notifications"]
    return Watch(
        user_id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        email=found["email"],
        role=Role(found["role"]),
        preferences=_preferences(wanted),
        since=wanted["since"],
        asked_at=wanted["asked_at"],
        mailed=frozenset(wanted.get("mailed", ())),
    )


def _failure(found: Mapping[str, Any]) -> Failure:
    error = found.get("error") or {}
    return Failure(
        key=f"{found['_id']}:{found.get('redrives', 0)}",
        job_id=str(found["_id"]),
        name=found["name"],
        task=found.get("task", ""),
        error=f"{error.get('type', '')}: {error.get('message', '')}",
        ended_at=found["finished_at"],
    )
