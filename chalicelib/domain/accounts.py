"""Users and their sessions. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.principals import Principal, Role


class SessionEnd(StrEnum):
    """Why all sessions of a user were ended at once."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    ROLE = "role"
    #: By a log-out everywhere.
    EVERYWHERE = "everywhere"


class SessionMark(NamedTuple):
    """The version that a user's tokens must have, and why earlier versions were ended."""

    version: int
    ended_by: SessionEnd | None = None


class User(NamedTuple):
    """An account as MongoDB holds it. No answer or log line contains ``password_hash``."""

    id: str
    tenant_id: str
    username: str
    email: str
    role: Role
    password_hash: str
    created_at: datetime
    updated_at: datetime
    #: Incremented when password or role changes; tokens of an earlier version are void.
    session_version: int = 1
    #: Why ``session_version`` was last incremented.
    sessions_ended_by: SessionEnd | None = None

    @property
    def principal(self) -> Principal:
        """The user as a principal, without a session."""
        return Principal(self.id, self.tenant_id, self.role, self.email)

    @property
    def session_mark(self) -> SessionMark:
        return SessionMark(self.session_version, self.sessions_ended_by)
