"""The parts that every function has: settings, clients, access to Redis and to other functions.

Each function has a container of its own, built on this and on the parts that it shares with another function:
``chalicelib/api/container.py``, ``worker_fn/container.py`` and ``websocket_fn/container.py``. A zip contains what the
container of its function imports, so parts of one function belong in that function's container.

Only containers create clients. No client connects, and no large library loads, before its first use.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from chalicelib.domain.clock import Clock, Ids, SystemClock, SystemIds
from chalicelib.queue.keys import Keys
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pymongo import MongoClient
    from pymongo.database import Database
    from redis import Redis

    from chalicelib.aws.functions import Functions
    from chalicelib.queue.connections import ConnectionRegistry
    from chalicelib.queue.events import EventLog
    from chalicelib.queue.fleet import Fleet
    from chalicelib.queue.quarantine import Quarantine
    from chalicelib.queue.scripts import Scripts
    from chalicelib.services.waker import Waker
    from chalicelib.store.client import Document
    from chalicelib.store.users import UserStore
    from chalicelib.telemetry.logger import Log
    from chalicelib.telemetry.spans import SpanExporter


class Core:
    """Creates each part on first use and keeps it for the process. ``close()`` ends the connections that it opened."""

    def __init__(self, settings: Settings, clock: Clock | None = None, ids: Ids | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.ids: Ids = ids or SystemIds()

    @classmethod
    def from_env(cls) -> Self:
        """Return a container from the environment and the secrets that it refers to.

        Raises ``MisconfiguredError``, and ``Unavailable`` if the secrets cannot be read.
        """
        return cls(Settings.from_env(secrets=_secrets))

    @property
    def mongo_connections(self) -> int:
        """Connections to MongoDB's primary that this process opens at most."""
        return 2

    @property
    def redis_connections(self) -> int:
        """Connections to Redis that this process opens at most, besides subscriptions."""
        return 4

    @cached_property
    def mongo(self) -> MongoClient[Document]:
        from chalicelib.store.client import connect

        return connect(self.settings.mongodb_uri, self.mongo_connections)

    @cached_property
    def db(self) -> Database[Document]:
        from chalicelib.store.client import database

        return database(self.mongo, self.settings.mongodb_database)

    @cached_property
    def redis(self) -> Redis:
        from chalicelib.queue.client import connect

        return connect(self.settings.redis_url, self.redis_connections)

    @cached_property
    def blocking_redis(self) -> Redis:
        """A client for subscriptions, which wait for messages."""
        from chalicelib.queue.client import connect

        return connect(self.settings.redis_url, 2)

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

    @property
    def sends_spans_in_background(self) -> bool:
        """Whether a thread sends spans, in functions that run for long."""
        return False

    @cached_property
    def spans(self) -> SpanExporter | None:
        """What exports spans, ``None`` where no exporter is configured: nothing of tracing is loaded then."""
        s = self.settings
        if not s.otlp_url:
            return None
        from chalicelib.aws.otlp import OtlpConnection, parse_headers
        from chalicelib.aws.signing import Credentials
        from chalicelib.telemetry.spans import SpanExporter

        credentials = Credentials(s.aws_access_key_id, s.aws_secret_access_key, s.aws_session_token)
        connection = OtlpConnection(s.otlp_url, parse_headers(s.otlp_headers), credentials, self.clock.now_ms)
        resource = {
            "service.name": f"{s.stack_name}-{s.service_name}", "service.namespace": s.stack_name,
            "deployment.environment.name": s.stage,
        }  # fmt: skip
        return SpanExporter(
            connection, resource, self.log,
            background=self.sends_spans_in_background, count_dropped=self._count_dropped_spans,
        )  # fmt: skip

    def _count_dropped_spans(self, dropped: int) -> None:
        from chalicelib.store.span_counts import SpanCounts
        from chalicelib.telemetry.metrics import spans_dropped

        s = self.settings
        if s.deployed:
            spans_dropped(s.service_name, s.stack_name, dropped)
        SpanCounts(self.db, s.redis_namespace).add(s.service_name, dropped)

    @property
    def trace_ratio(self) -> float | None:
        """Which part of the traces without a parent is recorded, ``None`` where none are exported."""
        return self.settings.trace_ratio if self.settings.otlp_url else None

    def flush_spans(self) -> None:
        """Send the spans that were recorded, for up to 2 s: the function may be frozen, or end, after this."""
        exporter = self.__dict__.get("spans")
        if exporter is not None:
            exporter.flush()

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.settings.redis_namespace)

    @cached_property
    def scripts(self) -> Scripts:
        from chalicelib.queue.scripts import Scripts

        return Scripts(
            self.redis,
            self.keys,
            channel=self.settings.job_events_channel,
            event_log_size=self.settings.event_log_size,
            event_log_mb=self.settings.event_log_mb,
            fleet=self.settings.job_fleet_concurrency,
        )

    @cached_property
    def quarantine(self) -> Quarantine:
        from chalicelib.queue.quarantine import Quarantine

        return Quarantine(self.redis, self.keys, self.clock, self.log.error)

    @cached_property
    def event_log(self) -> EventLog:
        from chalicelib.queue.events import EventLog

        return EventLog(self.redis, self.scripts, self.quarantine)

    @cached_property
    def fleet(self) -> Fleet:
        from chalicelib.queue.fleet import Fleet

        return Fleet(self.redis, lambda: self.blocking_redis, self.scripts, self.settings)

    @cached_property
    def connection_registry(self) -> ConnectionRegistry:
        from chalicelib.queue.connections import ConnectionRegistry

        return ConnectionRegistry(self.redis, self.scripts, self.settings.websocket_shards)

    @cached_property
    def user_store(self) -> UserStore:
        from chalicelib.store.users import UserStore

        return UserStore(self.db)

    @cached_property
    def waker(self) -> Waker:
        from chalicelib.services.waker import Waker

        return Waker(
            fleet=self.fleet,
            registry=self.connection_registry,
            functions=lambda: self.functions,
            settings=self.settings,
            clock=self.clock,
            log=self.log,
        )

    def close(self) -> None:
        """End every connection that was opened."""
        self._close("spans", "mongo", "redis", "blocking_redis")

    def _close(self, *names: str) -> None:
        for name in names:
            client = self.__dict__.pop(name, None)
            if client is not None:
                client.close()


def _secrets(path: str, names: Sequence[str], env: Mapping[str, str]) -> Mapping[str, str]:
    from chalicelib.aws import parameters

    return parameters.secrets(path, names, env, SystemClock().now_ms)
