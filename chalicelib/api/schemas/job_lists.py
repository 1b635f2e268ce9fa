"""Models for lists of jobs, and for actions on many jobs."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import GroupKey, Id, QueueName, Tag, TaskName, Time, TraceId
from chalicelib.api.schemas.jobs import JobOut
from chalicelib.domain.filters import ENDED_BADLY, JobFilter, Order, Whose
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.payload_search import MAX_CONDITIONS, PayloadCondition, condition
from chalicelib.domain.principals import Scope
from chalicelib.domain.terms import MAX_SEARCH_WORDS, asked_words, job_id_in
from chalicelib.services.job_actions import Failed

MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
MAX_ACTED_ON: Final = 1_000
#: Maximum characters of the reason why a job was not changed: an answer may have a thousand of them.
MAX_FAILURE_CHARS: Final = 200


class StatusFilter(StrEnum):
    """A stored status, or ``failed``, which is the same as ``dlq``."""

    BLOCKED = "blocked"
    SCHEDULED = "scheduled"
    PENDING = "pending"
    RUNNING = "running"
    RETRYING = "retrying"
    WAITING = "waiting"
    COMPLETED = "completed"
    DLQ = "dlq"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def stored(self) -> JobStatus:
        """The status in MongoDB."""
        return JobStatus.DLQ if self is StatusFilter.FAILED else JobStatus(self.value)


def _split(value: Any) -> Any:
    """Split one or more comma-separated lists into one list."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return value
    return [part.strip() for item in items for part in item.split(",")]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _condition(text: str) -> str:
    condition(text)
    return text


def _some(statuses: list[StatusFilter] | None) -> list[StatusFilter] | None:
    if statuses is not None and not statuses:
        raise ValueError("Input should name at least one state")
    return statuses


def _searchable(text: str) -> str:
    asked_words(text)
    return text


Statuses = Annotated[
    list[StatusFilter] | None,
    BeforeValidator(_split),
    AfterValidator(_some),
    Field(description="Repeat it, or separate by commas. `failed` is the same as `dlq`."),
]
PayloadConditions = Annotated[
    list[Annotated[str, AfterValidator(_condition)]] | None,
    Field(
        min_length=1,
        max_length=MAX_CONDITIONS,
        description="Fields of the payload: `customer.id=42`, or `customer.name~ada` for text that contains it. Repeat "
        "it for up to 3 conditions, which all must be met. A page then looks into a limited number of jobs, see "
        "`examined`.",
    ),
    BeforeValidator(_listed),
]
SearchText = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_searchable)]


class WhoseJobs(Input):
    """Whose jobs: a scope, narrowed to one owner or tenant."""

    scope: Scope = Scope.OWN
    owner: Id | None = Field(None, description="Jobs of this user; needs `scope=tenant` or `all`.")
    tenant: Id | None = Field(None, description="Jobs of this tenant; needs `scope=all`.")

    @field_validator("owner")
    @classmethod
    def _wide_enough_for_owners(cls, owner: str | None, info: ValidationInfo) -> str | None:
        if owner is not None and info.data.get("scope") is Scope.OWN:
            raise ValueError("To ask for an owner's jobs, set scope to tenant or all")
        return owner

    @field_validator("tenant")
    @classmethod
    def _wide_enough_for_tenants(cls, tenant: str | None, info: ValidationInfo) -> str | None:
        if tenant is not None and info.data.get("scope", Scope.ALL) is not Scope.ALL:
            raise ValueError("To ask for a tenant's jobs, set scope to all")
        return tenant

    def whose(self) -> Whose:
        """Return whose jobs are asked for."""
        return Whose(self.scope, self.owner, self.tenant)


class Narrowing(WhoseJobs):
    """Conditions that jobs must all meet."""

    status: Statuses = None
    task: TaskName | None = None
    queue: QueueName | None = None
    tag: Tag | None = None
    trace: TraceId | None = Field(None, description="`traceId` of the request that created the jobs.")
    batch: Id | None = Field(None, description="Jobs of this batch.")
    q: SearchText | None = Field(
        None,
        description=f"Prefixes of words of name, task, queue or tags, at most {MAX_SEARCH_WORDS}; or a job's id.",
    )
    created_from: Time | None = Field(None, alias="from", description="Created at this time or later.")
    created_to: Time | None = Field(None, alias="to", description="Created before this time.")

    def filter(self) -> JobFilter:
        """Return the conditions as services take them."""
        return JobFilter(
            statuses=tuple(dict.fromkeys(status.stored for status in self.status or ())),
            task=self.task,
            queue=self.queue,
            tag=self.tag,
            trace_id=self.trace,
            batch_id=self.batch,
            words=asked_words(self.q) if self.q is not None else (),
            or_id=job_id_in(self.q) if self.q is not None else None,
            created_from=self.created_from,
            created_to=self.created_to,
        )


class ListById(WhoseJobs):
    """Whose records, from which position; newest first."""

    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)


class PageAnswer(Output):
    """A page of a list. ``nextCursor`` is null on the last page, ``prevCursor`` on the first one. ``owners`` and
    ``tenants`` map ids to names with a wider scope than ``own``.
    """

    success: Literal[True] = True
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")
    owners: dict[str, str]
    tenants: dict[str, str]


class SortedJobs(Narrowing):
    """Which jobs, in which order."""

    sort: Literal["-created", "created", "-finished", "finished"] = Field(
        "-created",
        description="Newest (`-`) or oldest first. By the time of the end only with `status` either `dlq` or "
        "`cancelled`, and over all tenants only of one `tenant`.",
    )

    @field_validator("sort")
    @classmethod
    def _has_an_index(cls, sort: str, info: ValidationInfo) -> str:
        if "finished" in sort:
            if not cls._in_one_bad_end(info.data.get("status")):
                raise ValueError("To sort by the time of the end, set status to either dlq or cancelled")
            if info.data.get("scope") is Scope.ALL and info.data.get("tenant") is None:
                raise ValueError("To sort by the time of the end over all tenants, name a tenant")
        return sort

    @classmethod
    def _in_one_bad_end(cls, statuses: list[StatusFilter] | None) -> bool:
        found = {status.stored for status in statuses or ()}
        return len(found) == 1 and found <= ENDED_BADLY

    def order(self) -> Order:
        """Return the order as services take it."""
        return Order(newest_first=self.sort.startswith("-"), by_end=self.sort.endswith("finished"))


class ListJobs(SortedJobs):
    """Which jobs, in which order, from which position."""

    cursor: str | None = Field(None, max_length=64, description="`nextCursor` or `prevCursor` of a page.")
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE)
    count: bool = Field(False, description="Also answer `total`, counted up to 10,000; not with `payload`.")
    payload: PayloadConditions = None

    def payload_conditions(self) -> list[PayloadCondition]:
        """Return the conditions on payloads."""
        return [condition(text) for text in self.payload or ()]


class NarrowingDead(Narrowing):
    """Conditions that jobs of the DLQ must all meet. ``q`` also searches type and message of the error."""

    group: GroupKey | None = Field(None, description="`error.group`: errors that are alike.")
    finished_from: Time | None = Field(None, description="Entered the DLQ at this time or later.")
    finished_to: Time | None = Field(None, description="Entered the DLQ before this time.")

    def filter(self) -> JobFilter:
        """Return the conditions as services take them. A status other than the DLQ's matches nothing."""
        return replace(
            super().filter(),
            in_errors=True,
            error_group=self.group,
            finished_from=self.finished_from,
            finished_to=self.finished_to,
        )


class ListDead(ListJobs, NarrowingDead):
    """Which jobs of the DLQ, in which order, from which position."""

    @classmethod
    def _in_one_bad_end(cls, statuses: list[StatusFilter] | None) -> bool:
        return True


class ListLogs(Input):
    """Which log lines."""

    after: int = Field(0, ge=0, le=10**15, description="`nextAfter` of the previous call.")
    limit: int = Field(100, ge=1, le=500)


class InScope(Input):
    """Whose jobs."""

    scope: Scope = Scope.OWN


class Chosen(Input):
    """Jobs by id, or by filter."""

    ids: list[Id] | None = Field(None, min_length=1, max_length=MAX_ACTED_ON)
    filter: Narrowing | None = None
    after: Id | None = Field(None, description="With a filter: `nextAfter` of the previous call.")
    dry_run: bool = Field(False, description="Only count what matches.")


class ActOnJobs(Chosen):
    """An action on jobs by ``ids`` or by ``filter``. A filter selects the oldest 1,000 matches; call again for more."""

    action: Literal["cancel", "retry", "delete"]

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("Give either ids or filter")
        return self


class ActOnDead(Chosen):
    """Jobs of the DLQ to redrive or to delete, by ``ids``, ``filter`` or ``group`` (of ``scope``)."""

    filter: NarrowingDead | None = None
    group: GroupKey | None = None
    scope: Scope = Scope.OWN

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if sum(choice is not None for choice in (self.ids, self.filter, self.group)) != 1:
            raise ValueError("Give one of ids, filter and group")
        return self

    def narrowing(self) -> NarrowingDead | None:
        """Return the filter, or the one that selects a group; ``None`` with ids."""
        if self.group is not None:
            return NarrowingDead(group=self.group, scope=self.scope)
        return self.filter


class JobsAnswer(Output):
    """A page of jobs. ``nextCursor`` is null on the last page, ``prevCursor`` on the first one.

    ``total`` counts all matches up to 10,000 (then ``totalIsExact`` is false); null unless ``count=true``, or if
    counting takes too long. ``owners`` and ``tenants`` map ids to names of the jobs' owners and tenants, with
    ``scope`` ``tenant`` or ``all``; removed ones are missing.
    """

    success: Literal[True] = True
    jobs: list[JobOut]
    next_cursor: str | None = Field(alias="nextCursor")
    prev_cursor: str | None = Field(alias="prevCursor")
    total: int | None
    total_is_exact: bool | None = Field(alias="totalIsExact")
    examined: int | None = Field(
        default=None,
        description="With `payload`: jobs that were looked into for this page, at most 5,000, for about 2 seconds. So "
        "a page may have few jobs, or none, and a `nextCursor`: the jobs behind it were not looked into yet.",
    )
    passed_by: int | None = Field(
        default=None,
        alias="passedBy",
        description="With `payload`: jobs of these with payloads over 64 KB, in which nothing is found.",
    )
    owners: dict[str, str]
    tenants: dict[str, str]


class DeadAnswer(JobsAnswer):
    """A page of jobs of the DLQ. ``comments`` has the number of comments on each job that has any."""

    comments: dict[str, int]


class FailedAction(Output):
    """A job that an action did not change, and why, in at most 200 characters."""

    id: str
    error: str
    code: str

    @classmethod
    def of(cls, failed: Failed) -> FailedAction:
        """Convert from the service's type."""
        return cls(id=failed.id, error=failed.error.message[:MAX_FAILURE_CHARS], code=failed.error.code)


class ActionAnswer(Output):
    """``matched`` jobs met the conditions (counted up to 100,000), ``changed`` were changed, ``failed`` refused.

    A dry run changes nothing. Pass ``nextAfter`` as ``after`` of the next call; it is null when no job is left.
    """

    success: Literal[True] = True
    matched: int
    changed: int
    failed: list[FailedAction]
    dry_run: bool = Field(alias="dryRun")
    next_after: str | None = Field(alias="nextAfter")


class DlqGroupOut(Output):
    """Jobs whose errors are alike, with at most 20 of their tasks. ``sampleId`` is the newest of them. ``comments``:
    how many the caller's tenant, or the one that was asked for, has on the group.
    """

    group: str
    type: str
    message: str
    count: int
    last_at: str | None = Field(alias="lastAt")
    tasks: list[str]
    sample_id: str = Field(alias="sampleId")
    comments: int


class DlqGroupsAnswer(Output):
    """Groups of the newest 50,000 jobs of the DLQ, the largest first, at most 100."""

    success: Literal[True] = True
    groups: list[DlqGroupOut]
