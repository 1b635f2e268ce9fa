"""The WebSocket API's server: passes the events of connections to functions."""

import base64
import os
import uuid
from collections.abc import Mapping
from typing import Protocol

import orjson
from websockets.http11 import Request

from infra.local.deployed.model import Deployment
from infra.local.lambda_.model import LambdaServiceError, Outcome
from infra.local.rest.responses import header_text
from infra.local.websocket import events
from infra.local.websocket.connections import Connections, now_ms
from infra.local.websocket.protocol import Limits, Socket

WAIT_S = 29.0


class Invoker(Protocol):
    """Runs functions: ours, or those of another AWS."""

    async def invoke(self, name: str, payload: bytes, *, wait_for_capacity_s: float = 0.0) -> Outcome:
        """Return the outcome of an invocation. Raises LambdaServiceError when it was refused."""


class WebSocketGateway:
    """Accepts clients for the WebSocket API of the current deployment."""

    def __init__(self, functions: Invoker, connections: Connections, domain: str, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._functions = functions
        self._connections = connections
        self._domain = domain
        self._routes: Mapping[str, str] = {}
        self._stage = "api"

    def deploy(self, deployment: Deployment) -> None:
        """Send events to the functions of this deployment; open connections stay."""
        self.deploy_routes(deployment.websocket_routes, deployment.api_stage)

    def deploy_routes(self, routes: Mapping[str, str], stage: str) -> None:
        """Send events to these functions, by route key."""
        self._routes = routes
        self._stage = stage

    def socket(self) -> Socket:
        """Return a protocol for a new connection."""
        return Socket(self)

    def close(self) -> None:
        """Close all client connections."""
        for peer in self._connections.all():
            peer.close(1001, "Going away")

    async def connecting(self, socket: Socket, request: Request) -> None:
        """Let `$connect` accept or reject a handshake."""
        socket.client = events.Client(
            connection_id=base64.urlsafe_b64encode(os.urandom(11)).decode(),
            domain=self._domain,
            stage=self._stage,
            source_ip=socket.peer_ip,
            user_agent=request.headers.get("User-Agent"),
            connected_at=now_ms(),
        )
        if not self._routes:
            socket.reject(404, {}, "This deployment has no WebSocket API")
            return
        _, _, query = request.path.partition("?")
        event = events.connect_event(socket.client, list(request.headers.raw_items()), query)
        status, headers, body = await self._authorize(event)
        if not 200 <= status < 300:
            socket.reject(status, headers, body)
        elif socket.accept(request):
            self._connections.add(socket)
        else:
            await self._disconnect(socket, 1006, "")

    async def received(self, socket: Socket, message: str | bytes) -> None:
        """Pass a message to its route; if the function fails, send an error message, as AWS does."""
        route_key = self._route_key(message)
        function = self._routes.get(route_key)
        event = events.message_event(socket.client, message, route_key)
        if function is not None:
            outcome = await self._invoke(function, event)
            if outcome is not None and outcome.function_error is None:
                return
        error = {
            "message": "Internal server error" if function else "Forbidden",
            "connectionId": socket.client.connection_id,
            "requestId": event["requestContext"]["requestId"],
        }
        socket.send(orjson.dumps(error))

    async def disconnected(self, socket: Socket, code: int, reason: str) -> None:
        """Remove the connection and invoke `$disconnect`."""
        self._connections.remove(socket)
        await self._disconnect(socket, code, reason)

    async def _disconnect(self, socket: Socket, code: int, reason: str) -> None:
        if function := self._routes.get("$disconnect"):
            await self._invoke(function, events.disconnect_event(socket.client, code, reason))

    async def _authorize(self, event: Mapping[str, object]) -> tuple[int, dict[str, str], str]:
        """Return status, headers and body with which `$connect` answers."""
        function = self._routes.get("$connect")
        if function is None:
            return 200, {}, ""
        outcome = await self._invoke(function, event)
        if outcome is None or outcome.function_error is not None:
            return _refusal(500, "Internal server error")
        answer = orjson.loads(outcome.payload) or {}
        if not isinstance(answer, dict) or not isinstance(answer.get("statusCode"), int):
            return _refusal(500, "Internal server error")
        try:
            given = (answer.get("headers") or {}).items()
            headers = {header_text(name): header_text(value) for name, value in given}
        except (AttributeError, ValueError):
            return _refusal(500, "Internal server error")
        return answer["statusCode"], headers, str(answer.get("body") or "")

    async def _invoke(self, function: str, event: Mapping[str, object]) -> Outcome | None:
        """Run the function; return None when it could not be run."""
        try:
            return await self._functions.invoke(function, orjson.dumps(event), wait_for_capacity_s=WAIT_S)
        except LambdaServiceError:
            return None

    def _route_key(self, message: str | bytes) -> str:
        """Return the route: `$request.body.action`, as Chalice selects it, or `$default` if no such route exists."""
        if len(self._routes) > 3 or "$default" not in self._routes:
            try:
                action = orjson.loads(message).get("action")
            except (orjson.JSONDecodeError, AttributeError):
                action = None
            if isinstance(action, str) and action in self._routes and not action.startswith("$"):
                return action
        return "$default"


def _refusal(status: int, message: str) -> tuple[int, dict[str, str], str]:
    body = {"message": message, "connectionId": None, "requestId": str(uuid.uuid4())}
    return status, {"Content-Type": "application/json"}, orjson.dumps(body).decode()
