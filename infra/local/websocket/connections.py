"""The open connections, and the `@connections` API with which backends reach them."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import unquote

from multidict import CIMultiDict

from infra.local.http.connection import HttpConnection
from infra.local.http.guard import Guard
from infra.local.http.http1 import Request, Response
from infra.local.websocket.events import Client

MAX_MESSAGE_BYTES = 128 * 1024
MAX_BODY_BYTES = 1024 * 1024
PATH = re.compile(r"^(?:/[\w-]+)?/(?:@|%40)connections/([^/?]+)$")


class Peer(Protocol):
    """An open connection, as the API uses it."""

    client: Client

    #: milliseconds since the epoch
    last_active_at: int

    def send(self, message: bytes) -> bool:
        """Send a text message; return False when the client has disconnected or reads too slowly."""

    def close(self, code: int, reason: str) -> None:
        """Start the closing handshake."""


@dataclass(frozen=True, slots=True)
class Gone(Exception):  # noqa: N818 - AWS's word
    """Raised when no client has that id."""

    connection_id: str


class Connections:
    """Open connections by id."""

    def __init__(self) -> None:
        self._peers: dict[str, Peer] = {}

    def __len__(self) -> int:
        return len(self._peers)

    def add(self, peer: Peer) -> None:
        """Add a connection."""
        self._peers[peer.client.connection_id] = peer

    def remove(self, peer: Peer) -> None:
        """Remove a connection."""
        self._peers.pop(peer.client.connection_id, None)

    def all(self) -> list[Peer]:
        """Return all open connections."""
        return list(self._peers.values())

    def find(self, connection_id: str) -> Peer:
        """Return the connection with that id. Raises `Gone`."""
        peer = self._peers.get(connection_id)
        if peer is None:
            raise Gone(connection_id)
        return peer


class ConnectionsApi:
    """Serves `POST`, `GET` and `DELETE` of `/@connections/{id}`, with or without the stage before it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def connection(self, guard: Guard | None = None) -> HttpConnection:
        """Return a protocol for a new connection to the WebSocket API's port that is not a WebSocket."""
        return HttpConnection(self._respond_or_refuse, MAX_BODY_BYTES, guard)

    def _respond_or_refuse(self, request: Request) -> Response:
        connection_id = self.connection_id(request.target)
        if connection_id is None:
            return Response.text(426, "This is a WebSocket API\n", {"Upgrade": "websocket"})
        return self.respond(request, connection_id)

    @staticmethod
    def connection_id(path: str) -> str | None:
        """Return the id in a path of this API, None for other paths."""
        match = PATH.match(path.partition("?")[0])
        return unquote(match[1]) if match else None

    def respond(self, request: Request, connection_id: str) -> Response:
        """Answer a call."""
        try:
            if request.method == "POST":
                return self._post(request, connection_id)
            peer = self._connections.find(connection_id)
        except Gone:
            return _error(410, "GoneException", "")
        if request.method == "GET":
            return Response.json(_info(peer))
        if request.method == "DELETE":
            peer.close(1000, "")
            return Response(204, CIMultiDict(), b"")
        return _error(403, "ForbiddenException", "Missing Authentication Token")

    def _post(self, request: Request, connection_id: str) -> Response:
        if request.body is None or len(request.body) > MAX_MESSAGE_BYTES:
            return _error(413, "PayloadTooLargeException", "Message too long")
        if not self._connections.find(connection_id).send(request.body):
            raise Gone(connection_id)
        return Response(200, CIMultiDict(), b"")


def _info(peer: Peer) -> dict[str, object]:
    return {
        "connectedAt": _iso(peer.client.connected_at),
        "identity": {"sourceIp": peer.client.source_ip, "userAgent": peer.client.user_agent},
        "lastActiveAt": _iso(peer.last_active_at),
    }


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat().replace("+00:00", "Z")


def _error(status: int, kind: str, message: str) -> Response:
    return Response.json({"message": message or None}, status, {"x-amzn-ErrorType": kind})


def now_ms() -> int:
    """Return milliseconds since the epoch."""
    return int(time.time() * 1000)
