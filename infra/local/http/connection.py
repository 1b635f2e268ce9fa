"""One client connection: its requests are answered one after another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from infra.local.http.guard import Guard
from infra.local.http.http1 import BODY, HEAD, IDLE, BadRequestError, Request, RequestParser, Response, Stage

#: pipelined requests after which the socket is not read
MAX_WAITING = 16
#: bytes that are parsed between checks whether enough requests wait
SLICE_BYTES = 64 * 1024
#: time for which the rest of a refused body is read and dropped
LINGER_S = 5.0

#: What answers requests: immediately, or later.
Respond = Callable[[Request], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Times:
    """Time limits of a client, in seconds."""

    #: from the first byte of a request, or from the start of the connection, to the end of its head
    head_s: float = 20.0
    #: from there to the end of its body
    body_s: float = 120.0
    #: between requests
    idle_s: float = 350.0
    #: to read answers that wait for it
    unread_s: float = 60.0


class HttpConnection(asyncio.Protocol):
    """Passes requests to `respond` and writes what it returns."""

    def __init__(
        self, respond: Respond, max_body_bytes: int, guard: Guard | None = None, times: Times | None = None
    ) -> None:
        self._respond = respond
        self._guard = guard or Guard()
        self._parser = RequestParser(max_body_bytes)
        self._max_body_bytes = max_body_bytes
        self._times = times or Times()
        #: received bytes that are not parsed yet, because enough requests wait
        self._unparsed = b""
        self._waiting: deque[Request] = deque()
        self._task: asyncio.Task[None] | None = None
        self._failure: BadRequestError | None = None
        self._transport: asyncio.Transport | None = None
        self._peer = "127.0.0.1"
        self._can_write = True
        self._stage: Stage = HEAD
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None

    # asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = self._transport.get_extra_info("peername")
        self._peer = str(peer[0]) if peer else self._peer
        self._give(self._times.head_s)
        self._check_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._waiting.clear()
        self._unparsed = b""
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._unparsed += data
        self._parse()
        if self._task is None:
            self._serve_waiting()
        if self._is_full() and self._transport is not None:
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """Stop answering: the client does not read."""
        self._can_write = False
        self._give(self._times.unread_s)

    def resume_writing(self) -> None:
        """Resume answering."""
        self._can_write = True
        self._enter(self._parser.stage)
        if self._task is None:
            self._serve_waiting()

    # requests

    def _parse(self) -> None:
        """Parse received bytes until enough requests wait."""
        while self._unparsed and not self._is_full() and self._failure is None:
            piece, self._unparsed = self._unparsed[:SLICE_BYTES], self._unparsed[SLICE_BYTES:]
            try:
                for request in self._parser.feed(piece):
                    request.source_ip = self._peer
                    self._waiting.append(request)
            except BadRequestError as error:
                self._failure = error
        if self._parser.expects_continue and self._transport is not None:
            self._parser.expects_continue = False
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._parser.stage is not self._stage and self._can_write:
            self._enter(self._parser.stage)

    def _is_full(self) -> bool:
        waiting = self._waiting
        return len(waiting) >= MAX_WAITING or (
            len(waiting) > 1 and sum(len(request.body or b"") for request in waiting) > self._max_body_bytes
        )

    def _serve_waiting(self) -> None:
        """Answer waiting requests, until an answer has to be awaited or the client has to read first."""
        self._task = None
        while self._waiting and self._can_write:
            request = self._waiting.popleft()
            try:
                answer = self._guard.refusal(request) or self._respond(request)
            except Exception as error:
                answer = self._defect(request, error)
            if not isinstance(answer, Response):
                self._task = asyncio.get_running_loop().create_task(self._await(request, answer))
                return
            self._write(request, answer)
            if not self._waiting:
                self._parse()
        if self._can_write:
            self._end_or_go_on()

    async def _await(self, request: Request, answer: Awaitable[Response]) -> None:
        try:
            response = await answer
        except Exception as error:
            response = self._defect(request, error)
        self._write(request, response)
        self._parse()
        self._serve_waiting()

    # answers

    def _write(self, request: Request, response: Response) -> None:
        if self._transport is None:
            return
        if self._stage is IDLE:
            self._give(self._times.idle_s)
        self._transport.write(response.encode(is_head=request.method == "HEAD", keep_alive=request.keep_alive))
        if not request.keep_alive:
            self._close(after_refused_body=request.body is None)

    def _close(self, *, after_refused_body: bool = False) -> None:
        """Close the connection; a client that still sends a refused body reads the answer after it has sent all."""
        if self._transport is not None and after_refused_body:
            asyncio.get_running_loop().call_later(LINGER_S, self._transport.close)
        elif self._transport is not None:
            self._transport.close()

    def _end_or_go_on(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._failure is not None:
            self._refuse(self._failure)
        elif not self._transport.is_reading():
            self._transport.resume_reading()

    def _refuse(self, error: BadRequestError) -> None:
        if self._transport is not None:
            self._transport.write(Response.text(error.status, f"{error}\n").encode(keep_alive=False))
            self._close()

    # time

    def _enter(self, stage: Stage) -> None:
        self._stage = stage
        times = self._times
        self._give({IDLE: times.idle_s, HEAD: times.head_s, BODY: times.body_s}[stage])

    def _give(self, seconds: float) -> None:
        self._deadline = asyncio.get_running_loop().time() + seconds

    def _check_deadline(self) -> None:
        """Close a connection that took too long.

        The time that an answer takes does not count. One timer serves all limits.
        """
        loop = asyncio.get_running_loop()
        left_s = self._deadline - loop.time()
        if self._transport is None:
            return
        if left_s > 0 or (self._can_write and (self._task is not None or self._waiting)):
            self._timer = loop.call_later(max(left_s, 0.2), self._check_deadline)
        elif not self._can_write:
            self._transport.abort()
        elif self._stage is IDLE:
            self._transport.close()
        else:
            self._refuse(BadRequestError(408, f"The {self._stage.value} of the request took too long"))
            self._timer = loop.call_later(LINGER_S, self._abort)

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    @staticmethod
    def _defect(request: Request, error: Exception) -> Response:
        """Log an internal error; return a plain 500."""
        context = {"message": f"{request.method} {request.target} failed", "exception": error}
        asyncio.get_running_loop().call_exception_handler(context)
        return Response.text(500, "The local AWS failed; its log has the error.\n")
