"""Collection ``api_keys``: one document for each key that was not revoked. Hashes of the secrets, never the secrets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import DESCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chalicelib.domain.api_keys import ApiKey
from chalicelib.domain.principals import KeyScope
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class ApiKeyStore:
    """Reads and writes keys."""

    def __init__(self, db: Database[Document]) -> None:
        self._keys = db.api_keys

    def add(self, key: ApiKey, session: ClientSession | None = None) -> None:
        """Insert a key."""
        self._keys.insert_one(_document(key), session=session)

    def get(self, key_id: str) -> ApiKey | None:
        """Return a key."""
        found = self._keys.find_one({"_id": ObjectId(key_id)}, max_time_ms=MAX_TIME_MS)
        return None if found is None else _key(found)

    def get_many(self, key_ids: Collection[str]) -> dict[str, ApiKey]:
        """Return those of the keys that exist, by id."""
        found = self._keys.find({"_id": {"$in": [ObjectId(key_id) for key_id in key_ids]}}).max_time_ms(MAX_TIME_MS)
        return {str(document["_id"]): _key(document) for document in found}

    def of_tenant(self, tenant_id: str, limit: int) -> list[ApiKey]:
        """Return up to ``limit`` keys of a tenant, the newest first."""
        found = self._keys.find({"tenant_id": ObjectId(tenant_id)}).sort("_id", DESCENDING).limit(limit)
        return [_key(document) for document in found.max_time_ms(MAX_TIME_MS)]

    def count(self, tenant_id: str, session: ClientSession | None = None) -> int:
        """Return how many keys a tenant has."""
        return self._keys.count_documents({"tenant_id": ObjectId(tenant_id)}, session=session)

    def numbers(self, now: datetime) -> tuple[int, int]:
        """Return how many keys of all tenants may be used, and how many have expired."""
        expired = self._keys.count_documents({"expires_at": {"$lte": now}}, maxTimeMS=MAX_TIME_MS)
        return self._keys.estimated_document_count(maxTimeMS=MAX_TIME_MS) - expired, expired

    def remove(self, tenant_id: str, key_id: str) -> bool:
        """Delete a key of a tenant; return whether there was one."""
        return self._keys.delete_one({"_id": ObjectId(key_id), "tenant_id": ObjectId(tenant_id)}).deleted_count == 1

    def remove_of(self, user_id: str, session: ClientSession | None = None) -> int:
        """Delete the keys that a user created; return how many."""
        return self._keys.delete_many({"user_id": ObjectId(user_id)}, session=session).deleted_count

    def used(self, key_id: str, before: datetime, now: datetime) -> None:
        """Note that a key is used, unless a use after ``before`` was noted."""
        match = {"_id": ObjectId(key_id), "last_used_at": {"$not": {"$gt": before}}}
        self._keys.update_one(match, {"$set": {"last_used_at": now}})


def _document(key: ApiKey) -> Document:
    document: Document = {
        "_id": ObjectId(key.id),
        "tenant_id": ObjectId(key.tenant_id),
        "user_id": ObjectId(key.user_id),
        "name": key.name,
        "scopes": [scope.value for scope in key.scopes],
        "secret_hash": key.secret_hash,
        "created_at": key.created_at,
    }
    if key.expires_at is not None:
        document["expires_at"] = key.expires_at
    return document


def _key(found: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        user_id=str(found["user_id"]),
        name=found["name"],
        scopes=tuple(KeyScope(scope) for scope in found["scopes"]),
        secret_hash=bytes(found["secret_hash"]),
        created_at=found["created_at"],
        expires_at=found.get("expires_at"),
        last_used_at=found.get("last_used_at"),
    )
