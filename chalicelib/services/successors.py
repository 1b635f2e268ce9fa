"""Jobs that wait for the end of another job with their unique key (``run_after``).

Such a job, a *successor*, is scheduled for the year 2100 and holds the second key of its rule. It takes the first key,
and becomes due, when no job holds that. Both sides write and then look: whoever ends a job looks for its successor,
whoever writes a successor looks whether the job before it still stands. So a crash on one side is found by the other
or, at the latest, by the sweep. A process of an older version only ends its jobs; the sweep does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.conflicts import lost_key, unparked
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.unique import UniqueRule

if TYPE_CHECKING:
    from chalicelib.queue.due_times import DueTimes
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.uniqueness import UniqueStore

#: How often a successor is read again after it was changed meanwhile; the sweep tries again.
RACES: Final = 3


class Successors:
    """Lets successors run. Safe to repeat, and in several processes at once: one write takes the key."""

    def __init__(
        self,
        *,
        store: UniqueStore,
        jobs: JobStore,
        due_times: DueTimes,
        promote: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._due_times = due_times
        #: Makes due jobs pending.
        self._promote = promote
        self._clock = clock

    def follow(self, ended: Iterable[Job]) -> None:
        """Let those run that waited for the ``ended`` ones of these jobs, which lost their keys."""
        rules = [job.unique for job in ended if job.unique is not None and not job.unique_key]
        if rules:
            self.release(rules)

    def release(self, rules: Iterable[UniqueRule]) -> int:
        """Make the successor of each rule due, if no job holds its first key; return how many became due."""
        by_slot = {rule.slot: rule for rule in rules}
        keys = {key for rule in by_slot.values() for key in (rule.slot, rule.next_slot)}
        due: list[Job] = []
        count = 0
        for _ in range(RACES):
            held = self._store.holders(keys)
            due += [job for slot in by_slot if (job := held.get(slot)) and is_released(job)]
            free = [
                (successor, self._next(successor, held.get(slot)))
                for slot, rule in by_slot.items()
                if (successor := held.get(rule.next_slot)) and self._may_run(held.get(slot))
            ]
            won = self._jobs.advance([(old.rev, new) for old, new in free])
            mine = [new for new in won if new is not None]
            due += mine
            count += len(mine)
            if all(won):
                break
        self.make_due(due)
        return count

    def make_due(self, jobs: Sequence[Job]) -> None:
        """Bring the due times of jobs that may run now to the queue."""
        if jobs:
            self._due_times.unpark(jobs)
            self._promote()

    def _may_run(self, holder: Job | None) -> bool:
        """Return whether a successor of ``holder`` may run."""
        if holder is not None and lost_key(holder):
            self._store.free(holder)
            return True
        return holder is None or not holder.status.is_open

    def _next(self, successor: Job, holder: Job | None) -> Job:
        """Return the successor as it may run: without a key, if a job holds that beyond its end."""
        holds = holder is None or lost_key(holder)
        return unparked(successor, self._clock.now(), holds=holds)


def is_released(job: Job) -> bool:
    """Return whether a job that waited for another one may run, though the queue may not know."""
    return job.runs_after is not None and job.status is JobStatus.SCHEDULED and not _is_parked(job)


def _is_parked(job: Job) -> bool:
    return job.unique is not None and job.unique_key == job.unique.next_slot
