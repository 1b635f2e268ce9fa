"""Settings of tenants, in collection ``tenants``.

``settings`` are chosen by admins, ``maxima`` by operators; ``adjusted`` is true once anything was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.database import Database

from chalicelib.domain.tenant_settings import NAMES, Chosen, Kind, StoredSettings
from chalicelib.store.client import Document

#: Time limit of a query, in ms.
MAX_TIME_MS: Final = 3_000
_FIELDS: Final = {"settings": 1, "maxima": 1}


class TenantSettingsStore:
    """Reads and writes chosen values; what was never chosen is absent."""

    def __init__(self, db: Database[Document]) -> None:
        self._tenants = db["tenants"]

    def get(self, tenant_id: str) -> StoredSettings | None:
        """Return the values of a tenant, ``None`` if there is no such tenant."""
        found = self._tenants.find_one({"_id": ObjectId(tenant_id)}, _FIELDS, max_time_ms=MAX_TIME_MS)
        return _stored(found) if found else None

    def change(
        self, tenant_id: str, kind: Kind, changes: Mapping[str, float | None], now: datetime
    ) -> StoredSettings | None:
        """Set the values in ``changes``, or remove those that are ``None``; return all, ``None`` without tenant."""
        given = {f"{kind}.{name}": value for name, value in changes.items()}
        chosen = {key: value for key, value in given.items() if value is not None}
        update: Document = {"$set": {"updated_at": now, "adjusted": True} | chosen}
        if gone := {key: "" for key, value in given.items() if value is None}:
            update["$unset"] = gone
        found = self._tenants.find_one_and_update(
            {"_id": ObjectId(tenant_id)}, update, _FIELDS, return_document=ReturnDocument.AFTER
        )
        return _stored(found) if found else None

    def page(self, after: str | None, limit: int, *, adjusted: bool = False) -> list[StoredSettings]:
        """Return the values of the next ``limit`` tenants, by id; only of those that ever were changed if so asked."""
        query: Document = {"_id": {"$gt": ObjectId(after)}} if after else {}
        if adjusted:
            query["adjusted"] = True
        found = self._tenants.find(query, _FIELDS).sort("_id", 1).limit(limit).max_time_ms(MAX_TIME_MS)
        return [_stored(document) for document in found]


def _stored(found: Document) -> StoredSettings:
    return StoredSettings(str(found["_id"]), _known(found.get("settings")), _known(found.get("maxima")))


def _known(values: Document | None) -> Chosen:
    """Drop names of other versions."""
    return {name: value for name, value in (values or {}).items() if name in NAMES}
