"""One connection of a client: its requests are answered one after another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import cast

from infra.local.http.http1 import BadRequestError, Request, RequestParser, Response

#: pipelined requests that wait before the socket is left unread
MAX_WAITING = 16
#: how long the rest of a refused body is read and dropped
LINGER_S = 5.0

#: What answers requests: at once, or later.
Respond = Callable[[Request], Response | Awaitable[Response]]


class HttpConnection(asyncio.Protocol):
    """Feeds requests to `respond` and writes what it returns."""

    def __init__(self, respond: Respond, max_body_bytes: int) -> None:
        self._respond = respond
        self._parser = RequestParser(max_body_bytes)
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
            self._serve_waiting()
        elif len(self._waiting) > MAX_WAITING and self._transport is not None:
            self._transport.pause_reading()

    def _serve_waiting(self) -> None:
        """Answer what waits, until one answer has to be awaited."""
        self._task = None
        while self._waiting:
            request = self._waiting.popleft()
            try:
                answer = self._respond(request)
            except Exception as error:
                answer = self._defect(request, error)
            if not isinstance(answer, Response):
                self._task = asyncio.get_running_loop().create_task(self._await(request, answer))
                return
            self._write(request, answer)
        self._end_or_go_on()

    async def _await(self, request: Request, answer: Awaitable[Response]) -> None:
        try:
            response = await answer
        except Exception as error:
            response = self._defect(request, error)
        self._write(request, response)
        self._serve_waiting()

    def _write(self, request: Request, response: Response) -> None:
        if self._transport is None:
            return
        self._transport.write(response.encode(is_head=request.method == "HEAD", keep_alive=request.keep_alive))
        if not request.keep_alive:
            self._close(after_refused_body=request.body is None)

    def _close(self, *, after_refused_body: bool = False) -> None:
        """Hang up; but a client that still sends a refused body reads the answer only when it is through."""
        if self._transport is not None and after_refused_body:
            asyncio.get_running_loop().call_later(LINGER_S, self._transport.close)
        elif self._transport is not None:
            self._transport.close()

    def _end_or_go_on(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._failure is not None:
            refusal = Response.text(self._failure.status, f"{self._failure}\n")
            self._transport.write(refusal.encode(keep_alive=False))
            self._close()
        elif not self._transport.is_reading():
            self._transport.resume_reading()

    @staticmethod
    def _defect(request: Request, error: Exception) -> Response:
        """A fault of ours: it is logged, and the client gets a plain 500."""
        context = {"message": f"{request.method} {request.target} failed", "exception": error}
        asyncio.get_running_loop().call_exception_handler(context)
        return Response.text(500, "The local AWS failed; its log says how.\n")
