"""Parts shared by API and connection manager: sessions and open WebSockets."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.core import Core

if TYPE_CHECKING:
    from chalicelib.aws.connections import ConnectionsApi
    from chalicelib.aws.connections import Requests as ConnectionRequests
    from chalicelib.services.authentication import Authentication
    from chalicelib.services.connections import ConnectionService
    from chalicelib.services.sessions import Sessions
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.api_keys import ApiKeyStore


class ConnectionParts(Core):
    """Sessions and API keys, their connections, and requests to connections."""

    @cached_property
    def sessions(self) -> Sessions:
        from chalicelib.services.sessions import Sessions
        from chalicelib.store.revocations import RevocationStore
        from chalicelib.store.sessions import SessionStore

        return Sessions(
            self.settings, self.clock, self.ids, self.user_store, RevocationStore(self.db), SessionStore(self.db)
        )

    @cached_property
    def api_key_store(self) -> ApiKeyStore:
        from chalicelib.store.api_keys import ApiKeyStore

        return ApiKeyStore(self.db)

    @cached_property
    def authentication(self) -> Authentication:
        from chalicelib.services.authentication import Authentication

        return Authentication(self.sessions, self.api_key_store, self.user_store, self.clock, self.log)

    @cached_property
    def throttles(self) -> Throttles:
        from chalicelib.queue.throttle import Throttle
        from chalicelib.services.throttles import Throttles

        return Throttles(self.settings, Throttle(self.scripts))

    @cached_property
    def connections(self) -> ConnectionService:
        from chalicelib.services.connections import ConnectionService

        return ConnectionService(
            registry=self.connection_registry,
            authentication=lambda: self.authentication,
            throttles=lambda: self.throttles,
            api=lambda: self.connections_api,
            waker=self.waker,
            settings=self.settings,
            clock=self.clock,
            log=self.log,
        )

    @cached_property
    def connection_requests(self) -> ConnectionRequests:
        """Builds requests to ``@connections``, signed if the environment has credentials."""
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

    def close(self) -> None:
        """End every connection that was opened."""
        super().close()
        self._close("connections_api")
