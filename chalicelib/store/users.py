"""Users, one document each; the e-mail address, in lower case, is unique across tenants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chalicelib.domain.accounts import SessionEnd, SessionMark, User
from chalicelib.domain.principals import Role
from chalicelib.errors import AlreadyExists
from chalicelib.store.client import Document

#: Fields that ``update`` may set.
_CHANGEABLE: Final = frozenset({"username", "email", "role", "password_hash"})


class UserStore:
    """Reads and writes users. Ids are 24 hex digits in Python and ObjectIds in MongoDB."""

    def __init__(self, db: Database[Document]) -> None:
        self._users = db["users"]
        self._revocations = db["revocations"]

    def add(self, user: User, session: ClientSession | None = None) -> None:
        """Insert ``user``. Raises ``AlreadyExists`` if the e-mail is taken."""
        try:
            self._users.insert_one(_to_document(user), session=session)
        except DuplicateKeyError:
            raise AlreadyExists("This e-mail address cannot be used") from None

    def get(self, user_id: str, tenant_id: str | None = None, session: ClientSession | None = None) -> User | None:
        """Return a user by id, of ``tenant_id`` if given."""
        where: Document = {"_id": ObjectId(user_id)}
        if tenant_id is not None:
            where["tenant_id"] = ObjectId(tenant_id)
        return _from_document(self._users.find_one(where, session=session))

    def page(self, after: str | None, limit: int) -> list[tuple[str, str]]:
        """Return (user, tenant) ids of the next users after ``after``, by id."""
        where = {} if after is None else {"_id": {"$gt": ObjectId(after)}}
        found = self._users.find(where, {"tenant_id": 1}).sort("_id", ASCENDING).limit(limit)
        return [(str(each["_id"]), str(each["tenant_id"])) for each in found]

    def by_email(self, email: str) -> User | None:
        """Return a user by e-mail address in lower case."""
        return _from_document(self._users.find_one({"email": email}))

    def with_revocation(self, user_id: str, token_id: str, now: datetime) -> tuple[User | None, bool]:
        """Return a user, and whether the token ``token_id`` was revoked.

        Costs one read by id, and a second one only for users who revoked a token that has not expired yet.
        """
        found = self._users.find_one({"_id": ObjectId(user_id)})
        revoked = (
            found is not None
            and "revoked_until" in found
            and found["revoked_until"] > now
            and self._revocations.find_one({"_id": token_id}, {"_id": 1}) is not None
        )
        return _from_document(found), revoked

    def session_marks(self, user_ids: Collection[str]) -> dict[str, SessionMark]:
        """Return the session mark of each of these users that exists."""
        where = {"_id": {"$in": [ObjectId(user_id) for user_id in user_ids]}}
        found = self._users.find(where, {"session_version": 1, "sessions_ended_by": 1})
        return {
            str(document["_id"]): SessionMark(document["session_version"], _ended_by(document)) for document in found
        }

    def roles(self, user_ids: Collection[str]) -> dict[str, Role]:
        """Return the role of each of these users that exists."""
        found = self._users.find({"_id": {"$in": [ObjectId(user_id) for user_id in user_ids]}}, {"role": 1})
        return {str(document["_id"]): Role(document["role"]) for document in found}

    def names(self, user_ids: Collection[str]) -> dict[str, str]:
        """Return the name of each of these users that exists."""
        found = self._users.find({"_id": {"$in": [ObjectId(user_id) for user_id in user_ids]}}, {"username": 1})
        return {str(document["_id"]): document["username"] for document in found}

    def of_tenant(self, tenant_id: str, session: ClientSession | None = None) -> list[User]:
        """Return all users of a tenant, oldest first."""
        found = self._users.find({"tenant_id": ObjectId(tenant_id)}, session=session).sort("_id", 1)
        return [user for document in found if (user := _from_document(document))]

    def operator(self) -> User | None:
        """Return any operator."""
        return _from_document(self._users.find_one({"role": Role.OPERATOR.value}))

    def operators(self, session: ClientSession) -> int:
        """Return how many operators there are."""
        return self._users.count_documents({"role": Role.OPERATOR.value}, session=session)

    def members(self, tenant_id: str, session: ClientSession | None = None) -> int:
        """Return how many users a tenant has."""
        return self._users.count_documents({"tenant_id": ObjectId(tenant_id)}, session=session)

    def number(self) -> int:
        """Return how many users all tenants have."""
        return self._users.estimated_document_count()

    def admins(self, tenant_id: str, session: ClientSession | None = None) -> int:
        """Return how many admins a tenant has."""
        where = {"tenant_id": ObjectId(tenant_id), "role": Role.ADMIN.value}
        return self._users.count_documents(where, session=session)

    def update(
        self,
        user_id: str,
        changes: dict[str, str],
        at: datetime,
        *,
        end_sessions: SessionEnd | None = None,
        session: ClientSession | None = None,
    ) -> User | None:
        """Set username, email, role or password_hash; with ``end_sessions``, void older tokens for that reason.

        Returns the changed user, ``None`` if there is none. Raises ``AlreadyExists`` if the e-mail address is taken.
        """
        if unknown := changes.keys() - _CHANGEABLE:
            raise ValueError(f"not changeable: {unknown}")
        update: dict[str, Any] = {"$set": {**changes, "updated_at": at}}
        if end_sessions is not None:
            update["$inc"] = {"session_version": 1}
            update["$set"]["sessions_ended_by"] = end_sessions.value
        try:
            found = self._users.find_one_and_update(
                {"_id": ObjectId(user_id)}, update, return_document=ReturnDocument.AFTER, session=session
            )
        except DuplicateKeyError:
            raise AlreadyExists("This e-mail address cannot be used") from None
        return _from_document(found)

    def rehash(self, user_id: str, old_hash: str, new_hash: str) -> None:
        """Replace a password's hash by one with newer parameters, unless the password has changed."""
        self._users.update_one(
            {"_id": ObjectId(user_id), "password_hash": old_hash}, {"$set": {"password_hash": new_hash}}
        )

    def remove(self, user_id: str, session: ClientSession | None = None) -> bool:
        """Delete a user; return whether there was one."""
        return self._users.delete_one({"_id": ObjectId(user_id)}, session=session).deleted_count == 1


def _to_document(user: User) -> Document:
    return {
        "_id": ObjectId(user.id),
        "tenant_id": ObjectId(user.tenant_id),
        "username": user.username,
        "email": user.email,
        "role": user.role.value,
        "password_hash": user.password_hash,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "session_version": user.session_version,
    }


def _from_document(document: Document | None) -> User | None:
    if document is None:
        return None
    return User(
        id=str(document["_id"]),
        tenant_id=str(document["tenant_id"]),
        username=document["username"],
        email=document["email"],
        role=Role(document["role"]),
        password_hash=document["password_hash"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        session_version=document["session_version"],
        sessions_ended_by=_ended_by(document),
    )


def _ended_by(document: Document) -> SessionEnd | None:
    found = document.get("sessions_ended_by")
    return SessionEnd(found) if found else None
