"""One port for WebSocket clients and plain HTTP: the first request of a connection decides."""

import asyncio
from collections.abc import Callable
from typing import cast

MAX_HEAD_BYTES = 64 * 1024


class Front(asyncio.Protocol):
    """Looks at the first request's head and hands the connection to the protocol that serves it."""

    def __init__(
        self,
        http: Callable[[], asyncio.Protocol],
        websocket: Callable[[], asyncio.Protocol],
        is_websocket_path: Callable[[str], bool],
    ) -> None:
        self._http = http
        self._websocket = websocket
        self._is_websocket_path = is_websocket_path
        self._head = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._head += data
        is_whole = b"\r\n\r\n" in self._head or len(self._head) > MAX_HEAD_BYTES
        if not self._head.startswith(b"GET ") and len(self._head) >= 4:
            self._hand_over(self._http())
        elif is_whole:
            self._hand_over(self._websocket() if self._wants_websocket() else self._http())

    def _wants_websocket(self) -> bool:
        head = self._head.partition(b"\r\n\r\n")[0].lower()
        path = self._head.split(b" ", 2)[1].decode("latin-1").partition("?")[0]
        fields = dict(line.split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
        return b"websocket" in fields.get(b"upgrade", b"") and self._is_websocket_path(path)

    def _hand_over(self, protocol: asyncio.Protocol) -> None:
        if self._transport is None:
            return
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(self._head)
