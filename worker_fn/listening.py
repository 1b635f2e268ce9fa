"""What an idle worker knows: that the queue is empty, and that the fleet wakes it when work comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.queue.fleet import Fleet


class Listening:
    """Both end when the worker is woken, from another thread. ``start`` and ``stop`` raise Redis' errors."""

    def __init__(self, fleet: Fleet, worker_id: str) -> None:
        self._fleet = fleet
        self._worker_id = worker_id
        self._on = False
        #: Until then the queue is known to be empty (monotonic).
        self._empty_until = 0.0

    def is_empty(self, now: float) -> bool:
        """Whether a claim would find nothing."""
        return now < self._empty_until

    def found(self, *, until: float) -> None:
        """Note that the queue is empty until then (monotonic), unless the worker is woken; 0: it may have work."""
        self._empty_until = until

    def start(self, remaining_s: float) -> bool:
        """Ask to be woken, for at most ``remaining_s``; ``False`` when work came in the meantime."""
        if self._on:
            return True
        self._on = True  # before the call: the wake-up may come before it returns
        if self._fleet.listen(self._worker_id, remaining_s):
            return True
        self.ended()
        return False

    def stop(self) -> None:
        """Ask to be woken no more; so the queue is not known to be empty either."""
        self._empty_until = 0.0
        if self._on:
            self._fleet.listen(self._worker_id, 0)
            self._on = False

    def ended(self) -> None:
        """The worker was woken, or cannot be: it has to look itself."""
        self._on = False
        self._empty_until = 0.0
