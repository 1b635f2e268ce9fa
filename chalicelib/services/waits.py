"""Ends the waits of durable jobs: by time, by an event, by the end of another job.

A wait ends by compare-and-set ``waiting → pending``, then the job is enqueued; whoever comes first does both, and for
anybody later neither changes anything. Both sides write and then look: whoever sends an event inserts it, then looks
whether the job waits for it; whoever suspends a job writes that and settles it in Redis, then looks whether there is an
event, or the wait has ended meanwhile. So one of them sees the other, and a crash is found by the sweep
(``services.maintenance.waits``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus, to_ms
from chalicelib.domain.lifecycle import promoted
from chalicelib.domain.steps import event_wait, job_wait
from chalicelib.queue.intents import Intent, IntentKind
from chalicelib.services.maintenance.withdrawal import withdraw_ended

if TYPE_CHECKING:
    from chalicelib.queue.due_times import DueTimes
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.suspended import SuspendedJobs
    from chalicelib.services.waker import Waker
    from chalicelib.store.dependencies import DependencyStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.step_events import StepEventStore

#: States in which a job has been enqueued, or is about to be.
_BEYOND = frozenset({JobStatus.PENDING, JobStatus.RUNNING})


class Waits:
    """Resumes waiting jobs. Safe to repeat, and in several processes at once."""

    def __init__(
        self, *, engine: Engine, suspended: SuspendedJobs, due_times: DueTimes, store: JobStore,
        events: StepEventStore, states: DependencyStore, waker: Waker, clock: Clock,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._suspended = suspended
        self._due_times = due_times
        self._store = store
        self._events = events
        self._states = states
        self._waker = waker
        self._clock = clock

    def look(self, job_ids: Sequence[str]) -> int:
        """Resume those of these jobs that wait and need not, and bring to Redis what it lacks; return how many.

        Raises ``QueueClosed`` and errors of the databases.
        """
        if not job_ids:
            return 0
        due = self._suspended.due_of(job_ids)
        jobs, _unreadable = self._store.get_many(job_ids, light=True)
        return self.mend(jobs, due) + self.resume(self._free(jobs))

    def mend(self, jobs: Sequence[Job], due: Mapping[str, int] | None = None) -> int:
        """Move ``jobs`` that Redis has among the waiting ones, and MongoDB does not, to where they are.

        ``due``: what Redis had before ``jobs`` were read, if that is known.
        """
        others = [job for job in jobs if job.status is not JobStatus.WAITING]
        if due is None:
            due = self._suspended.due_of([job.id for job in others]) if others else {}
        stale = [job for job in others if job.id in due]
        beyond = [job for job in stale if job.status in _BEYOND]
        done = withdraw_ended(self._engine, [job for job in stale if not job.status.is_open])
        if beyond:
            events = [moved(job, JobStatus.WAITING) for job in beyond]
            moved_on = self._engine.promote(beyond, [due[job.id] for job in beyond], events)
            self._waker.wake_workers(moved_on.wake)
            done += moved_on.added
        return done

    def resume(self, jobs: Sequence[Job]) -> int:
        """Make waiting jobs pending in MongoDB, then in Redis, and wake a worker; return how many.

        A job whose suspension is not settled in Redis yet is moved there by whoever settles it (``look``).
        """
        waiting = [job for job in jobs if job.status is JobStatus.WAITING]
        if not waiting:
            return 0
        now = self._clock.now()
        notes = {job.id: Intent(job.id, IntentKind.RESUME).text for job in waiting}
        self._engine.intend([Intent(job.id, IntentKind.RESUME) for job in waiting])
        won = self._store.advance([(job.rev, promoted(job, now)) for job in waiting])
        ready = [(old, new) for old, new in zip(waiting, won, strict=True) if new is not None]
        if not ready:
            return 0
        resumed = [new for _, new in ready]
        events = [moved(new, JobStatus.WAITING) for new in resumed]
        done = self._engine.promote(resumed, [to_ms(old.ready_at) for old, _ in ready], events)
        self._waker.wake_workers(done.wake)
        left = self._due_times.leased([job.id for job in resumed]) if done.added < len(resumed) else set()
        self._engine.clear_intents([notes[job.id] for job in resumed if job.id not in left])
        return len(resumed)

    def _free(self, jobs: Sequence[Job]) -> list[Job]:
        """Return the waiting jobs whose wait is over."""
        now = self._clock.now()
        waiting = [job for job in jobs if job.status is JobStatus.WAITING]
        asking = [job for job in waiting if job.ready_at > now and job.waits_for]
        sent = self._events.fresh([job.id for job in asking]) if asking else set()
        children = {each.removeprefix(job_wait("")) for job in asking for each in job.waits_for if _is_job(each)}
        states = self._states.states(children) if children else {}
        ended = {child for child in children if states.get(child) in TERMINAL or child not in states}
        over = {(job_id, event_wait(name)) for job_id, name in sent}
        return [
            job
            for job in waiting
            if job.ready_at <= now
            or any((job.id, each) in over or (_is_job(each) and each[4:] in ended) for each in job.waits_for)
        ]


def _is_job(entry: str) -> bool:
    return entry.startswith(job_wait(""))
