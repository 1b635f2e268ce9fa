"""Collection ``password_resets``: open links to reset a password."""

from __future__ import annotations

from typing import Final

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chalicelib.domain.one_time_links import PasswordReset
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class PasswordResetStore:
    """Reads and writes links; a TTL index deletes those that expired."""

    def __init__(self, db: Database[Document]) -> None:
        self._resets = db.password_resets

    def add(self, reset: PasswordReset) -> None:
        """Insert a link."""
        self._resets.insert_one(
            {
                "_id": ObjectId(reset.id),
                "user_id": ObjectId(reset.user_id),
                "secret_hash": reset.secret_hash,
                "expires_at": reset.expires_at,
            }
        )

    def get(self, reset_id: str) -> PasswordReset | None:
        """Return a link, also one that expired."""
        found = self._resets.find_one({"_id": ObjectId(reset_id)}, max_time_ms=MAX_TIME_MS)
        if found is None:
            return None
        return PasswordReset(str(found["_id"]), str(found["user_id"]), found["secret_hash"], found["expires_at"])

    def remove_of(self, user_id: str, session: ClientSession | None = None) -> int:
        """Delete all links of a user; return how many."""
        return self._resets.delete_many({"user_id": ObjectId(user_id)}, session=session).deleted_count
