"""Services of the routes of batches and workflows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.api.containers.submissions import SubmissionServices

if TYPE_CHECKING:
    from chalicelib.services.batches import BatchService
    from chalicelib.services.workflows import WorkflowService


class WorkflowServices(SubmissionServices):
    """Batches and workflows."""

    @cached_property
    def batches(self) -> BatchService:
        from chalicelib.services.batches import BatchService

        return BatchService(
            store=self.batch_store,
            work=self.batch_work,
            admission=self.admission,
            limit_room=self.limit_room,
            submitter=self.submitter,
            payloads=self.payloads,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def workflows(self) -> WorkflowService:
        from chalicelib.services.workflows import WorkflowService

        return WorkflowService(
            store=self.workflow_store,
            work=self.workflow_work,
            retries=self.workflow_retries,
            admission=self.admission,
            submitter=self.submitter,
            payloads=self.payloads,
            catalogue=self.catalogue,
            clock=self.clock,
            ids=self.ids,
        )
