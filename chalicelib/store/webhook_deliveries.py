"""Collection ``webhook_deliveries``: messages to send, and the log of those that were sent.

``next_at`` exists while a delivery is to be tried; who tries it moves it to the end of a lease first, so that another
process goes on after a crash.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chalicelib.domain.webhooks import KEPT, MAX_ATTEMPTS_KEPT, Delivery, DeliveryAttempt, DeliveryStatus
from chalicelib.store.client import Document, duplicates
from chalicelib.store.owned import page_by_id

MAX_TIME_MS: Final = 5_000
#: Limit of counting deliveries for monitoring.
MAX_COUNTED: Final = 100_000


class DeliveryStore:
    """Reads and writes deliveries. Several processes may do so at once."""

    def __init__(self, db: Database[Document]) -> None:
        self._deliveries = db.webhook_deliveries

    def add(self, deliveries: Sequence[Delivery]) -> int:
        """Insert deliveries, except those of occurrences that are reported already; return how many."""
        try:
            self._deliveries.insert_many([_document(each) for each in deliveries], ordered=False)
        except BulkWriteError as error:
            return len(deliveries) - len(duplicates(error))
        return len(deliveries)

    # --- to send ---------------------------------------------------------------------------------------------
    def due(self, now: datetime, without: Collection[str], limit: int) -> list[Delivery]:
        """Return up to ``limit`` deliveries that are due, except those of some webhooks."""
        match: Document = {"next_at": {"$lte": now}}
        if without:
            match["webhook_id"] = {"$nin": [ObjectId(each) for each in without]}
        found = self._deliveries.find(match).sort("next_at", ASCENDING).limit(limit)
        return [_delivery(document) for document in found.hint("due").max_time_ms(MAX_TIME_MS)]

    def next_at(self) -> datetime | None:
        """Return when the next delivery is due."""
        found = self._deliveries.find_one(
            {"next_at": {"$exists": True}}, {"next_at": 1}, sort=[("next_at", ASCENDING)], hint="due"
        )
        at: datetime | None = found["next_at"] if found else None
        return at

    def take(self, delivery: Delivery, until: datetime) -> bool:
        """Reserve a due delivery until a time; return whether no other process was faster."""
        match = {"_id": ObjectId(delivery.id), "next_at": delivery.next_at}
        return self._deliveries.update_one(match, {"$set": {"next_at": until}}).matched_count == 1

    def record(
        self, delivery: Delivery, attempt: DeliveryAttempt, status: DeliveryStatus, next_at: datetime | None
    ) -> Delivery | None:
        """Add an attempt to a delivery; return it, ``None`` if it is gone."""
        pushed = {"attempts": {"$each": [_attempt_document(attempt)], "$slice": -MAX_ATTEMPTS_KEPT}}
        fields: Document = {"status": status.value, "updated_at": attempt.at}
        change: Document = {"$set": fields, "$inc": {"tries": 1}, "$push": pushed}
        if next_at is None:
            change["$unset"] = {"next_at": ""}
        else:
            fields["next_at"] = next_at
        return self._find_and_update({"_id": ObjectId(delivery.id)}, change)

    def repeat(self, webhook_id: str, delivery_id: str, now: datetime) -> Delivery | None:
        """Let a delivery be tried now, with all its attempts; return it, ``None`` if there is none."""
        change = {"$set": {"status": DeliveryStatus.PENDING.value, "next_at": now, "updated_at": now, "tries": 0}}
        return self._find_and_update({"_id": ObjectId(delivery_id), "webhook_id": ObjectId(webhook_id)}, change)

    def hold(self, webhook_id: str) -> None:
        """Let no delivery of a webhook be tried until it is released."""
        match = {"webhook_id": ObjectId(webhook_id), "next_at": {"$exists": True}}
        self._deliveries.update_many(match, {"$unset": {"next_at": ""}})

    def release(self, webhook_id: str, now: datetime) -> None:
        """Let the deliveries of a webhook be tried that were held."""
        match = {
            "webhook_id": ObjectId(webhook_id), "status": DeliveryStatus.PENDING.value, "next_at": {"$exists": False}
        }  # fmt: skip
        self._deliveries.update_many(match, {"$set": {"next_at": now}})

    def remove_of(self, webhook_id: str) -> None:
        """Delete the deliveries of a webhook."""
        self._deliveries.delete_many({"webhook_id": ObjectId(webhook_id)})

    def _find_and_update(self, match: Document, change: Document) -> Delivery | None:
        found = self._deliveries.find_one_and_update(match, change, return_document=ReturnDocument.AFTER)
        return None if found is None else _delivery(found)

    # --- to show ---------------------------------------------------------------------------------------------
    def page(
        self, webhook_id: str, status: DeliveryStatus | None, after: str | None, limit: int, *, backwards: bool
    ) -> list[Delivery]:
        """Return up to ``limit`` deliveries of a webhook, the newest first, after the one with an id, or before it."""
        match: Document = {"webhook_id": ObjectId(webhook_id)}
        if status is not None:
            match["status"] = status.value
        found = page_by_id(self._deliveries, match, after, limit, backwards=backwards)
        return [_delivery(document) for document in found]

    def count_pending(self) -> int:
        """Return how many deliveries are to be tried, at most ``MAX_COUNTED``."""
        return self._deliveries.count_documents({"next_at": {"$exists": True}}, hint="due", limit=MAX_COUNTED)


def _document(delivery: Delivery) -> Document:
    return {
        **({"traceparent": delivery.traceparent} if delivery.traceparent else {}),
        "_id": ObjectId(delivery.id),
        "webhook_id": ObjectId(delivery.webhook_id),
        "tenant_id": ObjectId(delivery.tenant_id),
        "key": delivery.key,
        "type": delivery.type,
        "subject": delivery.subject,
        "body": delivery.body,
        "status": delivery.status.value,
        "tries": 0,
        "attempts": [],
        "next_at": delivery.next_at,
        "created_at": delivery.created_at,
        "updated_at": delivery.updated_at,
        "expires_at": delivery.created_at + KEPT,
    }


def _attempt_document(attempt: DeliveryAttempt) -> Document:
    document: Document = {"at": attempt.at, "duration_ms": attempt.duration_ms}
    named = {"status": attempt.status, "answer": attempt.answer, "error": attempt.error}
    return document | {name: value for name, value in named.items() if value}


def _delivery(found: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=str(found["_id"]),
        webhook_id=str(found["webhook_id"]),
        tenant_id=str(found["tenant_id"]),
        type=found["type"],
        subject=found["subject"],
        body=found["body"],
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        status=DeliveryStatus(found["status"]),
        tries=found["tries"],
        attempts=tuple(_attempt(each) for each in found["attempts"]),
        next_at=found.get("next_at"),
        key=bytes(found["key"]),
        traceparent=found.get("traceparent"),
    )


def _attempt(found: Mapping[str, Any]) -> DeliveryAttempt:
    return DeliveryAttempt(
        found["at"], found["duration_ms"], found.get("status"), found.get("answer", ""), found.get("error", "")
    )
