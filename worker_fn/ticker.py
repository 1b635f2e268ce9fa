"""The ticker function: waits for what falls due within a minute, makes fires of schedules, and wakes workers.

It has the smallest memory that Lambda gives, so that waiting costs little; no task runs in it, and none is imported.
One ticks at a time, by a lease in Redis.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.errors import Unavailable
from worker_fn.container import get_container

if TYPE_CHECKING:
    from worker_fn.container import WorkerContainer

#: How often the ticker looks for what has become due earlier than it knows.
LOOK_S: Final = 1.0
#: When this many fires are due, a worker makes them: it has more of a processor.
MANY: Final = 200
#: How long a worker has for that.
PATIENCE_S: Final = 10.0
#: Time left of an invocation in which the successor is started.
RESERVE_S: Final = 15.0
#: The ticker ends after this time without the databases; the next minute's tick starts another.
AWAY_S: Final = 60.0
#: Time limit if the runtime gives none.
_DEFAULT_S: Final = 900.0


class LambdaContext(Protocol):
    """The part of Lambda's context that is used."""

    def get_remaining_time_in_millis(self) -> int: ...


def handle(event: dict[str, Any], context: LambdaContext | None) -> dict[str, Any]:
    """Entry point of the function."""
    began = time.monotonic()

    def remaining_s() -> float:
        if context is None:
            return _DEFAULT_S - (time.monotonic() - began)
        return context.get_remaining_time_in_millis() / 1000

    container = get_container()
    try:
        return {"left": Ticker(container, remaining_s).run()}
    finally:
        container.flush_spans()


class Ticker:
    """One ticker, from its invocation until nothing is due soon.

    ``remaining_s`` returns the time left of the invocation, ``pause`` waits for a number of seconds.
    """

    def __init__(
        self,
        container: WorkerContainer,
        remaining_s: Callable[[], float],
        pause: Callable[[float], Any] | None = None,
    ) -> None:
        self._container = container
        self._clock = container.clock
        self._log = container.log
        self._remaining_s = remaining_s
        self._pause = pause or threading.Event().wait
        self._token = container.ids.token()
        self._asked_at: float | None = None
        self._away_since: float | None = None

    def run(self) -> str:
        """Tick until nothing is due soon, the time is over, or another ticker runs; return which."""
        while True:
            try:
                left = self._tick()
                self._away_since = None
            except (Unavailable, RedisError, PyMongoError) as error:
                left = self._is_away(error)
            if left is not None:
                return self._leave(left)

    def _tick(self) -> str | None:
        """Make what is due, then wait for what is due next; return why to end, if so."""
        if not self._container.ticker_lease.take(self._token):
            return "another one ticks"
        self._make_due()
        due_ms = self._container.ticking.next_due_ms()
        if due_ms is None:
            return "nothing is due soon"
        if self._remaining_s() < RESERVE_S:
            return "the invocation's time is nearly over"
        wait_s = (due_ms - self._clock.now_ms()) / 1000
        if self._asked_at is not None or wait_s > LOOK_S:
            wait_s = LOOK_S
        self._pause(max(0.001, wait_s))
        return None

    def _make_due(self) -> None:
        """Make what is due, or let a worker do so if it is much and a worker comes."""
        now = self._clock.monotonic()
        if self._container.schedule_store.count_due(self._clock.now(), MANY + 1) <= MANY:
            self._asked_at = None
        elif self._asked_at is None:
            self._asked_at = now
            self._container.waker.wake_worker("schedules")
        if self._asked_at is None or now - self._asked_at > PATIENCE_S:
            self._container.sweeper.catch_up()

    def _is_away(self, error: Exception) -> str | None:
        now = self._clock.monotonic()
        if self._away_since is None:
            self._away_since = now
            self._log.warning("no answer from the databases", event="ticker_away", error=repr(error)[:500])
        if now - self._away_since > AWAY_S or self._remaining_s() < RESERVE_S:
            return "the databases do not answer"
        self._pause(LOOK_S / 4)
        return None

    def _leave(self, reason: str) -> str:
        try:
            self._container.ticker_lease.leave(self._token)
            self._container.sweeper.flush()
        except (RedisError, PyMongoError):
            self._log.warning("could not leave in order; the lease expires", event="ticker_left")
        if reason == "the invocation's time is nearly over":
            self._container.waker.wake_ticker()
        return reason
