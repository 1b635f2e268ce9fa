"""Collection ``deletions``: what is being deleted; and what has to be found and removed for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chalicelib.domain.deletions import NOBODY, Deletion, DeletionKind
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus
from chalicelib.store.client import Document
from chalicelib.store.documents import HEAVY
from chalicelib.store.reading import readable

#: Time limit of a query, in ms.
MAX_TIME_MS: Final = 10_000
_COUNTERS: Final = ("submitted", "done", "failed", "retries")
#: Collections whose documents name their tenant.
_OF_TENANTS: Final = (
    "audit", "schedules", "schedule_runs", "invitations", "mails", "api_keys", "webhooks", "webhook_deliveries",
    "alert_rules", "alert_firings", "comments", "views",
)  # fmt: skip


class DeletionStore:
    """Every call may be repeated."""

    def __init__(self, db: Database[Document]) -> None:
        self._db = db
        self._deletions = db.deletions

    # --- what is asked for -----------------------------------------------------------------------------------
    def add(self, deletion: Deletion, session: ClientSession) -> None:
        """Insert a deletion; asking again changes nothing."""
        document = {
            "kind": deletion.kind.value,
            "tenant_id": ObjectId(deletion.tenant_id),
            "user_ids": [ObjectId(user_id) for user_id in deletion.user_ids],
            "asked_at": deletion.asked_at,
        }
        same = {"_id": ObjectId(deletion.id)}
        self._deletions.update_one(same, {"$setOnInsert": document}, upsert=True, session=session)

    def oldest(self, limit: int) -> list[Deletion]:
        """Return what is being deleted."""
        found = self._deletions.find().sort("_id", 1).limit(limit).max_time_ms(MAX_TIME_MS)
        return [_deletion(document) for document in found]

    def done(self, deletion: Deletion) -> None:
        """Remove a deletion, the last trace of what was deleted."""
        self._deletions.delete_one({"_id": ObjectId(deletion.id)})

    def remove_tenant(self, tenant_id: str, session: ClientSession) -> bool:
        """Delete the record of a tenant; return whether there was one."""
        return self._db.tenants.delete_one({"_id": ObjectId(tenant_id)}, session=session).deleted_count == 1

    def remove_mails_to(self, emails: Collection[str]) -> None:
        """Delete the mails to addresses."""
        self._db.mails.delete_many({"to": {"$in": list(emails)}})

    # --- jobs ------------------------------------------------------------------------------------------------
    def stop_schedules(self, deletion: Deletion) -> None:
        """Delete the schedules of a tenant; those of a person were passed to the tenant."""
        if deletion.kind is DeletionKind.TENANT:
            self._db.schedules.delete_many(_scope(deletion))

    def open_calls(self, deletion: Deletion, limit: int) -> tuple[list[str], list[str]]:
        """Return ids of batches and of workflows that have not ended."""
        found = [
            [str(each["_id"]) for each in calls.find(_scope(deletion) | {"open": True}, {"_id": 1}).limit(limit)]
            for calls in (self._db.batches, self._db.workflows)
        ]
        return found[0], found[1]

    def request_cancel(self, deletion: Deletion, now: datetime) -> None:
        """Request the cancellation of all batches and workflows that have not ended."""
        match = _scope(deletion) | {"open": True, "cancel_requested": {"$ne": True}}
        for calls in (self._db.batches, self._db.workflows):
            calls.update_many(match, {"$set": {"cancel_requested": True, "updated_at": now}})

    def members(self, deletion: Deletion, statuses: Collection[JobStatus], limit: int) -> list[Job]:
        """Return jobs in some states."""
        match = _scope(deletion) | {"status": {"$in": [status.value for status in statuses]}}
        return readable(self._db.jobs.find(match, HEAVY).limit(limit).max_time_ms(MAX_TIME_MS))

    def ended(self, deletion: Deletion, after: str | None, limit: int) -> list[Job]:
        """Return the next jobs that have ended, by id."""
        match = _scope(deletion) | {"status": {"$in": [status.value for status in TERMINAL]}}
        if after is not None:
            match["_id"] = {"$gt": ObjectId(after)}
        found = self._db.jobs.find(match, HEAVY).sort("_id", 1).limit(limit).max_time_ms(MAX_TIME_MS)
        return readable(found)

    def has_jobs(self, deletion: Deletion) -> bool:
        """Return whether any job is left, a page of deleted ones that the counts may not know yet, or an object of a
        tenant in S3.
        """
        scope = _scope(deletion)
        pages = {"tenant_id": scope["tenant_id"]}
        if deletion.kind is DeletionKind.ACCOUNT:
            pages = {"owners.id": scope["owner_id"]}
        found = self._db.jobs.find_one(scope, {"_id": 1}) or self._db.expired_pages.find_one(pages, {"_id": 1})
        if found is None and deletion.kind is DeletionKind.TENANT:
            found = self._db.stored_objects.find_one(scope, {"_id": 1})
        return found is not None

    # --- the rest --------------------------------------------------------------------------------------------
    def erase(self, deletion: Deletion) -> None:
        """Delete all that is left. Counts of deleted jobs become nobody's, so that totals stay what they were."""
        scope = _scope(deletion)
        for name in ("batches", "workflows", "operations"):
            self._db[name].delete_many(scope)
        for user_id in deletion.user_ids:
            self._erase_person(user_id)
        self._pass_counts(deletion)
        if deletion.kind is DeletionKind.TENANT:
            self._erase_tenant(deletion.tenant_id)
        else:
            self._scrub(deletion)

    def _erase_person(self, user_id: str) -> None:
        of_user = {"user_id": ObjectId(user_id)}
        for name in ("sessions", "password_resets", "api_keys", "mails"):
            self._db[name].delete_many(of_user)
        self._db.views.delete_many({"owner_id": ObjectId(user_id), "shared": False})
        self._db.comments.delete_many({"author_id": ObjectId(user_id)})
        self._db.revocations.delete_many({"user_id": user_id})
        self._db.invitations.delete_many({"invited_by": ObjectId(user_id)})
        self._db.idempotency.delete_many({"_id": {"$regex": f"^{re.escape(user_id)}\\|"}})

    def _erase_tenant(self, tenant_id: str) -> None:
        of_tenant = {"tenant_id": ObjectId(tenant_id)}
        for name in _OF_TENANTS:
            self._db[name].delete_many(of_tenant)
        self._db.rollups.delete_many({"tenant_id": tenant_id})
        self._db.retention.delete_one({"_id": ObjectId(tenant_id)})
        self._db.limits.delete_many({"scope": tenant_id})
        of_id = {"_id": {"$regex": f"^{re.escape(tenant_id)}[/|]"}}
        for name in ("queues", "strict_queues", "idempotency"):
            self._db[name].delete_many(of_id)

    def _pass_counts(self, deletion: Deletion) -> None:
        nobody = ObjectId(NOBODY)
        for found in self._db.deleted_counts.find(_scope(deletion)):
            tenant = nobody if deletion.kind is DeletionKind.TENANT else found["tenant_id"]
            counts = {name: found.get(name, 0) for name in _COUNTERS}
            same = {"owner_id": nobody, "tenant_id": tenant}
            with self._db.client.start_session() as session, session.start_transaction():
                if self._db.deleted_counts.delete_one({"_id": found["_id"]}, session=session).deleted_count:
                    self._db.deleted_counts.update_one(same, {"$inc": counts}, upsert=True, session=session)

    def _scrub(self, deletion: Deletion) -> None:
        """Make a person nobody in what stays of the tenant: the audit log, pauses, limits, webhooks. What webhooks
        sent about the person is deleted.
        """
        user_id, of_tenant = deletion.id, {"tenant_id": ObjectId(deletion.tenant_id)}
        audit = self._db.audit
        others = {"$map": {"input": "$actors", "in": {"$cond": [{"$eq": ["$$this", user_id]}, NOBODY, "$$this"]}}}
        change: list[Document] = [{"$set": {"actors": others, "actor.email": ""}}]
        audit.update_many({"actors": user_id}, change)
        about = [f"{kind}:{user_id}" for kind in ("member", "account", "session")]
        nothing = {"before": None, "after": None}
        for target in about:
            gone = {"$set": {"target": f"{target.partition(':')[0]}:{NOBODY}", **nothing}}
            audit.update_many(of_tenant | {"target": target}, gone)
        named = [
            {f"{state}.{name}": user_id} for state in ("before", "after") for name in ("_id", "ownerId", "invitedBy")
        ]
        audit.update_many(of_tenant | {"$or": named}, {"$set": nothing})
        for name in ("queues", "strict_queues", "limits"):
            self._db[name].update_many({"by": user_id}, {"$set": {"by": NOBODY}})
        for name in ("webhooks", "alert_rules", "views"):
            self._db[name].update_many({"owner_id": ObjectId(user_id)}, {"$set": {"owner_id": ObjectId(NOBODY)}})
        self._db.webhook_deliveries.delete_many(of_tenant | {"body": {"$regex": user_id}})


def _scope(deletion: Deletion) -> Document:
    of_tenant: Document = {"tenant_id": ObjectId(deletion.tenant_id)}
    return of_tenant if deletion.kind is DeletionKind.TENANT else of_tenant | {"owner_id": ObjectId(deletion.id)}


def _deletion(found: Mapping[str, Any]) -> Deletion:
    return Deletion(
        id=str(found["_id"]),
        kind=DeletionKind(found["kind"]),
        tenant_id=str(found["tenant_id"]),
        user_ids=tuple(str(user_id) for user_id in found["user_ids"]),
        asked_at=found["asked_at"],
    )
