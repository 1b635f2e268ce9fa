"""One connection to the REST API's port: its requests are answered one after another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import cast

from multidict import CIMultiDict

from infra.local.http import MAX_BODY_BYTES
from infra.local.rest.http1 import BadRequestError, Request, RequestParser, Response

#: pipelined requests that wait before the socket is left unread
MAX_WAITING = 16
#: how long the rest of a refused body is read and dropped
LINGER_S = 5.0

Respond = Callable[[Request], Awaitable[Response]]


class HttpConnection(asyncio.Protocol):
    """Feeds requests to `respond` and writes what it returns."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._parser = RequestParser(MAX_BODY_BYTES)
        self._waiting: deque[Request] = deque()
        self._task: asyncio.Task[None] | None = None
        self._failure: BadRequestError | None = None
        self._transport: asyncio.Transport | None = None
        self._peer = "127.0.0.1"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = self._transport.get_extra_info("peername")
        self._peer = str(peer[0]) if peer else self._peer

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        try:
            for request in self._parser.feed(data):
                request.source_ip = self._peer
                self._waiting.append(request)
        except BadRequestError as error:
            self._failure = error
        if self._parser.expects_continue and self._transport is not None:
            self._parser.expects_continue = False
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._task is None:
            self._next()
        elif len(self._waiting) > MAX_WAITING and self._transport is not None:
            self._transport.pause_reading()

    def _next(self) -> None:
        if self._transport is None:
            return
        if self._waiting:
            self._task = asyncio.get_running_loop().create_task(self._serve(self._waiting.popleft()))
            return
        self._task = None
        if self._failure is not None:
            headers = CIMultiDict({"Content-Type": "text/plain"})
            refusal = Response(self._failure.status, headers, str(self._failure).encode())
            self._transport.write(refusal.encode(keep_alive=False))
            self._transport.close()
        elif not self._transport.is_reading() and not self._transport.is_closing():
            self._transport.resume_reading()

    async def _serve(self, request: Request) -> None:
        try:
            response = await self._respond(request)
        except Exception as error:
            context = {"message": f"{request.method} {request.target} failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
            response = Response(500, CIMultiDict({"Content-Type": "text/plain"}), b"The gateway failed")
        if self._transport is not None:
            encoded = response.encode(is_head=request.method == "HEAD", keep_alive=request.keep_alive)
            self._transport.write(encoded)
            if not request.keep_alive:
                self._end(is_refused=request.body is None)
        self._next()

    def _end(self, *, is_refused: bool) -> None:
        """Close; but a client that still sends a refused body reads the answer only when it is through."""
        if self._transport is None:
            return
        if is_refused:
            asyncio.get_running_loop().call_later(LINGER_S, self._transport.close)
        else:
            self._transport.close()
