"""Dispatches a request of an AWS SDK to the service that answers it."""

from collections.abc import Awaitable

from infra.local.aws_endpoint import presigned
from infra.local.aws_endpoint.cloudformation import CloudFormation
from infra.local.aws_endpoint.lambda_api import LambdaApi
from infra.local.aws_endpoint.moto import Moto
from infra.local.http.connection import HttpConnection
from infra.local.http.guard import Guard
from infra.local.http.http1 import Request, Response
from infra.local.websocket.connections import ConnectionsApi

MAX_BODY_BYTES = 64 * 1024 * 1024
#: The header that names an operation of CloudWatch Logs, and the log group of a function.
LOGS = "Logs_20140328."
OF_A_FUNCTION = b'"/aws/lambda/'
NO_LOG_GROUP = {
    "__type": "ResourceNotFoundException",
    "message": "Logs of local functions are no log groups but files: make logs, or the paths in run.json",
}


class AwsEndpoint:
    """One address for all services, dispatched by path."""

    def __init__(self, functions: LambdaApi, connections: ConnectionsApi, moto: Moto) -> None:
        self._functions = functions
        self._connections = connections
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
        if _asks_for_logs_of_functions(request):
            return Response.json(NO_LOG_GROUP, 400, {"x-amzn-ErrorType": "ResourceNotFoundException"})
        if self._cloudformation.serves(request):
            return self._cloudformation.respond(request)
        return presigned.refusal(request) or self._moto.respond(request)


def _asks_for_logs_of_functions(request: Request) -> bool:
    target = request.lookup.get("x-amz-target", "")
    return target.startswith(LOGS) and OF_A_FUNCTION in (request.body or b"")
