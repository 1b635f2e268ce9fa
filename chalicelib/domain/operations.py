"""Operations: work on all jobs that match a filter, however many, done by a job of its own. Pure.

The record says what is to be done and for whom; the job, which has the same id, runs it: its progress, attempts, log
and cancellation are the job's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.filters import JobFilter, Whose
from chalicelib.domain.tasks import RESERVED_PREFIX

#: The queue of their jobs: they neither wait behind a tenant's other jobs nor hold these up.
QUEUE: Final = "operations"
#: How long the record of an operation is kept.
KEPT: Final = timedelta(days=90)
#: Operations of one tenant that have not ended.
MAX_OPEN: Final = 10
#: Jobs that a bulk operation changes in one step.
PAGE: Final = 500
#: Jobs that a bulk operation replays in one step, with their payloads.
REPLAYS_PAGE: Final = 100
#: The highest pace of a bulk operation, in jobs a minute.
MAX_RATE: Final = 100_000
#: Jobs that one operation works on.
MAX_JOBS: Final = 1_000_000


class OperationKind(StrEnum):
    """What an operation does with the jobs."""

    EXPORT = "export"
    CANCEL = "cancel"
    RETRY = "retry"
    REDRIVE = "redrive"
    DELETE = "delete"
    REPLAY = "replay"

    @property
    def task(self) -> str:
        """The task of its job."""
        return f"{RESERVED_PREFIX}{'export' if self is OperationKind.EXPORT else 'bulk'}"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as MongoDB holds it."""

    #: That of its job.
    id: str
    kind: OperationKind
    tenant_id: str
    owner_id: str
    name: str
    whose: Whose
    #: The jobs; ``None`` matches none.
    wanted: JobFilter | None
    created_at: datetime
    trace_id: str
    #: What the kind of operation needs besides: the format of an export, the pace of a bulk operation.
    options: Mapping[str, Any] = field(default_factory=dict)
    #: Jobs that matched when it was asked for, as far as they were counted.
    matched: int | None = None
    #: How far a bulk operation is (``services/bulk.py``).
    reached: Mapping[str, Any] | None = None
    #: What it did, once it has ended.
    outcome: Mapping[str, Any] | None = None
