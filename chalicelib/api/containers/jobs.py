"""Services of the routes of jobs, their steps, lists and the DLQ."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.api.containers.tenants import TenantServices
from chalicelib.api.containers.workflows import WorkflowServices
from chalicelib.containers.operations import OperationParts

if TYPE_CHECKING:
    from chalicelib.services.comments import Comments
    from chalicelib.services.dlq import DlqService
    from chalicelib.services.job_retries import JobRetries
    from chalicelib.services.jobs import JobService
    from chalicelib.services.operations import Operations
    from chalicelib.services.replays import Replays
    from chalicelib.services.search import SearchService
    from chalicelib.services.steps import StepService


class JobServices(WorkflowServices, OperationParts, TenantServices):
    """Jobs: changed, listed, searched."""

    @cached_property
    def jobs(self) -> JobService:
        from chalicelib.services.jobs import JobService

        return JobService(
            limits=self.limits,
            projection=self.projection,
            submitter=self.submitter,
            cancellation=self.cancellation,
            retries=self.job_retries,
            deletion=self.deletion,
            store=self.job_store,
            idempotency=self.idempotency,
            dependencies=self.dependencies,
            uniqueness=self.uniqueness,
            payloads=self.payloads,
            limit_room=self.limit_room,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def job_retries(self) -> JobRetries:
        return self.retries_with(self.payloads)

    @cached_property
    def steps(self) -> StepService:
        from chalicelib.services.steps import StepService

        return StepService(
            jobs=self.jobs, store=self.job_store, steps=self.step_store, events=self.step_events, waits=self.waits,
            projection=self.projection, callbacks=self.callbacks, redactions=self.redactions, clock=self.clock,
            ids=self.ids,
        )  # fmt: skip

    @cached_property
    def replays(self) -> Replays:
        from chalicelib.services.replays import Replays

        return Replays(
            jobs=self.jobs, catalogue=self.catalogue, redactions=self.redactions, payloads=self.payloads,
            store=self.dependency_store, stored=lambda: self.stored_values, max_bytes=self.settings.document_bytes,
        )  # fmt: skip

    @cached_property
    def operations(self) -> Operations:
        from chalicelib.services.operations import Operations

        return Operations(
            store=self.operation_store, jobs=self.job_store, submitter=self.submitter, cancellation=self.cancellation,
            catalogue=self.catalogue, clock=self.clock, ids=self.ids,
        )  # fmt: skip

    @cached_property
    def search(self) -> SearchService:
        from chalicelib.services.search import SearchService

        return SearchService(self.job_search, self.user_store, self.tenant_store, self.redactions)

    @cached_property
    def dlq(self) -> DlqService:
        from chalicelib.services.dlq import DlqService

        return DlqService(self.job_search)

    @cached_property
    def comments(self) -> Comments:
        from chalicelib.services.comments import Comments

        return Comments(
            store=self.comment_store, jobs=self.jobs, search=self.job_search, throttles=self.throttles,
            event_log=self.event_log, projection=self.projection, clock=self.clock, ids=self.ids,
        )  # fmt: skip
