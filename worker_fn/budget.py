"""The time of one invocation, and how it is divided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalicelib.domain.jobs import Job

#: Time reserved at the end of an invocation; less in short ones.
RESERVE_S: Final = 10.0


class Budget:
    """``remaining_s`` returns the time that is left of the invocation. All times are in seconds."""

    def __init__(self, remaining_s: Callable[[], float]) -> None:
        self.remaining_s: Final = remaining_s
        self.total_s: Final = remaining_s()
        #: For writing and publishing after the last attempt.
        self.reserve_s: Final = min(RESERVE_S, self.total_s / 10)

    def grant_s(self, job: Job) -> float | None:
        """Return how long ``job`` may run here, ``None`` if a new invocation can give it more."""
        left_s = self.remaining_s() - self.reserve_s
        if job.timeout_s <= left_s:
            return job.timeout_s
        is_fresh = self.total_s - self.remaining_s() < self.total_s / 20
        return max(left_s, 0.1) if is_fresh else None

    def is_nearly_spent(self) -> bool:
        """Return whether to stop claiming."""
        return self.remaining_s() < max(2 * self.reserve_s, self.total_s / 20)

    def is_in_reserve(self, part: float) -> bool:
        """Return whether at most this part of the reserve is left."""
        return self.remaining_s() < self.reserve_s * part
