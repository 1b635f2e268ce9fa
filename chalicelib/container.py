"""The one composition root: clients and services, built lazily, kept per execution environment.

No other module makes a client. Nothing connects, and no heavy library loads, before its first use.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock, Ids, SystemClock, SystemIds
from chalicelib.queue.keys import Keys
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from pymongo import MongoClient
    from pymongo.database import Database
    from redis import Redis

    from chalicelib.aws.functions import Functions
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.fleet import Fleet
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.queue.scripts import Scripts
    from chalicelib.services.accounts import Accounts
    from chalicelib.services.jobs import JobService
    from chalicelib.services.members import Members
    from chalicelib.services.passwords import Passwords
    from chalicelib.services.recovery import Recovery
    from chalicelib.services.sessions import Sessions
    from chalicelib.services.tasks import Catalogue
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.client import Document
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.rollups import RollupStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore


class Container:
    """Holds one of each. ``close()`` ends the connections it opened."""

    def __init__(self, settings: Settings, clock: Clock | None = None, ids: Ids | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.ids: Ids = ids or SystemIds()

    # --- clients ---------------------------------------------------------------------------------------------
    @cached_property
    def mongo(self) -> MongoClient[Document]:
        from chalicelib.store.client import connect

        return connect(self.settings.mongodb_uri)

    @cached_property
    def db(self) -> Database[Document]:
        from chalicelib.store.client import database

        return database(self.mongo, self.settings.mongodb_database)

    @cached_property
    def redis(self) -> Redis:
        from chalicelib.queue.client import connect

        return connect(self.settings.redis_url)

    @cached_property
    def blocking_redis(self) -> Redis:
        """For blocking reads: its socket outlasts the longest wait at a bell."""
        from chalicelib.queue.client import connect
        from chalicelib.queue.fleet import MAX_WAIT_S

        return connect(self.settings.redis_url, socket_timeout_s=MAX_WAIT_S + 5)

    @cached_property
    def functions(self) -> Functions:
        """Invokes other Lambda functions."""
        from chalicelib.aws.functions import Functions

        return Functions()

    # --- the queue -------------------------------------------------------------------------------------------
    @cached_property
    def keys(self) -> Keys:
        return Keys(self.settings.redis_namespace)

    @cached_property
    def engine(self) -> Engine:
        from chalicelib.queue.engine import Engine

        return Engine(self.redis, self.scripts, self.settings)

    @cached_property
    def event_log(self) -> EventLog:
        from chalicelib.queue.events import EventLog

        return EventLog(self.redis, self.scripts)

    @cached_property
    def fleet(self) -> Fleet:
        from chalicelib.queue.fleet import Fleet

        return Fleet(self.redis, lambda: self.blocking_redis, self.scripts, self.settings)

    @cached_property
    def limits(self) -> CreationLimits:
        from chalicelib.queue.limits import CreationLimits

        return CreationLimits(self.scripts, self.settings)

    @cached_property
    def scripts(self) -> Scripts:
        from chalicelib.queue.scripts import Scripts

        return Scripts(
            self.redis,
            self.keys,
            channel=self.settings.job_events_channel,
            event_log_size=self.settings.event_log_size,
        )

    @cached_property
    def job_store(self) -> JobStore:
        from chalicelib.store.jobs import JobStore

        return JobStore(self.db)

    @cached_property
    def meta(self) -> MetaStore:
        from chalicelib.store.meta import MetaStore

        return MetaStore(self.db, self.settings.redis_namespace)

    @cached_property
    def jobs(self) -> JobService:
        from chalicelib.services.jobs import JobService

        return JobService(
            engine=self.engine,
            store=self.job_store,
            recovery=self.recovery,
            functions=self.functions,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def recovery(self) -> Recovery:
        from chalicelib.services.recovery import Recovery

        return Recovery(
            engine=self.engine,
            store=self.job_store,
            meta=self.meta,
            functions=self.functions,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    # --- tasks -----------------------------------------------------------------------------------------------
    @cached_property
    def catalogue(self) -> Catalogue:
        from chalicelib.services.tasks import Catalogue
        from chalicelib.store.tasks import TaskStore

        return Catalogue(TaskStore(self.db), self.clock)

    @cached_property
    def job_logs(self) -> JobLogStore:
        from chalicelib.store.job_logs import JobLogStore

        return JobLogStore(self.db)

    @cached_property
    def rollups(self) -> RollupStore:
        from chalicelib.store.rollups import RollupStore

        return RollupStore(self.db)

    # --- accounts --------------------------------------------------------------------------------------------
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
            throttles=self.throttles,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def passwords(self) -> Passwords:
        from chalicelib.services.passwords import Passwords

        return Passwords()

    @cached_property
    def sessions(self) -> Sessions:
        from chalicelib.services.sessions import Sessions
        from chalicelib.store.revocations import RevocationStore

        return Sessions(self.settings, self.clock, self.ids, self.user_store, RevocationStore(self.db))

    @cached_property
    def tenant_store(self) -> TenantStore:
        from chalicelib.store.tenants import TenantStore

        return TenantStore(self.db)

    @cached_property
    def throttles(self) -> Throttles:
        from chalicelib.queue.throttle import Throttle
        from chalicelib.services.throttles import Throttles

        return Throttles(self.settings, Throttle(self.scripts))

    @cached_property
    def user_store(self) -> UserStore:
        from chalicelib.store.users import UserStore

        return UserStore(self.db)

    def close(self) -> None:
        """End every connection that was opened."""
        for name in ("mongo", "redis", "blocking_redis"):
            client = self.__dict__.pop(name, None)
            if client is not None:
                client.close()


@cache
def get_container() -> Container:
    """The container of this process, from the environment. Raises ``MisconfiguredError``."""
    return Container(Settings.from_env())
