"""Dispatches a request of an AWS SDK to the service that answers it."""

from collections.abc import Awaitable

from infra.local.aws_endpoint import presigned
from infra.local.aws_endpoint.cloudformation import CloudFormation
from infra.local.aws_endpoint.lambda_api import LambdaApi
from infra.local.aws_endpoint.log_groups import LogGroups
from infra.local.aws_endpoint.moto import Moto
from infra.local.aws_endpoint.object_files import ObjectFiles
from infra.local.http.connection import HttpConnection
from infra.local.http.guard import Guard
from infra.local.http.http1 import Request, Response
from infra.local.websocket.connections import ConnectionsApi

MAX_BODY_BYTES = 64 * 1024 * 1024


class AwsEndpoint:
    """One address for all services, dispatched by path."""

    def __init__(
        self, functions: LambdaApi, connections: ConnectionsApi, logs: LogGroups, objects: ObjectFiles, moto: Moto
    ) -> None:
        self._functions = functions
        self._logs = logs
        self._connections = connections
        self._objects = objects
        self._moto = moto
        self._cloudformation = CloudFormation(moto)

    def connection(self, guard: Guard | None = None) -> HttpConnection:
        """Return a protocol for a new connection."""
        return HttpConnection(self.respond, MAX_BODY_BYTES, guard)

    def respond(self, request: Request) -> Response | Awaitable[Response]:
        """Answer a request, whichever service it is for."""
        connection_id = self._connections.connection_id(request.target)
        if connection_id is not None:
            return self._connections.respond(request, connection_id)
        if self._functions.serves(request.target):
            return self._functions.respond(request)
        if self._logs.serves(request):
            return self._logs.respond(request)
        if self._cloudformation.serves(request):
            return self._cloudformation.respond(request)
        refusal = presigned.refusal(request)
        if refusal is None and self._objects.serves(request):
            return self._objects.respond(request)
        return refusal or self._moto.respond(request)
