"""Which jobs a question is about: a filter, and how far the asker may see. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.accounts import Caller, Scope
from chalicelib.domain.jobs import JobStatus
from chalicelib.errors import Forbidden


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Conditions that a job must all meet; what is empty or ``None`` asks nothing."""

    statuses: tuple[JobStatus, ...] = ()
    task: str | None = None
    queue: str | None = None
    tag: str | None = None
    #: Of the request that created the job.
    trace_id: str | None = None
    #: Beginnings of words of name, task, queue or tags (``terms.words``); all must be found.
    words: tuple[str, ...] = ()
    #: Bounds of the time of creation; the first belongs to it, the last does not.
    created_from: datetime | None = None
    created_to: datetime | None = None
    #: ``JobError.group`` of jobs in the DLQ.
    error_group: str | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """The jobs that somebody sees: one owner's, one tenant's, or all (both ``None``)."""

    tenant_id: str | None
    owner_id: str | None


def sight(caller: Caller, scope: Scope, *, to_change: bool = False) -> Sight:
    """What ``caller`` sees, or may change, in ``scope``. Raises ``Forbidden`` when the role is too narrow for it."""
    allowed = caller.may_write(scope) if to_change else caller.may_read(scope)
    if not allowed:
        raise Forbidden(f"Your role, {caller.role.value}, does not reach the scope {scope.value}")
    return Sight(
        tenant_id=None if scope is Scope.ALL else caller.tenant_id,
        owner_id=caller.user_id if scope is Scope.OWN else None,
    )
