"""Revoked tokens, kept until they would have expired (a TTL index removes them)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bson import ObjectId
from pymongo.database import Database

from chalicelib.store.client import Document


class RevocationStore:
    """Ids of tokens that were revoked at log-out."""

    def __init__(self, db: Database[Document]) -> None:
        self._users = db["users"]
        self._revocations = db["revocations"]

    def add(self, token_id: str, user_id: str, expires_at: datetime) -> None:
        """Revoke a token; doing so again is no error.

        Mark the user first: only for marked users are revocations read.
        """
        self._users.update_one({"_id": ObjectId(user_id)}, {"$max": {"revoked_until": expires_at}})
        self._revocations.update_one(
            {"_id": token_id}, {"$setOnInsert": {"user_id": user_id, "expires_at": expires_at}}, upsert=True
        )

    def among(self, token_ids: Collection[str]) -> set[str]:
        """Return which of these tokens are revoked."""
        return {document["_id"] for document in self._revocations.find({"_id": {"$in": list(token_ids)}}, {"_id": 1})}
