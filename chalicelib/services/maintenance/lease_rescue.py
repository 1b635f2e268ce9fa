"""Takes over expired leases, and records the attempts that were lost with their workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.events import Event, moved
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.lifecycle import burnt_between, burnt_retry, lost, lost_unstarted
from chalicelib.queue.engine import Engine, Settlement
from chalicelib.services.maintenance.routine import BATCH, MAX_BATCHES
from chalicelib.services.outbox import Dispatcher
from chalicelib.services.waker import Waker
from chalicelib.settings import Settings
from chalicelib.store.jobs import JobStore
from chalicelib.store.steps import StepStore
from chalicelib.telemetry.logger import JobEvent, Log


class LeaseRescue:
    """Retries lost jobs, cancels them if that was requested, or moves them to the DLQ."""

    name: Final = "lease_rescue"

    def __init__(
        self,
        *,
        engine: Engine,
        store: JobStore,
        steps: StepStore,
        waker: Waker,
        dispatcher: Dispatcher,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        log: Log,
        trace_lost: Callable[[Job], None] | None = None,
    ) -> None:
        """``trace_lost`` records the span of an attempt whose worker died; None where none are exported."""
        self._engine = engine
        self._store = store
        self._steps = steps
        self._waker = waker
        self._dispatcher = dispatcher
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._log = log
        self._trace_lost = trace_lost

    def run(self) -> int:
        """Take over expired leases: record each lost attempt, then retry or cancel the job or move it to the DLQ."""
        token, count = self._ids.token(), 0
        for _ in range(MAX_BATCHES):
            taken = self._engine.take_over(token, BATCH)
            if not taken:
                break
            jobs, unreadable = self._store.get_many(taken)
            self._drop([*unreadable, *(set(taken) - {job.id for job in jobs} - set(unreadable))], token)
            settled = self._settle_taken(jobs, token, taken)
            if any(job.status is JobStatus.PENDING for job in settled):
                self._waker.check()
            count += len(settled)
        return count

    def _drop(self, ids: Sequence[str], token: str) -> None:
        for job_id in ids:
            self._engine.quarantine.add(job_id, "a lease without a readable job")
        if ids:
            self._engine.drop(ids, token)

    def _settle_taken(self, jobs: Sequence[Job], token: str, begun: dict[str, bool]) -> list[Job]:
        """Write the loss of each job that has not ended meanwhile, then settle all of them in Redis."""
        hurt = [job for job in jobs if _is_lost(job, begun[job.id])]
        changed = [(job, self._lose(job)) for job in hurt]
        won = self._store.advance([(old.rev, new) for old, new in changed])
        self._trace([new for old, new in zip(hurt, won, strict=True) if new and old.status is JobStatus.RUNNING])
        ends = [
            Settlement(
                new,
                token,
                _events(old, new, start_published=begun[old.id]),
                _counter(burnt_between(old, new)),
                new.last_run_ms if old.status is JobStatus.RUNNING else 0,
            )
            for (old, _), new in zip(changed, won, strict=True)
            if new is not None
        ]
        # others were moved on after their lease expired, but this was not published
        ends += [
            Settlement(
                job,
                token,
                moved(job, JobStatus.RUNNING),
                _counter(_burnt_unpublished(job, begun[job.id])),
                job.last_run_ms,
            )
            for job in jobs
            if job not in hurt
        ]
        if ends:
            self._engine.settle(ends)
            self._dispatcher.dispatch(end.job for end in ends)
        for end in ends:
            if end.job.status is JobStatus.DLQ:
                self._log.job(JobEvent.DLQ, end.job, error="WorkerLost")
        return [end.job for end in ends]

    def _trace(self, lost_jobs: Sequence[Job]) -> None:
        if self._trace_lost is not None:
            for job in lost_jobs:
                self._trace_lost(job)

    def _lose(self, job: Job) -> Job:
        now = self._clock.now()
        if job.status is JobStatus.PENDING:
            return lost_unstarted(job, "unknown", now)
        progressed = bool(job.attempts) and self._steps.has_progressed(job.id, job.attempts[-1].started_at)
        return lost(
            job, now, base_s=self._settings.retry_backoff_base_s, random=self._ids.random(), progressed=progressed
        )


def _is_lost(job: Job, begun: bool) -> bool:
    """Return whether the attempt under an expired lease had not ended; otherwise another process changed ``job``."""
    return job.status is JobStatus.RUNNING or (job.status is JobStatus.PENDING and not begun)


def _counter(burnt: bool) -> str:
    return "retries" if burnt else ""


def _burnt_unpublished(job: Job, begun: bool) -> bool:
    """Return whether an attempt whose end was written but not published used up a retry."""
    return (begun or job.status is JobStatus.RETRYING) and burnt_retry(job)


def _events(old: Job, new: Job, *, start_published: bool) -> list[Event]:
    """Return the events of a recovered job; none if it is pending as before."""
    if new.status is old.status:
        return []
    if old.status is JobStatus.RUNNING and not start_published:
        return [*moved(old, JobStatus.PENDING), *moved(new, JobStatus.RUNNING)]
    return moved(new, old.status)
