"""Selecting jobs: conditions, order, position in a list, and which jobs a principal can see. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.principals import Principal, Scope
from chalicelib.errors import Forbidden

#: Jobs in these states can be sorted by the time at which they ended; they are few, and an index holds them.
ENDED_BADLY: Final = frozenset({JobStatus.DLQ, JobStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Conditions that a job must all meet. A field that is empty or ``None`` is no condition."""

    statuses: tuple[JobStatus, ...] = ()
    task: str | None = None
    queue: str | None = None
    tag: str | None = None
    #: Trace id of the request that created the job.
    trace_id: str | None = None
    batch_id: str | None = None
    #: Prefixes of words in name, task, queue or tags (``terms.asked_words``); all must match.
    words: tuple[str, ...] = ()
    #: Also search the words of the error, for jobs in the DLQ.
    in_errors: bool = False
    #: The job with this id matches as well as those that contain the words.
    or_id: str | None = None
    #: Bounds of the creation time: from (inclusive), to (exclusive).
    created_from: datetime | None = None
    created_to: datetime | None = None
    #: Bounds of the time at which the job ended: from (inclusive), to (exclusive).
    finished_from: datetime | None = None
    finished_to: datetime | None = None
    #: ``JobError.group`` of jobs in the DLQ.
    error_group: str | None = None
    #: Only jobs before this id.
    before_id: str | None = None
    #: Exclude running jobs whose cancellation was requested.
    unless_cancelling: bool = False
    #: Only jobs that have not changed after this time.
    unchanged_since: datetime | None = None

    def among(self, statuses: frozenset[JobStatus]) -> JobFilter | None:
        """Return this filter restricted to ``statuses``; ``None`` when no job can match."""
        left = [status for status in self.statuses or JobStatus if status in statuses]
        return replace(self, statuses=tuple(left)) if left else None


class Order(NamedTuple):
    """Sort key: the creation time, or the end time (for jobs that are ``ENDED_BADLY``)."""

    newest_first: bool = True
    by_end: bool = False


class Place(NamedTuple):
    """A position in a list: the job ``job_id``, which ended at ``finished_at``."""

    job_id: str
    finished_at: datetime | None = None


class Start(NamedTuple):
    """Where a page starts: after ``place``, or before it."""

    place: Place
    backwards: bool = False


class Visibility(NamedTuple):
    """The jobs that a principal can see: those of one owner, of one tenant, or all (both ``None``)."""

    tenant_id: str | None
    owner_id: str | None


@dataclass(frozen=True, slots=True)
class Whose:
    """The jobs that a request asks for: a scope, narrowed to one owner or tenant.

    Raises ``ValueError`` if the scope is too narrow for that.
    """

    scope: Scope = Scope.OWN
    owner_id: str | None = None
    tenant_id: str | None = None

    def __post_init__(self) -> None:
        if self.owner_id is not None and self.scope is Scope.OWN:
            raise ValueError("owner needs the scope tenant or all")
        if self.tenant_id is not None and self.scope is not Scope.ALL:
            raise ValueError("tenant needs the scope all")


def visibility(principal: Principal, whose: Whose, *, to_change: bool = False) -> Visibility:
    """Return which jobs of ``whose`` the principal may see, or change.

    Raises ``Forbidden`` when its role is too narrow.
    """
    scope = whose.scope
    allowed = principal.may_write(scope) if to_change else principal.may_read(scope)
    if not allowed:
        raise Forbidden(f"Your role, {principal.role.value}, does not allow the scope {scope.value}")
    return Visibility(
        tenant_id=whose.tenant_id if scope is Scope.ALL else principal.tenant_id,
        owner_id=principal.user_id if scope is Scope.OWN else whose.owner_id,
    )
