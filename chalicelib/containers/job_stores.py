"""Stores shared by API and worker: collections of jobs and what belongs to them, and values in Redis."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from chalicelib.containers.core import Core
from chalicelib.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.aws.objects import Bucket
    from chalicelib.domain.jobs import Job
    from chalicelib.queue.due_times import DueTimes
    from chalicelib.queue.limit_instances import LimitScripts
    from chalicelib.queue.quotas import Quotas
    from chalicelib.queue.retention import ExpiredJobs
    from chalicelib.queue.room import TenantRoom
    from chalicelib.queue.shares import Shares
    from chalicelib.queue.ticker_lease import TickerLease
    from chalicelib.services.stored_values import StoredValues
    from chalicelib.services.subscriptions import Subscriptions
    from chalicelib.store.batches import BatchStore
    from chalicelib.store.comments import CommentStore
    from chalicelib.store.dependencies import DependencyStore
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.limits import LimitStore
    from chalicelib.store.maintenance import RoutineCounts
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.outbox import OutboxStore
    from chalicelib.store.queues import QueueStore
    from chalicelib.store.redactions import RedactionStore
    from chalicelib.store.retention import RetentionStore
    from chalicelib.store.schedule_runs import RunStore
    from chalicelib.store.schedules import ScheduleStore
    from chalicelib.store.step_events import StepEventStore
    from chalicelib.store.steps import StepStore
    from chalicelib.store.stored_objects import StoredObjects
    from chalicelib.store.tenant_settings import TenantSettingsStore
    from chalicelib.store.uniqueness import UniqueStore
    from chalicelib.store.webhook_deliveries import DeliveryStore
    from chalicelib.store.webhooks import WebhookStore
    from chalicelib.store.workflows import WorkflowStore


#: Time limit of a request to S3 about one payload: three of them fit into the 29 s of API Gateway.
PAYLOAD_TIMEOUT_S: Final = 8.0


class JobStores(Core):
    """What reads and writes, and decides nothing."""

    @cached_property
    def job_store(self) -> JobStore:
        from chalicelib.store.jobs import JobStore

        return JobStore(self.db, self.subscriptions.marked, self._kept)

    def _kept(self, jobs: Sequence[Job]) -> Sequence[Job]:
        return self.stored_values.with_kept_payloads(jobs)

    @cached_property
    def stored_objects(self) -> StoredObjects:
        from chalicelib.store.stored_objects import StoredObjects

        return StoredObjects(self.db)

    @cached_property
    def stored_values(self) -> StoredValues:
        """Loads on first use: when a payload or a result is not in the record of its job."""
        from chalicelib.services.stored_values import StoredValues

        return StoredValues(lambda: self.payload_bucket, self.stored_objects, self.clock, self.ids)

    @cached_property
    def payload_bucket(self) -> Bucket:
        what = "large payloads and results (PAYLOAD_BUCKET)"
        return self.bucket(self.settings.payload_bucket, what, timeout_s=PAYLOAD_TIMEOUT_S)

    def bucket(self, name: str, what: str, *, timeout_s: float) -> Bucket:
        """Return a bucket of the deployment. Raises ``Unavailable`` if there is none for ``what``."""
        from chalicelib.aws.objects import Bucket
        from chalicelib.aws.signing import Credentials

        s = self.settings
        if not name:
            raise Unavailable(f"This deployment has no bucket for {what}")
        return Bucket(
            name,
            endpoint=s.s3_endpoint,
            credentials=Credentials(s.aws_access_key_id, s.aws_secret_access_key, s.aws_session_token),
            region=s.aws_region,
            now_ms=self.clock.now_ms,
            timeout_s=timeout_s,
        )

    @cached_property
    def webhook_store(self) -> WebhookStore:
        from chalicelib.store.webhooks import WebhookStore

        return WebhookStore(self.db)

    @cached_property
    def delivery_store(self) -> DeliveryStore:
        from chalicelib.store.webhook_deliveries import DeliveryStore

        return DeliveryStore(self.db)

    @cached_property
    def redaction_store(self) -> RedactionStore:
        from chalicelib.store.redactions import RedactionStore

        return RedactionStore(self.db)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        from chalicelib.services.subscriptions import Subscriptions

        return Subscriptions(self.webhook_store, self.redaction_store, self.clock)

    @cached_property
    def job_logs(self) -> JobLogStore:
        from chalicelib.store.job_logs import JobLogStore

        return JobLogStore(self.db)

    @cached_property
    def comment_store(self) -> CommentStore:
        from chalicelib.store.comments import CommentStore

        return CommentStore(self.db)

    @cached_property
    def step_store(self) -> StepStore:
        from chalicelib.store.steps import StepStore

        return StepStore(self.db)

    @cached_property
    def step_events(self) -> StepEventStore:
        from chalicelib.store.step_events import StepEventStore

        return StepEventStore(self.db)

    @cached_property
    def retention_store(self) -> RetentionStore:
        from chalicelib.store.retention import RetentionStore

        return RetentionStore(self.db, self.settings.redis_namespace)

    @cached_property
    def expired_jobs(self) -> ExpiredJobs:
        from chalicelib.queue.retention import ExpiredJobs

        return ExpiredJobs(self.scripts)

    @cached_property
    def meta(self) -> MetaStore:
        from chalicelib.store.meta import MetaStore

        return MetaStore(self.db, self.settings.redis_namespace)

    @cached_property
    def queue_store(self) -> QueueStore:
        from chalicelib.store.queues import QueueStore

        return QueueStore(self.db)

    @cached_property
    def tenant_settings_store(self) -> TenantSettingsStore:
        from chalicelib.store.tenant_settings import TenantSettingsStore

        return TenantSettingsStore(self.db)

    @cached_property
    def quotas(self) -> Quotas:
        from chalicelib.queue.quotas import Quotas

        return Quotas(self.redis, self.keys)

    @cached_property
    def tenant_room(self) -> TenantRoom:
        from chalicelib.queue.room import TenantRoom

        return TenantRoom(self.redis, self.keys, self.quotas, self.settings)

    @cached_property
    def shares(self) -> Shares:
        from chalicelib.queue.shares import Shares

        return Shares(self.redis, self.scripts)

    @cached_property
    def limit_store(self) -> LimitStore:
        from chalicelib.store.limits import LimitStore

        return LimitStore(self.db)

    @cached_property
    def dependency_store(self) -> DependencyStore:
        from chalicelib.store.dependencies import DependencyStore

        return DependencyStore(self.db)

    @cached_property
    def unique_store(self) -> UniqueStore:
        from chalicelib.store.uniqueness import UniqueStore

        return UniqueStore(self.db, self._kept)

    @cached_property
    def due_times(self) -> DueTimes:
        from chalicelib.queue.due_times import DueTimes

        return DueTimes(self.redis, self.keys)

    @cached_property
    def outbox_store(self) -> OutboxStore:
        from chalicelib.store.outbox import OutboxStore

        return OutboxStore(self.db)

    @cached_property
    def batch_store(self) -> BatchStore:
        from chalicelib.store.batches import BatchStore

        return BatchStore(self.db)

    @cached_property
    def workflow_store(self) -> WorkflowStore:
        from chalicelib.store.workflows import WorkflowStore

        return WorkflowStore(self.db)

    @cached_property
    def schedule_store(self) -> ScheduleStore:
        from chalicelib.store.schedules import ScheduleStore

        return ScheduleStore(self.db)

    @cached_property
    def run_store(self) -> RunStore:
        from chalicelib.store.schedule_runs import RunStore

        return RunStore(self.db)

    @cached_property
    def ticker_lease(self) -> TickerLease:
        from chalicelib.queue.ticker_lease import TickerLease

        return TickerLease(self.redis, self.keys)

    @cached_property
    def limit_scripts(self) -> LimitScripts:
        from chalicelib.queue.limit_instances import LimitScripts

        return LimitScripts(self.redis, self.scripts)

    @cached_property
    def routine_counts(self) -> RoutineCounts:
        from chalicelib.store.maintenance import RoutineCounts

        return RoutineCounts(self.db, self.settings.redis_namespace)
