"""What a redrive keeps of the steps of a durable job: copies for the new series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.jobs import Job
from chalicelib.errors import InvalidInput

if TYPE_CHECKING:
    from chalicelib.store.step_events import StepEventStore
    from chalicelib.store.steps import StepStore


class StepSeries:
    """Copies records before the job is redriven. Copies of a redrive that then loses a race belong to no series."""

    def __init__(self, steps: StepStore, events: StepEventStore) -> None:
        self._steps = steps
        self._events = events

    def check(self, job: Job, from_step: str | None) -> None:
        """Raise ``InvalidInput`` if a name is given, and ``job`` has recorded no step of it."""
        if from_step is not None and self._steps.first(job.id, job.submission_id, from_step) is None:
            raise InvalidInput(f"The job has recorded no step {from_step!r}", "fromStep")

    def keep(self, jobs: Sequence[Job], submission_id: str, from_step: str | None = None) -> None:
        """Copy the steps of ``jobs`` that count after a redrive under ``submission_id``.

        All that ended, except for the failure that ended the job; with ``from_step`` those that began before the first
        step of that name.
        """
        owners = self._steps.owners([job.id for job in jobs])
        for job in jobs:
            if job.id not in owners:
                continue
            first = None if from_step is None else self._steps.first(job.id, job.submission_id, from_step)
            before = None if first is None else first.started_at
            consumed = self._steps.copy(job.id, job.submission_id, submission_id, before=before, error=job.error)
            if consumed:
                self._events.take_again(consumed, job.submission_id, submission_id)
