"""The one composition root: clients and services, built lazily, kept per execution environment.

No other module makes a client. Nothing connects, and no heavy library loads, before its first use.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock, Ids, SystemClock, SystemIds
from chalicelib.queue.keys import Keys
from chalicelib.settings import Settings, trace_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pymongo import MongoClient
    from pymongo.database import Database
    from redis import Redis

    from chalicelib.aws.connections import ConnectionsApi
    from chalicelib.aws.connections import Requests as ConnectionRequests
    from chalicelib.aws.functions import Functions
    from chalicelib.queue.connections import ConnectionRegistry
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.fleet import Fleet
    from chalicelib.queue.limits import CreationLimits
    from chalicelib.queue.quarantine import Quarantine
    from chalicelib.queue.scripts import Scripts
    from chalicelib.services.accounts import Accounts
    from chalicelib.services.census import CensusService
    from chalicelib.services.connections import ConnectionService
    from chalicelib.services.dlq import DlqService
    from chalicelib.services.health import HealthService
    from chalicelib.services.jobs import JobService
    from chalicelib.services.keeper import QueueKeeper
    from chalicelib.services.members import Members
    from chalicelib.services.metrics import MetricsService
    from chalicelib.services.operators import Operators
    from chalicelib.services.passwords import Passwords
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.queues import QueueService
    from chalicelib.services.recovery import Recovery
    from chalicelib.services.reindex import Reindex
    from chalicelib.services.search import SearchService
    from chalicelib.services.series import SeriesService
    from chalicelib.services.sessions import Sessions
    from chalicelib.services.stats import StatsService
    from chalicelib.services.tasks import Catalogue
    from chalicelib.services.tenants import TenantService
    from chalicelib.services.throttles import Throttles
    from chalicelib.services.tickets import Tickets
    from chalicelib.services.vitals import VitalsService
    from chalicelib.services.workers import WorkerService
    from chalicelib.store.client import Document
    from chalicelib.store.idempotency import Idempotency
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.job_search import JobSearch
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.meta import MetaStore
    from chalicelib.store.ownership import DatabaseOwner
    from chalicelib.store.queues import QueueStore
    from chalicelib.store.rollups import RollupStore
    from chalicelib.store.series import SeriesStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.totals import TotalStore
    from chalicelib.store.users import UserStore
    from chalicelib.telemetry.logger import Log
    from chalicelib.telemetry.metrics import ApiMetrics
    from chalicelib.telemetry.tracer import Tracing


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
    def database_owner(self) -> DatabaseOwner:
        from chalicelib.store.ownership import DatabaseOwner

        return DatabaseOwner(self.db, self.settings.stack_name)

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
        from chalicelib.aws.signing import Credentials

        s = self.settings
        return Functions(
            s.lambda_endpoint or f"https://lambda.{s.aws_region}.amazonaws.com",
            Credentials(s.aws_access_key_id, s.aws_secret_access_key, s.aws_session_token),
            s.aws_region,
            self.clock.now_ms,
        )

    @cached_property
    def log(self) -> Log:
        from chalicelib.telemetry.logger import get_log

        return get_log(self.settings.service_name, self.settings.log_level)

    @cached_property
    def tracing(self) -> Tracing:
        from chalicelib.telemetry.tracer import Tracing

        return Tracing(self.settings.tracing_daemon if self.settings.deployed else "", trace_header)

    # --- the queue -------------------------------------------------------------------------------------------
    @cached_property
    def keys(self) -> Keys:
        return Keys(self.settings.redis_namespace)

    @cached_property
    def engine(self) -> Engine:
        from chalicelib.queue.engine import Engine

        return Engine(self.redis, self.scripts, self.settings, self.quarantine)

    @cached_property
    def event_log(self) -> EventLog:
        from chalicelib.queue.events import EventLog

        return EventLog(self.redis, self.scripts, self.quarantine)

    @cached_property
    def fleet(self) -> Fleet:
        from chalicelib.queue.fleet import Fleet

        return Fleet(self.redis, lambda: self.blocking_redis, self.scripts, self.settings)

    @cached_property
    def limits(self) -> CreationLimits:
        from chalicelib.queue.limits import CreationLimits

        return CreationLimits(self.scripts, self.settings)

    @cached_property
    def quarantine(self) -> Quarantine:
        from chalicelib.queue.quarantine import Quarantine

        return Quarantine(self.redis, self.keys, self.clock, self.log.error)

    @cached_property
    def scripts(self) -> Scripts:
        from chalicelib.queue.scripts import Scripts

        return Scripts(
            self.redis,
            self.keys,
            channel=self.settings.job_events_channel,
            event_log_size=self.settings.event_log_size,
            event_log_mb=self.settings.event_log_mb,
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
            limits=self.limits,
            keeper=self.keeper,
            recovery=self.recovery,
            store=self.job_store,
            idempotency=self.idempotency,
            payloads=self.payloads,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )

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
    def queue_store(self) -> QueueStore:
        from chalicelib.store.queues import QueueStore

        return QueueStore(self.db)

    @cached_property
    def recovery(self) -> Recovery:
        from chalicelib.services.recovery import Recovery

        recovery = Recovery(
            keeper=self.keeper,
            engine=self.engine,
            fleet=self.fleet,
            store=self.job_store,
            queues=self.queue_store,
            census=self.census,
            functions=lambda: self.functions,
            ring_managers=self.connections.ring_unattended,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            log=self.log,
        )
        self.engine.on_room = recovery.make_room
        return recovery

    @cached_property
    def idempotency(self) -> Idempotency:
        from chalicelib.store.idempotency import Idempotency

        return Idempotency(self.db, self.clock, self.ids)

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
    def payloads(self) -> Payloads:
        from chalicelib.services.payloads import Payloads

        return Payloads(self.catalogue, self.log)

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
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def operators(self) -> Operators:
        from chalicelib.services.operators import Operators

        return Operators(
            users=self.user_store,
            tenants=self.tenant_store,
            passwords=self.passwords,
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

    # --- questions -------------------------------------------------------------------------------------------
    @cached_property
    def api_metrics(self) -> ApiMetrics:
        from chalicelib.telemetry.metrics import ApiMetrics

        s = self.settings
        return ApiMetrics(s.service_name, s.stack_name, enabled=s.deployed)

    @cached_property
    def dlq(self) -> DlqService:
        from chalicelib.services.dlq import DlqService

        return DlqService(self.job_search)

    @cached_property
    def health(self) -> HealthService:
        from chalicelib.services.health import HealthService

        return HealthService(self.meta, self.impatient_redis, self.keys)

    @cached_property
    def tenants(self) -> TenantService:
        from chalicelib.services.tenants import TenantService

        return TenantService(self.tenant_store, self.engine)

    @cached_property
    def impatient_redis(self) -> Redis:
        """For health checks: waits less than they may take."""
        from chalicelib.queue.client import connect
        from chalicelib.services.health import CHECK_S

        return connect(self.settings.redis_url, socket_timeout_s=CHECK_S / 2, connect_s=CHECK_S / 2)

    @cached_property
    def job_search(self) -> JobSearch:
        from chalicelib.store.job_search import JobSearch

        return JobSearch(self.db)

    @cached_property
    def metrics(self) -> MetricsService:
        from chalicelib.queue.totals import Totals
        from chalicelib.services.metrics import MetricsService

        return MetricsService(self.engine, Totals(self.redis, self.keys), self.tenant_store)

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
            ring=self.recovery.ring,
        )

    @cached_property
    def search(self) -> SearchService:
        from chalicelib.services.search import SearchService

        return SearchService(self.job_search, self.user_store, self.tenant_store)

    @cached_property
    def reindex(self) -> Reindex:
        from chalicelib.services.reindex import Reindex
        from chalicelib.store.job_terms import TermStore

        return Reindex(TermStore(self.db, self.settings.redis_namespace), self.clock, self.log)

    @cached_property
    def series(self) -> SeriesService:
        from chalicelib.services.series import SeriesService

        return SeriesService(self.series_store, self.clock)

    @cached_property
    def series_store(self) -> SeriesStore:
        from chalicelib.store.series import SeriesStore

        return SeriesStore(self.db)

    @cached_property
    def stats(self) -> StatsService:
        from chalicelib.services.stats import StatsService

        return StatsService(self.engine)

    @cached_property
    def totals(self) -> TotalStore:
        from chalicelib.store.totals import TotalStore

        return TotalStore(self.db)

    @cached_property
    def vitals(self) -> VitalsService:
        from chalicelib.queue.vitals import VitalSigns
        from chalicelib.services.vitals import VitalsService
        from chalicelib.telemetry.metrics import QueueMetrics

        s = self.settings
        signs = VitalSigns(self.redis, self.keys, s.websocket_shards)
        return VitalsService(signs, self.metrics, QueueMetrics(s.stack_name, enabled=s.deployed), self.clock)

    @cached_property
    def workers(self) -> WorkerService:
        from chalicelib.services.workers import WorkerService

        return WorkerService(self.engine, self.fleet, self.job_search)

    # --- connections -----------------------------------------------------------------------------------------
    @cached_property
    def connections(self) -> ConnectionService:
        from chalicelib.services.connections import ConnectionService

        return ConnectionService(
            registry=self.connection_registry,
            sessions=lambda: self.sessions,
            throttles=lambda: self.throttles,
            api=lambda: self.connections_api,
            functions=lambda: self.functions,
            settings=self.settings,
            clock=self.clock,
            log=self.log,
        )

    @cached_property
    def connection_registry(self) -> ConnectionRegistry:
        from chalicelib.queue.connections import ConnectionRegistry

        return ConnectionRegistry(self.redis, self.scripts, self.settings.websocket_shards)

    @cached_property
    def connection_requests(self) -> ConnectionRequests:
        """Builds requests to ``@connections``, signed when the environment has credentials."""
        from chalicelib.aws.connections import Requests
        from chalicelib.aws.signing import Credentials

        s = self.settings
        credentials = Credentials(s.aws_access_key_id, s.aws_secret_access_key, s.aws_session_token)
        return Requests(
            s.websocket_api_endpoint, credentials if s.aws_access_key_id else None, s.aws_region, self.clock.now_ms
        )

    @cached_property
    def connections_api(self) -> ConnectionsApi:
        from chalicelib.aws.connections import ConnectionsApi

        return ConnectionsApi(self.connection_requests)

    @cached_property
    def tickets(self) -> Tickets:
        from chalicelib.queue.tickets import TicketStore
        from chalicelib.services.tickets import Tickets

        return Tickets(
            TicketStore(self.redis, self.keys), self.ids, end_of=lambda session: self.sessions.ends([session])[0]
        )

    def close(self) -> None:
        """End every connection that was opened."""
        for name in ("mongo", "redis", "blocking_redis", "impatient_redis", "connections_api", "tracing"):
            client = self.__dict__.pop(name, None)
            if client is not None:
                client.close()


@cache
def get_container() -> Container:
    """The container of this process, from the environment and the secrets it points to.

    Raises ``MisconfiguredError``, and ``Unavailable`` when the secrets cannot be had.
    """
    return Container(Settings.from_env(secrets=_secrets))


def _secrets(path: str, names: Sequence[str], env: Mapping[str, str]) -> Mapping[str, str]:
    from chalicelib.aws import parameters

    return parameters.secrets(path, names, env, SystemClock().now_ms)
