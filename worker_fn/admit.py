"""From claimed ids to runs: loads the records and deals with those that cannot be run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain import events
from chalicelib.domain.jobs import TERMINAL, Job, JobStatus
from chalicelib.domain.lifecycle import burnt_retry
from chalicelib.queue.engine import Engine, Settlement
from worker_fn.registry import Task
from worker_fn.run import Run

if TYPE_CHECKING:
    from chalicelib.store.jobs import JobStore

#: States in which a job may be found whose lease is ours, though nothing of ours is to be done.
_ELSEWHERE: Final = TERMINAL | {JobStatus.PENDING, JobStatus.RETRYING}


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of a claim."""

    #: To be run, in the order of the claim.
    runs: list[Run]
    #: Asked to be cancelled before they began.
    cancelled: list[Run]
    #: Do not fit into what is left of the invocation; still leased.
    unfit: list[Job]
    #: Nothing is to be done; their leases ended, or will run out.
    gone: list[str]


class Admission:
    """Loads claimed jobs, each claim with one query."""

    def __init__(self, worker_id: str, *, store: JobStore, engine: Engine, tasks: Mapping[str, Task]) -> None:
        self._worker_id = worker_id
        self._store = store
        self._engine = engine
        self._tasks = tasks

    def admit(self, ids: Sequence[str], token: str, grant_s: Callable[[Job], float | None]) -> Admitted:
        """Make runs of claimed jobs; ``grant_s`` says how long each may run, ``None`` when it does not fit.

        Raises PyMongo's errors when the records cannot be read; then nothing was done.
        """
        found, unreadable = self._store.get_many(ids)
        jobs = {job.id: job for job in found}
        admitted = Admitted([], [], [], [])
        missing: list[str] = []
        moved: list[tuple[Job, str]] = []
        for job_id in ids:
            job = jobs.get(job_id)
            if job is None:
                missing.append(job_id)
            elif job.status is not JobStatus.PENDING:
                moved.append((job, token))
            elif job.cancel_requested:
                admitted.cancelled.append(Run(job, None, token, self._worker_id, job.timeout_s))
            elif (granted_s := grant_s(job)) is None:
                admitted.unfit.append(job)
            else:
                admitted.runs.append(Run(job, self._tasks.get(job.task), token, self._worker_id, granted_s))
        admitted.gone.extend([*missing, *(job.id for job, _ in moved)])
        self.put_right(moved)
        if missing:
            self._set_aside(missing, set(unreadable), token)
        return admitted

    def put_right(self, leases: Sequence[tuple[Job, str]]) -> None:
        """End leases (job as recorded, token) on jobs that moved on while we held them.

        The step that moved them could not tell Redis, for the lease was in its way: so this tells. Events that
        were told before are dropped by their readers, who compare ``rev``.
        """
        settlements = [_as_recorded(job, token) for job, token in leases if job.status in _ELSEWHERE]
        if settlements:
            self._engine.settle(settlements)

    def release(self, leases: Sequence[tuple[Job, str]]) -> None:
        """Put jobs that were not begun back to their places, under the tokens they were claimed with."""
        if leases:
            self._engine.settle([Settlement(job, token) for job, token in leases])

    def reconcile(self, leases: Mapping[str, str]) -> None:
        """Look up jobs (id → token) whose records another changed, and put their leases right."""
        found, _ = self._store.get_many(leases)
        self.put_right([(job, leases[job.id]) for job in found])
        missing = set(leases) - {job.id for job in found}
        for job_id in missing:
            self._engine.drop([job_id], leases[job_id])

    def _set_aside(self, missing: Sequence[str], unreadable: set[str], token: str) -> None:
        """Quarantine what has no record, or none that can be read, so that it comes up no more."""
        for job_id in missing:
            why = "its record cannot be read" if job_id in unreadable else "it has no record"
            self._engine.quarantine.add(job_id, why)
        self._engine.drop(missing, token)


def _as_recorded(job: Job, token: str) -> Settlement:
    if job.status is JobStatus.PENDING:
        return Settlement(job, token)
    untold = job.status is JobStatus.RETRYING and burnt_retry(job)
    return Settlement(job, token, events.moved(job, JobStatus.PENDING), "retries" if untold else "")
