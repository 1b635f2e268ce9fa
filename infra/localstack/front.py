"""Servers in front of LocalStack: a WebSocket API, which it lacks, and the dashboard.

The gateway is that of the local AWS; the functions behind it run in LocalStack.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from infra.local.dashboard.server import Dashboard
from infra.local.deployed.model import Deployment
from infra.local.front import Front
from infra.local.websocket.connections import Connections, ConnectionsApi
from infra.local.websocket.gateway import WebSocketGateway
from infra.localstack.remote import RemoteApi, RemoteFunctions

STAGE = "api"
#: Outputs of the template that name the functions of the WebSocket API.
ROUTES = {
    "$connect": "WebsocketConnectHandlerName",
    "$default": "WebsocketMessageHandlerName",
    "$disconnect": "WebsocketDisconnectHandlerName",
}


class WebFront:
    """Serves the WebSocket API on one port, the dashboard with `/api` and `/ws` on another."""

    def __init__(self, host: str, ws_port: int, ui_port: int, dist: Path, stack: str) -> None:
        self._host = host
        self._ws_port = ws_port
        self._ui_port = ui_port
        self._dist = dist
        self._stack = stack
        self._servers: list[asyncio.Server] = []
        self._session: aiohttp.ClientSession | None = None
        self._gateway: WebSocketGateway | None = None

    async def start(self, endpoint: str, outputs: Mapping[str, str]) -> None:
        """Serve the stack with these outputs."""
        self._session = aiohttp.ClientSession(auto_decompress=False)
        connections = Connections()
        gateway = WebSocketGateway(RemoteFunctions(endpoint, self._session), connections, f"127.0.0.1:{self._ws_port}")
        gateway.deploy(deployment(outputs))
        self._gateway = gateway
        api = RemoteApi(endpoint, outputs["RestAPIId"], STAGE, self._session)
        config = {"websocketUrl": f"ws://127.0.0.1:{self._ws_port}", "stack": self._stack}
        dashboard = Dashboard(self._dist, api, config, self._ws_port)
        posts = ConnectionsApi(connections)
        loop = asyncio.get_running_loop()
        self._servers = [
            await loop.create_server(
                lambda: Front(posts.connection, gateway.socket, lambda path: "@connections" not in path),
                self._host,
                self._ws_port,
            ),
            await loop.create_server(
                lambda: Front(dashboard.connection, gateway.socket, lambda path: path == "/ws"),
                self._host,
                self._ui_port,
            ),
        ]

    async def close(self) -> None:
        """Close all client connections, and stop serving."""
        if self._gateway is not None:
            self._gateway.close()
        for server in self._servers:
            server.close()
        if self._session is not None:
            with contextlib.suppress(aiohttp.ClientError):
                await self._session.close()


def deployment(outputs: Mapping[str, str]) -> Deployment:
    """Return the part of a deployment that the WebSocket gateway reads."""
    return Deployment(
        functions=(),
        aliases={},
        api_function="",
        api_stage=STAGE,
        routes=(),
        binary_types=frozenset(),
        gateway_responses={},
        websocket_routes={route: outputs[name] for route, name in ROUTES.items()},
        schedules=(),
    )
