"""Collection ``sessions``: one document for each session that was not logged out, until its token expires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import DESCENDING
from pymongo.database import Database

from chalicelib.domain.sessions import OpenSession
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class SessionStore:
    """Lists sessions. Whether a token is valid is decided without it: by user and revocations."""

    def __init__(self, db: Database[Document]) -> None:
        self._sessions = db.sessions

    def add(self, opened: OpenSession) -> None:
        """Insert a session."""
        self._sessions.insert_one(
            {
                "_id": ObjectId(opened.id),
                "token_id": opened.token_id,
                "user_id": ObjectId(opened.user_id),
                "version": opened.version,
                "device": opened.device,
                "created_at": opened.created_at,
                "expires_at": opened.expires_at,
                "used_at": opened.used_at,
            }
        )

    def of_user(self, user_id: str, version: int, now: datetime, limit: int) -> list[OpenSession]:
        """Return the valid sessions of a user, the one that was used last first."""
        valid = {"user_id": ObjectId(user_id), "version": version, "expires_at": {"$gt": now}}
        found = self._sessions.find(valid).sort("used_at", DESCENDING).limit(limit).max_time_ms(MAX_TIME_MS)
        return [_session(document) for document in found]

    def get(self, session_id: str, user_id: str) -> OpenSession | None:
        """Return a session of a user."""
        found = self._sessions.find_one({"_id": ObjectId(session_id), "user_id": ObjectId(user_id)})
        return None if found is None else _session(found)

    def used(self, token_id: str, user_id: str, before: datetime, now: datetime) -> None:
        """Note that a session is used, unless a use after ``before`` was noted."""
        same = {"user_id": ObjectId(user_id), "token_id": token_id, "used_at": {"$lt": before}}
        self._sessions.update_one(same, {"$set": {"used_at": now}})

    def remove(self, token_id: str, user_id: str) -> None:
        """Delete a session."""
        self._sessions.delete_one({"user_id": ObjectId(user_id), "token_id": token_id})

    def remove_of(self, user_id: str) -> None:
        """Delete all sessions of a user."""
        self._sessions.delete_many({"user_id": ObjectId(user_id)})


def _session(found: Mapping[str, Any]) -> OpenSession:
    return OpenSession(
        id=str(found["_id"]),
        token_id=found["token_id"],
        user_id=str(found["user_id"]),
        version=found["version"],
        device=found["device"],
        created_at=found["created_at"],
        expires_at=found["expires_at"],
        used_at=found["used_at"],
    )
