"""Users and their sessions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.principals import Principal, Role, Scope

#: The registry of connections has these from here.
__all__ = ["Caller", "Role", "Scope", "SessionEnd", "SessionMark", "User"]
Caller = Principal


class SessionEnd(StrEnum):
    """What ended all sessions of a user at once."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class SessionMark:
    """The version that a user's tokens must have, and what ended the earlier ones."""

    version: int
    ended_by: SessionEnd | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An account as MongoDB holds it; ``password_hash`` never leaves the services."""

    id: str
    tenant_id: str
    username: str
    email: str
    role: Role
    password_hash: str
    created_at: datetime
    updated_at: datetime
    #: Grows with each change of password or role; tokens of an earlier version are void.
    session_version: int = 1
    #: What raised ``session_version`` last.
    sessions_ended_by: SessionEnd | None = None

    @property
    def principal(self) -> Principal:
        """The user as who acts, without a session."""
        return Principal(self.id, self.tenant_id, self.role, self.email)

    @property
    def session_mark(self) -> SessionMark:
        return SessionMark(self.session_version, self.sessions_ended_by)
