"""What the API and the worker share: jobs in both stores, and what keeps these together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.core import Core

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.services.census import CensusService
    from chalicelib.services.keeper import QueueKeeper
    from chalicelib.services.recovery import Recovery
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.queues import QueueStore


class JobParts(Core):
    """The queue, the records, recovery."""

    @cached_property
    def engine(self) -> Engine:
        from chalicelib.queue.engine import Engine

        return Engine(self.redis, self.scripts, self.settings, self.quarantine)

    @cached_property
    def job_store(self) -> JobStore:
        from chalicelib.store.jobs import JobStore

        return JobStore(self.db)

    @cached_property
    def job_logs(self) -> JobLogStore:
        from chalicelib.store.job_logs import JobLogStore

        return JobLogStore(self.db)

    @cached_property
    def meta(self) -> MetaStore:
        from chalicelib.store.meta import MetaStore

        return MetaStore(self.db, self.settings.redis_namespace)

    @cached_property
    def queue_store(self) -> QueueStore:
        from chalicelib.store.queues import QueueStore

        return QueueStore(self.db)

    @cached_property
    def catalogue(self) -> Catalogue:
        from chalicelib.services.tasks import Catalogue
        from chalicelib.store.tasks import TaskStore

        return Catalogue(TaskStore(self.db), self.clock)

    @cached_property
    def keeper(self) -> QueueKeeper:
        from chalicelib.services.keeper import QueueKeeper

        return QueueKeeper(
            scripts=self.scripts,
            engine=self.engine,
            event_log=self.event_log,
            store=self.job_store,
            queues=self.queue_store,
            meta=self.meta,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )

    @cached_property
    def census(self) -> CensusService:
        from chalicelib.queue.census import Census
        from chalicelib.services.census import CensusService

        return CensusService(
            census=Census(self.redis, self.scripts),
            keeper=self.keeper,
            store=self.job_store,
            users=self.user_store,
            meta=self.meta,
            clock=self.clock,
            log=self.log,
        )

    @cached_property
    def recovery(self) -> Recovery:
        from chalicelib.services.recovery import Recovery

        recovery = Recovery(
            keeper=self.keeper,
            engine=self.engine,
            waker=self.waker,
            store=self.job_store,
            queues=self.queue_store,
            census=self.census,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )
        self.engine.on_room = recovery.make_room
        return recovery
