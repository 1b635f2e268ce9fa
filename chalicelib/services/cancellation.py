"""Cancels jobs: those that wait at once, running ones through their workers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import CANCELLABLE, Job, JobStatus
from chalicelib.domain.lifecycle import cancelled
from chalicelib.errors import InvalidTransition, QueueCraftError
from chalicelib.queue.intents import Intent, IntentKind

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.services.outbox import Dispatcher
    from chalicelib.services.projection import Projection
    from chalicelib.store.jobs import JobStore

#: Jobs cancelled in one step.
PAGE: Final = 500
#: Steps of a call at most.
ROUNDS: Final = 100
#: Running jobs that a call asks to stop at most.
MAX_RUNNING: Final = 10_000
#: Reads up to a number of jobs in some states.
Members = Callable[[Collection[JobStatus], int], Sequence[Job]]


class Cancellation:
    """Cancels for people, who may do so, and for schedules, whose next job replaces the one before."""

    def __init__(
        self, *, engine: Engine, projection: Projection, dispatcher: Dispatcher, store: JobStore, clock: Clock
    ) -> None:
        self._engine = engine
        self._projection = projection
        self._dispatcher = dispatcher
        self._store = store
        self._clock = clock

    def cancel(self, jobs: Sequence[Job]) -> dict[str, Job | QueueCraftError]:
        """Cancel jobs; return each as it is then, or why it was not cancelled, but not those that changed meanwhile.

        For a running job ``cancel_requested`` is set, and its worker cancels it.
        """
        now = self._clock.now()
        results: dict[str, Job | QueueCraftError] = {}
        waiting: list[Job] = []
        running: list[Job] = []
        for job in jobs:
            if job.status is JobStatus.CANCELLED:
                results[job.id] = job
            elif not job.status.is_open:
                results[job.id] = InvalidTransition(f"A job that is {job.status} cannot be cancelled")
            elif job.status is not JobStatus.RUNNING:
                waiting.append(job)
            else:
                running.append(job)
        self._intend([Intent(job.id, IntentKind.CANCEL) for job in [*waiting, *running]])
        for job in running:
            if self._store.request_cancel(job):
                holder = job.lease.worker_id if job.lease else "-"
                self._projection.follow(partial(self._engine.stop, job.id, holder))
                results[job.id] = job.with_(cancel_requested=True)
        ended = self._store.replace([(job, cancelled(job, now)) for job in waiting])
        if ended:
            events = [moved(new, old.status) for old, new in ended]
            published = self._projection.follow(lambda: self._engine.withdraw([new for _, new in ended], events))
            if published is not None:
                self._dispatcher.dispatch(new for _, new in ended)
        results.update({new.id: new for _, new in ended})
        return results

    def cancel_all(self, members: Members) -> int:
        """Cancel the open jobs among ``members``, page by page; running ones are asked to stop. Return how many.

        After ``ROUNDS`` pages the caller's sweep continues.
        """
        done = 0
        for _ in range(ROUNDS):
            page = members(CANCELLABLE - {JobStatus.RUNNING}, PAGE)
            if not page:
                break
            done += len(self.cancel(page))
        asked = [job for job in members({JobStatus.RUNNING}, MAX_RUNNING) if not job.cancel_requested]
        return done + (len(self.cancel(asked)) if asked else 0)

    def _intend(self, intents: Sequence[Intent]) -> None:
        """Note the changes that follow. Raises ``QueueClosed`` while the queue is closed."""
        if intents:
            self._projection.when_open(lambda: self._engine.intend(intents))
