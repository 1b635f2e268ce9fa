"""The deletion of ended jobs when their time is over. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.jobs import JobStatus


@dataclass(frozen=True, slots=True)
class ExpiredPage:
    """Jobs of a tenant that ended in one state and were deleted together."""

    id: str
    tenant_id: str
    status: JobStatus
    #: When they were deleted.
    at: datetime
    #: Jobs by owner.
    owners: Mapping[str, int]
    #: Jobs whose logs may still be there.
    job_ids: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The number of jobs."""
        return sum(self.owners.values())


@dataclass(frozen=True, slots=True)
class Expiry:
    """How far the deletion of a tenant's jobs of one state is: those that ended ``before``, by id up to ``after``."""

    before: datetime
    after: str | None = None
    #: Whether all jobs that ended ``before`` were looked at.
    done: bool = False
