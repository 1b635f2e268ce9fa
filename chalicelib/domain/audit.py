"""Entries of the audit log: who changed what. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.domain.principals import Kind, Principal

#: A state before or after a change, JSON-ready: without secrets and payloads.
State = dict[str, Any] | None


class Actor(NamedTuple):
    """Who made a change, as it was called then. A key acts for the user who created it."""

    kind: Kind
    user_id: str
    email: str
    key_id: str | None = None
    key_name: str | None = None

    @classmethod
    def of(cls, principal: Principal) -> Actor:
        """Return the actor that a principal is."""
        key = principal.key
        return cls(
            principal.kind, principal.user_id, principal.email, key.id if key else None, key.name if key else None
        )


class AuditEntry(NamedTuple):
    """One change of ``target``, such as ``queue:emails``, in a tenant."""

    id: str
    tenant_id: str
    at: datetime
    actor: Actor
    #: What was done, such as ``queue.pause``.
    action: str
    target: str
    before: State
    after: State
    trace_id: str
    #: Whether it is known to have been made. Not while it is made, and never if the call died.
    done: bool = False


class AuditFilter(NamedTuple):
    """Conditions that an entry must all meet; ``None`` is no condition."""

    #: Of one tenant; ``None``: of all.
    tenant_id: str | None = None
    #: Id of a user or of an API key.
    actor: str | None = None
    action: str | None = None
    target: str | None = None
    #: Bounds of the time: from (inclusive), to (exclusive).
    since: datetime | None = None
    until: datetime | None = None
