"""Client of API Gateway's ``@connections`` API, which sends frames to WebSocket clients.

``ConnectionsApi`` serves handlers that send one frame, ``ConnectionsPool`` the connection manager, which sends
thousands a second.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

from chalicelib.aws.http_pool import Done, HttpPool
from chalicelib.aws.kept import NO_ANSWER, KeptConnection
from chalicelib.aws.signing import Credentials, Signer
from chalicelib.errors import MisconfiguredError, NotFound, Throttled, TooLarge, Unavailable

#: The largest frame that API Gateway accepts, in bytes.
MAX_FRAME_BYTES: Final = 128 * 1024
OK: Final = 200
GONE: Final = 410
TOO_LARGE: Final = 413
THROTTLED: Final = 429


class Gone(NotFound):
    """Raised when the client of a connection has disconnected, or has not finished connecting."""


class Requests:
    """Builds the signed requests to one endpoint, ``https://host[:port]/stage``."""

    def __init__(self, endpoint: str, credentials: Credentials | None, region: str, now_ms: Callable[[], int]) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise MisconfiguredError(f"WEBSOCKET_API_ENDPOINT is not a URL: {endpoint!r}")
        self.endpoint = endpoint
        self.host = parts.netloc.rpartition("@")[2]
        self._prefix = parts.path.rstrip("/") + "/@connections/"
        self._now_ms = now_ms
        self._signer = Signer(credentials, region, "execute-api", self.host) if credentials else None

    def parts(self, method: str, connection_id: str, body: bytes = b"") -> tuple[str, dict[str, str]]:
        """Return path and signed headers."""
        path = self._prefix + _quoted(connection_id)
        signed = self._signer.headers(method, path, body, self._now_ms()) if self._signer else {}
        return path, signed

    def post(self, connection_id: str, body: bytes) -> bytes:
        """Return a complete POST request, head and body."""
        path, headers = self.parts("POST", connection_id, body)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {path} HTTP/1.1\r\nhost: {self.host}\r\n{lines}content-length: {len(body)}\r\n\r\n"
        return head.encode() + body


@lru_cache(maxsize=16_384)
def _quoted(connection_id: str) -> str:
    return quote(connection_id, safe="")


class ConnectionsApi:
    """Sends one request at a time over one kept connection. Not thread-safe."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._kept = KeptConnection(requests.endpoint)

    def post(self, connection_id: str, frame: bytes) -> None:
        """Send a frame. Raises ``Gone``, ``TooLarge``, ``Throttled``, ``Unavailable``."""
        self._call("POST", connection_id, frame)

    def delete(self, connection_id: str) -> None:
        """Close a connection. Raises ``Gone``, ``Throttled``, ``Unavailable``."""
        self._call("DELETE", connection_id)

    def alive(self, connection_id: str) -> bool:
        """Return whether the client is connected. Raises ``Throttled``, ``Unavailable``."""
        try:
            self._call("GET", connection_id)
        except Gone:
            return False
        return True

    def close(self) -> None:
        """Close the kept connection; the next call opens a new one."""
        self._kept.close()

    def _call(self, method: str, connection_id: str, body: bytes = b"") -> None:
        status = self._status(method, connection_id, body)
        if status == NO_ANSWER:  # the server may have closed the kept connection
            status = self._status(method, connection_id, body)
        raise_for_status(status)

    def _status(self, method: str, connection_id: str, body: bytes) -> int:
        path, headers = self._requests.parts(method, connection_id, body)
        return self._kept.request(method, path, body, {"host": self._requests.host} | headers)


def raise_for_status(status: int) -> None:
    """Raise the error that stands for a status of ``@connections``; return for a success."""
    if status == GONE:
        raise Gone("The client has disconnected")
    if status == TOO_LARGE:
        raise TooLarge("The frame is larger than 128 KB")
    if status == THROTTLED:
        raise Throttled("The gateway is throttling")
    if not OK <= status < 300:
        raise Unavailable(f"The gateway answered {status}" if status else "The gateway does not answer")


class ConnectionsPool:
    """Posts over many kept connections under asyncio; see ``HttpPool`` for the rules of use."""

    def __init__(self, requests: Requests, *, size: int, timeout_s: float, on_free: Callable[[], None]) -> None:
        self._requests = requests
        self._pool = HttpPool(requests.endpoint, size=size, timeout_s=timeout_s, on_free=on_free)
        self.ready = self._pool.ready
        self.expire = self._pool.expire
        self.close = self._pool.close

    @property
    def idle(self) -> bool:
        """Whether no post is in flight."""
        return self._pool.idle

    def post(self, connection_id: str, frame: bytes, done: Done) -> None:
        """Send a frame; ``done`` gets the HTTP status, or NO_ANSWER."""
        self._pool.send(self._requests.post(connection_id, frame), done)
