"""A worker that has nothing to do: how long it stays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock
from chalicelib.services.ticking import WORKER_WAIT_S

if TYPE_CHECKING:
    from worker_fn.membership import Membership


class Idle:
    """Since when a worker is idle. After ``linger_s`` it leaves, unless it is needed for what is due soon."""

    def __init__(self, membership: Membership, linger_s: float, clock: Clock) -> None:
        self._membership = membership
        self._linger_s = linger_s
        self._clock = clock
        self._since: float | None = None

    def end(self) -> None:
        """Note that the worker has work."""
        self._since = None

    def until_over_s(self) -> float:
        """Return the seconds until the worker may leave; infinity if it is not idle, or might have left already."""
        left_s = self._left_s()
        return left_s if left_s > 0 else math.inf

    def leave(self) -> bool:
        """Leave the fleet if the time is over; return whether the worker did. Raises ``RedisError``."""
        if self._since is None:
            self._since = self._clock.monotonic()
        return self._left_s() <= 0 and self._membership.retire(soon_s=WORKER_WAIT_S)

    def _left_s(self) -> float:
        return math.inf if self._since is None else self._since + self._linger_s - self._clock.monotonic()
