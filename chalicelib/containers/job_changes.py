"""Parts shared by API and worker: what changes jobs for people, and for operations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.jobs import JobParts

if TYPE_CHECKING:
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.admission import Admission
    from chalicelib.services.deletion import Deletion
    from chalicelib.services.job_changes import JobChanges
    from chalicelib.services.job_retries import JobRetries, PayloadCheck
    from chalicelib.services.uniqueness import Uniqueness
    from chalicelib.services.workflow_retries import WorkflowRetries


class ChangeParts(JobParts):
    """Limits, unique keys, retries and deletions."""

    @cached_property
    def admission(self) -> Admission:
        from chalicelib.services.admission import Admission

        return Admission(self.engine, self.limits, self.projection)

    @cached_property
    def deletion(self) -> Deletion:
        from chalicelib.services.deletion import Deletion

        return Deletion(
            engine=self.engine, projection=self.projection, store=self.job_store, dependencies=self.dependencies,
            batches=self.batch_store, workflows=self.workflow_store, clock=self.clock,
        )  # fmt: skip

    @cached_property
    def job_changes(self) -> JobChanges:
        """Changes by operations: without other payloads, so workers need no schemas."""
        from chalicelib.services.job_changes import JobChanges
        from chalicelib.services.tasks import AnyPayload

        return JobChanges(
            store=self.job_store, cancellation=self.cancellation, deletion=self.deletion,
            retries=self.retries_with(AnyPayload(self.catalogue)),
        )  # fmt: skip

    def retries_with(self, payloads: PayloadCheck) -> JobRetries:
        """Return the retries, with a check of the payloads of jobs that are redriven."""
        from chalicelib.services.job_retries import JobRetries
        from chalicelib.services.step_series import StepSeries

        return JobRetries(
            engine=self.engine,
            limits=self.limits,
            projection=self.projection,
            submitter=self.submitter,
            waker=self.waker,
            store=self.job_store,
            uniqueness=self.uniqueness,
            workflows=self.workflow_retries,
            payloads=payloads,
            redactions=self.redactions,
            step_series=StepSeries(self.step_store, self.step_events),
            stored=lambda: self.stored_values,
            clock=self.clock,
        )

    @cached_property
    def limits(self) -> CreationLimits:
        from chalicelib.queue.limits import CreationLimits

        return CreationLimits(self.scripts, self.settings)

    @cached_property
    def uniqueness(self) -> Uniqueness:
        from chalicelib.services.uniqueness import Uniqueness

        return Uniqueness(
            store=self.unique_store,
            jobs=self.job_store,
            engine=self.engine,
            due_times=self.due_times,
            limits=self.limits,
            submitter=self.submitter,
            successors=self.successors,
            projection=self.projection,
            event_log=self.event_log,
            clock=self.clock,
        )

    @cached_property
    def workflow_retries(self) -> WorkflowRetries:
        from chalicelib.services.workflow_retries import WorkflowRetries

        return WorkflowRetries(
            store=self.workflow_store, jobs=self.job_store, work=self.workflow_work, admission=self.admission,
            submitter=self.submitter, clock=self.clock,
        )  # fmt: skip
