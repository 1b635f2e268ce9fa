"""Queues of a tenant: depth, rate, pause and resume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event, EventType, queue_paused
from chalicelib.domain.jobs import DEFAULT_QUEUE, JobStatus, iso, to_ms
from chalicelib.domain.pauses import ALL_QUEUES, ALL_TENANTS, TASK_PREFIX, Pause, PausedBy, TaskPause, task_instance
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.rollups import SPAN_S, Frame, Span, span_start
from chalicelib.errors import Forbidden, NotFound, TooManyQueues, Unavailable
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.queue.answers import Wait
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.events import EventLog
    from chalicelib.services.priorities import Priorities
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.queues import QueueStore
    from chalicelib.store.series import SeriesStore

#: A queue without jobs is listed for this long after its last one.
REMEMBERED: Final = timedelta(days=1)
#: Maximum number of queues in one answer, as many as a tenant may have by default with open jobs or paused.
MAX_LISTED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue with its counts."""

    name: str
    paused: bool
    ready: int
    running: int
    blocked: int
    scheduled: int
    retrying: int
    waiting: int
    #: How long the oldest ready job has been ready.
    oldest_age_ms: int | None
    #: Jobs that ended per minute, over the last one to two minutes.
    rate_per_min: float
    #: Whether a job of a higher priority is always first.
    strict: bool = False


class QueueService:
    """Lists, pauses and resumes queues of the caller's tenant; an operator may name another tenant."""

    def __init__(
        self,
        engine: Engine,
        store: QueueStore,
        series: SeriesStore,
        throttles: Throttles,
        settings: Settings,
        clock: Clock,
        wake_workers: Callable[[Iterable[str]], None],
        priorities: Priorities,
        event_log: EventLog,
        is_task: Callable[[str], bool],
    ) -> None:
        """``is_task`` says whether the catalogue has a task of a name that may be paused."""
        self._engine = engine
        self._store = store
        self._series = series
        self._throttles = throttles
        self._most = settings.max_queues_per_tenant
        self._clock = clock
        self._wake_workers = wake_workers
        self._priorities = priorities
        self._event_log = event_log
        self._is_task = is_task

    def list(self, principal: Principal, tenant_id: str | None = None) -> list[Queue]:
        """Return queues that have open jobs, are paused, or had jobs in the last day; by name, at most ``MAX_LISTED``.

        The cost does not depend on the number of jobs: Redis keeps the counts.
        """
        tenant = _tenant(principal, tenant_id)
        now = self._clock.now()
        open_jobs = self._engine.open_by_queue(tenant)
        recent = self._series.completed_since(tenant, _recent(now))
        strict = self._store.strict(tenant, MAX_LISTED)
        found = dict.fromkeys([DEFAULT_QUEUE, *open_jobs, *self._store.paused(tenant, MAX_LISTED), *strict, *recent])
        names = sorted(list(found)[:MAX_LISTED])
        rates = self._rates(tenant, now)
        waits = self._engine.waits(tenant, names)
        return [
            _queue(name, wait, open_jobs.get(name, {}), rates.get(name, 0.0), now, strict=name in strict)
            for name, wait in zip(names, waits, strict=True)
        ]

    def settings(self, principal: Principal, name: str, tenant_id: str | None = None) -> dict[str, Any]:
        """Return what can be set of a queue: ``{paused, strict}``."""
        paused, strict = self._store.state(_tenant(principal, tenant_id), name)
        return {"paused": paused, "strict": strict}

    def set_paused(self, principal: Principal, name: str, *, paused: bool, tenant_id: str | None = None) -> bool:
        """Pause or resume a queue; running jobs continue. Returns whether this changed it.

        Written to MongoDB first, then to Redis, whose script publishes ``queue:updated`` to the tenant. If Redis
        refuses, the change in MongoDB is undone; if that fails too, the error says so.
        Raises ``Throttled``, ``TooManyQueues``.
        """
        tenant = _tenant(principal, tenant_id)
        self._throttles.pause(principal.tenant_id)
        if paused:
            self._check_room(tenant, name)
        return self._pause(principal, tenant, name, paused=paused)

    def pauses(self, principal: Principal, tenant_id: str | None = None) -> tuple[Pause | None, Pause | None]:
        """Return the pause of all queues of a tenant, and that of everything. Raises ``Forbidden``."""
        return self._store.wide_pauses(_tenant(principal, tenant_id))

    def set_tenant_paused(self, principal: Principal, tenant_id: str, *, paused: bool) -> bool:
        """Pause or resume all queues of a tenant; as ``set_paused``. Queues that are paused stay so. Raises
        ``Forbidden``.
        """
        tenant = _tenant(principal, tenant_id)
        self._throttles.pause(principal.tenant_id)
        return self._pause(principal, tenant, ALL_QUEUES, paused=paused)

    def task_pauses(self, principal: Principal, tenant_id: str | None = None) -> Sequence[TaskPause]:
        """Return the pauses of tasks that hold in a tenant, by name. Raises ``Forbidden``."""
        return self._store.task_pauses(_tenant(principal, tenant_id), MAX_LISTED)

    def set_task_paused(
        self, principal: Principal, task: str, *, paused: bool, tenant_id: str | None = None, every_tenant: bool = False
    ) -> bool:
        """Pause or resume a task in one tenant, or in all; as ``set_paused``. Publishes ``task:updated``.

        Raises ``NotFound`` if a task to pause is not in the catalogue, ``Forbidden``, ``Throttled``.
        """
        if every_tenant and not principal.may_write(Scope.ALL):
            raise Forbidden("Only operators pause a task in all tenants")
        tenant = ALL_TENANTS if every_tenant else _tenant(principal, tenant_id)
        if paused and not self._is_task(task):
            raise NotFound("There is no such task")
        self._throttles.pause(principal.tenant_id)
        return self._pause(principal, tenant, task_instance(task), paused=paused)

    def set_everything_paused(self, principal: Principal, *, paused: bool) -> bool:
        """Pause or resume all queues of all tenants; as ``set_paused``. Who may is for the route to decide."""
        self._throttles.pause(principal.tenant_id)
        return self._pause(principal, ALL_TENANTS, ALL_QUEUES, paused=paused)

    def _pause(self, principal: Principal, tenant: str, name: str, *, paused: bool) -> bool:
        now = self._clock.now()
        before = self._store.set_paused(tenant, name, paused=paused, by=principal.user_id, at=now)
        events = queue_paused(tenant, name, now, paused=paused)
        try:
            changed, pools = self._engine.pause(tenant, name, paused=paused, events=events)
        except Exception:
            self._undo(tenant, name, before, principal, now)
            raise
        self._wake_workers(pools)
        return changed

    def set_strict(self, principal: Principal, name: str, *, strict: bool, tenant_id: str | None = None) -> bool:
        """Set whether priorities are strict in a queue, for jobs created from now on; return whether this changed it.

        Other processes know within ``KNOWN_S``. Publishes ``queue:updated``. Raises ``Throttled``, ``TooManyQueues``.
        """
        tenant, now = _tenant(principal, tenant_id), self._clock.now()
        self._throttles.pause(principal.tenant_id)
        held = self._store.strict(tenant, self._most) if strict and self._most else []
        if len(held) >= self._most > 0 and name not in held:
            raise TooManyQueues(f"A tenant has at most {self._most} strict queues.")
        changed = self._store.set_strict(tenant, name, strict=strict, by=principal.user_id, at=now)
        self._priorities.forget()
        if changed:
            data: dict[str, Any] = {"name": name, "strict": strict, "at": iso(now)}
            self._event_log.publish([Event(EventType.QUEUE_UPDATED, tenant, "", data, now)])
        return changed

    def _undo(self, tenant: str, name: str, before: Pause | None, principal: Principal, at: datetime) -> None:
        try:
            self._store.restore_pause(tenant, name, before, by=principal.user_id, at=at)
        except Exception as error:
            what = f"the task {name.removeprefix(TASK_PREFIX)}" if name.startswith(TASK_PREFIX) else f"the queue {name}"
            raise Unavailable(f"Whether {what} is paused is not certain; look again in a minute") from error

    def _check_room(self, tenant_id: str, name: str) -> None:
        held = self._store.paused(tenant_id, self._most) if self._most else []
        if len(held) >= self._most > 0 and name not in held:
            raise TooManyQueues(f"A tenant has at most {self._most} paused queues.")

    def _rates(self, tenant_id: str, now: datetime) -> dict[str, float]:
        minute = SPAN_S[Span.MINUTE]
        first = span_start(now, Span.MINUTE) - timedelta(seconds=minute)
        ended = self._series.completed_since(tenant_id, Frame(Span.MINUTE, first, 2))
        minutes = (now - first).total_seconds() / minute
        return {queue: round(count / minutes, 2) for queue, count in ended.items()}


def _tenant(principal: Principal, tenant_id: str | None) -> str:
    if tenant_id is not None and tenant_id != principal.tenant_id and not principal.may_write(Scope.ALL):
        raise Forbidden("Only an operator reaches the queues of other tenants")
    return tenant_id or principal.tenant_id


def _recent(now: datetime) -> Frame:
    first = span_start(now - REMEMBERED, Span.TWO_HOURS)
    return Frame(Span.TWO_HOURS, first, int(REMEMBERED.total_seconds()) // SPAN_S[Span.TWO_HOURS] + 1)


def _queue(
    name: str,
    wait: Wait,
    open_jobs: Mapping[JobStatus, int],
    rate: float,
    now: datetime,
    *,
    strict: bool,
) -> Queue:
    return Queue(
        name=name,
        paused=wait.paused is PausedBy.QUEUE,
        ready=wait.ready,
        running=open_jobs.get(JobStatus.RUNNING, 0),
        blocked=open_jobs.get(JobStatus.BLOCKED, 0),
        scheduled=open_jobs.get(JobStatus.SCHEDULED, 0),
        retrying=open_jobs.get(JobStatus.RETRYING, 0),
        waiting=open_jobs.get(JobStatus.WAITING, 0),
        oldest_age_ms=max(0, to_ms(now) - wait.since_ms) if wait.since_ms is not None else None,
        rate_per_min=rate,
        strict=strict,
    )
