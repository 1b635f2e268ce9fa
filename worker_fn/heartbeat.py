"""Heartbeats of a worker, its wake-ups, and the lease keeper."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from redis.exceptions import RedisError

from chalicelib.errors import QueueClosed

if TYPE_CHECKING:
    from chalicelib.queue.fleet import Fleet
    from chalicelib.telemetry.logger import Log
    from worker_fn.lease_keeper import Begun, LeaseKeeper

#: Time-out of one wait for a wake-up; the thread may outlive the worker by this time.
_WAKE_WAIT_S: Final = 2.0
_RETRY_S: Final = 0.25


class Listener(Protocol):
    """Receives heartbeats' answers and wake-ups. Called from the threads below."""

    def about(self) -> Mapping[str, Any]:
        """Return what the worker reports in its heartbeat."""
        ...

    def leases(self) -> dict[str, str]:
        """Return job id → token of every lease of the worker."""
        ...

    def begun(self) -> Iterable[Begun]:
        """Return the attempts that have begun."""
        ...

    def lost(self, job_id: str, token: str) -> None:
        """The lease was lost."""
        ...

    def cancel(self, job_id: str) -> None:
        """Cancel the job."""
        ...

    def woken(self) -> None:
        """Jobs may be ready."""
        ...

    def lapsed(self) -> None:
        """The worker lost slots, or slots that it lacks may be free."""
        ...

    def closed(self) -> None:
        """Redis lost the queue; it must be rebuilt."""
        ...


class Heartbeat:
    """Renews leases every ``interval_s`` and waits for wake-ups until closed."""

    def __init__(
        self, fleet: Fleet, worker_id: str, listener: Listener, keeper: LeaseKeeper, *, interval_s: float, log: Log
    ) -> None:
        self._fleet = fleet
        self._keeper = keeper
        self._worker_id = worker_id
        self._listener = listener
        self._interval_s = interval_s
        self._log = log
        self._closing = threading.Event()
        self._beat = threading.Thread(target=self._serve_beat, name="heartbeat", daemon=True)
        self._wake_ups = threading.Thread(target=self._serve_wake_ups, name="wake-ups", daemon=True)

    def start(self) -> None:
        """Start the threads, with a heartbeat at once, so that the worker is listed."""
        self._keeper.start()
        self._beat.start()
        self._wake_ups.start()

    def close(self) -> None:
        """Stop the threads. The one for wake-ups ends after its wait; a retired worker is not woken any more."""
        self._closing.set()
        self._beat.join(1.0)
        self._keeper.close()

    def _serve_beat(self) -> None:
        answered = True
        while not self._closing.is_set():
            try:
                self.beat()
                answered = True
            except QueueClosed:
                self._listener.closed()
            except RedisError as error:
                if answered:
                    self._log.warning("no heartbeat: Redis does not answer", event="heartbeat_failed", error=str(error))
                answered = False
            except Exception:  # the next heartbeat must come in any case
                self._log.error("a heartbeat failed", event="heartbeat_failed", exc_info=True)
            self._closing.wait(self._interval_s if answered else min(_RETRY_S, self._interval_s))

    def beat(self) -> None:
        """Send one heartbeat."""
        about, leases = self._listener.about(), self._listener.leases()
        self._keeper.beat(about, self._listener.begun)
        answer = self._fleet.heartbeat(self._worker_id, about, leases)
        for job_id in answer.lost:
            self._listener.lost(job_id, leases[job_id])
        for job_id in answer.cancel:
            self._listener.cancel(job_id)
        if not answer.member:
            self._listener.lapsed()

    def _serve_wake_ups(self) -> None:
        wake_ups = self._fleet.wake_ups(self._worker_id)
        while not self._closing.is_set():
            try:
                woken = wake_ups.wait(_WAKE_WAIT_S)
            except Exception as error:  # a pool that is closed meanwhile may raise anything
                if not (self._closing.is_set() or isinstance(error, RedisError)):  # those are logged by the heartbeat
                    self._log.error("no wake-ups", event="wake_ups_failed", exc_info=True)
                self._closing.wait(_RETRY_S)
                continue
            if woken is not None and not self._closing.is_set():
                if woken.cancel is not None:
                    self._listener.cancel(woken.cancel)
                else:
                    self._listener.woken()
        wake_ups.close()
