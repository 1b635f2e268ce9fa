"""Deletes ended jobs, unless others need them or what they belong to has not ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import deleted
from chalicelib.domain.jobs import Job
from chalicelib.domain.lifecycle import check_settled
from chalicelib.errors import Conflict, InvalidTransition, QueueCraftError
from chalicelib.services.job_actions import Action

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.services.dependencies import Dependencies
    from chalicelib.services.projection import Projection
    from chalicelib.store.batches import BatchStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.workflows import WorkflowStore


class Deletion:
    """Deletes records with their logs; tombstones correct the counts in Redis."""

    def __init__(
        self, *, engine: Engine, projection: Projection, store: JobStore, dependencies: Dependencies,
        batches: BatchStore, workflows: WorkflowStore, clock: Clock,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._projection = projection
        self._store = store
        self._dependencies = dependencies
        self._batches = batches
        self._workflows = workflows
        self._clock = clock

    def delete(self, jobs: Sequence[Job], *, only_dead: bool = False) -> dict[str, Job | QueueCraftError]:
        """Delete jobs; return each as it was, or why it was not deleted, but not those that changed meanwhile."""
        able = Action.DELETE_DEAD.states if only_dead else Action.DELETE.states
        why = " from the DLQ" if only_dead else "; cancel it first"
        results: dict[str, Job | QueueCraftError] = {}
        ended: list[Job] = []
        for job in jobs:
            if job.status not in able:
                results[job.id] = InvalidTransition(f"A job that is {job.status} cannot be deleted{why}")
                continue
            try:
                self._check(job)
                ended.append(job)
            except Conflict as error:
                results[job.id] = error
        gone = self._store.delete(ended, self._clock.now()) if ended else set()
        forgotten = [job for job in ended if job.id in gone]
        if forgotten:
            self._projection.follow(lambda: self._engine.forget(forgotten, [[deleted(job)] for job in forgotten]))
        results.update({job.id: job for job in forgotten})
        return results

    def _check(self, job: Job) -> None:
        """Raise ``Conflict`` if something still needs ``job``: its outbox, a dependent, its batch or its workflow."""
        check_settled(job)
        self._dependencies.check_unneeded(job)
        if job.batch is not None and self._batches.running([job.batch]):
            raise Conflict("This job belongs to a batch that has not ended; cancel that first")
        if job.part is not None and self._workflows.running([job.part.workflow]):
            raise Conflict("This job belongs to a workflow that has not ended; cancel that first")
