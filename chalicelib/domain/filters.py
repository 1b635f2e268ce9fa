"""Which jobs a question is about: a filter, in which order, and how far the asker may see. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.principals import Principal, Scope
from chalicelib.errors import Forbidden

#: Jobs of these states can be put in order of the time at which they ended: few jobs end so, and an index has them.
ENDED_BADLY: Final = frozenset({JobStatus.DLQ, JobStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Conditions that a job must all meet; what is empty or ``None`` asks nothing."""

    statuses: tuple[JobStatus, ...] = ()
    task: str | None = None
    queue: str | None = None
    tag: str | None = None
    #: Of the request that created the job.
    trace_id: str | None = None
    #: Beginnings of words of name, task, queue or tags (``terms.asked_words``); all must be found.
    words: tuple[str, ...] = ()
    #: Look for the words in the error too, of jobs in the DLQ.
    in_errors: bool = False
    #: The job with this id matches, as those do that have the words.
    or_id: str | None = None
    #: Bounds of the time of creation; the first belongs to it, the last does not.
    created_from: datetime | None = None
    created_to: datetime | None = None
    #: Bounds of the time at which the job ended, alike.
    finished_from: datetime | None = None
    finished_to: datetime | None = None
    #: ``JobError.group`` of jobs in the DLQ.
    error_group: str | None = None
    #: Leave out running jobs that were asked to stop already.
    unless_cancelling: bool = False

    def among(self, statuses: frozenset[JobStatus]) -> JobFilter | None:
        """This filter for jobs in one of ``statuses``; ``None`` when no job can meet both."""
        left = [status for status in self.statuses or JobStatus if status in statuses]
        return replace(self, statuses=tuple(left)) if left else None


@dataclass(frozen=True, slots=True)
class Order:
    """By the time of creation, or of the end (of jobs that are ``ENDED_BADLY``)."""

    newest_first: bool = True
    by_end: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list a page begins or ends: at the job with ``job_id``, which ended at ``finished_at``."""

    job_id: str
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page is to be read: after ``place``, or before it."""

    place: Place
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Visibility:
    """The jobs that somebody sees: one owner's, one tenant's, or all (both ``None``)."""

    tenant_id: str | None
    owner_id: str | None


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose jobs are asked for: a scope, and in it one owner's or one tenant's; ``ValueError`` if it is too narrow."""

    scope: Scope = Scope.OWN
    owner_id: str | None = None
    tenant_id: str | None = None

    def __post_init__(self) -> None:
        if self.owner_id is not None and self.scope is Scope.OWN:
            raise ValueError("owner needs the scope tenant or all")
        if self.tenant_id is not None and self.scope is not Scope.ALL:
            raise ValueError("tenant needs the scope all")


def visibility(principal: Principal, whose: Whose, *, to_change: bool = False) -> Visibility:
    """What ``principal`` sees, or may change, of ``whose``. Raises ``Forbidden`` when the role is too narrow for it."""
    scope = whose.scope
    allowed = principal.may_write(scope) if to_change else principal.may_read(scope)
    if not allowed:
        raise Forbidden(f"Your role, {principal.role.value}, does not reach the scope {scope.value}")
    return Visibility(
        tenant_id=whose.tenant_id if scope is Scope.ALL else principal.tenant_id,
        owner_id=principal.user_id if scope is Scope.OWN else whose.owner_id,
    )
