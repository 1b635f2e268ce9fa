"""Which jobs to list, and actions on many."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import GroupKey, Id, QueueName, Tag, TaskName, Time, TraceId
from chalicelib.api.schemas.jobs import JobOut
from chalicelib.domain.accounts import Scope
from chalicelib.domain.filters import JobFilter
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.terms import words

MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
MAX_ACTED_ON: Final = 1_000
#: Words of a search that count.
MAX_SEARCH_WORDS: Final = 8


class StatusFilter(StrEnum):
    """A stored status, or ``failed``, which is the same as ``dlq``."""

    SCHEDULED = "scheduled"
    PENDING = "pending"
    RUNNING = "running"
    RETRYING = "retrying"
    COMPLETED = "completed"
    DLQ = "dlq"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def stored(self) -> JobStatus:
        """The status in MongoDB."""
        return JobStatus.DLQ if self is StatusFilter.FAILED else JobStatus(self.value)


def _split(value: Any) -> Any:
    """A comma list, or several of them, as one list."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return value
    return [part.strip() for item in items for part in item.split(",")]


Statuses = Annotated[
    list[StatusFilter] | None,
    BeforeValidator(_split),
    Field(description="Repeat it, or separate by commas. `failed` is the same as `dlq`."),
]


class Narrowing(Input):
    """Conditions that jobs must all meet."""

    status: Statuses = None
    task: TaskName | None = None
    queue: QueueName | None = None
    tag: Tag | None = None
    trace: TraceId | None = Field(None, description="`traceId` of the request that created the jobs.")
    q: str | None = Field(None, max_length=200, description="Beginnings of words of name, task, queue or tags.")
    created_from: Time | None = Field(None, alias="from", description="Created at this time or later.")
    created_to: Time | None = Field(None, alias="to", description="Created before this time.")
    scope: Scope = Scope.OWN

    def filter(self) -> JobFilter:
        """The conditions as the services take them."""
        return JobFilter(
            statuses=tuple(dict.fromkeys(status.stored for status in self.status or ())),
            task=self.task,
            queue=self.queue,
            tag=self.tag,
            trace_id=self.trace,
            words=tuple(words(self.q or "", MAX_SEARCH_WORDS)),
            created_from=self.created_from,
            created_to=self.created_to,
        )


class ListJobs(Narrowing):
    """Which jobs, in which order, from where on."""

    sort: Literal["-created", "created"] = Field("-created", description="Newest first, or oldest first.")
    cursor: str | None = Field(None, max_length=64, description="`nextCursor` of the page before.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class NarrowingDead(Narrowing):
    """Conditions that jobs of the DLQ must all meet."""

    group: GroupKey | None = Field(None, description="`error.group`: errors that look alike.")

    def filter(self) -> JobFilter:
        """The conditions as the services take them."""
        return replace(super().filter(), statuses=(JobStatus.DLQ,), error_group=self.group)


class ListDead(ListJobs, NarrowingDead):
    """Which jobs of the DLQ, in which order, from where on."""


class ListLogs(Input):
    """Which log lines."""

    after: int = Field(0, ge=0, le=10**15, description="`nextAfter` of the call before.")
    limit: int = Field(100, ge=1, le=500)


class InScope(Input):
    """Whose jobs."""

    scope: Scope = Scope.OWN


class _Chosen(Input):
    """Jobs by id, or by filter."""

    ids: list[Id] | None = Field(None, min_length=1, max_length=MAX_ACTED_ON)
    filter: Narrowing | None = None
    dry_run: bool = Field(False, description="Only count what matches.")


class ActOnJobs(_Chosen):
    """An action on jobs by ``ids`` or by ``filter``. A filter reaches the oldest 1,000 matches; ask again for more."""

    action: Literal["cancel", "retry", "delete"]

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("Give either ids or filter")
        return self


class RedriveJobs(_Chosen):
    """Jobs of the DLQ to run again, by ``ids``, ``filter`` or ``group`` (of ``scope``)."""

    filter: NarrowingDead | None = None
    group: GroupKey | None = None
    scope: Scope = Scope.OWN

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if sum(choice is not None for choice in (self.ids, self.filter, self.group)) != 1:
            raise ValueError("Give one of ids, filter and group")
        return self

    def narrowing(self) -> NarrowingDead:
        """The filter, or what stands for a group."""
        return self.filter or NarrowingDead(group=self.group, scope=self.scope)


class JobsAnswer(Output):
    """A page of jobs. ``nextCursor`` is null on the last one."""

    success: Literal[True] = True
    jobs: list[JobOut]
    next_cursor: str | None = Field(alias="nextCursor")


class FailedAction(Output):
    """A job that an action did not change, and why."""

    id: str
    error: str
    code: str


class ActionAnswer(Output):
    """``matched`` jobs met the conditions (counted up to 100,000), ``changed`` were changed, ``failed`` refused.

    With a dry run nothing is changed.
    """

    success: Literal[True] = True
    matched: int
    changed: int
    failed: list[FailedAction]
    dry_run: bool = Field(alias="dryRun")


class DlqGroupOut(Output):
    """Jobs whose errors look alike. ``sampleId`` is the newest of them."""

    group: str
    type: str
    message: str
    count: int
    last_at: str | None = Field(alias="lastAt")
    tasks: list[str]
    sample_id: str = Field(alias="sampleId")


class DlqGroupsAnswer(Output):
    """Groups of the newest 50,000 jobs of the DLQ, the largest first, at most 100."""

    success: Literal[True] = True
    groups: list[DlqGroupOut]
