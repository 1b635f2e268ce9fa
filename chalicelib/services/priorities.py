"""What a priority is worth: recorded on new jobs, so that their places follow from the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import MAX_PRIORITY, Job, precedence
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.store.queues import QueueStore

#: How long a process uses the strict queues that it has read; a change reaches new jobs of others within this time.
KNOWN_S: Final = 5.0


class Priorities:
    """Knows ``PRIORITY_AGE_S`` and the strict queues."""

    def __init__(self, queues: QueueStore, settings: Settings, clock: Clock) -> None:
        self._queues = queues
        self._age_s = settings.priority_age_s
        #: Whether the default precedence holds in queues that are not strict.
        self._is_usual = precedence(MAX_PRIORITY, age_s=self._age_s, strict=False) is None
        self._clock = clock
        self._strict: frozenset[tuple[str, str]] = frozenset()
        self._until = float("-inf")

    def placed(self, jobs: Sequence[Job]) -> list[Job]:
        """Return new jobs with their ``precedence``."""
        strict = self._strict_queues()
        if not strict and self._is_usual:
            return list(jobs)
        return [self._placed(job, strict=(job.tenant_id, job.queue) in strict) for job in jobs]

    def _placed(self, job: Job, *, strict: bool) -> Job:
        ahead = precedence(job.priority, age_s=self._age_s, strict=strict)
        return job if ahead is None else job.with_(precedence=ahead)

    def forget(self) -> None:
        """Read the strict queues again, after a change by this process."""
        self._until = float("-inf")

    def _strict_queues(self) -> frozenset[tuple[str, str]]:
        now = self._clock.monotonic()
        if now >= self._until:
            self._strict, self._until = frozenset(self._queues.strict_queues()), now + KNOWN_S
        return self._strict
