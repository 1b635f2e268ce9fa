"""Collection ``invitations``: one document for each open invitation, at most one for an address in a tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import DESCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database

from chalicelib.domain.one_time_links import Invitation
from chalicelib.domain.principals import Role
from chalicelib.store.client import Document

MAX_TIME_MS: Final = 5_000


class InvitationStore:
    """Reads and writes invitations; a TTL index deletes those that expired."""

    def __init__(self, db: Database[Document]) -> None:
        self._invitations = db.invitations

    def replace(self, invitation: Invitation, session: ClientSession) -> None:
        """Insert an invitation in place of the one for its address in its tenant, if there is one."""
        document = _document(invitation)
        same = {"tenant_id": document["tenant_id"], "email": invitation.email}
        self._invitations.delete_many(same, session=session)
        self._invitations.insert_one(document, session=session)

    def get(self, invitation_id: str) -> Invitation | None:
        """Return an invitation, also one that expired."""
        found = self._invitations.find_one({"_id": ObjectId(invitation_id)}, max_time_ms=MAX_TIME_MS)
        return None if found is None else _invitation(found)

    def of_tenant(self, tenant_id: str, now: datetime, limit: int) -> list[Invitation]:
        """Return the invitations of a tenant that are open, the newest first."""
        found = self._invitations.find(_open(tenant_id, now)).sort("_id", DESCENDING).limit(limit)
        return [_invitation(document) for document in found.max_time_ms(MAX_TIME_MS)]

    def count(self, tenant_id: str, now: datetime, session: ClientSession, other_than: str) -> int:
        """Return how many addresses besides one are invited to a tenant."""
        others = _open(tenant_id, now) | {"email": {"$ne": other_than}}
        return self._invitations.count_documents(others, session=session)

    def remove(self, invitation_id: str, tenant_id: str, session: ClientSession | None = None) -> bool:
        """Delete an invitation of a tenant; return whether there was one."""
        same = {"_id": ObjectId(invitation_id), "tenant_id": ObjectId(tenant_id)}
        return self._invitations.delete_one(same, session=session).deleted_count == 1


def _open(tenant_id: str, now: datetime) -> Document:
    return {"tenant_id": ObjectId(tenant_id), "expires_at": {"$gt": now}}


def _document(invitation: Invitation) -> Document:
    return {
        "_id": ObjectId(invitation.id),
        "tenant_id": ObjectId(invitation.tenant_id),
        "email": invitation.email,
        "role": invitation.role.value,
        "invited_by": ObjectId(invitation.invited_by),
        "secret_hash": invitation.secret_hash,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
    }


def _invitation(found: Mapping[str, Any]) -> Invitation:
    return Invitation(
        id=str(found["_id"]),
        tenant_id=str(found["tenant_id"]),
        email=found["email"],
        role=Role(found["role"]),
        invited_by=str(found["invited_by"]),
        secret_hash=found["secret_hash"],
        created_at=found["created_at"],
        expires_at=found["expires_at"],
    )
