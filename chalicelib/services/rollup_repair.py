"""Completes roll-ups from the records of jobs, before those are deleted.

Roll-ups lack what a killed worker had counted and not yet added. After the records are gone nothing else tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.histogram import bucket
from chalicelib.domain.jobs import TERMINAL, AttemptRecord, Job, JobStatus, Outcome
from chalicelib.domain.retention import Expiry
from chalicelib.domain.rollups import KEPT, Span, span_start
from chalicelib.store.totals import Increments

if TYPE_CHECKING:
    from chalicelib.store.retention import RetentionStore
    from chalicelib.store.rollups import RollupStore

PAGE: Final = 500
#: Records of one state that a repair reads at most; charts of a busier tenant stay as its workers counted.
MAX_READ: Final = 200_000
#: Jobs created earlier than this before the period are not looked for: nothing but all records would find them.
EARLIER: Final = timedelta(days=2)
#: The spans of the charts that show more than a day; jobs are kept for a day at least.
SPAN: Final = Span.TWO_HOURS
_FAILURES: Final = frozenset({Outcome.FAILED, Outcome.TIMED_OUT})


class RollupRepair:
    """Raises counts to what the records show, and never lowers one. Safe to repeat."""

    def __init__(
        self, store: RetentionStore, rollups: RollupStore, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._store = store
        self._rollups = rollups
        self._pause = pause

    def complete(self, tenant_id: str, since: datetime | None, before: datetime, now: datetime) -> None:
        """Complete the roll-ups of a tenant between two times, of jobs that have ended."""
        kept_since = now - KEPT[SPAN]
        since = max(since, kept_since) if since else kept_since
        if since >= before:
            return
        counted = _Counted(since, before)
        for status in sorted(TERMINAL):
            for jobs in self._pages(tenant_id, status, since, before):
                counted.add(jobs)
        self._rollups.raise_to(counted.found.values(), SPAN)
        self._rollups.raise_to(_by_day(counted.found.values()), Span.DAY)

    def _pages(self, tenant_id: str, status: JobStatus, since: datetime, before: datetime) -> Iterable[list[Job]]:
        place = self._store.place_at(since - EARLIER)
        for _ in range(MAX_READ // PAGE):
            began = time.monotonic()
            page = self._store.ended(tenant_id, status, Expiry(before, place), PAGE)
            yield page.jobs
            if page.last is None:
                return
            place = page.last
            self._pause(time.monotonic() - began)


def _by_day(counted: Iterable[Increments]) -> list[Increments]:
    """Return the sums of counts by day."""
    found: dict[tuple[str, str, datetime], Increments] = {}
    for each in counted:
        day = span_start(each.minute, Span.DAY)
        key = each.queue, each.task, day
        if key not in found:
            found[key] = Increments(each.tenant_id, each.queue, each.task, day)
        found[key].counts.update(each.counts)
        found[key].wait.update(each.wait)
        found[key].run.update(each.run)
    return list(found.values())


class _Counted:
    """Counts attempts as workers do, by queue, task and span."""

    def __init__(self, since: datetime, before: datetime) -> None:
        self._since = since
        self._before = before
        self.found: dict[tuple[str, str, datetime], Increments] = {}

    def add(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            for attempt in job.attempts:
                if attempt.outcome not in {None, Outcome.LOST}:  # those of lost workers were perhaps never counted
                    self._add(job, attempt)

    def _add(self, job: Job, attempt: AttemptRecord) -> None:
        if (began := self._of(job, attempt.started_at)) is not None:
            began.counts["started"] += 1
            began.wait[bucket(attempt.wait_ms)] += 1
        if attempt.ended_at is None or (ended := self._of(job, attempt.ended_at)) is None:
            return
        ended.run[bucket(attempt.run_ms)] += 1
        if attempt.outcome is Outcome.COMPLETED:
            ended.counts["completed"] += 1
        elif attempt.outcome in _FAILURES:
            ended.counts["failed"] += 1
            if attempt is job.attempts[-1] and job.status is JobStatus.DLQ:
                ended.counts["dlq"] += 1
            elif job.redrives == 0:  # else it may have been the last one before a redrive
                ended.counts["retried"] += 1

    def _of(self, job: Job, at: datetime) -> Increments | None:
        if not self._since <= at < self._before:
            return None
        start = span_start(at, SPAN)
        key = job.queue, job.task, start
        found = self.found.get(key)
        if found is None:
            found = self.found[key] = Increments(job.tenant_id, job.queue, job.task, start)
        return found
