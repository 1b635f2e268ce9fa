"""Events of the client, over one WebSocket for all its waits: they say when to look at a job, batch or workflow.

There is no task or thread behind it. Of the waits, one *leads*: it reads the connection and wakes those that an event
concerns. When it ends, the next one leads. Without a connection, each wait polls.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from queuecraft_client._connection import OPEN_S, PING, SILENCE_S, address, frames, subscribed
from queuecraft_client._io import Event, Socket
from queuecraft_client._retries import backoff_s
from queuecraft_client.errors import ApiError, ConnectionFailed, UnexpectedAnswer
from queuecraft_client.models.jobs import ENDED

if TYPE_CHECKING:
    from queuecraft_client._session import Session

#: How often to look although no event came: events of other people's jobs are not sent to this connection.
_LOOK_S: Final = 10.0
_FIRST_POLL_S: Final = 0.2
_LONGEST_POLL_S: Final = 3.0
_LONGEST_REOPEN_S: Final = 30.0
#: From so many failures to connect on, every wait polls; until then only the leading one does.
_GIVEN_UP: Final = 2
#: Events that say nothing of an end.
_OF_NO_END: Final = frozenset({"job:created", "job:progress", "job:log"})


class Waiter:
    """A wait for the job, batch or workflow with the id ``subject``."""

    def __init__(self, subject: str, woken: Event) -> None:
        self.subject = subject
        #: Set when there is something to do: a look, or to lead.
        self.woken = woken
        #: Whether an event, or a new connection, asks for a look.
        self.hinted = False
        self.polls = 0

    def hint(self) -> None:
        """Ask for a look."""
        self.hinted = True
        self.woken.set()


class Events:
    """The waits of a client and their connection."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._io = session.io
        # for waits in several threads; held for a few statements, never while something is awaited
        self._mutex = threading.Lock()
        self._waiters: dict[str, list[Waiter]] = {}
        self._in_next: dict[Waiter, None] = {}
        self._leader: Waiter | None = None
        self._socket: Socket | None = None
        self._failures = 0
        self._open_at = 0.0
        self._silent_at = 0.0
        self._pinged = False

    def join(self, subject: str) -> Waiter:
        """Begin a wait: from now on, events of ``subject`` are hints. Look at it after this call."""
        waiter = Waiter(subject, self._io.event())
        with self._mutex:
            self._waiters.setdefault(subject, []).append(waiter)
        return waiter

    async def leave(self, waiter: Waiter) -> None:
        """End a wait; the last one closes the connection."""
        socket = None
        with self._mutex:
            self._waiters[waiter.subject].remove(waiter)
            if not self._waiters[waiter.subject]:
                del self._waiters[waiter.subject]
            if not self._waiters:
                socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()

    async def next(self, waiter: Waiter, left_s: float) -> None:
        """Return when it is time for a look: at a hint, after ``_LOOK_S`` without one, or after ``left_s``."""
        until = self._io.now() + min(left_s, _LOOK_S)
        with self._mutex:
            self._in_next[waiter] = None
        try:
            while True:
                waiter.woken.clear()
                left = until - self._io.now()
                if waiter.hinted or left <= 0:
                    return None
                if self._may_lead(waiter):
                    if not await self._lead(waiter, until):
                        return None
                elif self._socket is None and self._failures >= _GIVEN_UP:
                    return await self._pause(waiter, left)
                else:
                    await waiter.woken.wait(left)
        finally:
            waiter.hinted = False
            self._step_down(waiter)

    # --- who leads --------------------------------------------------------------------------------------------
    def _may_lead(self, waiter: Waiter) -> bool:
        with self._mutex:
            if self._leader is None:
                self._leader = waiter
            return self._leader is waiter

    def _step_down(self, waiter: Waiter) -> None:
        """Let another wait lead while this one looks or is over."""
        with self._mutex:
            del self._in_next[waiter]
            if self._leader is waiter:
                self._leader = None
            if self._leader is None and self._in_next:
                next(iter(self._in_next)).woken.set()

    async def _lead(self, waiter: Waiter, until: float) -> bool:
        """Connect or listen. Return whether to go on; otherwise it is time for a look, since there is no connection."""
        if self._socket is None and self._io.now() >= self._open_at:
            await self._open(until - self._io.now())
            if self._socket is not None:
                self._hint_all()  # of what happened before nothing was heard
                return True
        if self._socket is None:
            await self._pause(waiter, until - self._io.now())
            return False
        try:
            await self._listen(self._socket, waiter, until)
        except ConnectionFailed:
            await self._drop()
            return False
        return True

    async def _pause(self, waiter: Waiter, left_s: float) -> None:
        pause = backoff_s(waiter.polls, _FIRST_POLL_S, _LONGEST_POLL_S)
        waiter.polls += 1
        await self._io.sleep(max(0.0, min(pause, left_s)))

    # --- the connection ---------------------------------------------------------------------------------------
    async def _listen(self, socket: Socket, waiter: Waiter, until: float) -> None:
        """Read events until one concerns ``waiter``. Raises ``ConnectionFailed``."""
        while not waiter.hinted and (now := self._io.now()) < until:
            text = await socket.receive(min(until - now, max(self._silent_at - now, 0.0)))
            if text is not None:
                self._heard()
                for frame in frames(text):
                    self._dispatch(frame)
            elif self._io.now() >= self._silent_at:
                if self._pinged:
                    raise ConnectionFailed("The WebSocket does not answer", sent=True)
                await socket.send(PING)
                self._silent_at, self._pinged = self._io.now() + SILENCE_S, True

    def _heard(self) -> None:
        self._silent_at, self._pinged = self._io.now() + SILENCE_S, False

    def _dispatch(self, frame: dict[str, Any]) -> None:
        """Wake the waits that a frame concerns: it tells of an end or a deletion, or that events are missing."""
        kind, data = frame.get("type"), frame.get("data")
        if kind == "resync":
            self._hint_all()
        if kind in _OF_NO_END or not isinstance(data, dict):
            return
        if kind == "job:status:updated" and data.get("newStatus") not in ENDED:
            return
        subject = data.get("jobId") or data.get("_id")
        with self._mutex:
            concerned = list(self._waiters.get(subject, ())) if isinstance(subject, str) else []
        _hint(concerned)

    def _hint_all(self) -> None:
        _hint(self._everyone())

    def _everyone(self) -> list[Waiter]:
        with self._mutex:
            return [waiter for some in self._waiters.values() for waiter in some]

    async def _open(self, left_s: float) -> None:
        """Open a connection that has all events; on failure, set when to try again."""
        try:
            url = await address(self._session, left_s)
            if url is None:
                self._open_at, self._failures = float("inf"), _GIVEN_UP
                self._hint_all()
                return
            socket, _ = await subscribed(self._session, url, min(left_s, OPEN_S))
        except (ApiError, ConnectionFailed, UnexpectedAnswer):
            await self._drop()
            return
        self._socket, self._failures = socket, 0
        self._heard()
        for waiter in self._everyone():
            waiter.polls = 0

    async def _drop(self) -> None:
        """Close a connection that failed, and set when to open another."""
        socket, self._socket = self._socket, None
        self._open_at = self._io.now() + backoff_s(self._failures, longest_s=_LONGEST_REOPEN_S)
        self._failures += 1
        if self._failures == _GIVEN_UP:
            self._hint_all()  # each polls from now on
        if socket is not None:
            await socket.close()


def _hint(waiters: Iterable[Waiter]) -> None:
    for waiter in waiters:
        waiter.hint()
