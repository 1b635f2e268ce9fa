"""Parts shared by API and worker: jobs in both stores, and maintenance."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.core import Core
from chalicelib.domain.batches import FOLLOWER_KIND as BATCH
from chalicelib.domain.dependencies import FOLLOWER_KIND as DEPENDENTS
from chalicelib.domain.nodes import MAP_KIND as MAP
from chalicelib.domain.schedules import FOLLOWER_KIND
from chalicelib.domain.workflows import FOLLOWER_KIND as WORKFLOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.jobs import Job, OutboxEntry
    from chalicelib.queue.due_times import DueTimes
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.limit_instances import Definition, LimitScripts
    from chalicelib.queue.quotas import Quotas
    from chalicelib.queue.retention import ExpiredJobs
    from chalicelib.queue.shares import Shares
    from chalicelib.queue.ticker_lease import TickerLease
    from chalicelib.services.batch_work import BatchWork
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.dependencies import Dependencies
    from chalicelib.services.firing import Firing
    from chalicelib.services.limit_definitions import LimitDefinitions
    from chalicelib.services.maintenance.census import CensusCheck
    from chalicelib.services.maintenance.due_rates import DueRates
    from chalicelib.services.maintenance.held_jobs import HeldJobs
    from chalicelib.services.maintenance.intents import IntentSettlement
    from chalicelib.services.maintenance.lease_rescue import LeaseRescue
    from chalicelib.services.maintenance.limits import LimitSettlement
    from chalicelib.services.maintenance.outbox import OutboxSweep
    from chalicelib.services.maintenance.parked_lanes import ParkedLanes
    from chalicelib.services.maintenance.pauses import PauseSettlement
    from chalicelib.services.maintenance.promotion import Promotion
    from chalicelib.services.maintenance.reconciliation import Reconciliation
    from chalicelib.services.maintenance.retention import Retention
    from chalicelib.services.maintenance.successors import SuccessorSweep
    from chalicelib.services.maintenance.sweeper import Sweeper
    from chalicelib.services.maintenance.tenant_settings import TenantSettingsSettlement
    from chalicelib.services.maintenance.tombstones import Tombstones
    from chalicelib.services.outbox import Dispatcher
    from chalicelib.services.priorities import Priorities
    from chalicelib.services.projection import Projection
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.services.schedule_gauges import ScheduleGauges
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.successors import Successors
    from chalicelib.services.tasks import Catalogue
    from chalicelib.services.tenant_settings import SettingsRules, TenantSettingsProjection
    from chalicelib.services.ticking import Ticking
    from chalicelib.services.workflow_nodes import WorkflowNodes
    from chalicelib.services.workflow_work import WorkflowWork
    from chalicelib.store.batches import BatchStore
    from chalicelib.store.dependencies import DependencyStore
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.limits import LimitStore
    from chalicelib.store.maintenance import RoutineCounts
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.outbox import OutboxStore
    from chalicelib.store.queues import QueueStore
    from chalicelib.store.retention import RetentionStore
    from chalicelib.store.schedule_runs import RunStore
    from chalicelib.store.schedules import ScheduleStore
    from chalicelib.store.tenant_settings import TenantSettingsStore
    from chalicelib.store.uniqueness import UniqueStore
    from chalicelib.store.workflows import WorkflowStore


class JobParts(Core):
    """Queue, records and maintenance."""

    @cached_property
    def engine(self) -> Engine:
        from chalicelib.queue.engine import Engine

        engine = Engine(self.redis, self.scripts, self.settings, self.quarantine)

        def make_room() -> None:
            self.promotion.make_room()

        def wake(pools: Sequence[str]) -> None:
            self.waker.wake_workers(pools)

        engine.on_room, engine.on_wake = make_room, wake
        return engine

    @cached_property
    def job_store(self) -> JobStore:
        from chalicelib.store.jobs import JobStore

        return JobStore(self.db)

    @cached_property
    def job_logs(self) -> JobLogStore:
        from chalicelib.store.job_logs import JobLogStore

        return JobLogStore(self.db)

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
    def priorities(self) -> Priorities:
        from chalicelib.services.priorities import Priorities

        return Priorities(self.queue_store, self.settings, self.clock)

    @cached_property
    def queue_store(self) -> QueueStore:
        from chalicelib.store.queues import QueueStore

        return QueueStore(self.db)

    @cached_property
    def tenant_settings_store(self) -> TenantSettingsStore:
        from chalicelib.store.tenant_settings import TenantSettingsStore

        return TenantSettingsStore(self.db)

    @cached_property
    def settings_rules(self) -> SettingsRules:
        from chalicelib.services.tenant_settings import SettingsRules

        return SettingsRules(self.settings)

    @cached_property
    def quotas(self) -> Quotas:
        from chalicelib.queue.quotas import Quotas

        return Quotas(self.redis, self.keys)

    @cached_property
    def shares(self) -> Shares:
        from chalicelib.queue.shares import Shares

        return Shares(self.redis, self.scripts)

    @cached_property
    def tenant_settings_projection(self) -> TenantSettingsProjection:
        from chalicelib.services.tenant_settings import TenantSettingsProjection

        return TenantSettingsProjection(
            self.tenant_settings_store, self.settings_rules, self.quotas, self.shares, self.waker
        )

    @cached_property
    def limit_store(self) -> LimitStore:
        from chalicelib.store.limits import LimitStore

        return LimitStore(self.db)

    @cached_property
    def limit_definitions(self) -> LimitDefinitions:
        from chalicelib.services.limit_definitions import LimitDefinitions

        return LimitDefinitions(self.catalogue, self.limit_store, self.limit_scripts, self.waker)

    @cached_property
    def catalogue(self) -> Catalogue:
        from chalicelib.services.tasks import Catalogue
        from chalicelib.store.tasks import TaskStore

        return Catalogue(TaskStore(self.db), self.clock)

    @cached_property
    def rebuilder(self) -> ProjectionRebuilder:
        from chalicelib.services.rebuilder import ProjectionRebuilder

        rebuilder = ProjectionRebuilder(
            scripts=self.scripts,
            engine=self.engine,
            event_log=self.event_log,
            store=self.job_store,
            queues=self.queue_store,
            meta=self.meta,
            waker=self.waker,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )
        rebuilder.restore_first = [self.tenant_settings_projection.restore_quotas]

        def definitions() -> list[Definition]:
            return self.limit_definitions.wanted()

        rebuilder.definitions, rebuilder.shares = definitions, self.tenant_settings_projection.shares
        return rebuilder

    @cached_property
    def projection(self) -> Projection:
        from chalicelib.services.projection import Projection

        return Projection(self.rebuilder, self.waker, self.log)

    @cached_property
    def submitter(self) -> Submitter:
        from chalicelib.services.submitter import Submitter

        return Submitter(
            engine=self.engine,
            projection=self.projection,
            rebuilder=self.rebuilder,
            waker=self.waker,
            store=self.job_store,
            dependencies=self.dependencies,
            priorities=self.priorities,
            ids=self.ids,
            log=self.log,
        )

    @cached_property
    def cancellation(self) -> Cancellation:
        from chalicelib.services.cancellation import Cancellation

        return Cancellation(
            engine=self.engine, projection=self.projection, dispatcher=self.dispatcher, store=self.job_store,
            clock=self.clock,
        )  # fmt: skip

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Handlers are part of it, so every process that ends jobs does what follows their ends."""
        from chalicelib.services.outbox import Dispatcher

        dispatcher = Dispatcher(self.outbox_store, self.successors, self.log)

        def begin_next(job: Job, entry: OutboxEntry) -> None:
            self.firing.begin_next(job.tenant_id, entry.id)

        def ask_dependents(job: Job, entry: OutboxEntry) -> None:
            self.dependencies.follow(job, entry)

        def look_at_batches(entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
            self.batch_work.follow(entries)

        dispatcher.handlers[FOLLOWER_KIND] = begin_next

        def look_at_maps(entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
            self.batch_work.follow_map(entries)

        def look_at_workflows(entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
            self.workflow_work.follow(entries)

        dispatcher.group_handlers[BATCH] = look_at_batches
        dispatcher.group_handlers[MAP] = look_at_maps
        dispatcher.group_handlers[WORKFLOW] = look_at_workflows
        dispatcher.handlers[DEPENDENTS] = ask_dependents
        return dispatcher

    @cached_property
    def dependencies(self) -> Dependencies:
        from chalicelib.services.dependencies import Dependencies, Prepared, as_they_are

        dependencies = Dependencies(
            engine=self.engine,
            store=self.dependency_store,
            jobs=self.job_store,
            dispatcher=self.dispatcher,
            waker=self.waker,
            clock=self.clock,
        )

        def prepare(jobs: Sequence[Job]) -> Prepared:
            return self.workflow_nodes.prepare(jobs) if any(job.part for job in jobs) else as_they_are(jobs)

        dependencies.prepare = prepare
        return dependencies

    @cached_property
    def dependency_store(self) -> DependencyStore:
        from chalicelib.store.dependencies import DependencyStore

        return DependencyStore(self.db)

    @cached_property
    def successors(self) -> Successors:
        from chalicelib.services.successors import Successors

        def promote() -> None:
            self.promotion.make_room()

        return Successors(
            store=self.unique_store, jobs=self.job_store, due_times=self.due_times, promote=promote, clock=self.clock
        )

    @cached_property
    def unique_store(self) -> UniqueStore:
        from chalicelib.store.uniqueness import UniqueStore

        return UniqueStore(self.db)

    @cached_property
    def due_times(self) -> DueTimes:
        from chalicelib.queue.due_times import DueTimes

        return DueTimes(self.redis, self.keys)

    @cached_property
    def outbox_store(self) -> OutboxStore:
        from chalicelib.store.outbox import OutboxStore

        return OutboxStore(self.db)

    # --- batches ---------------------------------------------------------------------------------------------
    @cached_property
    def batch_store(self) -> BatchStore:
        from chalicelib.store.batches import BatchStore

        return BatchStore(self.db)

    @cached_property
    def batch_work(self) -> BatchWork:
        from chalicelib.services.batch_work import BatchWork

        work = BatchWork(
            store=self.batch_store, jobs=self.job_store, engine=self.engine, submitter=self.submitter,
            cancellation=self.cancellation, priorities=self.priorities, catalogue=self.catalogue, waker=self.waker,
            event_log=self.event_log, clock=self.clock, log=self.log,
        )  # fmt: skip

        def ask_node(job_id: str) -> None:
            self.dependencies.release(self.dependency_store.whole([job_id]))

        work.on_map_end = ask_node
        return work

    # --- workflows -------------------------------------------------------------------------------------------
    @cached_property
    def workflow_store(self) -> WorkflowStore:
        from chalicelib.store.workflows import WorkflowStore

        return WorkflowStore(self.db)

    @cached_property
    def workflow_nodes(self) -> WorkflowNodes:
        from chalicelib.services.workflow_nodes import WorkflowNodes

        return WorkflowNodes(
            store=self.workflow_store, jobs=self.job_store, batches=self.batch_store, work=self.batch_work,
            submitter=self.submitter, catalogue=self.catalogue,
        )  # fmt: skip

    @cached_property
    def workflow_work(self) -> WorkflowWork:
        from chalicelib.services.workflow_work import WorkflowWork

        return WorkflowWork(
            store=self.workflow_store, submitter=self.submitter, dependencies=self.dependencies,
            cancellation=self.cancellation, catalogue=self.catalogue, event_log=self.event_log, clock=self.clock,
            log=self.log,
        )  # fmt: skip

    # --- schedules -------------------------------------------------------------------------------------------
    @cached_property
    def schedule_store(self) -> ScheduleStore:
        from chalicelib.store.schedules import ScheduleStore

        return ScheduleStore(self.db)

    @cached_property
    def run_store(self) -> RunStore:
        from chalicelib.store.schedule_runs import RunStore

        return RunStore(self.db)

    @cached_property
    def firing(self) -> Firing:
        from chalicelib.queue.room import TenantRoom
        from chalicelib.services.firing import Firing
        from chalicelib.services.run_jobs import RunJobs
        from chalicelib.store.schedule_jobs import ScheduleJobs

        made = RunJobs(
            submitter=self.submitter, cancellation=self.cancellation, catalogue=self.catalogue, store=self.job_store,
            ids=self.ids,
        )  # fmt: skip
        return Firing(
            schedules=self.schedule_store, runs=self.run_store, open_jobs=ScheduleJobs(self.db), jobs=made,
            room=TenantRoom(self.redis, self.keys, self.quotas, self.settings), event_log=self.event_log,
            clock=self.clock, log=self.log,
        )  # fmt: skip

    @cached_property
    def ticker_lease(self) -> TickerLease:
        from chalicelib.queue.ticker_lease import TickerLease

        return TickerLease(self.redis, self.keys)

    @cached_property
    def ticking(self) -> Ticking:
        from chalicelib.services.ticking import Ticking

        return Ticking(
            engine=self.engine,
            limits=self.limit_scripts,
            schedules=self.schedule_store,
            lease=self.ticker_lease,
            waker=self.waker,
            clock=self.clock,
            log=self.log,
        )

    @cached_property
    def schedule_gauges(self) -> ScheduleGauges:
        from chalicelib.services.schedule_gauges import ScheduleGauges

        return ScheduleGauges(self.schedule_store, self.clock)

    # --- maintenance -----------------------------------------------------------------------------------------
    @cached_property
    def sweeper(self) -> Sweeper:
        """The routines, in the order in which they run."""
        from chalicelib.services.maintenance.batches import BatchSweep
        from chalicelib.services.maintenance.dependencies import DependencySweep
        from chalicelib.services.maintenance.schedule_runs import ScheduleRuns
        from chalicelib.services.maintenance.schedules import ScheduleFires
        from chalicelib.services.maintenance.sweeper import Sweeper
        from chalicelib.services.maintenance.workflows import WorkflowSweep

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
            ],
            long=[self.retention],
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
    def limit_scripts(self) -> LimitScripts:
        from chalicelib.queue.limit_instances import LimitScripts

        return LimitScripts(self.redis, self.scripts)

    @cached_property
    def routine_counts(self) -> RoutineCounts:
        from chalicelib.store.maintenance import RoutineCounts

        return RoutineCounts(self.db, self.settings.redis_namespace)

    @cached_property
    def lease_rescue(self) -> LeaseRescue:
        from chalicelib.services.maintenance.lease_rescue import LeaseRescue

        return LeaseRescue(
            engine=self.engine,
            store=self.job_store,
            waker=self.waker,
            dispatcher=self.dispatcher,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )

    @cached_property
    def promotion(self) -> Promotion:
        from chalicelib.services.maintenance.promotion import Promotion

        return Promotion(
            engine=self.engine,
            due_times=self.due_times,
            store=self.job_store,
            waker=self.waker,
            clock=self.clock,
            log=self.log,
        )

    @cached_property
    def held_jobs(self) -> HeldJobs:
        from chalicelib.services.maintenance.held_jobs import HeldJobs

        return HeldJobs(self.engine)

    @cached_property
    def intents(self) -> IntentSettlement:
        from chalicelib.services.maintenance.intents import IntentSettlement

        return IntentSettlement(
            engine=self.engine, rebuilder=self.rebuilder, store=self.job_store, waker=self.waker, clock=self.clock
        )

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
