"""The work on batches: record their jobs, let them run, find their ends, submit their callbacks, or undo them.

The record of the batch comes first, then all its jobs, *blocked*, under ids that derive from the batch. One
compare-and-set lets the batch run; then its jobs are released in pages. Each step may be repeated, so another process
continues after a crash: the same call by its idempotency key, or the sweep (``services.maintenance.batches``). A batch
that was never let run is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.domain.batches import Batch, BatchStatus, status_at_end
from chalicelib.domain.clock import Clock
from chalicelib.domain.events import created, deleted
from chalicelib.domain.jobs import Job, JobStatus, OutboxEntry
from chalicelib.domain.lifecycle import new_job, unblocked
from chalicelib.errors import Conflict
from chalicelib.services.batch_data import updated

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.events import EventLog
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.priorities import Priorities
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.services.waker import Waker
    from chalicelib.store.batches import BatchStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.telemetry.logger import Log

#: Jobs written, released or undone in one step.
PAGE: Final = 500
#: A batch that no call submits for this long is undone.
ABANDONED: Final = timedelta(seconds=60)


class BatchWork:
    """Safe to repeat, and in several processes at once."""

    def __init__(
        self,
        *,
        store: BatchStore,
        jobs: JobStore,
        engine: Engine,
        submitter: Submitter,
        cancellation: Cancellation,
        priorities: Priorities,
        catalogue: Catalogue,
        waker: Waker,
        event_log: EventLog,
        clock: Clock,
        log: Log,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._engine = engine
        self._submitter = submitter
        self._cancellation = cancellation
        self._priorities = priorities
        self._catalogue = catalogue
        self._waker = waker
        self._event_log = event_log
        self._clock = clock
        self._log = log
        #: Called when a map ended, with the id of its node's job.
        self.on_map_end: Callable[[str], None] = lambda job_id: None
        #: Called with a batch that ended, before it is closed, and again after a crash.
        self.on_end: Callable[[Batch], None] = lambda batch: None

    # --- submission ------------------------------------------------------------------------------------------
    def fill(self, batch: Batch, members: Sequence[Job]) -> None:
        """Record the jobs of a batch; those that exist stay. Raises ``Conflict`` if the batch was undone meanwhile."""
        for first in range(0, len(members), PAGE):
            if not self._store.touch(batch, self._clock.now()):
                if self._store.seal(batch, self._clock.now()):
                    return  # another call with the same key was faster
                raise Conflict("The batch took too long and was undone; submit it again")
            page = self._priorities.placed(members[first : first + PAGE])
            self._jobs.insert(page)
            if batch.concurrency is not None:  # many of them stay blocked for long
                self._engine.enqueue(page, [[created(job)] for job in page])

    def run(self, batch: Batch) -> None:
        """Let a batch run whose jobs are recorded, and release them. Raises ``Conflict`` if it was undone."""
        if not self._store.seal(batch, self._clock.now()):
            raise Conflict("The batch took too long and was undone; submit it again")
        self._publish(batch.id)
        self.carry_on(batch.id)

    def carry_on(self, batch_id: str) -> int:
        """Do what is left for a running batch: release or cancel its jobs, and write its end. Return how much."""
        batch = self._store.get(batch_id)
        if batch is None or batch.status is BatchStatus.SUBMITTING:
            return 0
        done = self.release(batch_id)
        # read again: it may have been cancelled meanwhile
        batch = self._store.get(batch_id)
        if batch is not None and batch.cancel_requested and batch.status is BatchStatus.RUNNING:
            done += self.cancel(batch_id)
        return done + self.settle(batch_id)

    def release(self, batch_id: str) -> int:
        """Release the blocked jobs of a running batch, unless it is to be cancelled; return how many."""
        done = 0
        while True:
            batch = self._store.get(batch_id)
            if batch is None or batch.status is not BatchStatus.RUNNING or batch.cancel_requested:
                return done
            room = PAGE
            if batch.concurrency is not None:
                room = min(PAGE, batch.concurrency - self._store.count_released(batch_id))
            page = self._store.members(batch_id, {JobStatus.BLOCKED}, room) if room > 0 else []
            if not page:
                return done
            now = self._clock.now()
            due = [job for job in page if job.run_at is None or job.run_at <= now]
            places = dict(zip((job.id for job in due), self._engine.reserve(due), strict=True))
            moves = [(job.rev, unblocked(job, now, place=places.get(job.id, True))) for job in page]
            free = [job for job in self._jobs.advance(moves) if job is not None]
            if free:
                self._waker.wake_workers(self._engine.unblock(free, [[created(job)] for job in free]).wake)
            done += len(free)

    # --- ends ------------------------------------------------------------------------------------------------
    def follow(self, entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
        """Look whether the batches of jobs that ended have ended."""
        for batch_id in dict.fromkeys(entry.id for _, entry in entries):
            self.settle(batch_id)

    def follow_map(self, entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
        """As ``follow``, for jobs of maps, of which others may be released now."""
        for batch_id in dict.fromkeys(entry.id for _, entry in entries):
            self.release(batch_id)
            self.settle(batch_id)

    def settle(self, batch_id: str) -> bool:
        """Write the end of a running batch if all its jobs have ended, then submit its callbacks.

        Returns whether something was done.
        """
        if self._store.has_open(batch_id):
            return False
        batch = self._store.get(batch_id)
        if batch is None:
            return False
        done = False
        if batch.status is BatchStatus.RUNNING:
            counts = self._store.counts([batch_id]).get(batch_id, {})
            status = status_at_end(counts, batch.total - batch.kept, cancel_requested=batch.cancel_requested)
            if status is None:
                return False
            done = self._store.finish(batch, status, counts, self._clock.now())
            batch = self._store.get(batch_id)
            if batch is None:
                return done
        return self._call_back(batch) or done

    def _call_back(self, batch: Batch) -> bool:
        """Submit the callbacks of a batch that ended, once each, and close it."""
        if batch.finished_at is None or not batch.is_open:
            return False
        if batch.of_map:
            self.on_map_end(batch.id)
            self._store.close(batch, self._clock.now())
            return True
        submission_id = self._submitter.new_submission_id()
        jobs = [
            new_job(
                job.new_job(),
                self._catalogue.get_or_plain(job.task),
                job_id=batch.callback_id(name),
                tenant_id=batch.tenant_id,
                owner_id=batch.owner_id,
                trace_id=batch.trace_id,
                now=batch.finished_at,
                submission_id=submission_id,
                api_key=batch.api_key,
                traceparent=batch.traceparent,
            )
            for name, job in (batch.callbacks or {}).items()
            if name in batch.due_callbacks()
        ]
        if jobs:
            self._submitter.submit(jobs)
        self.on_end(batch)
        self._store.close(batch, self._clock.now())
        self._publish(batch.id)
        return True

    # --- cancel ----------------------------------------------------------------------------------------------
    def cancel(self, batch_id: str) -> int:
        """Cancel the open jobs of a batch; running ones are asked to stop. Return how many."""
        return self._cancellation.cancel_all(partial(self._store.members, batch_id))

    def stop(self, batch_id: str) -> int:
        """Cancel a batch, if there is one that has not ended; return how many jobs were cancelled or asked to stop."""
        batch = self._store.get(batch_id)
        if batch is None or not self._store.request_cancel(batch, self._clock.now()):
            return 0
        return self.carry_on(batch_id)

    def undo(self, batch: Batch) -> int:
        """Delete the jobs of a batch that was given up; return how many."""
        done = 0
        while page := self._store.members(batch.id, set(JobStatus), PAGE):
            self._cancellation.cancel([job for job in page if job.status.is_open])
            ended, _ = self._jobs.get_many([job.id for job in page], light=True)
            gone = self._jobs.delete([job for job in ended if not job.status.is_open], self._clock.now())
            forgotten = [job for job in ended if job.id in gone]
            if not forgotten:
                break
            self._engine.forget(forgotten, [[deleted(job)] for job in forgotten])
            done += len(forgotten)
        return done

    def give_up(self, batch: Batch) -> bool:
        """Give a batch up whose call died; return whether it is given up. That of a map is continued by its node,
        about which the routine for dependencies asks, unless the node was cancelled.
        """
        now = self._clock.now()
        if batch.of_map and self.is_awaited(batch):
            return False
        return self._store.undo(batch, now - ABANDONED, now)

    def is_awaited(self, batch: Batch) -> bool:
        """Return whether the node of a map still waits for its batch."""
        found, _ = self._jobs.get_many([batch.id], light=True)
        return any(job.status is JobStatus.BLOCKED for job in found)

    # --- parts -----------------------------------------------------------------------------------------------
    def _publish(self, batch_id: str) -> None:
        """Publish a batch as it is now."""
        batch = self._store.get(batch_id)
        if batch is None or batch.of_map:
            return
        try:
            counts = batch.counts or self._store.counts([batch_id]).get(batch_id, {})
            self._event_log.publish([updated(batch, counts)])
        except Exception as error:
            self._log.warning("a batch was not published", event="batch_unpublished", error=repr(error)[:500])
