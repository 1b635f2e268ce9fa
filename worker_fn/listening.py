"""The state of an idle worker: whether the queue is empty, and whether an enqueue wakes the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.queue.fleet import Fleet


class Listening:
    """Both end when the worker is woken, from another thread. ``start`` and ``stop`` raise ``RedisError``."""

    def __init__(self, fleet: Fleet, worker_id: str) -> None:
        self._fleet = fleet
        self._worker_id = worker_id
        self._on = False
        #: Until when the queue is known to be empty (monotonic).
        self._empty_until = 0.0

    def is_empty(self, now: float) -> bool:
        """Return whether a claim would find no jobs."""
        return now < self._empty_until

    def note_empty(self, *, until: float) -> None:
        """Note that the queue is empty until ``until`` (monotonic), unless the worker is woken; 0: it may have jobs."""
        self._empty_until = until

    def start(self, remaining_s: float) -> bool:
        """Register to be woken, for at most ``remaining_s``; return ``False`` if jobs are ready."""
        if self._on:
            return True
        self._on = True  # before the call: the wake-up may come before it returns
        if self._fleet.listen(self._worker_id, remaining_s):
            return True
        self.ended()
        return False

    def stop(self) -> None:
        """Stop being woken; then the queue is not known to be empty either."""
        self._empty_until = 0.0
        if self._on:
            self._fleet.listen(self._worker_id, 0)
            self._on = False

    def ended(self) -> None:
        """Note that the worker was woken, or cannot be: it has to claim."""
        self._on = False
        self._empty_until = 0.0
