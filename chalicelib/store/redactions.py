"""What tenants redact: ``redact`` of collection ``tenants``, paths in payloads and results; ``redacts`` marks who does.

Each change raises the version of what processes know of tenants (``store.webhooks``) in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from chalicelib.store.client import Document
from chalicelib.store.webhooks import MAX_TIME_MS, VERSION_ID


class RedactionStore:
    """Reads and writes the paths of tenants."""

    def __init__(self, db: Database[Document]) -> None:
        self._client = db.client
        self._tenants = db.tenants
        self._meta = db.meta

    def all(self) -> dict[str, tuple[str, ...]]:
        """Return the paths of all tenants; those without any are absent."""
        found = self._tenants.find({"redacts": True}, {"redact": 1}).max_time_ms(MAX_TIME_MS)
        return {str(document["_id"]): tuple(document["redact"]) for document in found}

    def get(self, tenant_id: str) -> tuple[str, ...]:
        """Return the paths of a tenant."""
        found = self._tenants.find_one({"_id": ObjectId(tenant_id)}, {"redact": 1}, max_time_ms=MAX_TIME_MS) or {}
        return tuple(found.get("redact", ()))

    def set(self, tenant_id: str, paths: Sequence[str], now: datetime) -> bool:
        """Set the paths of a tenant; return whether there is such a tenant."""
        if paths:
            change: Document = {"$set": {"redact": list(paths), "redacts": True, "updated_at": now}}
        else:
            change = {"$unset": {"redact": "", "redacts": ""}, "$set": {"updated_at": now}}

        def both(session: ClientSession) -> bool:
            self._meta.update_one({"_id": VERSION_ID}, {"$inc": {"version": 1}}, upsert=True, session=session)
            return self._tenants.update_one({"_id": ObjectId(tenant_id)}, change, session=session).matched_count == 1

        with self._client.start_session() as session:
            return session.with_transaction(both, write_concern=WriteConcern(w="majority", j=True))
