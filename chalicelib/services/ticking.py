"""The ticker: a small function that waits for what falls due, so that no worker has to.

A worker waits for a job that is due within ``WORKER_WAIT_S``, or that a rate allows by then; what is due later, within
``HORIZON_S``, is waited for by the ticker, and what is due after that by nobody: the minute's tick looks again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import to_ms
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.queue.engine import Engine
    from chalicelib.queue.limit_instances import LimitScripts
    from chalicelib.queue.ticker_lease import TickerLease
    from chalicelib.services.waker import Waker
    from chalicelib.store.schedules import ScheduleStore

#: What is due within this is waited for: longer than a minute, since ticks may be late.
HORIZON_S: Final = 75.0
#: How long an idle worker waits for a job that becomes due.
WORKER_WAIT_S: Final = 5.0


class Ticking:
    """What is due next, and whether somebody waits for it."""

    def __init__(
        self, *, engine: Engine, limits: LimitScripts, schedules: ScheduleStore, lease: TickerLease, waker: Waker,
        clock: Clock, log: Log,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._limits = limits
        self._schedules = schedules
        self._lease = lease
        self._waker = waker
        self._clock = clock
        self._log = log

    def next_due_ms(self) -> int | None:
        """Return when the next schedule, waiting job or retry is due within ``HORIZON_S``; ``None`` if none is.

        So is the next start that a rate allows, where no worker waits for it.
        """
        until = self._clock.now_ms() + int(HORIZON_S * 1000)
        at = self._schedules.next_due_at()
        due = [to_ms(at)] if at is not None and to_ms(at) <= until else []
        due += self._engine.due(until, 1).values()
        if (rate_ms := self._limits.unattended_rate_ms(until)) is not None:
            due.append(rate_ms)
        return min(due, default=None)

    def ensure(self, due_at: datetime | None) -> None:
        """Wake a ticker if ``due_at`` is near and none runs; never raises: the minute's tick looks again."""
        if due_at is not None and to_ms(due_at) <= self._clock.now_ms() + HORIZON_S * 1000:
            self._wake_unless(lambda: False)

    def look(self) -> None:
        """Wake a ticker if something is due within ``HORIZON_S`` and none runs; never raises."""
        self._wake_unless(lambda: self.next_due_ms() is None)

    def _wake_unless(self, idle: Callable[[], bool]) -> None:
        try:
            if self._lease.is_held() or idle():
                return
        except Exception as error:
            self._log.warning("could not look for a ticker", event="ticker_unknown", error=repr(error)[:500])
        self._waker.wake_ticker()
