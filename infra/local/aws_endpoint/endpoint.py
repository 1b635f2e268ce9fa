"""Decide who answers a request of an AWS SDK."""

from collections.abc import Awaitable

from infra.local.aws_endpoint.lambda_api import LambdaApi
from infra.local.aws_endpoint.moto import Moto
from infra.local.http.connection import HttpConnection
from infra.local.http.http1 import Request, Response
from infra.local.websocket.connections import ConnectionsApi

MAX_BODY_BYTES = 64 * 1024 * 1024


class AwsEndpoint:
    """One address for all services, told apart by path."""

    def __init__(self, functions: LambdaApi, connections: ConnectionsApi, moto: Moto) -> None:
        self._functions = functions
        self._connections = connections
        self._moto = moto

    def connection(self) -> HttpConnection:
        """A protocol for a new connection."""
        return HttpConnection(self.respond, MAX_BODY_BYTES)

    def respond(self, request: Request) -> Response | Awaitable[Response]:
        """Answer a request, whichever service it is for."""
        connection_id = self._connections.connection_id(request.target)
        if connection_id is not None:
            return self._connections.respond(request, connection_id)
        if self._functions.serves(request.target):
            return self._functions.respond(request)
        return self._moto.respond(request)
