"""Services of the routes of queues, workers and limits of tasks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.connections import ConnectionParts
from chalicelib.containers.maintenance import MaintenanceParts

if TYPE_CHECKING:
    from chalicelib.services.limits import LimitService
    from chalicelib.services.queues import QueueService
    from chalicelib.services.stats import StatsService
    from chalicelib.store.series import SeriesStore


class QueueServices(MaintenanceParts, ConnectionParts):
    """Queues, workers and limits of tasks."""

    @cached_property
    def queues(self) -> QueueService:
        from chalicelib.errors import InvalidInput
        from chalicelib.services.queues import QueueService

        def is_task(name: str) -> bool:
            try:
                return not self.catalogue.get(name).reserved
            except InvalidInput:
                return False

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
            is_task=is_task,
        )

    @cached_property
    def stats(self) -> StatsService:
        from chalicelib.services.stats import StatsService

        return StatsService(self.engine)

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
    def series_store(self) -> SeriesStore:
        from chalicelib.store.series import SeriesStore

        return SeriesStore(self.db)
