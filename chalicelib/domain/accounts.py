"""Tenants, users and roles. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may do. Operators see all tenants; the rest stay inside their own."""

    OPERATOR = "operator"
    #: Own tenant: every job, members, queues.
    ADMIN = "admin"
    #: Own jobs.
    MEMBER = "member"
    #: Reads every job of the tenant, changes none.
    VIEWER = "viewer"


class SessionEnd(StrEnum):
    """What ended all sessions of a user at once."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    ROLE = "role"


class Scope(StrEnum):
    """Whose jobs a question is about."""

    OWN = "own"
    TENANT = "tenant"
    ALL = "all"


#: The widest scope that a role may read.
READ_SCOPE = {
    Role.OPERATOR: Scope.ALL,
    Role.ADMIN: Scope.TENANT,
    Role.MEMBER: Scope.OWN,
    Role.VIEWER: Scope.TENANT,
}
#: The widest scope that a role may change; a viewer changes nothing.
WRITE_SCOPE = {Role.OPERATOR: Scope.ALL, Role.ADMIN: Scope.TENANT, Role.MEMBER: Scope.OWN, Role.VIEWER: None}
_WIDTH = [Scope.OWN, Scope.TENANT, Scope.ALL]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a call."""

    user_id: str
    tenant_id: str
    role: Role
    email: str = ""

    def may_read(self, scope: Scope) -> bool:
        """Whether the role reads as wide as ``scope``."""
        return _WIDTH.index(scope) <= _WIDTH.index(READ_SCOPE[self.role])

    def may_write(self, scope: Scope) -> bool:
        """Whether the role changes things as wide as ``scope``."""
        widest = WRITE_SCOPE[self.role]
        return widest is not None and _WIDTH.index(scope) <= _WIDTH.index(widest)


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
    def caller(self) -> Caller:
        return Caller(self.id, self.tenant_id, self.role, self.email)

    @property
    def session_mark(self) -> SessionMark:
        return SessionMark(self.session_version, self.sessions_ended_by)
