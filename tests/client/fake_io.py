"""I/O of the client without sockets and without waiting: answers are given in advance, time passes when it sleeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any

from queuecraft_client._io import Answer, Event, Exchange, Socket
from queuecraft_client._session import Config
from queuecraft_client.client import _Calls
from queuecraft_client.errors import ConnectionFailed

JOB_ID = "66f2a1b3c4d5e6f708192a3b"
LOST = ConnectionFailed("lost", sent=True)
NOT_SENT = ConnectionFailed("refused", sent=False)


def ok(status: int = 200, **body: Any) -> Answer:
    """Return a good answer."""
    return Answer(status, {}, json.dumps({"success": True, **body}).encode())


def bad(status: int, headers: dict[str, str] | None = None, **body: Any) -> Answer:
    """Return a refusal."""
    return Answer(status, headers or {}, json.dumps({"success": False, "error": "no", **body}).encode())


def job(status: str = "pending", **more: Any) -> dict[str, Any]:
    """Return a job as the API answers it."""
    return {"_id": JOB_ID, "name": "a job", "status": status, **more}


class FakeSocket:
    """A WebSocket that receives what is given: texts, ``None`` for silence, or errors; then it is lost."""

    def __init__(self, frames: Iterable[Any], io: FakeIo) -> None:
        self._frames = list(frames)
        self._io = io
        self.sent: list[dict[str, Any]] = []
        self.closed = False

    async def send(self, text: str) -> None:
        self.sent.append(json.loads(text))

    async def receive(self, timeout_s: float) -> str | None:
        frame = self._frames.pop(0) if self._frames else LOST
        if isinstance(frame, Exception):
            raise frame
        if frame is None:
            self._io.time += timeout_s
            return None
        return frame if isinstance(frame, str) else json.dumps(frame)

    async def close(self) -> None:
        self.closed = True


class FakeEvent:
    """An event for which one wait, which is alone, waits in vain."""

    def __init__(self, io: FakeIo) -> None:
        self._io = io
        self._set = False

    async def wait(self, timeout_s: float) -> None:
        if not self._set:
            self._io.time += timeout_s

    def set(self) -> None:
        self._set = True

    def clear(self) -> None:
        self._set = False


SUBSCRIBED = {"type": "subscribe:ok", "requestId": 1, "data": {}}
TICKET = ok(ticket="t/1", url="ws://events")


class FakeIo:
    """Gives the answers of ``script`` in turn and keeps what was asked; ``sockets`` likewise: frames, or an error."""

    def __init__(self, *script: Answer | Exception, sockets: Iterable[Any] = ()) -> None:
        self.script = list(script)
        self.sockets = list(sockets)
        self.asked: list[Exchange] = []
        self.opened: list[tuple[str, FakeSocket]] = []
        self.slept: list[float] = []
        self.time = 0.0
        self.closed = False
        #: Gives the answers after those of the script.
        self.then: Callable[[FakeIo], Answer | Exception] = lambda io: bad(500, error="The script is over")

    async def exchange(self, exchange: Exchange) -> Answer:
        self.asked.append(exchange)
        if exchange.url.endswith("/ws/ticket") and not self.script:
            return TICKET
        answer = self.script.pop(0) if self.script else self.then(self)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def open_socket(self, url: str, timeout_s: float) -> Socket:
        frames = self.sockets.pop(0) if self.sockets else NOT_SENT
        if isinstance(frames, Exception):
            raise frames
        socket = FakeSocket(frames, self)
        self.opened.append((url, socket))
        return socket

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time

    def lock(self) -> AbstractAsyncContextManager[None]:
        return asyncio.Lock()

    def event(self) -> Event:
        return FakeEvent(self)

    async def close(self) -> None:
        self.closed = True

    # --- what tests look at -----------------------------------------------------------------------------------
    def lines(self) -> list[str]:
        """Return methods and paths of what was asked."""
        return [f"{each.method} {each.url.removeprefix('http://api')}" for each in self.asked]

    def body(self, n: int = -1) -> Any:
        """Return the body of a call, decoded."""
        raw = self.asked[n].body
        return None if raw is None else json.loads(raw)


def calls(io: FakeIo, **config: Any) -> _Calls:
    """Return the calls of a client over ``io``, which has a token unless ``config`` says otherwise."""
    return _Calls(io, Config("http://api", **({"token": "secret"} | config)))
