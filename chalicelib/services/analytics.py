"""Analytics: a range of time compared with the one before, and a forecast of when waiting jobs are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.analytics import Dimension, Range, end_of
from chalicelib.domain.clock import Clock
from chalicelib.domain.filters import JobFilter, Visibility
from chalicelib.domain.jobs import JobStatus
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.rollups import SPAN_S, Frame, Span, span_start
from chalicelib.errors import Forbidden, Unavailable
from chalicelib.services.series import Tally, tally

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.store.deployments import Deployment, DeploymentStore
    from chalicelib.store.job_search import DlqGroup, JobSearch, WorkerTally
    from chalicelib.store.series import Rollup, SeriesStore

#: Groups of one answer, those with most attempts first.
MAX_GROUPS: Final = 50
#: Tasks and errors of a list of the worst.
MAX_WORST: Final = 10
#: Deployments of one answer.
MAX_MARKS: Final = 50
#: What a forecast looks back at.
RECENT: Final = timedelta(minutes=15)
#: Jobs that are counted for the rate of submissions.
MAX_COUNTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Group:
    """Counts of one task, queue, tenant: in the range, and in the one before."""

    name: str
    now: Tally
    before: Tally


@dataclass(frozen=True, slots=True)
class TopError:
    """A group of the DLQ, and how many jobs of it failed in the range and in the one before."""

    group: DlqGroup
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Open jobs, how many end and are submitted a minute, and when none will be left; ``None`` if not to be seen."""

    waiting: int
    ended_per_min: float
    submitted_per_min: float
    drain_s: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A range compared with the one before."""

    range: Range
    spans: tuple[tuple[datetime, Tally], ...]
    total: Tally
    before: Tally
    groups: tuple[Group, ...]
    slowest: tuple[Group, ...]
    most_retried: tuple[Group, ...]
    errors: tuple[TopError, ...]
    #: By worker, from the records; ``None`` if not asked for, or if it takes too long.
    workers: tuple[WorkerTally, ...] | None
    deployments: tuple[Deployment, ...]


class Analytics:
    """Reports of the caller's tenant; of all tenants, or one of them, for an operator."""

    def __init__(
        self, *, series: SeriesStore, search: JobSearch, engine: Engine, deployments: DeploymentStore, clock: Clock
    ) -> None:
        self._series = series
        self._search = search
        self._engine = engine
        self._deployments = deployments
        self._clock = clock

    def report(
        self,
        principal: Principal,
        wanted: Range,
        by: Dimension,
        *,
        task: str | None = None,
        queue: str | None = None,
        tenant: str | None = None,
    ) -> Report:
        """Return a report, of one task, queue or tenant if given. Raises ``Forbidden`` (tenants, for operators)."""
        tenant_id = _tenant_of(principal, tenant)
        if by is Dimension.TENANT and tenant_id is not None and not principal.may_read(Scope.ALL):
            raise Forbidden("Only operators compare tenants")
        now = list(self._read(tenant_id, wanted.current, task, queue))
        before = list(self._read(tenant_id, wanted.previous, task, queue))
        starts: dict[datetime, list[Rollup]] = {}
        for rollup in now:
            starts.setdefault(rollup.start, []).append(rollup)
        by_task = _groups(now, before, lambda rollup: rollup.task)
        key = _KEYS.get(by)
        return Report(
            range=wanted,
            spans=tuple((start, tally(starts.get(start, []))) for start in wanted.current.starts),
            total=tally(now),
            before=tally(before),
            groups=tuple(_groups(now, before, key)[:MAX_GROUPS]) if key else (),
            slowest=_worst(by_task, lambda group: group.now.run.p95),
            most_retried=_worst(by_task, lambda group: group.now.retried or None),
            errors=self._errors(tenant_id, wanted, task, queue),
            workers=self._workers(tenant_id, wanted) if by is Dimension.WORKER else None,
            deployments=tuple(self._deployments.between(wanted.first, wanted.end, MAX_MARKS)),
        )

    def forecast(self, principal: Principal, tenant: str | None = None) -> Forecast:
        """Return when the waiting jobs will be done, by the rates of the last 15 minutes."""
        tenant_id = _tenant_of(principal, tenant)
        counts = self._engine.counts("all" if tenant_id is None else f"t:{tenant_id}")
        ready = (JobStatus.PENDING, JobStatus.RUNNING, JobStatus.RETRYING)
        waiting = sum(max(0, counts.get(status.value, 0)) for status in ready)
        now = self._clock.now()
        minutes = int(RECENT.total_seconds()) // SPAN_S[Span.MINUTE]
        # the minute that is not over counts with the seconds that it has
        frame = Frame(Span.MINUTE, span_start(now - RECENT, Span.MINUTE), minutes + 1)
        over_min = (now - frame.first).total_seconds() / 60
        ended = sum(
            rollup.counts["completed"] + rollup.counts["dlq"] for rollup in self._read(tenant_id, frame, None, None)
        )
        submitted = self._submitted_since(tenant_id, frame.first)
        done_per_min, new_per_min = ended / over_min, submitted / over_min
        net = done_per_min - new_per_min
        drain_s = 0 if not waiting else round(waiting / net * 60) if net > 0 else None
        return Forecast(waiting, done_per_min, new_per_min, drain_s)

    def _read(self, tenant_id: str | None, frame: Frame, task: str | None, queue: str | None) -> Sequence[Rollup]:
        return list(self._series.read(tenant_id, frame, queue=queue, task=task, end=end_of(frame)))

    def _submitted_since(self, tenant_id: str | None, since: datetime) -> int:
        wanted = JobFilter(created_from=since)
        try:
            return self._search.count(Visibility(tenant_id, None), wanted, MAX_COUNTED)
        except Unavailable:
            return 0

    def _errors(
        self, tenant_id: str | None, wanted: Range, task: str | None, queue: str | None
    ) -> tuple[TopError, ...]:
        """Return the groups of the DLQ that most jobs entered in the range and have not left."""
        seen = Visibility(tenant_id, None)
        found: list[dict[str, DlqGroup]] = []
        for frame in (wanted.current, wanted.previous):
            dead = JobFilter(
                statuses=(JobStatus.DLQ,), task=task, queue=queue, finished_from=frame.first,
                finished_to=end_of(frame),
            )  # fmt: skip
            found.append({group.group: group for group in self._search.groups(seen, MAX_WORST * 5, dead)})
        now, before = found
        top = sorted(now.values(), key=lambda group: -group.count)[:MAX_WORST]
        return tuple(
            TopError(group, group.count, before[group.group].count if group.group in before else 0) for group in top
        )

    def _workers(self, tenant_id: str | None, wanted: Range) -> tuple[WorkerTally, ...] | None:
        try:
            return tuple(self._search.by_worker(Visibility(tenant_id, None), wanted.first, wanted.end, MAX_GROUPS))
        except Unavailable:
            return None


_KEYS: Final[dict[Dimension, Callable[[Rollup], str]]] = {
    Dimension.TASK: lambda rollup: rollup.task,
    Dimension.QUEUE: lambda rollup: rollup.queue,
    Dimension.TENANT: lambda rollup: rollup.tenant_id,
}


def _tenant_of(principal: Principal, tenant: str | None) -> str | None:
    if principal.may_read(Scope.ALL):
        return tenant
    if tenant is not None and tenant != principal.tenant_id:
        raise Forbidden("Your role does not see other tenants")
    return principal.tenant_id


def _groups(now: Sequence[Rollup], before: Sequence[Rollup], key: Callable[[Rollup], str]) -> list[Group]:
    """Return the groups of both ranges, those with most attempts first."""
    found: dict[str, tuple[list[Rollup], list[Rollup]]] = {}
    for place, rollups in enumerate((now, before)):
        for rollup in rollups:
            found.setdefault(key(rollup), ([], []))[place].append(rollup)
    groups = [Group(name, tally(ours), tally(theirs)) for name, (ours, theirs) in found.items()]
    return sorted(groups, key=lambda group: (-group.now.started, -group.before.started, group.name))


def _worst(groups: Sequence[Group], rank: Callable[[Group], float | None]) -> tuple[Group, ...]:
    """Return the groups with the highest ranks; ``None`` is no rank."""
    ranked = [(rank(group), group) for group in groups]
    found = sorted(((value, group) for value, group in ranked if value is not None), key=lambda each: -each[0])
    return tuple(group for _, group in found[:MAX_WORST])
