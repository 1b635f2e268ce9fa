"""Decide who answers a request of an AWS SDK."""

from aiohttp import web

from infra.local.aws_endpoint.lambda_api import LambdaApi
from infra.local.aws_endpoint.moto import Moto
from infra.local.websocket.connections import ConnectionsApi


class AwsEndpoint:
    """One address for all services, told apart by path."""

    def __init__(self, functions: LambdaApi, connections: ConnectionsApi, moto: Moto) -> None:
        self._functions = functions
        self._connections = connections
        self._moto = moto

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request, whichever service it is for."""
        path = request.raw_path
        connection_id = self._connections.connection_id(path)
        if connection_id is not None:
            return await self._connections.handle(request, connection_id)
        if self._functions.serves(path):
            return await self._functions.handle(request)
        return await self._moto.handle(request)
