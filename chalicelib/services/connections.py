"""Open WebSockets: permissions of subscriptions, and answers to clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.connections import Connection
from chalicelib.domain.filters import Whose, visibility
from chalicelib.domain.principals import Principal, Scope, Session
from chalicelib.errors import NotFound, QueueCraftError, Throttled
from chalicelib.queue.connections import ConnectionRegistry
from chalicelib.queue.events import EventId
from chalicelib.services.sessions import session_of
from chalicelib.services.waker import Waker
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.aws.connections import ConnectionsApi
    from chalicelib.services.authentication import Authentication
    from chalicelib.services.throttles import Throttles

#: When the connections of keys without an expiry expire; API Gateway closes them after two hours.
NEVER: Final = datetime(2100, 1, 1, tzinfo=UTC)


class ConnectionService:
    """Serves the WebSocket handlers. ``api`` is created on first use."""

    def __init__(
        self,
        *,
        registry: ConnectionRegistry,
        authentication: Callable[[], Authentication],
        throttles: Callable[[], Throttles],
        api: Callable[[], ConnectionsApi],
        waker: Waker,
        settings: Settings,
        clock: Clock,
        log: Log,
    ) -> None:
        self._registry = registry
        self._authentication = authentication
        self._throttles = throttles
        self._api = api
        self._waker = waker
        self._settings = settings
        self._clock = clock
        self._log = log

    def open(self, connection_id: str, principal: Principal, scope: Scope, after: EventId | None) -> Connection:
        """Register a connection that has all events up to ``after`` (``None``: up to now).

        Raises ``Forbidden`` when the role does not reach ``scope``, ``TooManyConnections``.
        """
        visibility(principal, Whose(scope))
        session, after = _session(principal), self._replayed(principal, after)
        connection = Connection(
            id=connection_id,
            principal=principal,
            scope=scope,
            opened_ms=self._clock.now_ms(),
            token_id=session.token_id,
            session_version=session.version,
            session_ends_ms=int(session.expires_at.timestamp() * 1000),
        )
        s = self._settings
        caps = {"per_user": s.max_connections_per_user, "per_tenant": s.max_connections_per_tenant}
        if self._registry.connect(connection, after, **caps):
            self._waker.wake_manager(self._registry.shard(connection_id))
        return connection

    def close(self, connection_id: str) -> None:
        """Remove a connection; one that does not exist is no error."""
        self._registry.disconnect(connection_id)

    def touch(self, connection_id: str) -> Connection:
        """Return the connection of a client that sent a message, and extend its life.

        Raises ``NotFound`` if it does not exist, ``InvalidToken`` if its session or key has ended, ``Throttled``.
        """
        touched = self._registry.touch(connection_id)
        if touched is None:
            raise NotFound("This connection is not known any more; connect again")
        if touched.wake_needed:
            self._waker.wake_manager(self._registry.shard(connection_id))
        self._throttles().frame(touched.connection.principal)
        if (ended := self._authentication().ends([principal_of(touched.connection)])[0]) is not None:
            raise ended
        return touched.connection

    def newest_event(self) -> EventId | None:
        """Return the id of the newest event, to subscribe after it; ``None`` while Redis is unreachable."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - loaded by then

        try:
            return self._registry.newest()
        except RedisError:
            return None

    def progress(self, connection_id: str) -> tuple[EventId | None, EventId | None]:
        """Return ``ConnectionRegistry.progress``, by which a client detects events that it does not get."""
        return self._registry.progress(connection_id)

    def subscribe(self, connection: Connection, scope: Scope, after: EventId | None, request_id: Any) -> None:
        """Make the manager continue after ``after`` (``None``: from now) with ``scope``; it answers ``request_id``.

        Raises ``Forbidden`` when the role does not reach ``scope``.
        """
        visibility(connection.principal, Whose(scope))
        after = self._replayed(connection.principal, after)
        if self._registry.subscribe(connection.listening_to(scope), after, request_id):
            self._waker.wake_manager(self._registry.shard(connection.id))

    def send(self, connection_id: str, frame: bytes) -> bool:
        """Send a frame; return ``False`` if the client could not be reached."""
        try:
            self._api().post(connection_id, frame)
        except QueueCraftError as error:
            self._log.warning(
                "answer not delivered", event="answer_lost", connectionId=connection_id, error=error.message
            )
            return False
        return True

    def cut(self, connection_id: str, frame: bytes) -> None:
        """Send a last frame, close the connection and remove it."""
        self._registry.disconnect(connection_id)
        if self.send(connection_id, frame):
            try:
                self._api().delete(connection_id)
            except QueueCraftError as error:
                self._log.warning(
                    "connection not closed", event="cut_failed", connectionId=connection_id, error=error.message
                )

    def _replayed(self, principal: Principal, after: EventId | None) -> EventId | None:
        """Return the event to continue after; over the limit of replays one that leads to ``resync``."""
        if after is None:
            return None
        try:
            self._throttles().replay(principal)
        except Throttled:
            return EventId(0, 0)
        return after


def _session(principal: Principal) -> Session:
    """Return what a connection keeps of the session or the key by which it was opened."""
    if (key := principal.key) is not None:
        return Session(key.id, key.expires_at or NEVER, 0)
    return session_of(principal)


def principal_of(connection: Connection) -> Principal:
    """Return the principal that opened a connection, with the session or the key."""
    if connection.principal.key is not None:
        return connection.principal
    ends_at = datetime.fromtimestamp(connection.session_ends_ms / 1000, UTC)
    session = Session(connection.token_id, ends_at, connection.session_version)
    return replace(connection.principal, session=session)
