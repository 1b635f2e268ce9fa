"""Measures what alert rules are about. Each costs a query or a few, whatever the number of jobs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.alerts import AlertKind, Condition, Reading
from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import to_ms
from chalicelib.domain.principals import Scope
from chalicelib.domain.rollups import SPAN_S, Frame, Span, span_start

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.queue.engine import Engine
    from chalicelib.store.alert_schedules import AlertSchedules
    from chalicelib.store.series import SeriesStore

#: The longest window that is counted by the minute; longer ones are counted by the quarter of an hour.
_BY_MINUTE_S: Final = 3_600
#: Queues of a tenant that are looked at.
MAX_QUEUES: Final = 2_000


class AlertReadings:
    """Raises the errors of the databases, ``QueueClosed`` among them."""

    def __init__(
        self,
        *,
        engine: Engine,
        series: SeriesStore,
        schedules: AlertSchedules,
        oldest_ready_s: Callable[[int], float],
        clock: Clock,
    ) -> None:
        """``oldest_ready_s`` returns the age of the oldest ready job of all tenants at a time in ms."""
        self._engine = engine
        self._series = series
        self._schedules = schedules
        self._oldest_ready_s = oldest_ready_s
        self._clock = clock

    def read(self, condition: Condition, tenant_id: str) -> Reading:
        """Return what a rule of a tenant measures now."""
        now = self._clock.now()
        of = None if condition.scope is Scope.ALL else tenant_id
        match condition.kind:
            case AlertKind.QUEUE_AGE:
                return self._queue_age(condition.queue, of, now)
            case AlertKind.DLQ_GROWTH:
                return self._dlq_growth(condition, of, now)
            case AlertKind.FAILURE_RATE:
                return self._failure_rate(condition, of, now)
            case AlertKind.SCHEDULE_OVERDUE:
                return self._schedule_overdue(condition.schedule, of, now)
            case AlertKind.SCHEDULE_FAILURES:
                return self._schedule_failures(condition, tenant_id, now)

    def _queue_age(self, queue: str | None, tenant_id: str | None, now: datetime) -> Reading:
        if tenant_id is None:
            return Reading(round(self._oldest_ready_s(to_ms(now)), 1))
        names = [queue] if queue is not None else sorted(self._engine.open_by_queue(tenant_id))[:MAX_QUEUES]
        waits = self._engine.waits(tenant_id, names) if names else []
        since = [(wait.since_ms, name) for name, wait in zip(names, waits, strict=True) if wait.since_ms is not None]
        if not since:
            return Reading(0.0)
        oldest_ms, name = min(since)
        return Reading(max(0, to_ms(now) - oldest_ms) / 1000, name)

    def _dlq_growth(self, condition: Condition, tenant_id: str | None, now: datetime) -> Reading:
        dead = {task: dlq for task, (_, dlq) in self._ended(condition, tenant_id, now).items() if dlq}
        return Reading(float(sum(dead.values())), max(dead, key=lambda task: dead[task], default=""))

    def _failure_rate(self, condition: Condition, tenant_id: str | None, now: datetime) -> Reading:
        ended = self._ended(condition, tenant_id, now)
        dead = sum(dlq for _, dlq in ended.values())
        jobs = dead + sum(completed for completed, _ in ended.values())
        worst = max(ended, key=lambda task: ended[task][1], default="") if dead else ""
        return Reading(round(100 * dead / jobs, 2) if jobs else None, worst, jobs)

    def _ended(self, condition: Condition, tenant_id: str | None, now: datetime) -> dict[str, tuple[int, int]]:
        frame = window_frame(condition.window_s, now)
        return self._series.ended(tenant_id, frame, queue=condition.queue, task=condition.task)

    def _schedule_overdue(self, schedule: str | None, tenant_id: str | None, now: datetime) -> Reading:
        late = self._schedules.latest(tenant_id, schedule, now)
        if late is None:
            return Reading(0.0)
        since, name = late
        # names belong to their tenant, and rules for all are read by the operators' own
        return Reading(max(0.0, (now - since).total_seconds()), name if tenant_id is not None else "")

    def _schedule_failures(self, condition: Condition, tenant_id: str, now: datetime) -> Reading:
        most = int(condition.threshold)
        names = [condition.schedule] if condition.schedule else self._schedules.with_failures(tenant_id, now)
        failed = [(self._schedules.failed_in_a_row(tenant_id, name, now, most), name) for name in names]
        count, name = max(failed, key=lambda each: each[0], default=(0, ""))
        return Reading(float(count), name if count else "")


def window_frame(window_s: int, now: datetime) -> Frame:
    """Return the spans of a window that ends now: whole ones, so that it is longer than asked by up to one."""
    span = Span.MINUTE if window_s <= _BY_MINUTE_S else Span.QUARTER
    first = span_start(now - timedelta(seconds=window_s), span)
    last = span_start(now, span)
    return Frame(span, first, int((last - first).total_seconds()) // SPAN_S[span] + 1)
