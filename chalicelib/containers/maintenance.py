"""Parts shared by API and worker: the routines of maintenance."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.alerts import AlertParts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.aws.objects import Bucket
    from chalicelib.services.deletions import DeletionWork
    from chalicelib.services.maintenance.census import CensusCheck
    from chalicelib.services.maintenance.due_rates import DueRates
    from chalicelib.services.maintenance.held_jobs import HeldJobs
    from chalicelib.services.maintenance.intents import IntentSettlement
    from chalicelib.services.maintenance.lease_rescue import LeaseRescue
    from chalicelib.services.maintenance.limits import LimitSettlement
    from chalicelib.services.maintenance.outbox import OutboxSweep
    from chalicelib.services.maintenance.parked_lanes import ParkedLanes
    from chalicelib.services.maintenance.pauses import PauseSettlement
    from chalicelib.services.maintenance.reconciliation import Reconciliation
    from chalicelib.services.maintenance.retention import Retention
    from chalicelib.services.maintenance.stored_objects import ObjectSweep
    from chalicelib.services.maintenance.successors import SuccessorSweep
    from chalicelib.services.maintenance.sweeper import Sweeper
    from chalicelib.services.maintenance.tenant_settings import TenantSettingsSettlement
    from chalicelib.services.maintenance.tombstones import Tombstones
    from chalicelib.store.deletions import DeletionStore


class MaintenanceParts(AlertParts):
    """The routines, and what runs them."""

    @cached_property
    def sweeper(self) -> Sweeper:
        """The routines, in the order in which they run."""
        from chalicelib.services.maintenance.alerts import AlertRules
        from chalicelib.services.maintenance.batches import BatchSweep
        from chalicelib.services.maintenance.deletions import DeletionRun
        from chalicelib.services.maintenance.dependencies import DependencySweep
        from chalicelib.services.maintenance.failure_mails import FailureMails
        from chalicelib.services.maintenance.mails import MailRun
        from chalicelib.services.maintenance.schedule_runs import ScheduleRuns
        from chalicelib.services.maintenance.schedules import ScheduleFires
        from chalicelib.services.maintenance.sweeper import Sweeper
        from chalicelib.services.maintenance.waits import WaitSweep
        from chalicelib.services.maintenance.workflows import WorkflowSweep
        from chalicelib.store.due_alerts import DueAlerts

        fires = ScheduleFires(self.firing)
        return Sweeper(
            self.rebuilder,
            due=[self.lease_rescue, self.promotion, self.due_rates, fires],
            routines=[
                self.held_jobs,
                self.lease_rescue,
                self.promotion,
                self.intents,
                self.tombstones,
                self.outbox,
                self.successor_sweep,
                WaitSweep(self.waits, self.suspended, self.meta),
                DependencySweep(self.dependencies, self.dependency_store, self.meta),
                BatchSweep(self.batch_work, self.batch_store, self.meta),
                WorkflowSweep(self.workflow_work, self.workflow_store, self.meta),
                fires,
                ScheduleRuns(self.firing),
                self.pauses,
                self.tenant_settings_settlement,
                self.limit_settlement,
                self.due_rates,
                self.parked_lanes,
                self.reconciliation,
                self.census,
                FailureMails(self.failure_looks),
                AlertRules(DueAlerts(self.db), lambda: self.alert_evaluation, self.clock),
                MailRun(self.mailer),
            ],
            long=[self.retention, DeletionRun(self.deletion_work), self.object_sweep],
            counts=self.routine_counts,
            log=self.log,
        )

    @cached_property
    def due_rates(self) -> DueRates:
        from chalicelib.services.maintenance.due_rates import DueRates

        return DueRates(self.engine)

    @cached_property
    def parked_lanes(self) -> ParkedLanes:
        from chalicelib.services.maintenance.parked_lanes import ParkedLanes

        return ParkedLanes(self.limit_scripts, self.waker)

    @cached_property
    def lease_rescue(self) -> LeaseRescue:
        from chalicelib.services.maintenance.lease_rescue import LeaseRescue

        trace_lost = None
        if self.spans is not None:
            from chalicelib.telemetry.attempt_spans import AttemptSpans

            trace_lost = AttemptSpans(self.spans, self.settings.trace_ratio).lost
        return LeaseRescue(
            engine=self.engine,
            store=self.job_store,
            steps=self.step_store,
            waker=self.waker,
            dispatcher=self.dispatcher,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
            trace_lost=trace_lost,
        )

    @cached_property
    def held_jobs(self) -> HeldJobs:
        from chalicelib.services.maintenance.held_jobs import HeldJobs

        return HeldJobs(self.engine)

    @cached_property
    def intents(self) -> IntentSettlement:
        from chalicelib.services.maintenance.intents import IntentSettlement

        return IntentSettlement(
            engine=self.engine, rebuilder=self.rebuilder, store=self.job_store, waits=self.waits, waker=self.waker,
            clock=self.clock,
        )  # fmt: skip

    @cached_property
    def outbox(self) -> OutboxSweep:
        from chalicelib.services.maintenance.outbox import OutboxSweep

        return OutboxSweep(self.dispatcher, self.outbox_store, self.clock)

    @cached_property
    def tombstones(self) -> Tombstones:
        from chalicelib.services.maintenance.tombstones import Tombstones

        return Tombstones(
            engine=self.engine,
            expired=self.expired_jobs,
            rebuilder=self.rebuilder,
            store=self.job_store,
            retention=self.retention_store,
            logs=self.job_logs,
            clock=self.clock,
        )

    @cached_property
    def successor_sweep(self) -> SuccessorSweep:
        from chalicelib.services.maintenance.successors import SuccessorSweep

        return SuccessorSweep(self.successors, self.unique_store)

    @cached_property
    def retention(self) -> Retention:
        from chalicelib.services.maintenance.retention import Retention
        from chalicelib.services.rollup_repair import RollupRepair
        from chalicelib.store.rollups import RollupStore

        return Retention(
            store=self.retention_store,
            expired=self.expired_jobs,
            logs=self.job_logs,
            repair=RollupRepair(self.retention_store, RollupStore(self.db)),
            tenants=self.tenant_settings_store,
            rules=self.settings_rules,
            meta=self.meta,
            clock=self.clock,
            log=self.log,
        )

    @cached_property
    def object_sweep(self) -> ObjectSweep:
        from chalicelib.services.maintenance.stored_objects import ObjectSweep

        def bucket() -> Bucket:
            return self.payload_bucket

        return ObjectSweep(self.stored_objects, bucket if self.settings.payload_bucket else None, self.clock, self.log)

    @cached_property
    def deletion_store(self) -> DeletionStore:
        from chalicelib.store.deletions import DeletionStore

        return DeletionStore(self.db)

    @cached_property
    def deletion_work(self) -> DeletionWork:
        from chalicelib.queue.erasure import Erasure
        from chalicelib.services.deletions import DeletionWork
        from chalicelib.store.audit import AuditStore

        def carry_on(batches: Sequence[str], workflows: Sequence[str]) -> None:
            for batch_id in batches:
                self.batch_work.carry_on(batch_id)
            for workflow_id in workflows:
                self.workflow_work.carry_on(workflow_id)

        return DeletionWork(
            store=self.deletion_store,
            retention=self.retention_store,
            expired=self.expired_jobs,
            logs=self.job_logs,
            cancellation=self.cancellation,
            carry_on=carry_on,
            erasure=Erasure(self.redis, self.keys),
            audit=AuditStore(self.db, self.settings.keep_audit_days),
            users=self.user_store,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def pauses(self) -> PauseSettlement:
        from chalicelib.services.maintenance.pauses import PauseSettlement

        return PauseSettlement(engine=self.engine, queues=self.queue_store, waker=self.waker, clock=self.clock)

    @cached_property
    def tenant_settings_settlement(self) -> TenantSettingsSettlement:
        from chalicelib.services.maintenance.tenant_settings import TenantSettingsSettlement

        return TenantSettingsSettlement(self.tenant_settings_projection)

    @cached_property
    def limit_settlement(self) -> LimitSettlement:
        from chalicelib.services.maintenance.limits import LimitSettlement

        return LimitSettlement(self.limit_definitions)

    @cached_property
    def reconciliation(self) -> Reconciliation:
        from chalicelib.services.maintenance.reconciliation import Reconciliation

        return Reconciliation(rebuilder=self.rebuilder, store=self.job_store, meta=self.meta, clock=self.clock)

    @cached_property
    def census(self) -> CensusCheck:
        from chalicelib.queue.census import Census
        from chalicelib.services.maintenance.census import CensusCheck

        return CensusCheck(
            census=Census(self.redis, self.scripts),
            rebuilder=self.rebuilder,
            store=self.job_store,
            users=self.user_store,
            meta=self.meta,
            clock=self.clock,
            log=self.log,
        )
