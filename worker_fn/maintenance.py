"""The maintenance thread: due jobs, lost jobs, the sweep, roll-ups, vital signs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.clock import Clock
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.errors import Unavailable
from worker_fn.rollups import FLUSH_S, RollupCounter

if TYPE_CHECKING:
    from chalicelib.services.maintenance.sweeper import Sweeper
    from chalicelib.services.vitals import VitalsService
    from chalicelib.services.waker import Waker
    from chalicelib.telemetry.logger import Log

SWEEP_EVERY_S: Final = 60.0
#: Minimum time between wake-ups of other workers for the jobs that this one leaves.
WAKE_EVERY_S: Final = 1.0
#: Wait before a failed step is tried again.
_RETRY_S: Final = 0.25


class Maintenance:
    """Sweeps at start and each minute; handles due and lost jobs at each heartbeat and when one becomes due.

    In pools besides the default one, a sweep handles due and lost jobs too, and nothing else: the tick of each minute
    starts a worker of the default pool.
    """

    def __init__(
        self,
        sweeper: Sweeper,
        waker: Waker,
        rollups: RollupCounter,
        vitals: VitalsService,
        interval_s: float,
        clock: Clock,
        log: Log,
        pool: str = DEFAULT_POOL,
    ) -> None:
        self._only_due = pool != DEFAULT_POOL
        self._sweeper = sweeper
        self._waker = waker
        self._vitals = vitals
        self._rollups = rollups
        self._interval_s = interval_s
        self._clock = clock
        self._log = log
        self._lock = threading.Lock()
        self._due_ms: int | None = None
        self._ready_left = False
        self._wake_at = clock.monotonic()
        self._sweep_at = clock.monotonic()
        self._check_at = clock.monotonic() + interval_s
        self._flush_at = clock.monotonic() + FLUSH_S
        self._wake = threading.Event()
        self._closing = False
        #: Whether the first sweep has ended or failed: jobs of dead workers are ready by then.
        self.has_swept = False
        self._thread = threading.Thread(target=self._serve, name="maintenance", daemon=True)

    def start(self) -> None:
        """Start the thread, with a sweep."""
        self._thread.start()

    def note_due(self, due_ms: int | None) -> None:
        """Note that a job becomes due, or a lease expires, at this time (epoch ms)."""
        if due_ms is None:
            return
        with self._lock:
            sooner = self._due_ms is None or due_ms < self._due_ms
            if sooner:
                self._due_ms = due_ms
        if sooner:
            self._wake.set()

    def note_ready_left(self) -> None:
        """Note that jobs are ready that this worker does not claim: another worker may have slots."""
        if not self._ready_left:
            self._ready_left = True
            self._wake.set()

    def sweep_soon(self) -> None:
        """Sweep as soon as possible, after a fault."""
        self._sweep_at = self._clock.monotonic()
        self._wake.set()

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop after the current step, and flush the roll-ups."""
        self._closing = True
        self._wake.set()
        self._thread.join(timeout_s)
        self._rollups.flush()
        self._sweeper.flush()

    def _serve(self) -> None:
        while not self._closing:
            failed = not self._try()
            self.has_swept = True
            if self._clock.monotonic() >= self._flush_at:
                self._flush_at = self._clock.monotonic() + FLUSH_S
                self._rollups.flush()
            self._wake.wait(_RETRY_S if failed else self._pause())
            self._wake.clear()

    def _try(self) -> bool:
        """Do what is due; return ``False`` to try again soon."""
        sweep = self._clock.monotonic() >= self._sweep_at
        due = sweep or self._is_due()
        try:
            if sweep:
                self._sweep_at = self._clock.monotonic() + SWEEP_EVERY_S
                self._sweeper.sweep(only_due=self._only_due)
                if not self._only_due:
                    self._vitals.report()
            elif due:
                self._sweeper.catch_up()
            if due:
                self._waker.wake_managers()
            if self._ready_left and self._clock.monotonic() >= self._wake_at:
                self._wake_at = self._clock.monotonic() + WAKE_EVERY_S
                self._ready_left = False
                self._waker.check()
        except (Unavailable, RedisError, PyMongoError) as error:
            self._log.warning("maintenance will be tried again", event="maintenance_failed", error=repr(error)[:500])
        except Exception:
            self._log.error("maintenance failed", event="maintenance_failed", exc_info=True)
        else:
            return True
        if sweep:
            self._sweep_at = self._clock.monotonic()
        return False

    def _is_due(self) -> bool:
        """Return whether a job is due, or the interval has passed."""
        with self._lock:
            due = self._due_ms is not None and self._due_ms <= self._clock.now_ms()
            if due:
                self._due_ms = None
        if due or self._clock.monotonic() >= self._check_at:
            self._check_at = self._clock.monotonic() + self._interval_s
            return True
        return False

    def _pause(self) -> float:
        """Return the seconds until the next step."""
        until_s = min(self._sweep_at, self._flush_at, self._check_at) - self._clock.monotonic()
        if self._due_ms is not None:
            until_s = min(until_s, (self._due_ms - self._clock.now_ms()) / 1000)
        if self._ready_left:
            until_s = min(until_s, self._wake_at - self._clock.monotonic())
        return max(0.001, until_s)
