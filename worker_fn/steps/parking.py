"""Decides when a job is suspended: when all that its task does is to wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.steps import SHORT_WAIT_S
from worker_fn.steps.commands import Park
from worker_fn.steps.options import Suspended

#: Turns of the event loop in which a task may begin another operation after one has ended.
_TURNS: Final = 12
#: How long a task may do other things than wait for its operations, before they are taken for a wait too.
_GRACE_S: Final = 1.0
#: How often a sync task that waits checks whether it is cancelled.
_POLL_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Suspension:
    """How a job is suspended: ``until`` when at the latest, ``None`` for no limit."""

    until: datetime | None
    waits_for: tuple[str, ...]
    hands_over: bool


class _Waits:
    """The waits of one attempt. Those of up to ``short_s`` seconds are waited out in memory."""

    def __init__(self, clock: Clock, limit_at: Callable[[], datetime], short_s: float) -> None:
        self._clock = clock
        self._limit_at = limit_at
        self._short_s = short_s
        #: Set once the job is suspended: from then on every operation is.
        self.suspension: Suspension | None = None

    def _left_s(self, park: Park) -> float | None:
        """Return the seconds until a wait is over, ``None`` if it may last for ever or is to be handed over."""
        if park.until is None or park.hands_over:
            return None
        return (park.until - self._clock.now()).total_seconds()

    def _suspend(self, parks: list[Park]) -> None:
        hands_over = any(park.hands_over for park in parks)
        ends = [self._limit_at(), *(park.until for park in parks if park.until is not None)]
        names = sorted({park.waits_for for park in parks if park.waits_for})
        self.suspension = Suspension(self._clock.now() if hands_over else min(ends), tuple(names), hands_over)


class SyncWaits(_Waits):
    """The waits of a sync task, which may have threads of its own."""

    def __init__(
        self, clock: Clock, limit_at: Callable[[], datetime], check: Callable[[], None], short_s: float = SHORT_WAIT_S
    ) -> None:
        super().__init__(clock, limit_at, short_s)
        self._check = check
        self._changed = threading.Condition()
        self._running = 0
        self._parks: list[Park] = []

    def begin(self) -> None:
        """Note that an operation begins. Raises ``Suspended``."""
        with self._changed:
            if self.suspension is not None:
                raise Suspended
            self._running += 1

    def end(self) -> None:
        """Note that an operation ends."""
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def park(self, park: Park) -> None:
        """Return when the wait of a running operation is over. Raises ``Suspended``."""
        left_s = self._left_s(park)
        if left_s is not None and left_s <= self._short_s:
            until = time.monotonic() + left_s
            while (now := time.monotonic()) < until:
                self._check()
                time.sleep(min(_POLL_S, until - now))
            return
        with self._changed:
            self._parks.append(park)
            self._running -= 1
            try:
                while self.suspension is None and self._running > 0:
                    self._changed.wait(_POLL_S)
                    self._check()
                if self.suspension is None:
                    self._suspend(self._parks)
                self._changed.notify_all()
                raise Suspended
            finally:
                self._running += 1  # until ``end``


class AsyncWaits(_Waits):
    """The waits of an async task. All methods are called on the event loop."""

    def __init__(
        self, clock: Clock, limit_at: Callable[[], datetime], main: Callable[[], Any], short_s: float = SHORT_WAIT_S
    ) -> None:
        super().__init__(clock, limit_at, short_s)
        #: Returns the asyncio task of the attempt.
        self._main = main
        self._running = 0
        self._parked: dict[asyncio.Future[None], Park] = {}
        self._changes = 0

    def begin(self) -> None:
        """Note that an operation begins. Raises ``Suspended``."""
        if self.suspension is not None:
            raise Suspended
        self._running += 1
        self._changes += 1

    def end(self) -> None:
        """Note that an operation ends."""
        self._running -= 1
        self._look_soon()

    async def park(self, park: Park) -> None:
        """Return when the wait of a running operation is over. Raises ``Suspended``."""
        if self.suspension is not None:
            raise Suspended
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        left_s = self._left_s(park)
        timer = None if left_s is None else loop.call_later(max(0.0, left_s), _wake, future)
        self._parked[future] = park
        self._running -= 1
        self._look_soon()
        try:
            await future
        finally:
            del self._parked[future]
            self._running += 1  # until ``end``
            self._changes += 1
            if timer is not None:
                timer.cancel()

    def _look_soon(self) -> None:
        self._changes += 1
        if self._parked and self._running == 0:
            asyncio.get_running_loop().call_soon(self._look, self._changes, _TURNS)

    def _look(self, changes: int, turns: int, since: float | None = None) -> None:
        """Suspend the job if nothing has changed for some turns of the loop, and nothing else of it runs."""
        if changes != self._changes or self._running or self.suspension is not None:
            return
        loop = asyncio.get_running_loop()
        if turns > 0:
            loop.call_soon(self._look, changes, turns - 1)
            return
        lefts = [left_s for park in self._parked.values() if (left_s := self._left_s(park)) is not None]
        if any(left_s <= self._short_s for left_s in lefts) and not self._is_handed_over():
            return  # the timer of that wait changes something
        if not self._is_parked(self._main(), 0):
            since = since or loop.time()
            if loop.time() - since < _GRACE_S:
                loop.call_later(_POLL_S, self._look, changes, 0, since)
                return
        self._suspend(list(self._parked.values()))
        for future in list(self._parked):
            if not future.done():
                future.set_exception(Suspended())

    def _is_handed_over(self) -> bool:
        return any(park.hands_over for park in self._parked.values())

    def _is_parked(self, waiter: Any, depth: int) -> bool:
        """Return whether a future, or what a task waits for, ends only when a parked operation does, as far as can be
        told: through tasks and ``asyncio.gather``.
        """
        if waiter in self._parked:
            return True
        if waiter is None or depth > 50:
            return False
        children = getattr(waiter, "_children", None)  # of the future of ``gather``
        if children is not None:
            return all(child.done() or self._is_parked(child, depth + 1) for child in children)
        return isinstance(waiter, asyncio.Task) and self._is_parked(getattr(waiter, "_fut_waiter", None), depth + 1)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
