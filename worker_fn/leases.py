"""The leases of this worker, for its heartbeats."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from worker_fn.attempt import Attempt


@dataclass(slots=True)
class _Held:
    token: str
    attempt: Attempt | None = None


class LeaseTable:
    """Leases by job. A job may be claimed again with another token before the first is released: tokens decide."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, job_ids: Iterable[str], token: str) -> list[Attempt]:
        """Add claimed leases. Return attempts of the same jobs that were held before: those leases are lost."""
        displaced = []
        with self._lock:
            for job_id in job_ids:
                before = self._held.get(job_id)
                if before is not None and before.attempt is not None:
                    displaced.append(before.attempt)
                self._held[job_id] = _Held(token)
        return displaced

    def attach(self, attempts: Iterable[Attempt]) -> None:
        """Set the attempts of claimed jobs."""
        with self._lock:
            for attempt in attempts:
                held = self._held.get(attempt.job.id)
                if held is not None and held.token == attempt.token:
                    held.attempt = attempt

    def remove(self, leases: Iterable[tuple[str, str]]) -> None:
        """Remove leases, as (job id, token)."""
        with self._lock:
            for job_id, token in leases:
                held = self._held.get(job_id)
                if held is not None and held.token == token:
                    del self._held[job_id]

    def tokens(self) -> dict[str, str]:
        """Return job id → token of every lease."""
        with self._lock:
            return {job_id: held.token for job_id, held in self._held.items()}

    def begun(self) -> list[tuple[str, str, float]]:
        """Return (job id, token, deadline on the monotonic clock) of each attempt that has begun."""
        with self._lock:
            return [
                (job_id, held.token, held.attempt.deadline)
                for job_id, held in self._held.items()
                if held.attempt is not None and held.attempt.started_at is not None and not held.attempt.lost
            ]

    def attempt(self, job_id: str, token: str | None = None) -> Attempt | None:
        """Return the attempt of a leased job (with ``token``, if given)."""
        held = self._held.get(job_id)
        return held.attempt if held is not None and token in {None, held.token} else None
