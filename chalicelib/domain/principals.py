"""Who acts, and what they may do. Pure. Permissions are decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user may do. Operators see all tenants; the rest stay inside their own."""

    OPERATOR = "operator"
    #: Own tenant: every job, members, queues.
    ADMIN = "admin"
    #: Own jobs.
    MEMBER = "member"
    #: Reads every job of the tenant, changes none.
    VIEWER = "viewer"


class Scope(StrEnum):
    """Whose jobs a question is about."""

    OWN = "own"
    TENANT = "tenant"
    ALL = "all"


class Permission(StrEnum):
    """What a principal may do. Reading and writing jobs widens by scope: who reads a tenant's reads its own too."""

    READ_OWN = "jobs:read:own"
    READ_TENANT = "jobs:read:tenant"
    READ_ALL = "jobs:read:all"
    WRITE_OWN = "jobs:write:own"
    WRITE_TENANT = "jobs:write:tenant"
    WRITE_ALL = "jobs:write:all"
    #: Pause and resume queues.
    MANAGE_QUEUES = "queues:manage"
    MANAGE_MEMBERS = "members:manage"
    #: List tenants, and reset what is measured for all of them.
    MANAGE_TENANTS = "tenants:manage"


class Kind(StrEnum):
    """What a principal is."""

    PERSON = "person"
    #: The system itself, such as a schedule, acting for a tenant. A person's limits do not apply to it.
    SYSTEM = "system"


_P = Permission
_MEMBER = frozenset({_P.READ_OWN, _P.WRITE_OWN})
_ADMIN = _MEMBER | {_P.READ_TENANT, _P.WRITE_TENANT, _P.MANAGE_QUEUES, _P.MANAGE_MEMBERS}
PERMISSIONS: Final = {
    Role.OPERATOR: _ADMIN | {_P.READ_ALL, _P.WRITE_ALL, _P.MANAGE_TENANTS},
    Role.ADMIN: _ADMIN,
    Role.MEMBER: _MEMBER,
    Role.VIEWER: frozenset({_P.READ_OWN, _P.READ_TENANT}),
}
_READ: Final = {Scope.OWN: _P.READ_OWN, Scope.TENANT: _P.READ_TENANT, Scope.ALL: _P.READ_ALL}
_WRITE: Final = {Scope.OWN: _P.WRITE_OWN, Scope.TENANT: _P.WRITE_TENANT, Scope.ALL: _P.WRITE_ALL}


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that have ``permission``."""
    return frozenset(role for role, has in PERMISSIONS.items() if permission in has)


@dataclass(frozen=True, slots=True)
class Session:
    """A person's verified token: its id, until when it is good (UTC), and the version of the person's sessions."""

    token_id: str
    expires_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: of which tenant, in which role. Two are equal when they are the same, whatever their sessions."""

    #: Whose jobs are its own; empty for the system.
    user_id: str
    tenant_id: str
    role: Role
    email: str = ""
    kind: Kind = Kind.PERSON
    #: By which session a person came; ``None`` for others.
    session: Session | None = field(default=None, compare=False)

    @classmethod
    def system(cls, tenant_id: str) -> Principal:
        """The system, acting for a tenant: it may do there what an admin may."""
        return cls("", tenant_id, Role.ADMIN, kind=Kind.SYSTEM)

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that it may do."""
        return PERMISSIONS[self.role]

    def may(self, permission: Permission) -> bool:
        """Whether it has ``permission``."""
        return permission in self.permissions

    def may_read(self, scope: Scope) -> bool:
        """Whether it reads jobs as wide as ``scope``."""
        return self.may(_READ[scope])

    def may_write(self, scope: Scope) -> bool:
        """Whether it submits and changes jobs as wide as ``scope``."""
        return self.may(_WRITE[scope])

    def scope_of(self, tenant_id: str, owner_id: str) -> Scope:
        """How far from it a job of this tenant and owner is: the scope that it needs to read or change it."""
        if owner_id == self.user_id:
            return Scope.OWN
        return Scope.TENANT if tenant_id == self.tenant_id else Scope.ALL
