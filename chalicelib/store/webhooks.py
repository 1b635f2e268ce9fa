"""Collection ``webhooks``: one document for each webhook, with its secrets, which no answer shows.

Each change that matters to what is reported raises ``version`` of the document ``webhooks`` of collection ``meta`` in
the same transaction, so a process finds out by one small read whether what it knows still holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from bson import ObjectId
from pymongo import DESCENDING, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from chalicelib.domain.webhooks import PauseReason, Secret, Webhook, WebhookStatus
from chalicelib.store.client import Document

T = TypeVar("T")
MAX_TIME_MS: Final = 5_000
#: The document of ``meta`` whose ``version`` counts the changes of what processes know of tenants.
VERSION_ID: Final = "webhooks"
_ACTIVE: Final = {"status": WebhookStatus.ACTIVE.value}


class WebhookStore:
    """Reads and writes webhooks."""

    def __init__(self, db: Database[Document]) -> None:
        self._client = db.client
        self._webhooks = db.webhooks
        self._meta = db.meta

    # --- read ------------------------------------------------------------------------------------------------
    def get(self, webhook_id: str) -> Webhook | None:
        """Return a webhook."""
        found = self._webhooks.find_one({"_id": ObjectId(webhook_id)}, max_time_ms=MAX_TIME_MS)
        return None if found is None else _webhook(found)

    def get_many(self, ids: Collection[str]) -> dict[str, Webhook]:
        """Return those of the webhooks that exist, by id."""
        found = self._webhooks.find({"_id": {"$in": [ObjectId(each) for each in ids]}}).max_time_ms(MAX_TIME_MS)
        return {str(document["_id"]): _webhook(document) for document in found}

    def of_tenant(self, tenant_id: str, limit: int) -> list[Webhook]:
        """Return up to ``limit`` webhooks of a tenant, the newest first."""
        found = self._webhooks.find({"tenant_id": ObjectId(tenant_id)}).sort("_id", DESCENDING).limit(limit)
        return [_webhook(document) for document in found.max_time_ms(MAX_TIME_MS)]

    def active_of(self, tenant_ids: Collection[str]) -> list[Webhook]:
        """Return the active webhooks of tenants."""
        match = {"tenant_id": {"$in": [ObjectId(each) for each in tenant_ids]}} | _ACTIVE
        return [_webhook(document) for document in self._webhooks.find(match).max_time_ms(MAX_TIME_MS)]

    def count(self, tenant_id: str, session: ClientSession | None = None) -> int:
        """Return how many webhooks a tenant has."""
        return self._webhooks.count_documents({"tenant_id": ObjectId(tenant_id)}, session=session)

    def numbers(self) -> dict[str, int]:
        """Return how many webhooks there are, by status."""
        found = self._webhooks.aggregate([{"$group": {"_id": "$status", "count": {"$sum": 1}}}])
        return {each["_id"]: each["count"] for each in found}

    def version(self) -> int:
        """Return the number of the last change."""
        found = self._meta.find_one({"_id": VERSION_ID}, {"version": 1}, max_time_ms=MAX_TIME_MS) or {}
        return int(found.get("version", 0))

    def subscriptions(self) -> dict[str, frozenset[str]]:
        """Return the events that the active webhooks of each tenant report; tenants without any are absent."""
        events: dict[str, set[str]] = defaultdict(set)
        for found in self._webhooks.find(_ACTIVE, {"tenant_id": 1, "events": 1}).max_time_ms(MAX_TIME_MS):
            events[str(found["tenant_id"])].update(found["events"])
        return {tenant_id: frozenset(some) for tenant_id, some in events.items()}

    # --- write -----------------------------------------------------------------------------------------------
    def add(self, webhook: Webhook, check: Callable[[ClientSession], object]) -> None:
        """Insert a webhook in a transaction, in which ``check`` is called first."""

        def work(session: ClientSession) -> None:
            check(session)
            self._webhooks.insert_one(_document(webhook), session=session)

        self._changing(work)

    def change(self, tenant_id: str, webhook_id: str, fields: Mapping[str, Any], now: datetime) -> Webhook | None:
        """Set ``url``, ``events`` or ``description``; return the webhook, ``None`` if there is none."""
        return self._update(tenant_id, webhook_id, {"$set": {**fields, "updated_at": now}})

    def set_secrets(self, webhook: Webhook, secrets: Collection[Secret], now: datetime) -> bool:
        """Set the secrets of a webhook that did not change; return whether it did not."""
        match = {"_id": ObjectId(webhook.id), "secrets": [_secret_document(each) for each in webhook.secrets]}
        change = {"$set": {"secrets": [_secret_document(each) for each in secrets], "updated_at": now}}
        return self._webhooks.update_one(match, change).matched_count == 1

    def pause(self, tenant_id: str, webhook_id: str, reason: PauseReason, now: datetime) -> Webhook | None:
        """Pause a webhook; return it, ``None`` if there is none that is active."""
        change = {"status": WebhookStatus.PAUSED.value, "reason": reason.value, "updated_at": now}
        return self._update(tenant_id, webhook_id, {"$set": change}, _ACTIVE)

    def resume(self, tenant_id: str, webhook_id: str, now: datetime) -> Webhook | None:
        """Resume a webhook, and forget its failures; return it, ``None`` if there is none."""
        change = {"status": WebhookStatus.ACTIVE.value, "failures": 0, "updated_at": now}
        return self._update(tenant_id, webhook_id, {"$set": change, "$unset": {"reason": "", "failing_since": ""}})

    def remove(self, tenant_id: str, webhook_id: str) -> bool:
        """Delete a webhook; return whether there was one."""
        match = {"_id": ObjectId(webhook_id), "tenant_id": ObjectId(tenant_id)}
        return self._changing(lambda session: self._webhooks.delete_one(match, session=session).deleted_count == 1)

    def succeeded(self, webhook_id: str) -> None:
        """Forget the failures of a webhook."""
        change = {"$set": {"failures": 0}, "$unset": {"failing_since": ""}}
        self._webhooks.update_one({"_id": ObjectId(webhook_id), "failures": {"$gt": 0}}, change)

    def failed(self, webhook_id: str, at: datetime) -> Webhook | None:
        """Count a failed attempt; return the webhook, ``None`` if there is none."""
        change = {"$inc": {"failures": 1}, "$min": {"failing_since": at}}
        found = self._webhooks.find_one_and_update(
            {"_id": ObjectId(webhook_id)}, change, return_document=ReturnDocument.AFTER
        )
        return None if found is None else _webhook(found)

    def _update(
        self, tenant_id: str, webhook_id: str, change: Document, only: Mapping[str, Any] | None = None
    ) -> Webhook | None:
        match = {"_id": ObjectId(webhook_id), "tenant_id": ObjectId(tenant_id), **(only or {})}
        found = self._changing(
            lambda session: self._webhooks.find_one_and_update(
                match, change, return_document=ReturnDocument.AFTER, session=session
            )
        )
        return None if found is None else _webhook(found)

    def _changing(self, work: Callable[[ClientSession], T]) -> T:
        """Do ``work`` and raise the version, both or neither."""

        def both(session: ClientSession) -> T:
            self._meta.update_one({"_id": VERSION_ID}, {"$inc": {"version": 1}}, upsert=True, session=session)
            return work(session)

        with self._client.start_session() as session:
            return session.with_transaction(both, write_concern=WriteConcern(w="majority", j=True))


def _document(webhook: Webhook) -> Document:
    return {
        "_id": ObjectId(webhook.id),
        "tenant_id": ObjectId(webhook.tenant_id),
        "owner_id": ObjectId(webhook.owner_id),
        "url": webhook.url,
        "description": webhook.description,
        "events": list(webhook.events),
        "secrets": [_secret_document(each) for each in webhook.secrets],
        "status": webhook.status.value,
        "failures": webhook.failures,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }


def _secret_document(secret: Secret) -> Document:
    expires = {"expires_at": secret.expires_at} if secret.expires_at is not None else {}
    return {"key": secret.key, **expires}


def _webhook(found: Mapping[str, Any]) -> Webhook:
    return Webhook(
        id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        owner_id=str(found["owner_id"]),
        url=found["url"],
        description=found["description"],
        events=tuple(found["events"]),
        secrets=tuple(Secret(bytes(each["key"]), each.get("expires_at")) for each in found["secrets"]),
        status=WebhookStatus(found["status"]),
        reason=PauseReason(found["reason"]) if "reason" in found else None,
        failures=found["failures"],
        failing_since=found.get("failing_since"),
        created_at=found["created_at"],
        updated_at=found["updated_at"],
    )
