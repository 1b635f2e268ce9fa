"""The stream of events: one connection, resumed behind the last event when it is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from queuecraft_client._connection import OPEN_S, PING, SILENCE_S, address, frames, subscribed
from queuecraft_client._io import Socket
from queuecraft_client._retries import backoff_s
from queuecraft_client._session import Session
from queuecraft_client.errors import ConnectionFailed, RateLimited, ServerError, UnexpectedAnswer
from queuecraft_client.models import StreamEvent

_LONGEST_REOPEN_S: Final = 30.0


class Stream:
    """Events of ``scope`` after the id ``since``, for ``timeout_s`` seconds or without end."""

    def __init__(self, session: Session, scope: str, since: str | None, timeout_s: float | None) -> None:
        self._session = session
        self._io = session.io
        self._scope = scope
        self._last = since
        self._ends = float("inf") if timeout_s is None else self._io.now() + timeout_s

    async def events(self) -> AsyncIterator[StreamEvent]:
        """Yield events in order. Raises ``ConnectionFailed`` if the server says no address of its WebSocket."""
        failures = 0
        while (left := self._left()) > 0:
            try:
                socket, first = await self._open(min(left, OPEN_S))
            except (ConnectionFailed, ServerError, RateLimited):
                failures += 1
                await self._io.sleep(min(backoff_s(failures, longest_s=_LONGEST_REOPEN_S), self._left()))
                continue
            failures = 0
            try:
                for frame in first:
                    for event in self._event(frame):
                        yield event
                async for frame in self._frames(socket):
                    for event in self._event(frame):
                        yield event
            except ConnectionFailed:
                await self._io.sleep(max(0.0, min(backoff_s(0), self._left())))
            finally:
                await socket.close()

    def _left(self) -> float:
        return self._ends - self._io.now()

    async def _open(self, timeout_s: float) -> tuple[Socket, list[dict[str, Any]]]:
        url = await address(self._session, timeout_s)
        if url is None:
            raise UnexpectedAnswer("The server does not say where its WebSocket is; give ws_url")
        asked = {"scope": self._scope} if self._last is None else {"scope": self._scope, "since": self._last}
        return await subscribed(self._session, url, timeout_s, **asked)

    async def _frames(self, socket: Socket) -> AsyncIterator[dict[str, Any]]:
        """Yield what comes until the end. Raises ``ConnectionFailed`` when the connection is lost."""
        pinged = False
        while (left := self._left()) > 0:
            text = await socket.receive(min(left, SILENCE_S))
            if text is not None:
                pinged = False
                for frame in frames(text):
                    yield frame
            elif left >= SILENCE_S:
                if pinged:
                    raise ConnectionFailed("The WebSocket does not answer", sent=True)
                await socket.send(PING)
                pinged = True

    def _event(self, frame: dict[str, Any]) -> list[StreamEvent]:
        """Return the event in a frame, if it is one that was not yielded before."""
        place = _place(frame.get("id"))
        if place is None or (frame.get("type") != "resync" and place <= (_place(self._last) or _BEFORE_ALL)):
            return []
        self._last = frame["id"]
        return [StreamEvent.parse(frame)]


_BEFORE_ALL: Final = (-1, -1)


def _place(event_id: Any) -> tuple[int, int] | None:
    """Return epoch and sequence of an id, which order events; ``None`` if it is none."""
    epoch, _, sequence = str(event_id).partition("-")
    return (int(epoch), int(sequence)) if epoch.isdecimal() and sequence.isdecimal() else None
