"""Parts shared by API and worker: work on all jobs that match a filter."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.job_changes import ChangeParts

if TYPE_CHECKING:
    from chalicelib.aws.objects import Bucket
    from chalicelib.services.bulk import BulkWork
    from chalicelib.services.bulk_replay import BulkReplay
    from chalicelib.services.exports import Exports
    from chalicelib.services.operations import OperationRuns
    from chalicelib.store.deployments import DeploymentStore
    from chalicelib.store.job_search import JobSearch
    from chalicelib.store.operations import OperationStore


class OperationParts(ChangeParts):
    """Exports and bulk operations."""

    @cached_property
    def job_search(self) -> JobSearch:
        from chalicelib.store.job_search import JobSearch

        return JobSearch(self.db)

    @cached_property
    def deployments(self) -> DeploymentStore:
        from chalicelib.store.deployments import DeploymentStore

        return DeploymentStore(self.db)

    @cached_property
    def operation_store(self) -> OperationStore:
        from chalicelib.store.operations import OperationStore

        return OperationStore(self.db)

    @cached_property
    def operation_runs(self) -> OperationRuns:
        from chalicelib.services.operations import OperationRuns

        return OperationRuns(self.operation_store, self.user_store)

    @cached_property
    def bulk_work(self) -> BulkWork:
        from chalicelib.services.bulk import BulkWork

        return BulkWork(self.job_search, self.job_changes, lambda: self.bulk_replay, self.operation_runs, self.clock)

    @cached_property
    def bulk_replay(self) -> BulkReplay:
        from chalicelib.services.bulk_replay import BulkReplay

        return BulkReplay(
            store=self.job_store, catalogue=self.catalogue, submitter=self.submitter, limits=self.limits,
            projection=self.projection, redactions=self.redactions, stored=lambda: self.stored_values,
            max_bytes=self.settings.document_bytes, clock=self.clock,
        )  # fmt: skip

    @cached_property
    def exports(self) -> Exports:
        from chalicelib.services.exports import Exports

        return Exports(self.job_search, self.redactions, lambda: self.export_bucket)

    @cached_property
    def export_bucket(self) -> Bucket:
        from chalicelib.aws.objects import TIMEOUT_S

        return self.bucket(self.settings.export_bucket, "exports (EXPORT_BUCKET)", timeout_s=TIMEOUT_S)
