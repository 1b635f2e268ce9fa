"""Principals and their permissions. Pure. Permissions are decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The role of a user. Operators see all tenants; all others see their own tenant only."""

    OPERATOR = "operator"
    #: Own tenant: all jobs, members, queues.
    ADMIN = "admin"
    #: Own jobs.
    MEMBER = "member"
    #: Reads all jobs of the tenant, changes none.
    VIEWER = "viewer"


class Scope(StrEnum):
    """The range of jobs that a request covers."""

    OWN = "own"
    TENANT = "tenant"
    ALL = "all"


class Permission(StrEnum):
    """What a principal may do.

    Permissions on jobs include the narrower ones: whoever reads a tenant's jobs reads its own.
    """

    READ_OWN = "jobs:read:own"
    READ_TENANT = "jobs:read:tenant"
    READ_ALL = "jobs:read:all"
    WRITE_OWN = "jobs:write:own"
    WRITE_TENANT = "jobs:write:tenant"
    WRITE_ALL = "jobs:write:all"
    #: Pause and resume queues.
    MANAGE_QUEUES = "queues:manage"
    #: Change, pause, resume and reset limits.
    MANAGE_LIMITS = "limits:manage"
    MANAGE_MEMBERS = "members:manage"
    #: Change the tenant's settings, within the maxima.
    MANAGE_SETTINGS = "settings:manage"
    #: List tenants, set the maxima of their settings, and reset the metrics of all of them.
    MANAGE_TENANTS = "tenants:manage"


class Kind(StrEnum):
    """The kind of a principal."""

    PERSON = "person"
    #: The system, such as a schedule, acting for a tenant. The limits of a user do not apply to it.
    SYSTEM = "system"


_P = Permission
_MEMBER = frozenset({_P.READ_OWN, _P.WRITE_OWN})
_ADMIN = _MEMBER | {
    _P.READ_TENANT, _P.WRITE_TENANT, _P.MANAGE_QUEUES, _P.MANAGE_LIMITS, _P.MANAGE_MEMBERS, _P.MANAGE_SETTINGS
}  # fmt: skip
PERMISSIONS: Final = {
    Role.OPERATOR: _ADMIN | {_P.READ_ALL, _P.WRITE_ALL, _P.MANAGE_TENANTS},
    Role.ADMIN: _ADMIN,
    Role.MEMBER: _MEMBER,
    Role.VIEWER: frozenset({_P.READ_OWN, _P.READ_TENANT}),
}
_READ: Final = {Scope.OWN: _P.READ_OWN, Scope.TENANT: _P.READ_TENANT, Scope.ALL: _P.READ_ALL}
_WRITE: Final = {Scope.OWN: _P.WRITE_OWN, Scope.TENANT: _P.WRITE_TENANT, Scope.ALL: _P.WRITE_ALL}


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that have ``permission``."""
    return frozenset(role for role, has in PERMISSIONS.items() if permission in has)


@dataclass(frozen=True, slots=True)
class Session:
    """A person's verified token: its id, its expiry (UTC), and the version of the person's sessions."""

    token_id: str
    expires_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: the tenant and the role.

    Two principals are equal if they are the same person, whatever their sessions.
    """

    #: The owner of its jobs; empty for the system.
    user_id: str
    tenant_id: str
    role: Role
    email: str = ""
    kind: Kind = Kind.PERSON
    #: The session of a person; ``None`` for others.
    session: Session | None = field(default=None, compare=False)

    @classmethod
    def system(cls, tenant_id: str) -> Principal:
        """Return the system acting for a tenant; it has the permissions of an admin there."""
        return cls("", tenant_id, Role.ADMIN, kind=Kind.SYSTEM)

    @property
    def permissions(self) -> frozenset[Permission]:
        """All its permissions."""
        return PERMISSIONS[self.role]

    def may(self, permission: Permission) -> bool:
        """Return whether it has ``permission``."""
        return permission in self.permissions

    def may_read(self, scope: Scope) -> bool:
        """Return whether it may read the jobs of ``scope``."""
        return self.may(_READ[scope])

    def may_write(self, scope: Scope) -> bool:
        """Return whether it may submit and change the jobs of ``scope``."""
        return self.may(_WRITE[scope])

    def scope_of(self, tenant_id: str, owner_id: str) -> Scope:
        """Return the scope that it needs to read or change a job of this tenant and owner."""
        if owner_id == self.user_id:
            return Scope.OWN
        return Scope.TENANT if tenant_id == self.tenant_id else Scope.ALL
