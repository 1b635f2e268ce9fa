"""A worker in the fleet of its pool: its slots, whether the queue is empty, and whether an enqueue wakes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.queue.fleet import Retirement

if TYPE_CHECKING:
    from chalicelib.queue.fleet import Fleet


class Membership:
    """Knows whether the queue is empty and the worker listens; both end when it is woken, from another thread.

    Methods that call the fleet raise ``RedisError`` and ``QueueClosed``.
    """

    def __init__(self, fleet: Fleet, worker_id: str, pool: str) -> None:
        self._fleet = fleet
        self._worker_id = worker_id
        self._pool = pool
        self._on = False
        #: Until when the queue is known to be empty (monotonic).
        self._empty_until = 0.0

    def join(self, slots: int) -> int:
        """Join with up to ``slots`` of the pool's fleet, or change their number; return those given, 0 for none."""
        return self._fleet.join(self._worker_id, slots, self._pool)

    def retire(self, *, force: bool = False, soon_s: float = 0.0) -> bool:
        """Leave the fleet; return ``False`` if the worker should continue (never with ``force``).

        It should if jobs are ready, or if more becomes due within ``soon_s`` than other workers wait for.
        """
        answer = self._fleet.retire(self._worker_id, pool=self._pool, force=force, soon_s=soon_s)
        if answer is Retirement.JOBS_READY:
            self.ended()
        return answer is Retirement.LEFT

    def is_empty(self, now: float) -> bool:
        """Return whether a claim would find no jobs."""
        return now < self._empty_until

    def note_empty(self, *, until: float) -> None:
        """Note that the queue is empty until ``until`` (monotonic), unless the worker is woken; 0: it may have jobs."""
        self._empty_until = until

    def listen(self, remaining_s: float) -> bool:
        """Register to be woken, for at most ``remaining_s``; return ``False`` if jobs are ready."""
        if self._on:
            return True
        self._on = True  # before the call: the wake-up may come before it returns
        if self._fleet.listen(self._worker_id, remaining_s, self._pool):
            return True
        self.ended()
        return False

    def stop_listening(self) -> None:
        """Stop being woken; then the queue is not known to be empty either."""
        self._empty_until = 0.0
        if self._on:
            self._fleet.listen(self._worker_id, 0, self._pool)
            self._on = False

    def ended(self) -> None:
        """Note that the worker was woken, or cannot be: it has to claim."""
        self._on = False
        self._empty_until = 0.0
