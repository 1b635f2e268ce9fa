"""Parts shared by API and worker: the queue, and jobs in both stores."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.job_stores import JobStores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.batches import Batch
    from chalicelib.domain.jobs import Job, OutboxEntry
    from chalicelib.domain.workflows import Workflow
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.limit_instances import Definition
    from chalicelib.queue.suspended import SuspendedJobs
    from chalicelib.services.batch_work import BatchWork
    from chalicelib.services.callbacks import Callbacks
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.children import Children
    from chalicelib.services.dependencies import Dependencies
    from chalicelib.services.firing import Firing
    from chalicelib.services.limit_definitions import LimitDefinitions
    from chalicelib.services.maintenance.promotion import Promotion
    from chalicelib.services.outbox import Dispatcher
    from chalicelib.services.priorities import Priorities
    from chalicelib.services.projection import Projection
    from chalicelib.services.rebuilder import ProjectionRebuilder
    from chalicelib.services.redactions import Redactions
    from chalicelib.services.schedule_gauges import ScheduleGauges
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.successors import Successors
    from chalicelib.services.tasks import Catalogue
    from chalicelib.services.tenant_settings import SettingsRules, TenantSettingsProjection
    from chalicelib.services.ticking import Ticking
    from chalicelib.services.waits import Waits
    from chalicelib.services.webhook_events import WebhookEvents
    from chalicelib.services.webhook_sending import WebhookSending
    from chalicelib.services.workflow_nodes import WorkflowNodes
    from chalicelib.services.workflow_work import WorkflowWork


class JobParts(JobStores):
    """The queue, and what works on jobs."""

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
    def priorities(self) -> Priorities:
        from chalicelib.services.priorities import Priorities

        return Priorities(self.queue_store, self.settings, self.clock)

    @cached_property
    def settings_rules(self) -> SettingsRules:
        from chalicelib.services.tenant_settings import SettingsRules

        return SettingsRules(self.settings)

    @cached_property
    def tenant_settings_projection(self) -> TenantSettingsProjection:
        from chalicelib.services.tenant_settings import TenantSettingsProjection

        return TenantSettingsProjection(
            self.tenant_settings_store, self.settings_rules, self.quotas, self.shares, self.waker
        )

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
    def redactions(self) -> Redactions:
        from chalicelib.services.redactions import Redactions

        return Redactions(self.catalogue.redacted, self.subscriptions.redacted)

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
        from chalicelib.domain import batches, dependencies, nodes, schedules, steps, webhooks, workflows
        from chalicelib.services.outbox import Dispatcher

        dispatcher = Dispatcher(self.outbox_store, self.successors, self.log)

        def look_at_suspended(job_ids: Sequence[str]) -> None:
            self.waits.look(job_ids)

        dispatcher.on_suspended = look_at_suspended

        def resume_parent(job: Job, entry: OutboxEntry) -> None:
            self.waits.look([entry.id])

        dispatcher.handlers[steps.FOLLOWER_KIND] = dispatcher.handlers[steps.DETACHED_KIND] = resume_parent

        def begin_next(job: Job, entry: OutboxEntry) -> None:
            self.firing.begin_next(job.tenant_id, entry.id)

        def ask_dependents(job: Job, entry: OutboxEntry) -> None:
            self.dependencies.follow(job, entry)
            self.children.follow(job)

        def look_at_batches(entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
            self.batch_work.follow(entries)

        dispatcher.handlers[schedules.FOLLOWER_KIND] = begin_next

        def look_at_maps(entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
            self.batch_work.follow_map(entries)

        def look_at_workflows(entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
            self.workflow_work.follow(entries)

        def report(entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
            self.webhook_events.follow(entries)

        dispatcher.group_handlers[webhooks.FOLLOWER_KIND] = report
        dispatcher.group_handlers[batches.FOLLOWER_KIND] = look_at_batches
        dispatcher.group_handlers[nodes.MAP_KIND] = look_at_maps
        dispatcher.group_handlers[workflows.FOLLOWER_KIND] = look_at_workflows
        dispatcher.handlers[dependencies.FOLLOWER_KIND] = ask_dependents
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
    def successors(self) -> Successors:
        from chalicelib.services.successors import Successors

        def promote() -> None:
            self.promotion.make_room()

        return Successors(
            store=self.unique_store, jobs=self.job_store, due_times=self.due_times, promote=promote, clock=self.clock
        )

    # --- durable steps ---------------------------------------------------------------------------------------
    @cached_property
    def suspended(self) -> SuspendedJobs:
        from chalicelib.queue.suspended import SuspendedJobs

        return SuspendedJobs(self.redis, self.keys)

    @cached_property
    def children(self) -> Children:
        from chalicelib.services.children import Children

        return Children(
            submitter=self.submitter, cancellation=self.cancellation, catalogue=self.catalogue, store=self.job_store,
            marks=self.dependency_store, steps=self.step_store, clock=self.clock,
            max_bytes=self.settings.document_bytes, stored=lambda: self.stored_values,
        )  # fmt: skip

    @cached_property
    def callbacks(self) -> Callbacks:
        from chalicelib.services.callbacks import Callbacks

        return Callbacks(self.settings.secret_key, self.settings.secret_key_previous)

    @cached_property
    def waits(self) -> Waits:
        from chalicelib.services.waits import Waits

        return Waits(
            engine=self.engine, suspended=self.suspended, due_times=self.due_times, store=self.job_store,
            events=self.step_events, states=self.dependency_store, waker=self.waker, clock=self.clock,
        )  # fmt: skip

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

        def report(batch: Batch) -> None:
            self.webhook_events.batch_ended(batch)

        work.on_map_end, work.on_end = ask_node, report
        return work

    @cached_property
    def workflow_nodes(self) -> WorkflowNodes:
        from chalicelib.services.workflow_nodes import WorkflowNodes

        return WorkflowNodes(
            store=self.workflow_store, jobs=self.job_store, batches=self.batch_store, work=self.batch_work,
            submitter=self.submitter, catalogue=self.catalogue, room=self.tenant_room,
            stored=lambda: self.stored_values, max_bytes=self.settings.document_bytes,
        )  # fmt: skip

    @cached_property
    def workflow_work(self) -> WorkflowWork:
        from chalicelib.services.workflow_work import WorkflowWork

        work = WorkflowWork(
            store=self.workflow_store, submitter=self.submitter, dependencies=self.dependencies,
            cancellation=self.cancellation, maps=self.batch_work, catalogue=self.catalogue, event_log=self.event_log,
            clock=self.clock, log=self.log,
        )  # fmt: skip

        def report(workflow: Workflow) -> None:
            self.webhook_events.workflow_ended(workflow)

        work.on_end = report
        return work

    # --- webhooks --------------------------------------------------------------------------------------------
    @cached_property
    def webhook_events(self) -> WebhookEvents:
        from chalicelib.services.webhook_events import WebhookEvents

        events = WebhookEvents(
            webhooks=self.webhook_store, deliveries=self.delivery_store, subscriptions=self.subscriptions,
            clock=self.clock, ids=self.ids, trace_ratio=self.trace_ratio,
        )  # fmt: skip

        def wake() -> None:
            self.waker.wake_sender()

        events.on_due = wake
        return events

    @cached_property
    def webhook_sending(self) -> WebhookSending:
        from chalicelib.services.webhook_sending import WebhookSending

        return WebhookSending(
            webhooks=self.webhook_store, deliveries=self.delivery_store, subscriptions=self.subscriptions,
            event_log=self.event_log, clock=self.clock, ids=self.ids, log=self.log,
        )  # fmt: skip

    @cached_property
    def firing(self) -> Firing:
        from chalicelib.services.firing import Firing
        from chalicelib.services.run_jobs import RunJobs
        from chalicelib.store.schedule_jobs import ScheduleJobs

        made = RunJobs(
            submitter=self.submitter, cancellation=self.cancellation, catalogue=self.catalogue, store=self.job_store,
            ids=self.ids, spans=self.spans, trace_ratio=self.settings.trace_ratio,
        )  # fmt: skip
        return Firing(
            schedules=self.schedule_store, runs=self.run_store, open_jobs=ScheduleJobs(self.db), jobs=made,
            room=self.tenant_room, event_log=self.event_log,
            clock=self.clock, log=self.log,
        )  # fmt: skip

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
