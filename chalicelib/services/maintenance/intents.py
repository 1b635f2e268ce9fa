"""Finishes changes whose caller died between MongoDB and Redis, found by their intents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event, created, moved
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue.engine import Engine
from chalicelib.queue.intents import Intent, IntentKind, permit_text
from chalicelib.services.maintenance.routine import BATCH
from chalicelib.services.maintenance.withdrawal import withdraw_ended
from chalicelib.services.waker import Waker
from chalicelib.store.jobs import JobStore

if TYPE_CHECKING:
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.services.waits import Waits

#: An intent this old belongs to a call that died: API Gateway ends a call after 29 s, ours take far less.
OVERDUE_MS: Final = 30_000


class IntentSettlement:
    """Enqueues inserted jobs, withdraws cancelled ones, cancels running ones as requested; then removes the intents."""

    name: Final = "intents"

    def __init__(
        self, *, engine: Engine, rebuilder: ProjectionRebuilder, store: JobStore, waits: Waits, waker: Waker,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._rebuilder = rebuilder
        self._store = store
        self._waits = waits
        self._waker = waker
        self._clock = clock

    def run(self) -> int:
        """Finish changes whose caller died between MongoDB and Redis."""
        before = self._clock.now_ms() - OVERDUE_MS
        texts = self._engine.overdue_intents(before, BATCH * 5)
        intents = [intent for intent in (Intent.parse(text.decode(errors="replace")) for text in texts) if intent]
        jobs, _ = self._store.get_many({intent.job_id for intent in intents}, light=True)
        asked = {intent.job_id for intent in intents if intent.kind is IntentKind.CANCEL}
        done = withdraw_ended(self._engine, [job for job in jobs if _ended_waiting(job)])
        still_open = [job for job in jobs if job.status.is_open]
        done += self._enqueue_permitted(still_open, {intent.text for intent in intents})
        done += self._rebuilder.requeue(still_open)
        resumed = {intent.job_id for intent in intents if intent.kind is IntentKind.RESUME}
        done += self._waits.mend([job for job in jobs if job.id in resumed])
        for job in jobs:
            if job.id in asked and job.cancel_requested and job.lease is not None:
                done += self._engine.stop(job.id, job.lease.worker_id)
        self._engine.clear_intents(texts)
        return done

    def _enqueue_permitted(self, jobs: Sequence[Job], noted: Collection[str]) -> int:
        """Enqueue the jobs whose permit is still among ``noted``; return how many.

        A redriven job may still be leased for the attempt before it: a late settlement of that attempt would remove the
        job from the queue, unless its permit was used up before.
        """
        permitted = [job for job in jobs if permit_text(job) in noted]
        if not permitted:
            return 0
        enqueued = self._engine.enqueue(permitted, [_events_of(job) for job in permitted])
        self._waker.wake_workers(enqueued.wake)
        return enqueued.added


def _ended_waiting(job: Job) -> bool:
    """Return whether a job may have ended where it waited, so that the queue may still have it.

    Without an attempt a node of a workflow may also go to the DLQ, and a map may complete.
    """
    if job.status.is_open:
        return False
    return job.status is JobStatus.CANCELLED or not job.attempt


def _events_of(job: Job) -> list[Event]:
    """Return the events that the call that died had to publish with ``job``, which it inserted or redrove."""
    return moved(job, JobStatus.DLQ) if job.redrives else [created(job)]
