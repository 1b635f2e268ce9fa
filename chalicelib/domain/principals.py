"""Principals and their permissions. Pure. Permissions are decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from chalicelib.errors import MissingScope


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
    #: Read the audit log: the tenant's, operators all.
    READ_AUDIT = "audit:read"
    #: Redrive and delete jobs of the DLQ, besides the permission to change them.
    CHANGE_DEAD = "dlq:change"
    #: Create, list and revoke API keys.
    MANAGE_KEYS = "keys:manage"
    #: Create, change and delete webhooks, and see what they sent.
    MANAGE_WEBHOOKS = "webhooks:manage"
    #: Create, change, mute and delete alert rules. Who reads the tenant's jobs sees them.
    MANAGE_ALERTS = "alerts:manage"
    #: Change the tenant's settings, within the maxima.
    MANAGE_SETTINGS = "settings:manage"
    #: List tenants, set the maxima of their settings, and reset the metrics of all of them.
    MANAGE_TENANTS = "tenants:manage"


class Kind(StrEnum):
    """The kind of a principal."""

    PERSON = "person"
    #: A service with an API key, acting for the person who created the key.
    KEY = "key"
    #: The system, such as a schedule, acting for a tenant. The limits of a user do not apply to it.
    SYSTEM = "system"


class KeyScope(StrEnum):
    """What an API key may be used for. Each route and each action of the WebSocket needs one of them."""

    JOBS_READ = "jobs:read"
    #: Submit and change jobs, batches, workflows and schedules; not jobs of the DLQ.
    JOBS_WRITE = "jobs:write"
    #: Redrive and delete jobs of the DLQ.
    DLQ_WRITE = "dlq:write"
    #: Pause, resume and set queues.
    QUEUES_WRITE = "queues:write"
    #: Members, limits, settings and the audit log; includes all other scopes.
    ADMIN = "admin"


_P = Permission
_MEMBER = frozenset({_P.READ_OWN, _P.WRITE_OWN, _P.CHANGE_DEAD})
_ADMIN = _MEMBER | {
    _P.READ_TENANT, _P.WRITE_TENANT, _P.MANAGE_QUEUES, _P.MANAGE_LIMITS, _P.MANAGE_MEMBERS, _P.MANAGE_SETTINGS,
    _P.MANAGE_KEYS, _P.MANAGE_WEBHOOKS, _P.MANAGE_ALERTS, _P.READ_AUDIT,
}  # fmt: skip
PERMISSIONS: Final = {
    Role.OPERATOR: _ADMIN | {_P.READ_ALL, _P.WRITE_ALL, _P.MANAGE_TENANTS},
    Role.ADMIN: _ADMIN,
    Role.MEMBER: _MEMBER,
    Role.VIEWER: frozenset({_P.READ_OWN, _P.READ_TENANT}),
}
_READ: Final = {Scope.OWN: _P.READ_OWN, Scope.TENANT: _P.READ_TENANT, Scope.ALL: _P.READ_ALL}
_WRITE: Final = {Scope.OWN: _P.WRITE_OWN, Scope.TENANT: _P.WRITE_TENANT, Scope.ALL: _P.WRITE_ALL}
_READS: Final = frozenset(_READ.values())
_CHANGES: Final = _READS | frozenset(_WRITE.values())
#: What each scope leaves of the permissions of a role. Changes imply reading what is changed; whether a key may list
#: and get is for the scopes of the routes.
_OF_SCOPE: Final[dict[KeyScope, frozenset[Permission]]] = {
    KeyScope.JOBS_READ: _READS,
    KeyScope.JOBS_WRITE: _CHANGES,
    KeyScope.DLQ_WRITE: _CHANGES | {_P.CHANGE_DEAD},
    KeyScope.QUEUES_WRITE: frozenset({_P.MANAGE_QUEUES, _P.WRITE_ALL}),
    KeyScope.ADMIN: frozenset(Permission),
}


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that have ``permission``."""
    return frozenset(role for role, has in PERMISSIONS.items() if permission in has)


class Session(NamedTuple):
    """A person's verified token: its id, its expiry (UTC), and the version of the person's sessions."""

    token_id: str
    expires_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """What an API key allows: its id, name and scopes, and when it expires (UTC; ``None``: never)."""

    id: str
    name: str
    scopes: frozenset[KeyScope]
    expires_at: datetime | None = None
    #: When it was last used, as far as known.
    last_used_at: datetime | None = field(default=None, compare=False)

    def has(self, scope: KeyScope) -> bool:
        """Return whether the key has ``scope``."""
        return scope in self.scopes or KeyScope.ADMIN in self.scopes

    @property
    def permissions(self) -> frozenset[Permission]:
        """What its scopes leave of the permissions of any role."""
        return frozenset().union(*(_OF_SCOPE[scope] for scope in self.scopes))


def grant_data(grant: KeyGrant) -> dict[str, Any]:
    """Return a grant as JSON data, for tickets and connections."""
    ends = grant.expires_at.timestamp() if grant.expires_at else None
    return {"id": grant.id, "name": grant.name, "scopes": sorted(grant.scopes), "ends": ends}


def grant_of(data: Mapping[str, Any] | None) -> KeyGrant | None:
    """Return the grant in what ``grant_data`` returned; ``None`` for a principal without a key."""
    if data is None:
        return None
    ends = None if data["ends"] is None else datetime.fromtimestamp(data["ends"], UTC)
    return KeyGrant(data["id"], data["name"], frozenset(map(KeyScope, data["scopes"])), ends)


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
    #: The API key of a service, which acts for the user ``user_id``; ``None`` for others.
    key: KeyGrant | None = None

    @classmethod
    def system(cls, tenant_id: str) -> Principal:
        """Return the system acting for a tenant; it has the permissions of an admin there."""
        return cls("", tenant_id, Role.ADMIN, kind=Kind.SYSTEM)

    @classmethod
    def service(cls, user_id: str, tenant_id: str, role: Role, email: str, key: KeyGrant) -> Principal:
        """Return a service with an API key, acting for the user who created it."""
        return cls(user_id, tenant_id, role, email, Kind.KEY, key=key)

    @property
    def permissions(self) -> frozenset[Permission]:
        """All its permissions: those of its role, of which a key has no more than its scopes."""
        of_role = PERMISSIONS[self.role]
        return of_role if self.key is None else of_role & self.key.permissions

    @property
    def key_id(self) -> str | None:
        """The id of its API key, ``None`` without one."""
        return None if self.key is None else self.key.id

    def check_scope(self, scope: KeyScope | None) -> None:
        """Raise ``MissingScope`` if it has an API key without ``scope``; ``None``: any key will do."""
        if self.key is not None and scope is not None and not self.key.has(scope):
            raise MissingScope(scope.value)

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
