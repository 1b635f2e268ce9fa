"""One port for WebSocket clients and plain HTTP: the first request of a connection decides."""

import asyncio
from collections.abc import Callable
from typing import cast

from infra.local.http.connection import Times
from infra.local.http.guard import Guard
from infra.local.http.http1 import BadRequestError, Request, RequestParser, Stage


class Front(asyncio.Protocol):
    """Reads the first request's head and passes the connection to the protocol that serves it."""

    def __init__(
        self,
        http: Callable[[], asyncio.Protocol],
        websocket: Callable[[], asyncio.Protocol],
        is_websocket_path: Callable[[str], bool],
        guard: Guard | None = None,
        times: Times | None = None,
    ) -> None:
        self._http = http
        self._websocket = websocket
        self._is_websocket_path = is_websocket_path
        self._guard = guard or Guard()
        self._times = times or Times()
        self._parser = RequestParser(0)
        self._head = bytearray()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._timer = asyncio.get_running_loop().call_later(self._times.head_s, self._transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._stop_timer()

    def data_received(self, data: bytes) -> None:
        self._head += data
        try:
            requests = list(self._parser.feed(data))
        except BadRequestError:
            self._hand_over(self._http())
            return
        if requests:
            self._hand_over(self._websocket() if self._wants_websocket(requests[0]) else self._http())
        elif self._parser.stage is Stage.BODY:
            self._hand_over(self._http())

    def _wants_websocket(self, request: Request) -> bool:
        return (
            request.method == "GET"
            and "websocket" in request.lookup.get("upgrade", "").lower()
            and self._is_websocket_path(request.target.partition("?")[0])
            and self._guard.refusal(request) is None
        )

    def _hand_over(self, protocol: asyncio.Protocol) -> None:
        self._stop_timer()
        if self._transport is None:
            return
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(bytes(self._head))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
