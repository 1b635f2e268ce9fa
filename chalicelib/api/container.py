"""The composition root of the API: the HTTP and WebSocket handlers of ``app.py``."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.connections import ConnectionParts
from chalicelib.containers.maintenance import MaintenanceParts
from chalicelib.settings import trace_header

if TYPE_CHECKING:
    from redis import Redis

    from chalicelib.queue.limit_room import LimitRoom
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.services.accounts import Accounts
    from chalicelib.services.admission import Admission
    from chalicelib.services.api_keys import ApiKeys
    from chalicelib.services.audit import AuditLog
    from chalicelib.services.batches import BatchService
    from chalicelib.services.dlq import DlqService
    from chalicelib.services.health import HealthService
    from chalicelib.services.idempotency import Idempotency
    from chalicelib.services.jobs import JobService
    from chalicelib.services.limits import LimitService
    from chalicelib.services.members import Members
    from chalicelib.services.metrics import MetricsService
    from chalicelib.services.passwords import Passwords
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.queues import QueueService
    from chalicelib.services.schedules import ScheduleService
    from chalicelib.services.search import SearchService
    from chalicelib.services.series import SeriesService
    from chalicelib.services.stats import StatsService
    from chalicelib.services.steps import StepService
    from chalicelib.services.tenant_limits import TenantLimits
    from chalicelib.services.tenant_settings import TenantSettingsService
    from chalicelib.services.tenants import TenantService
    from chalicelib.services.tickets import Tickets
    from chalicelib.services.uniqueness import Uniqueness
    from chalicelib.services.workers import WorkerService
    from chalicelib.services.workflow_retries import WorkflowRetries
    from chalicelib.services.workflows import WorkflowService
    from chalicelib.store.idempotency import KeyStore
    from chalicelib.store.job_search import JobSearch
    from chalicelib.store.series import SeriesStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.totals import TotalStore
    from chalicelib.telemetry.metrics import ApiMetrics
    from chalicelib.telemetry.tracer import Tracing


class ApiContainer(MaintenanceParts, ConnectionParts):
    """Services of the routes."""

    @cached_property
    def tracing(self) -> Tracing:
        from chalicelib.telemetry.tracer import Tracing

        return Tracing(self.settings.tracing_daemon if self.settings.deployed else "", trace_header)

    @cached_property
    def api_metrics(self) -> ApiMetrics:
        from chalicelib.telemetry.metrics import ApiMetrics

        s = self.settings
        return ApiMetrics(s.service_name, s.stack_name, enabled=s.deployed)

    @cached_property
    def impatient_redis(self) -> Redis:
        """For health checks: its time-outs are shorter than those of a check."""
        from chalicelib.queue.client import connect
        from chalicelib.services.health import CHECK_S

        return connect(self.settings.redis_url, 1, socket_timeout_s=CHECK_S / 2, connect_s=CHECK_S / 2)

    @cached_property
    def jobs(self) -> JobService:
        from chalicelib.services.jobs import JobService
        from chalicelib.services.step_series import StepSeries

        return JobService(
            engine=self.engine,
            limits=self.limits,
            projection=self.projection,
            submitter=self.submitter,
            cancellation=self.cancellation,
            waker=self.waker,
            store=self.job_store,
            idempotency=self.idempotency,
            dependencies=self.dependencies,
            batches=self.batch_store,
            workflows=self.workflow_store,
            workflow_retries=self.workflow_retries,
            uniqueness=self.uniqueness,
            payloads=self.payloads,
            limit_room=self.limit_room,
            step_series=StepSeries(self.step_store, self.step_events),
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def steps(self) -> StepService:
        from chalicelib.services.steps import StepService

        return StepService(
            jobs=self.jobs, store=self.job_store, steps=self.step_store, events=self.step_events, waits=self.waits,
            projection=self.projection, callbacks=self.callbacks, clock=self.clock, ids=self.ids,
        )  # fmt: skip

    @cached_property
    def payloads(self) -> Payloads:
        from chalicelib.services.payloads import Payloads

        return Payloads(self.catalogue, self.log)

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

    @cached_property
    def workflow_retries(self) -> WorkflowRetries:
        from chalicelib.services.workflow_retries import WorkflowRetries

        return WorkflowRetries(
            store=self.workflow_store, jobs=self.job_store, work=self.workflow_work, admission=self.admission,
            submitter=self.submitter, clock=self.clock,
        )  # fmt: skip

    @cached_property
    def admission(self) -> Admission:
        from chalicelib.services.admission import Admission

        return Admission(self.engine, self.limits, self.projection)

    @cached_property
    def limits(self) -> CreationLimits:
        from chalicelib.queue.limits import CreationLimits

        return CreationLimits(self.scripts, self.settings)

    @cached_property
    def limit_room(self) -> LimitRoom:
        from chalicelib.queue.limit_room import LimitRoom

        return LimitRoom(self.redis, self.keys, self.settings)

    @cached_property
    def idempotency(self) -> Idempotency:
        from chalicelib.services.idempotency import Idempotency

        return Idempotency(self.key_store, self.clock, self.ids)

    @cached_property
    def key_store(self) -> KeyStore:
        from chalicelib.store.idempotency import KeyStore

        return KeyStore(self.db)

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
    def job_search(self) -> JobSearch:
        from chalicelib.store.job_search import JobSearch

        return JobSearch(self.db)

    @cached_property
    def search(self) -> SearchService:
        from chalicelib.services.search import SearchService

        return SearchService(self.job_search, self.user_store, self.tenant_store)

    @cached_property
    def dlq(self) -> DlqService:
        from chalicelib.services.dlq import DlqService

        return DlqService(self.job_search)

    @cached_property
    def stats(self) -> StatsService:
        from chalicelib.services.stats import StatsService

        return StatsService(self.engine)

    @cached_property
    def queues(self) -> QueueService:
        from chalicelib.services.queues import QueueService

        return QueueService(
            engine=self.engine,
            store=self.queue_store,
            series=self.series_store,
            throttles=self.throttles,
            settings=self.settings,
            clock=self.clock,
            wake_workers=self.waker.wake_workers,
            priorities=self.priorities,
            event_log=self.event_log,
        )

    @cached_property
    def task_limits(self) -> LimitService:
        from chalicelib.services.limits import LimitService

        return LimitService(
            catalogue=self.catalogue,
            store=self.limit_store,
            definitions=self.limit_definitions,
            scripts=self.limit_scripts,
            jobs=self.job_store,
            projection=self.projection,
            event_log=self.event_log,
            throttles=self.throttles,
            clock=self.clock,
            log=self.log,
        )

    @cached_property
    def tenant_limits(self) -> TenantLimits:
        from chalicelib.services.tenant_limits import TenantLimits

        return TenantLimits(self.tenant_settings_store, self.settings_rules, self.limit_scripts)

    @cached_property
    def schedules(self) -> ScheduleService:
        from chalicelib.services.schedules import ScheduleService

        return ScheduleService(
            store=self.schedule_store,
            runs=self.run_store,
            firing=self.firing,
            ticking=self.ticking,
            payloads=self.payloads,
            throttles=self.throttles,
            event_log=self.event_log,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )

    @cached_property
    def workers(self) -> WorkerService:
        from chalicelib.services.workers import WorkerService

        return WorkerService(self.engine, self.fleet, self.job_search)

    @cached_property
    def accounts(self) -> Accounts:
        from chalicelib.services.accounts import Accounts

        return Accounts(
            users=self.user_store,
            tenants=self.tenant_store,
            sessions=self.sessions,
            passwords=self.passwords,
            throttles=self.throttles,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def members(self) -> Members:
        from chalicelib.services.members import Members

        return Members(
            users=self.user_store,
            tenants=self.tenant_store,
            passwords=self.passwords,
            schedules=self.schedule_store,
            keys=self.api_key_store,
            throttles=self.throttles,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def api_keys(self) -> ApiKeys:
        from chalicelib.services.api_keys import ApiKeys

        return ApiKeys(
            keys=self.api_key_store,
            users=self.user_store,
            tenants=self.tenant_store,
            throttles=self.throttles,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def audit_log(self) -> AuditLog:
        from chalicelib.services.audit import AuditLog
        from chalicelib.store.audit import AuditStore

        return AuditLog(AuditStore(self.db, self.settings.keep_audit_days), self.clock, self.ids, self.log)

    @cached_property
    def passwords(self) -> Passwords:
        from chalicelib.services.passwords import Passwords

        return Passwords()

    @cached_property
    def tenant_store(self) -> TenantStore:
        from chalicelib.store.tenants import TenantStore

        return TenantStore(self.db)

    @cached_property
    def tenants(self) -> TenantService:
        from chalicelib.services.tenants import TenantService

        return TenantService(self.tenant_store, self.engine)

    @cached_property
    def tenant_settings(self) -> TenantSettingsService:
        from chalicelib.services.tenant_settings import TenantSettingsService

        return TenantSettingsService(
            store=self.tenant_settings_store,
            rules=self.settings_rules,
            in_queue=self.tenant_settings_projection,
            projection=self.projection,
            event_log=self.event_log,
            throttles=self.throttles,
            clock=self.clock,
        )

    @cached_property
    def tickets(self) -> Tickets:
        from chalicelib.queue.tickets import TicketStore
        from chalicelib.services.tickets import Tickets

        return Tickets(
            TicketStore(self.redis, self.keys), self.ids, end_of=lambda who: self.authentication.ends([who])[0]
        )

    @cached_property
    def metrics(self) -> MetricsService:
        from chalicelib.queue.totals import Totals
        from chalicelib.services.metrics import MetricsService

        return MetricsService(self.engine, Totals(self.redis, self.keys), self.tenant_store)

    @cached_property
    def series(self) -> SeriesService:
        from chalicelib.services.series import SeriesService

        return SeriesService(self.series_store, self.clock)

    @cached_property
    def series_store(self) -> SeriesStore:
        from chalicelib.store.series import SeriesStore

        return SeriesStore(self.db)

    @cached_property
    def totals(self) -> TotalStore:
        from chalicelib.store.totals import TotalStore

        return TotalStore(self.db)

    @cached_property
    def health(self) -> HealthService:
        from chalicelib.services.health import HealthService

        return HealthService(self.meta, self.impatient_redis, self.keys, self.settings.pool_names)

    def close(self) -> None:
        """Close all connections that were opened."""
        super().close()
        self._close("impatient_redis", "tracing")


@cache
def get_container() -> ApiContainer:
    """Return the container of this process. Raises what ``Core.from_env`` raises."""
    return ApiContainer.from_env()
