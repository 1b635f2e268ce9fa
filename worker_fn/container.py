"""The container of the worker."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.maintenance import MaintenanceParts
from chalicelib.containers.operations import OperationParts

if TYPE_CHECKING:
    from chalicelib.services.code_schedules import CodeSchedules
    from chalicelib.services.maintenance.reindex import Reindex
    from chalicelib.services.operators import Operators
    from chalicelib.services.vitals import VitalsService
    from chalicelib.store.ownership import DatabaseOwner
    from chalicelib.store.rollups import RollupStore
    from worker_fn.tracing import WorkerTracing


class WorkerContainer(OperationParts, MaintenanceParts):
    """Parts of the worker: jobs, roll-ups, vital signs, administration."""

    @property
    def sends_spans_in_background(self) -> bool:
        return True

    @property
    def mongo_connections(self) -> int:
        return self.settings.job_concurrency + 3

    @property
    def redis_connections(self) -> int:
        return self.settings.job_concurrency + 6

    @cached_property
    def database_owner(self) -> DatabaseOwner:
        from chalicelib.store.ownership import DatabaseOwner

        return DatabaseOwner(self.db, self.settings.stack_name)

    @cached_property
    def code_schedules(self) -> CodeSchedules:
        from chalicelib.services.code_schedules import CodeSchedules

        return CodeSchedules(
            store=self.schedule_store,
            users=self.user_store,
            ticking=self.ticking,
            event_log=self.event_log,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )

    @cached_property
    def operators(self) -> Operators:
        from chalicelib.services.operators import Operators
        from chalicelib.services.passwords import Passwords
        from chalicelib.store.tenants import TenantStore

        return Operators(
            users=self.user_store,
            tenants=TenantStore(self.db),
            passwords=Passwords(),
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def reindex(self) -> Reindex:
        from chalicelib.services.maintenance.reindex import Reindex
        from chalicelib.store.job_terms import TermStore

        return Reindex(TermStore(self.db, self.settings.redis_namespace), self.clock, self.log)

    @cached_property
    def rollups(self) -> RollupStore:
        from chalicelib.store.rollups import RollupStore

        return RollupStore(self.db)

    def worker_tracing(self, worker_id: str) -> WorkerTracing | None:
        """Return what records the spans of a worker, ``None`` where none are exported."""
        if self.spans is None:
            return None
        from worker_fn.tracing import WorkerTracing

        return WorkerTracing(self.spans, self.settings.trace_ratio, worker_id)

    @cached_property
    def vitals(self) -> VitalsService:
        from chalicelib.queue.totals import Totals
        from chalicelib.services.metrics import MetricsService
        from chalicelib.services.vitals import VitalsService
        from chalicelib.store.tenants import TenantStore
        from chalicelib.telemetry.metrics import QueueMetrics

        s = self.settings
        metrics = MetricsService(self.engine, Totals(self.redis, self.keys), TenantStore(self.db))
        output = QueueMetrics(s.stack_name, enabled=s.deployed)
        return VitalsService(self.vital_signs, metrics, self.schedule_gauges, output, self.clock)


@cache
def get_container() -> WorkerContainer:
    """Return the container of this process. Raises the errors of ``Core.from_env``."""
    return WorkerContainer.from_env()
